import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ReportRow } from "../../sdk/index.ts";
import { formatNumber, formatShare } from "../../ui/format";
import { word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import { useDashboard } from "../dashboard";
import { targetOf } from "../queue/target";
import { Late } from "../shell/late";
import { gradeOfLevel } from "../wallboard/grades";
import { intervalOf, spanOf } from "./asked";
import { Defined } from "./defined";
import { Dwell } from "./dwell";
import { Figures } from "./figures";
import { intervalsOf } from "./intervals";
import { Panel } from "./panel";
import { type Answered, useReport } from "./use-report";
import { formatLength, formatMean, formatPart, numberOf, textOf } from "./values";
import type { ViewProps } from "./view";

const lineChart = () => import("./line-chart").then(({ LineChart }) => LineChart);
const FIGURES = ["arrived", "level", "first_owner_p50_ms", "first_owner_p90_ms", "abandoned_share", "waiting", "handle_mean_ms", "missed_share"];

/** Waiting and service: how it was in all, from interval to interval, how long stays lasted, where the waiting went. */
export function Service({ asked, answer, turn }: ViewProps): JSX.Element {
  const span = spanOf(asked);
  const byInterval = useReport("queues", { ...span, by: "", interval: intervalOf(asked) }, turn);
  const dwell = useReport("durations", { ...span, by: "", measure: "dwell", histogram: true }, turn);
  const waits = useReport("waits", { ...span, by: "" }, turn);
  return (
    <>
      <Figures answer={answer} names={FIGURES} gradeOf={(name, value) => (name === "level" ? gradeOfLevel(value) : "none")} />
      <div class="charts">
        <Panel title={r.levelChart} reported={byInterval} testid="level-chart">{(answered) => <LevelChart answered={answered} queue={asked.queue} />}</Panel>
        <Panel title={r.waitingChart} reported={byInterval} testid="waiting-chart">{(answered) => <WaitingChart answered={answered} />}</Panel>
        <Panel title={r.dwellChart} reported={dwell} testid="dwell-chart">{({ report }) => <Dwell row={report.rows[0]} />}</Panel>
        <Panel title={r.waitsChart} reported={waits} testid="waits-chart">{({ report }) => <Waits rows={report.rows} />}</Panel>
      </div>
    </>
  );
}

function LevelChart({ answered, queue }: { answered: Answered; queue: string }): JSX.Element {
  const { configuration } = useDashboard();
  const target = targetOf(configuration.rules, queue);
  const { report, query } = answered;
  const [intervals, series, lowest] = useMemo(() => {
    const found = intervalsOf(report, query.interval!);
    const levels = found.map(({ row }) => (row ? numberOf(row, "level") : null));
    const drawn = [
      { label: r.levelChart, token: "act-mark", shape: "line" as const, text: formatShare, values: levels },
      { label: r.wanted, token: "soon-mark", shape: "dashes" as const, text: formatShare, values: found.map(() => target) },
    ];
    return [found, drawn, Math.min(1, ...levels.flatMap((each) => each ?? []))] as const;
  }, [report, target]);
  return <Late load={lineChart} props={{ series, intervals, interval: query.interval!, zone: report.zone, highest: 1, label: r.levelLabel(formatShare(lowest), formatShare(target)) }} />;
}

function WaitingChart({ answered: { report, query } }: { answered: Answered }): JSX.Element {
  const [intervals, series, highest] = useMemo(() => {
    const found = intervalsOf(report, query.interval!);
    const waiting = found.map(({ row }) => (row ? numberOf(row, "waiting") : null));
    return [found, [{ label: r.waitingChart, token: "act-mark", shape: "bars" as const, text: formatMean, values: waiting }], Math.max(0, ...waiting.map((each) => each ?? 0))] as const;
  }, [report]);
  return <Late load={lineChart} props={{ series, intervals, interval: query.interval!, zone: report.zone, label: r.waitingLabel(formatMean(highest)) }} />;
}

function Waits({ rows }: { rows: readonly ReportRow[] }): JSX.Element {
  const parts = rows.filter((row) => (numberOf(row, "total_ms") ?? 0) > 0).sort((one, other) => numberOf(other, "total_ms")! - numberOf(one, "total_ms")!);
  if (parts.length === 0) return <p class="soft">{r.nothing}</p>;
  return (
    <>
      <div class="share" aria-hidden="true">{parts.map((row) => <i key={textOf(row, "cause")} class={`because-${textOf(row, "cause")}`} style={{ flexGrow: numberOf(row, "share") ?? 0 }} />)}</div>
      <ul class="shares-of">
        {parts.map((row) => (
          <li key={textOf(row, "cause")}>
            <i class={`because-${textOf(row, "cause")}`} aria-hidden="true" /><Defined name={word(r.causes, textOf(row, "cause"))} says={textOf(row, "says")} />
            <b class="figure">{formatPart(numberOf(row, "share") ?? 0)}</b><span class="figure">{formatLength(numberOf(row, "total_ms") ?? 0)}</span><span class="soft figure">{r.staysOf(formatNumber(numberOf(row, "stays") ?? 0))}</span>
          </li>
        ))}
      </ul>
      <p class="soft">{r.waitsRule}</p>
    </>
  );
}
