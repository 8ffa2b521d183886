import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type uPlot from "uplot";
import { formatNumber, formatShare, formatTime } from "../../ui/format";
import { f } from "../../ui/texts/floor";
import { onTick } from "../../ui/ticker";
import { w } from "../../ui/texts/work";
import { useDashboard } from "../dashboard";
import type { QueueRow } from "../floor/floor";
import { KEPT, MINUTE_MS, type Minute, levelOf } from "../floor/minutes";
import { Plot, type Series } from "./plot";

const TRAFFIC: readonly Series[] = [
  { label: f.answered, token: "ready-mark", shape: "bars", side: -1, text: formatNumber },
  { label: f.abandoned, token: "late-mark", shape: "bars", side: 1, text: formatNumber },
  { label: f.waiting, token: "act-mark", shape: "area", text: formatNumber },
];
const LEVEL: readonly Series[] = [
  { label: f.serviceLevel, token: "act-mark", shape: "line", text: formatShare },
  { label: w.targetName, token: "soon-mark", shape: "dashes", text: formatShare },
];

/** How a queue went over the last hour, minute by minute, and the same in numbers. */
export function QueueChart({ row, target }: { row: QueueRow; target: number }): JSX.Element {
  const { floor, client } = useDashboard();
  const minute = useMinute();
  const version = floor.minutesVersion.value;
  const { waiting } = row.state.value;
  const [minutes, waits] = useMemo(() => {
    const now = client.time.now();
    return [floor.minutes.last(KEPT, now, row.id), floor.minutes.waits(KEPT, now, waiting, row.id)] as const;
  }, [row, version, waiting, minute]);
  const times = minutes.map(({ at_ms }) => at_ms / 1_000);
  const levels = minutes.map((each) => levelOf([each]));
  const traffic = useMemo(() => [times, minutes.map(({ owned }) => owned), minutes.map(({ abandoned }) => abandoned), waits] as uPlot.AlignedData, [minutes, waits]);
  const level = useMemo(() => [times, levels, times.map(() => target)] as uPlot.AlignedData, [minutes, target]);
  const highest = Math.max(...waits.map((count) => count ?? 0));
  return (
    <div class="charts" data-testid="chart">
      <section class="panel" aria-labelledby="chart-traffic"><h2 id="chart-traffic">{w.chartHead}</h2><Plot series={TRAFFIC} data={traffic} height={200} label={f.trend(waiting, highest)} /></section>
      <section class="panel" aria-labelledby="chart-level"><h2 id="chart-level">{w.levelHead}</h2><Plot series={LEVEL} data={level} height={200} highest={1} label={`${w.levelHead}, ${w.target(formatShare(target))}`} /></section>
      <Table minutes={minutes} waits={waits} />
    </div>
  );
}

function Table({ minutes, waits }: { minutes: readonly Minute[]; waits: readonly (number | null)[] }): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <details class="chart-table" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{w.chartTable}</summary>
      {isOpen.value && (
        <div class="scrolls" tabIndex={0} role="region" aria-label={w.chartHead}>
          <table>
            <thead><tr><th>{w.minute}</th><th>{f.waiting}</th><th>{f.arrived}</th><th>{f.answered}</th><th>{f.abandoned}</th><th>{f.serviceLevel}</th></tr></thead>
            <tbody>
              {minutes.map((each, index) => {
                const level = levelOf([each]);
                return (
                  <tr key={each.at_ms}>
                    <th scope="row">{formatTime(each.at_ms)}</th><td>{waits[index] === null ? "–" : formatNumber(waits[index]!)}</td><td>{formatNumber(each.arrived)}</td><td>{formatNumber(each.owned)}</td><td>{formatNumber(each.abandoned)}</td>
                    <td>{level === null ? "–" : formatShare(level)}</td>
                  </tr>
                );
              }).reverse()}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** The running minute: charts go on with it, whether something happens or not. */
function useMinute(): number {
  const minute = useSignal(0);
  useEffect(() => onTick((now) => (minute.value = Math.floor(now / MINUTE_MS))), []);
  return minute.value;
}
