import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Line } from "../../sdk/index";
import type { Case, OwnedCase } from "../../sdk/index";
import { Button } from "../../ui/button";
import { VirtualList, VirtualTable } from "../../ui/grid";
import { Badge } from "../../ui/marks";
import { Empty, Failed, Loading } from "../../ui/states";
import { v } from "../../ui/texts/views";
import { Age } from "../../ui/time";
import { says, wordsOf } from "../find";
import { holderIn, refusal } from "../sentences";
import { whyNot } from "../why-not";
import { standstill } from "./standing";
import type { Work } from "../work";
import { columnsOf, type Extra, fitting, keyOf, NarrowRow, neededIn, subjectOf } from "./columns";
import { type Moment, useLine } from "./line";
import { type Taken, Takes, takenOf } from "./takes";
import { useWidthRem } from "./width";

const TWO_LINES_REM = 3.75;
const NEAR_END_ROWS = 40; // so many rows before the end of what is known, more is asked for

/** One queue's waiting cases, live: taken one by one, several at once, or the next. */
export function LineView({ work, queue }: { work: Work; queue: string }): JSX.Element {
  const attempts = useSignal(0);
  const shown = useLine(work, queue, attempts.value).value;
  if (!shown) return <Loading />;
  const { line } = shown;
  if (line.isOver && line.failure) return <Failed title={v.lineFailed} onRetry={() => void (attempts.value += 1)}>{whyNot(work, line.failure)}</Failed>;
  if (!line.isLive && line.cases.length === 0) return <Loading />;
  return <OpenLine work={work} moment={shown} key={queue} />;
}

function OpenLine({ work, moment }: { work: Work; moment: Moment }): JSX.Element {
  const { line } = moment;
  const filter = useSignal("");
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const taken = useSignal<readonly Taken[] | null>(null);
  const words = wordsOf(filter.value);
  // Another array each time: by that the grid sees that it changed.
  const rows = words.length === 0 ? [...line.cases] : line.cases.filter((one) => says(one, words));
  const chosen = (): readonly Case[] => line.cases.filter((one) => selected.value.has(keyOf(one)));
  async function takeChosen(): Promise<void> {
    const cases = chosen();
    const results = await work.agent.takeAll(cases);
    await work.names.learn(results.map(holderIn).filter((id) => id !== undefined));
    taken.value = takenOf(cases, results, (error) => refusal(error, work.reader));
    selected.value = new Set();
  }
  const mayTake = line.mode !== "push";
  const isOff = work.link.state.value !== "connected"; // nothing can be sent, so nothing can be pressed
  const count = mayTake && selected.value.size > 0 ? chosen().length : 0;
  return (
    <section class="line" aria-label={line.queue} data-testid="line" data-queue={line.queue}>
      <LineHead moment={moment} />
      <div class="line-tools">
        <input class="input" type="search" autocomplete="off" aria-label={v.filter(line.queue)} placeholder={v.filter(line.queue)} data-testid="line-filter"
          value={filter.value} onInput={(event) => (filter.value = event.currentTarget.value)} />
        {words.length > 0 && <span class="soft figure" role="status">{v.filtered(rows.length, line.cases.length)}</span>}
        {mayTake && count > 0 && <Button kind="act" testid="take-chosen" busyText={v.taking} disabled={isOff} onPress={takeChosen}>{v.takeChosen(count)}</Button>}
        {mayTake && count === 0 && (
          <Button testid="take-next" busyText={v.taking} disabled={isOff || line.waiting === 0} onPress={() => attemptTake(work, work.agent.takeNext(line.queue))}>{v.takeNext}</Button>
        )}
      </div>
      <fieldset class="bare" disabled={isOff}>
        <Rows work={work} moment={moment} rows={rows} isFiltered={words.length > 0} selected={mayTake ? selected : null} />
      </fieldset>
      {taken.value && <Takes taken={taken.value} onClose={() => (taken.value = null)} />}
    </section>
  );
}

function LineHead({ moment: { line } }: { moment: Moment }): JSX.Element {
  const { isPaused: paused, isDraining: draining, isOpen: open, nextChangeAtMs } = line;
  const stop = standstill({ paused, draining, open, ...(nextChangeAtMs !== undefined && { next_change_at_ms: nextChangeAtMs }) });
  const oldest = line.isComplete && line.cases.length > 0 ? line.cases.reduce((least, { requested_at_ms: at }) => Math.min(least, at), Infinity) : null;
  return (
    <>
      <header class="line-head">
        <h2>{line.queue}</h2>
        <Badge testid="line-waiting">{v.waiting(line.waiting)}</Badge>
        {oldest !== null && <span class="soft">{v.oldest} <Age since={oldest} testid="line-oldest" /></span>}
        <span class="soft mode">{v.modes[line.mode]}</span>
      </header>
      {stop && <p class="standstill" role="status" data-testid="queue-state">{stop}</p>}
    </>
  );
}

/** Whoever had nothing takes a case to work on it: it opens. Others stay in the line, where they may take more. */
function attemptTake(work: Work, taking: Promise<OwnedCase>, one?: Case): Promise<boolean> {
  const isFirst = work.agent.desk.length === 0;
  return work.attempt(taking.then((owned) => isFirst && work.choice.show(owned)), one);
}

interface RowsProps {
  work: Work;
  moment: Moment;
  rows: readonly Case[];
  isFiltered: boolean;
  selected: Signal<ReadonlySet<string>> | null;
}

function Rows({ work, moment: { line }, rows, isFiltered, selected }: RowsProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const widthRem = useWidthRem(box).value;
  const needed = useRef<readonly Extra[]>([]);
  const take = useMemo(() => (selected ? (one: Case) => attemptTake(work, work.agent.take(one), one) : null), [work, selected !== null]);
  needed.current = neededIn(line.cases, needed.current);
  const columns = useMemo(() => {
    const extras = fitting(needed.current, widthRem);
    return extras && columnsOf(extras, take);
  }, [needed.current, widthRem, take]);
  const drawNarrow = useMemo(() => (one: Case) => <NarrowRow one={one} take={take} />, [take]);
  const more = (): Promise<boolean> => work.attempt(line.more());
  // The line itself says whether it is loading already.
  function scrolled({ target }: Event): void {
    const { scrollTop, clientHeight, scrollHeight } = target as HTMLElement;
    const rowHeight = scrollHeight / Math.max(1, rows.length);
    if (!isFiltered && !line.isComplete && scrollHeight - scrollTop - clientHeight < NEAR_END_ROWS * rowHeight) void more();
  }
  const grid = { name: line.queue, rows, keyOf, nameOf: subjectOf, ...(selected && { selected }), testid: "line-rows", empty: <NoRows line={line} isFiltered={isFiltered} /> };
  return (
    <div ref={box} class="line-rows" onScrollCapture={scrolled}>
      {columns ? <VirtualTable {...grid} columns={columns} minWidth="100%" /> : <VirtualList {...grid} rowHeight={TWO_LINES_REM} draw={drawNarrow} />}
      {line.isLive && !line.isComplete && (
        <p class="line-more">
          <span class="soft">{v.shownOf(line.cases.length, line.waiting)}</span>
          <Button kind="quiet" testid="line-more" onPress={more}>{v.showMore}</Button>
        </p>
      )}
    </div>
  );
}

function NoRows({ line, isFiltered }: { line: Line; isFiltered: boolean }): JSX.Element {
  if (!isFiltered) return <Empty title={v.nobodyWaits(line.queue)}>{v.nobodyWaitsWhy}</Empty>;
  return <Empty title={line.isComplete ? v.noneFits : v.noneFitsYet(line.cases.length)} />;
}
