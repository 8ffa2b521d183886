import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { r } from "../../ui/texts/reports";
import { Plot, type Series } from "../queue/plot";
import { type Interval, longNamer, namer } from "./intervals";
import { UNKNOWN } from "./values";

export type Drawn = Series & { values: readonly (number | null)[] };

export interface LineChartProps {
  series: readonly Drawn[];
  intervals: readonly Interval[];
  interval: string;
  zone: string;
  highest?: number;
  label: string;
}

/** How numbers went from interval to interval, and the same in a table. */
export function LineChart({ series, intervals, interval, zone, highest, label }: LineChartProps): JSX.Element {
  const isOpen = useSignal(false);
  const [names, data] = useMemo(() => {
    const [short, long] = [namer(interval, zone), longNamer(interval, zone)];
    return [{ what: r.interval, of: intervals.map((one) => [short(one), long(one)] as const) }, [intervals.map((_, place) => place), ...series.map(({ values }) => values)] as uPlot.AlignedData];
  }, [series, intervals]);
  return (
    <>
      <Plot series={series} data={data} names={names} height={200} {...(highest !== undefined && { highest })} label={label} />
      <details class="chart-table" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
        <summary>{r.inNumbers}</summary>
        {isOpen.value && (
          <div class="scrolls" tabIndex={0} role="group" aria-label={label}>
            <table>
              <thead><tr><th>{r.interval}</th>{series.map((each) => <th key={each.label}>{each.label}</th>)}</tr></thead>
              <tbody>
                {names.of.map(([, long], place) => (
                  <tr key={place}><th scope="row">{long}</th>{series.map(({ label: name, values, text }) => <td key={name}>{values[place] === null || values[place] === undefined ? UNKNOWN : text(values[place])}</td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </details>
    </>
  );
}
