import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { Select } from "../../ui/fields";
import { t } from "../../ui/texts";
import { w } from "../../ui/texts/work";

/** One of the ten priorities. */
export function PriorityField({ value }: { value: Signal<string> }): JSX.Element {
  return (
    <Select label={w.facts.priority} rule={w.priorityRule} value={value.value} isRequired testid="priority-value" onChange={(chosen) => (value.value = chosen)}>
      {Array.from({ length: 10 }, (_, priority) => <option value={priority} key={priority}>{t.priority(priority)}</option>)}
    </Select>
  );
}
