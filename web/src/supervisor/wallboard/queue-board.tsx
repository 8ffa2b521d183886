import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { QueueOverview } from "../../sdk/index.ts";
import { formatNumber, formatShare, formatTime } from "../../ui/format";
import { Badge } from "../../ui/marks";
import { Sparkline } from "../../ui/sparkline";
import { Empty } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { onTick } from "../../ui/ticker";
import { Clock } from "../../ui/time";
import { useDashboard } from "../dashboard";
import type { QueueRow } from "../floor/floor";
import { KEPT, type Minute, countedOf, levelOf, sumOf } from "../floor/minutes";
import { pauseInShort, pauseWords } from "../queue/pause-words";
import { route, setQuery } from "../route";
import { PlaceLink } from "../shell/place-link";
import { isWall } from "../shell/wall";
import { GradeMark } from "./figure";
import { type Grade, MEANINGS, gradeOfLevel, gradeOfWait } from "./grades";

const SHORT = 30; // minutes
const WALL_ROWS = 8; // nobody scrolls a wall

/** Each queue in a row, or in a tile where rows would not fit. */
export function QueueBoard(): JSX.Element {
  const all = useOrderedQueues();
  const rows = isWall.value ? all.slice(0, WALL_ROWS) : all;
  if (rows.length === 0) return <section class="panel"><Empty title={f.noQueues}>{f.noQueuesAdvice}</Empty></section>;
  return (
    <section class="panel queue-board" aria-labelledby="queue-board">
      <header class="panel-head">
        <h2 id="queue-board">{f.queuesHead}</h2>
        <Order />
      </header>
      <ul class="lines">
        <li class="lines-head" aria-hidden="true">
          <span>{f.queue}</span><span class="end">{f.waiting}</span><span class="end">{f.oldest}</span><span>{f.trendHead}</span><span class="end">{f.serviceLevel}</span>
          <span class="end">{f.answered}</span><span class="end">{f.abandoned}</span><span class="end">{f.inWork}</span><span class="end">{f.readyHead}</span>
        </li>
        {rows.map((row) => <Line row={row} key={row.id} />)}
      </ul>
      {rows.length < all.length && <p class="more-queues soft">{f.queuesBehind(all.length - rows.length)}</p>}
    </section>
  );
}

function Order(): JSX.Element {
  return (
    <label class="order">
      <span class="soft">{f.sortQueuesBy}</span>
      <select class="input" value={route.value.query["order"] ?? "name"} data-testid="queue-order"
        onChange={({ currentTarget: { value } }) => setQuery({ order: value === "name" ? "" : value })}>
        {Object.entries(f.queueOrders).map(([key, text]) => <option value={key} key={key}>{text}</option>)}
      </select>
    </label>
  );
}

const REORDER_MS = 1_000; // rows that jump about cannot be read

function useOrderedQueues(): readonly QueueRow[] {
  const { floor, client } = useDashboard();
  const turn = useSignal(0);
  useEffect(() => {
    let last = 0;
    return onTick((now) => {
      if (now - last < REORDER_MS) return;
      last = now;
      turn.value++;
    });
  }, []);
  void turn.value;
  const order = route.value.query["order"] ?? (isWall.value && floor.queues.value.length > WALL_ROWS ? "oldest" : "name");
  const rows = [...floor.queues.value];
  const now = client.time.now();
  const rank: Record<string, (row: QueueRow) => number> = {
    waiting: (row) => -row.state.peek().waiting,
    oldest: (row) => row.state.peek().oldest_at_ms ?? Infinity,
    level: (row) => levelOf(floor.minutes.last(SHORT, now, row.id)) ?? 2,
  };
  const by = rank[order] ?? (() => 0);
  const keys = new Map(rows.map((row) => [row, by(row)]));
  return rows.sort((one, other) => compare(keys.get(one)!, keys.get(other)!) || one.id.localeCompare(other.id));
}

const compare = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);

