import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ReportRow } from "../../sdk/index.ts";
import { formatNumber } from "../../ui/format";
import { r } from "../../ui/texts/reports";
import { Bars } from "./bars";
import { binsOf, placeOf, sharesUpTo } from "./bins";
import { formatLength, formatPart, numberOf } from "./values";

const MARKS = ["p50", "p90", "p95", "p99"] as const;

/** How long stays lasted: a histogram with its percentiles, and the same in numbers. */
export function Dwell({ row }: { row: ReportRow | undefined }): JSX.Element {
  const isOpen = useSignal(false);
  const bins = binsOf((row?.["histogram"] ?? []) as [number, number][]);
  if (!row || bins.length === 0) return <p class="soft">{r.nothing}</p>;
  const upTo = sharesUpTo(bins);
  const lengths = MARKS.map((name) => [name, numberOf(row, `${name}_ms`)] as const);
  const said = lengths.map(([, ms]) => formatLength(ms ?? 0)) as [string, string, string, string];
  const marks = lengths.flatMap(([name, ms]) => (ms === null ? [] : [{ at: placeOf(bins, ms), says: `${r.percentiles[name]} ${formatLength(ms)}` }]));
  const bars = bins.map(({ afterMs, untilMs, count }, at) => ({ name: String(untilMs), count, says: r.bin(formatLength(afterMs), formatLength(untilMs), count, formatPart(upTo[at]!)) }));
  const edges = [formatLength(bins[0]!.afterMs), ...bins.map(({ untilMs }) => formatLength(untilMs))];
  return (
    <>
      <Bars bars={bars} marks={marks} edges={edges} label={r.dwellLabel(numberOf(row, "count") ?? 0, ...said)} />
      <p class="soft">{r.dwellRule}</p>
      <details class="chart-table" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
        <summary>{r.inNumbers}</summary>
        {isOpen.value && (
          <div class="scrolls" tabIndex={0} role="group" aria-label={r.dwellChart}>
            <table>
              <thead><tr><th>{r.binHead}</th><th>{r.binCount}</th><th>{r.binUpTo}</th></tr></thead>
              <tbody>{bins.map(({ afterMs, untilMs, count }, at) => <tr key={untilMs}><th scope="row">{`${formatLength(afterMs)} – ${formatLength(untilMs)}`}</th><td>{formatNumber(count)}</td><td>{formatPart(upTo[at]!)}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </details>
    </>
  );
}
