import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { VirtualTable } from "../../ui/grid";
import { formatDuration, formatNumber, formatShare, formatTime } from "../../ui/format";
import { Badge } from "../../ui/marks";
import { Empty } from "../../ui/states";
import { Tabs } from "../../ui/tabs";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { Clock } from "../../ui/time";
import { COLUMNS } from "../agents/columns";
import { useAgents } from "../agents/order";
import { useDashboard } from "../dashboard";
import type { QueueRow } from "../floor/floor";
import { KEPT, levelOf, sumOf } from "../floor/minutes";
import { type Route, go, href } from "../route";
import { Late } from "../shell/late";
import { Figure } from "../wallboard/figure";
import { gradeOfLevel } from "../wallboard/grades";
import { Stops } from "../wallboard/queue-board";
import { QueueActions } from "./actions";
import { LineTable } from "./line-table";
import { targetOf } from "./target";

const SHORT = 30; // minutes
const chart = () => import("./chart").then(({ QueueChart }) => QueueChart);

/** One queue, live: how it stands and went, who waits, who serves it. */
export function QueuePage({ route }: { route: Route }): JSX.Element {
  const { floor } = useDashboard();
  void floor.queues.value; // it may come or go
  const row = floor.queue(route.id);
  return (
    <div class="queue-page" data-testid="queue-page">
      <a class="back-link" href={href("queues")}>{w.backToQueues}</a>
      {row ? <Whole row={row} key={row.id} /> : <Empty title={w.queueGone(route.id)}>{w.queueGoneAdvice}</Empty>}
    </div>
  );
}

function Whole({ row }: { row: QueueRow }): JSX.Element {
  const { configuration } = useDashboard();
  const target = targetOf(configuration.rules, row.id);
  const chosen = useSignal("line");
  const tabs = [{ key: "line", label: <>{w.lineTab} <Waiting row={row} /></> }, { key: "staff", label: <>{w.staffTab} <Staffed queue={row.id} /></> }];
  return (
    <>
      <Head row={row} />
      <Figures row={row} target={target} />
      <Late load={chart} props={{ row, target }} />
      <div class="queue-lists"><Tabs name={row.id} tabs={tabs} chosen={chosen}>{(key) => (key === "line" ? <LineTable queue={row.id} /> : <Staff queue={row.id} />)}</Tabs></div>
    </>
  );
}

function Waiting({ row }: { row: QueueRow }): JSX.Element {
  return <Badge testid="line-waiting">{formatNumber(row.state.value.waiting)}</Badge>;
}

function Staffed({ queue }: { queue: string }): JSX.Element {
  const { ready, there } = useDashboard().floor.agentTotals.value.queues.get(queue) ?? { ready: 0, there: 0 };
  return <Badge title={f.readyRule}>{f.readyOf(ready, there)}</Badge>;
}

function Head({ row }: { row: QueueRow }): JSX.Element {
  const state = row.state.value;
  const { queue, mode, paused, draining, open, retired, next_change_at_ms } = state;
  return (
    <header class="screen-head" data-testid="queue-head">
      <h1 class="foreign">{queue}</h1>
      <Stops queue={state} isWhole />
      {open && !paused && !draining && !retired && <Badge meaning="ready">{w.runs}</Badge>}
      {open && !paused && <span class="soft">{f.modes[mode]}{next_change_at_ms ? `, ${w.closesAt(formatTime(next_change_at_ms))}` : ""}</span>}
      <Opening queue={queue} />
      <span class="spring" />
      <QueueActions state={state} />
    </header>
  );
}

/** The hours that the configuration gives the queue. */
function Opening({ queue }: { queue: string }): JSX.Element | null {
  const rules = useDashboard().configuration.rules;
  const name = rules?.queues?.[queue]?.hours;
  const hours = name ? rules?.hours?.[name] : undefined;
  if (!hours) return null;
  const days = Object.entries(hours.week ?? {}).filter(([, spans]) => spans.length > 0);
  return <span class="soft" data-testid="hours">{days.map(([day, spans]) => `${w.days[day as keyof typeof w.days] ?? day} ${spans.join(", ")}`).join(" · ")} ({hours.zone})</span>;
}

function Figures({ row, target }: { row: QueueRow; target: number }): JSX.Element {
  const { floor, client } = useDashboard();
  void floor.minutesVersion.value;
  const { queue, waiting, oldest_at_ms, active, wrapping, parked, offered, service_level_ms } = row.state.value;
  const hour = floor.minutes.last(KEPT, client.time.now(), queue);
  const recent = hour.slice(-SHORT);
  const level = levelOf(recent);
  const counted = sumOf(recent, "owned") + sumOf(recent, "abandoned") + sumOf(recent, "overdue");
  return (
    <section class="headline queue-figures" aria-label={queue}>
      <Figure label={f.waiting} testid="queue-waiting">{formatNumber(waiting)}</Figure>
      <Figure label={f.oldest} note={oldest_at_ms === undefined ? f.nobodyWaits : undefined}>{oldest_at_ms === undefined ? "–" : <Clock since={oldest_at_ms} />}</Figure>
      <Figure label={`${f.serviceLevel}, ${f.serviceLevelOf(SHORT)}`} grade={gradeOfLevel(level)} testid="queue-level" note={counted > 0 ? `${w.inTime(sumOf(recent, "in_time"), counted)}, ${w.target(formatShare(target))}` : f.noLevel}>
        {level === null ? "–" : formatShare(level)}
      </Figure>
      <Figure label={`${f.answered}, ${f.lastHour}`} note={`${f.arrived} ${formatNumber(sumOf(hour, "arrived"))}`}>{formatNumber(sumOf(hour, "owned"))}</Figure>
      <Figure label={`${f.abandoned}, ${f.lastHour}`} note={sumOf(hour, "short_abandoned") > 0 ? f.shortAbandons(sumOf(hour, "short_abandoned")) : undefined}>{formatNumber(sumOf(hour, "abandoned"))}</Figure>
      <Figure label={f.inWork} note={`${f.inOffer} ${formatNumber(offered)} · ${f.parked} ${formatNumber(parked)}`}>{formatNumber(active + wrapping)}</Figure>
      <p class="definition soft">{w.levelDefinition(formatDuration(service_level_ms))}</p>
    </section>
  );
}

function Staff({ queue }: { queue: string }): JSX.Element {
  const { floor } = useDashboard();
  const rows = useAgents(floor, { queue });
  return (
    <div class="line-table">
      <VirtualTable name={w.staffTab} rows={rows} columns={COLUMNS} keyOf={({ id }) => id} minWidth="70rem" testid="staff" onOpen={({ id }) => go("agent", id, { queue })}
        empty={<Empty title={w.noStaff}>{w.noStaffAdvice}</Empty>} />
    </div>
  );
}