function Line({ row }: { row: QueueRow }): JSX.Element {
  const { floor, client } = useDashboard();
  void floor.minutesVersion.value;
  const queue = row.state.value;
  const now = client.time.now();
  const hour = floor.minutes.last(KEPT, now, queue.queue);
  const points = floor.minutes.waits(KEPT, now, queue.waiting, queue.queue);
  return (
    <li class="line" data-testid="queue-line" data-queue={queue.queue}>
      <div class="name"><PlaceLink screen="queue" id={queue.queue}>{queue.queue}</PlaceLink><Stops queue={queue} /></div>
      <Cell label={f.waiting} isBig><span data-testid="waiting">{formatNumber(queue.waiting)}</span></Cell>
      <Oldest queue={queue} />
      <div class="trend"><Sparkline points={points} label={f.trend(queue.waiting, Math.max(...points.map((point) => point ?? 0)))} meaning={queue.waiting > 0 ? "act" : "waits"} /></div>
      <Level hour={hour} />
      <Cell label={f.answered}>{formatNumber(sumOf(hour, "owned"))}</Cell>
      <Cell label={f.abandoned}>{formatNumber(sumOf(hour, "abandoned"))}</Cell>
      <Cell label={f.inWork} title={f.ringRule}>{formatNumber(queue.active + queue.wrapping)}{queue.offered > 0 && <small> {f.plusOffered(queue.offered)}</small>}</Cell>
      <Staffed queue={queue.queue} />
    </li>
  );
}

/** Apart, since it changes with every agent. */
function Staffed({ queue }: { queue: string }): JSX.Element {
  const { ready, there } = useDashboard().floor.agentTotals.value.queues.get(queue) ?? { ready: 0, there: 0 };
  return <Cell label={f.readyHead} title={f.readyRule}>{f.readyOf(ready, there)}</Cell>;
}

interface CellProps {
  label: string;
  title?: string;
  isBig?: boolean;
  children: ComponentChildren;
}

function Cell({ label, title, isBig, children }: CellProps): JSX.Element {
  return <div class={isBig ? "cell big" : "cell"} title={title}><span class="label">{label}</span><b class="figure">{children}</b></div>;
}

/** The longest wait, graded by the time within which a case should have somebody; the grade follows the clock. */
function Oldest({ queue }: { queue: QueueOverview }): JSX.Element {
  const since = queue.oldest_at_ms;
  const within = queue.service_level_ms;
  const grade = useSignal<Grade>("none");
  useEffect(() => {
    if (since !== undefined) return onTick((now) => (grade.value = gradeOfWait(now - since, within)));
    grade.value = "none";
  }, [since, within]);
  const shown = grade.value;
  return (
    <div class={`cell oldest mark-${MEANINGS[shown]} grade-${shown}`} title={within > 0 ? f.thresholdOf(within) : undefined}>
      <span class="label">{f.oldest}</span>
      <b class="figure">{since === undefined ? "–" : <Clock since={since} />}</b>
      {(shown === "soon" || shown === "late") && <GradeMark grade={shown} words={f.waitGrades} />}
    </div>
  );
}

function Level({ hour }: { hour: readonly Minute[] }): JSX.Element {
  const minutes = hour.slice(-SHORT);
  const level = levelOf(minutes);
  const grade = gradeOfLevel(level);
  return (
    <div class={`cell mark-${MEANINGS[grade]} grade-${grade}`}>
      <span class="label">{f.serviceLevel}</span>
      <b class="figure">{level === null ? "–" : formatShare(level)}{level !== null && <small> {f.levelOf(countedOf(minutes))}</small>}</b>
      {(grade === "soon" || grade === "late") && <GradeMark grade={grade} words={f.levelGrades} />}
    </div>
  );
}

/** What stops a queue, who and why, and until when. */
export function Stops({ queue, isWhole }: { queue: QueueOverview; isWhole?: boolean }): JSX.Element | null {
  const { paused, draining, open, retired, next_change_at_ms } = queue;
  const words = pauseWords(queue);
  return (
    <>
      {paused && <Badge meaning="late">{f.stops.paused}</Badge>}
      {words && <small class="soft clip foreign" title={words} data-testid="pause">{isWhole ? words : pauseInShort(queue)}</small>}
      {draining && <Badge meaning="soon">{f.stops.draining}</Badge>}
      {!open && <Badge>{next_change_at_ms ? `${f.stops.closed}, ${f.opensAt(formatTime(next_change_at_ms))}` : f.stops.closed}</Badge>}
      {retired && <Badge>{f.stops.retired}</Badge>}
    </>
  );
}
