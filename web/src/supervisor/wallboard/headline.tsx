import type { JSX } from "preact";
import { formatNumber, formatShare } from "../../ui/format";
import { Sparkline } from "../../ui/sparkline";
import { f } from "../../ui/texts/floor";
import { Clock } from "../../ui/time";
import { useDashboard } from "../dashboard";
import { KEPT, type Minute, countedOf, levelOf, levelsOf, sumOf } from "../floor/minutes";
import { Figure } from "./figure";
import { gradeOfLevel } from "./grades";

const SHORT = 30; // minutes

/** The whole workspace, or all of the scope, in a row of numbers. */
export function Headline(): JSX.Element {
  return (
    <section class="headline" aria-label={f.screenNames.wallboard}>
      <Waiting />
      <Oldest />
      <Hour />
      <Work />
    </section>
  );
}

function Waiting(): JSX.Element {
  const { floor, client } = useDashboard();
  void floor.minutesVersion.value;
  const { waiting } = floor.queueTotals.value;
  const points = floor.minutes.waits(KEPT, client.time.now(), waiting);
  return (
    <Figure label={f.waiting} testid="total-waiting" note={<Sparkline points={points} label={f.trend(waiting, Math.max(...points.map((point) => point ?? 0)))} />}>
      {formatNumber(waiting)}
    </Figure>
  );
}

function Oldest(): JSX.Element {
  const { oldestAtMs } = useDashboard().floor.queueTotals.value;
  return (
    <Figure label={f.oldest} testid="total-oldest" note={oldestAtMs === undefined ? f.nobodyWaits : undefined}>
      {oldestAtMs === undefined ? "–" : <Clock since={oldestAtMs} />}
    </Figure>
  );
}

/** What the minute rows tell of all queues together. */
function Hour(): JSX.Element {
  const { floor, client } = useDashboard();
  void floor.minutesVersion.value;
  const hour = floor.minutes.last(KEPT, client.time.now());
  const short = sumOf(hour, "short_abandoned");
  const [missed, declined] = [sumOf(hour, "missed"), sumOf(hour, "declined")];
  return (
    <>
      <Level hour={hour} count={SHORT} testid="level-short" />
      <Level hour={hour} count={KEPT} testid="level-long" />
      <Figure label={`${f.answered}, ${f.lastHour}`} testid="total-answered" note={<><Trend of={f.answered} points={floor.minutes.counts(hour, "owned")} />{f.arrived} {formatNumber(sumOf(hour, "arrived"))}</>}>{formatNumber(sumOf(hour, "owned"))}</Figure>
      <Figure label={`${f.abandoned}, ${f.lastHour}`} testid="total-abandoned" note={<><Trend of={f.abandoned} points={floor.minutes.counts(hour, "abandoned")} />{short > 0 && f.shortAbandons(short)}</>}>{formatNumber(sumOf(hour, "abandoned"))}</Figure>
      <Figure label={`${f.missed}, ${f.lastHour}`} testid="total-missed" note={f.missedDeclined(missed, declined)}>{formatNumber(missed + declined)}</Figure>
    </>
  );
}

/** A count, minute by minute. */
function Trend({ of, points }: { of: string; points: readonly (number | null)[] }): JSX.Element {
  return <Sparkline points={points} label={f.countTrend(of, Math.max(...points.map((point) => point ?? 0)))} />;
}

function Level({ hour, count, testid }: { hour: readonly Minute[]; count: number; testid: string }): JSX.Element {
  const minutes = hour.slice(-count);
  const level = levelOf(minutes);
  const points = levelsOf(hour).slice(-count);
  const note = level === null ? f.noLevel : <>{f.levelOf(countedOf(minutes))}<Sparkline points={points} highest={1} label={f.levelTrend(formatShare(Math.min(...points.map((point) => point ?? 1))))} /></>;
  return (
    <Figure label={`${f.serviceLevel}, ${f.serviceLevelOf(count)}`} grade={gradeOfLevel(level)} testid={testid} note={note}>
      {level === null ? "–" : formatShare(level)}
    </Figure>
  );
}

function Work(): JSX.Element {
  const { offered, active, parked, wrapping } = useDashboard().floor.queueTotals.value;
  return (
    <Figure label={f.inWork} testid="total-active" note={`${f.inOffer} ${formatNumber(offered)} · ${f.parked} ${formatNumber(parked)} · ${f.wrapping} ${formatNumber(wrapping)}`}>
      {formatNumber(active)}
    </Figure>
  );
}
