import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Report } from "../../sdk/index.ts";
import { r } from "../../ui/texts/reports";
import { meaningIn, titleOf } from "./columns";

/** All definitions of a report, to be read in one go. They are the server's, which counts. */
export function Legend({ answer }: { answer: Report }): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <details class="chart-table legend-of" data-testid="legend" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{r.legend}</summary>
      {isOpen.value && <dl>{answer.columns.filter(({ name }) => name !== "says" && name !== "histogram").map(({ name, says }) => <div key={name}><dt>{titleOf(name, answer.report)}</dt><dd>{meaningIn(answer.report, says)}</dd></div>)}</dl>}
    </details>
  );
}
