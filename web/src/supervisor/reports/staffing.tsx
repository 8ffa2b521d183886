import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Report, ReportRow } from "../../sdk/index.ts";
import { Baton } from "../../ui/marks";
import { r } from "../../ui/texts/reports";
import { Late } from "../shell/late";
import { intervalOfRows } from "./asked";
import { grouped, sumOf } from "./groups";
import { intervalsOf } from "./intervals";
import { formatMean, numberOf } from "./values";
import type { ViewProps } from "./view";

const lineChart = () => import("./line-chart").then(({ LineChart }) => LineChart);
const MOST_CHARTS = 6;
const MOST_ADVICE = 8;

/** Is it staffed? What would help, in words; who was there and who was needed, queue by queue; and what that assumes. */
export function Staffing({ asked, answer }: ViewProps): JSX.Element {
  const interval = intervalOfRows(asked, answer.rows);
  const queues = useMemo(() => [...grouped(answer.rows, "queue")].sort(([, one], [, other]) => sumOf(other, "missing") - sumOf(one, "missing")), [answer]);
  return (
    <>
      <section class="panel advice-of" aria-labelledby="advice" data-testid="advice">
        <h2 id="advice">{r.advice}</h2>
        {answer.advice.length === 0 ? <p class="said mark-ready"><Baton meaning="ready" />{r.noAdvice}</p> : null}
        <ul>{answer.advice.slice(0, MOST_ADVICE).map(({ says }) => <li key={says} class="said mark-late"><Baton meaning="late" /><span class="foreign">{says}</span></li>)}</ul>
        {answer.advice.length > MOST_ADVICE && <p class="soft">{r.moreAdvice(answer.advice.length - MOST_ADVICE)}</p>}
        <details class="chart-table" open><summary>{r.assumptions}</summary><ul class="assumed">{answer.notes.map((note) => <li key={note}>{note}</li>)}</ul></details>
      </section>
      <div class="charts">{queues.slice(0, MOST_CHARTS).map(([queue, rows]) => <Staffed key={queue} queue={queue} answer={answer} rows={rows} interval={interval} />)}</div>
      {queues.length > MOST_CHARTS && <p class="soft">{r.moreQueues(MOST_CHARTS)}</p>}
    </>
  );
}

function Staffed({ queue, answer, rows, interval }: { queue: string; answer: Report; rows: readonly ReportRow[]; interval: string }): JSX.Element {
  const [intervals, series, most, lacking] = useMemo(() => {
    const found = intervalsOf({ ...answer, rows }, interval);
    const of = (name: string): (number | null)[] => found.map(({ row }) => (row ? numberOf(row, name) : null));
    const needed = of("needed");
    const drawn = [
      { label: r.there, token: "act-mark", shape: "bars" as const, text: formatMean, values: of("agents") },
      { label: r.needed, token: "late-mark", shape: "line" as const, text: formatMean, values: needed },
    ];
    return [found, drawn, Math.max(0, ...needed.map((each) => each ?? 0)), rows.filter((row) => numberOf(row, "missing")).length] as const;
  }, [answer, rows, interval]);
  const title = r.staffChart(queue);
  return (
    <section class="panel" aria-label={title} data-testid="staffed" data-queue={queue}>
      <h2 class="foreign">{title}</h2>
      <Late load={lineChart} props={{ series, intervals, interval, zone: answer.zone, label: r.staffLabel(queue, formatMean(most), lacking) }} />
    </section>
  );
}
