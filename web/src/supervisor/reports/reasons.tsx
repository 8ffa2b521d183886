import type { JSX } from "preact";
import { Foreign } from "../../ui/foreign";
import { formatNumber } from "../../ui/format";
import { word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import { reasonText } from "./columns";
import { grouped, sumOf } from "./groups";
import { formatPart, numberOf, textOf } from "./values";
import type { ViewProps } from "./view";

const MOST = 12;

/** Reasons, by what happened with them: the most frequent first. */
export function Reasons({ asked, answer }: ViewProps): JSX.Element | null {
  if (asked.by !== "") return null; // the table tells it
  return (
    <div class="charts reasons-of">
      {grouped(answer.rows, "what").map(([what, rows]) => (
        <section class="panel" key={what} aria-label={word(r.whats, what)} data-testid="reasons-of" data-what={what}>
          <header class="panel-head"><h2>{word(r.whats, what)}</h2><b class="figure">{formatNumber(sumOf(rows, "count"))}</b></header>
          <ul class="counts-of">
            {rows.slice(0, MOST).map((row) => (
              <li key={textOf(row, "reason")}>
                <span class="clip">{textOf(row, "reason") ? <Foreign text={reasonText(textOf(row, "reason"))} /> : <span class="soft">{r.noReason}</span>}</span>
                <span class="counted" aria-hidden="true"><i style={{ inlineSize: `${((numberOf(row, "share") ?? 0) * 100).toFixed(2)}%` }} /></span>
                <b class="figure">{formatNumber(numberOf(row, "count") ?? 0)}</b><span class="soft figure">{formatPart(numberOf(row, "share") ?? 0)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
