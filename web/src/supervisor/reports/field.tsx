import type { JSX } from "preact";
import { Foreign } from "../../ui/foreign";
import { formatNumber } from "../../ui/format";
import { r } from "../../ui/texts/reports";
import { meaningOf, reasonText } from "./columns";
import { Defined } from "./defined";
import { Figures } from "./figures";
import { formatValue } from "./values";
import type { ViewProps } from "./view";

const FIGURES = ["arrived", "on_time_share", "late", "acceptance_p50_ms", "completed", "cannot_complete", "cannot_complete_share", "cancelled"];
const STAGES = ["acceptance", "scheduled", "dispatched", "travelling", "in_progress", "lateness"] as const;
const PARTS = ["mean", "p50", "p90", "p95", "p99"] as const;

/** Appointments: how soon they were accepted, whether people came in time, how long each stage took, and why not. */
export function Field({ answer }: ViewProps): JSX.Element {
  const { total } = answer;
  const reasons = Object.entries((total["reasons"] ?? {}) as Record<string, number>);
  const highest = Math.max(1, ...reasons.map(([, count]) => count));
  return (
    <>
      <Figures answer={answer} names={FIGURES} />
      <div class="charts">
        <section class="panel" aria-labelledby="stages" data-testid="stages">
          <h2 id="stages">{r.stages}</h2>
          <div class="scrolls" tabIndex={0} role="group" aria-label={r.stages}>
            <table>
              <thead><tr><th class="name">{r.stageHead}</th>{PARTS.map((part) => <th key={part}>{r.lengthHeads[part]}</th>)}</tr></thead>
              <tbody>
                {STAGES.filter((stage) => total[`${stage}_mean_ms`] !== undefined).map((stage) => (
                  <tr key={stage}><th scope="row"><Defined name={r.stage[stage]!} says={meaningOf(answer, `${stage}_mean_ms`)} /></th>{PARTS.map((part) => <td key={part}>{formatValue(total[`${stage}_${part}_ms`], "ms")}</td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
        <section class="panel" aria-labelledby="why-not" data-testid="why-not">
          <h2 id="why-not">{r.whyNot}</h2>
          {reasons.length === 0 ? <p class="soft">{r.nothing}</p> : null}
          <ul class="counts-of">
            {reasons.map(([reason, count]) => (
              <li key={reason}><span class="clip">{reason ? <Foreign text={reasonText(reason)} /> : <span class="soft">{r.noReason}</span>}</span><span class="counted" aria-hidden="true"><i style={{ inlineSize: `${((count / highest) * 100).toFixed(2)}%` }} /></span><b class="figure">{formatNumber(count)}</b></li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}
