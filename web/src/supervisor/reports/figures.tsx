import type { JSX } from "preact";
import type { Report } from "../../sdk/index.ts";
import { r } from "../../ui/texts/reports";
import { type Grade, MEANINGS } from "../wallboard/grades";
import { meaningOf, titleOf } from "./columns";
import { Defined } from "./defined";
import { formatValue, numberOf } from "./values";

interface FiguresProps {
  answer: Report;
  names: readonly string[];
  /** How a number stands to what is wanted. */
  gradeOf?: (name: string, value: number) => Grade;
}

/** The numbers of the whole period that one looks for first, beside those of the period before. */
export function Figures({ answer, names, gradeOf }: FiguresProps): JSX.Element {
  return (
    <section class="headline report-figures" aria-label={r.total} data-testid="report-figures">
      {names.map((name) => {
        const unit = answer.columns.find((column) => column.name === name)?.unit ?? "";
        const value = numberOf(answer.total, name);
        const grade = value === null || !gradeOf ? "none" : gradeOf(name, value);
        return (
          <div key={name} class={`figure-tile mark-${MEANINGS[grade]} grade-${grade}`} data-testid={`figure-${name}`}>
            <span class="label"><Defined name={titleOf(name, answer.report)} says={meaningOf(answer, name)} /></span>
            <span class="value figure">{formatValue(answer.total[name], unit)}</span>
            {answer.previous && <span class="note">{r.ofBefore(formatValue(answer.previous.total[name], unit))}</span>}
          </div>
        );
      })}
    </section>
  );
}
