import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { formatNumber } from "./format";
import type { Meaning } from "./marks";
import { t } from "./texts/basic";

const MOST_STROKES = 12; // more cannot be counted at a glance

interface MeterProps {
  label: string;
  held: number;
  capacity: number;
  testid?: string;
}

/** Units of work held out of how many: a stroke each, full ones held; a bar above twelve. */
export function Meter({ label, held, capacity, testid }: MeterProps): JSX.Element {
  const id = useId();
  const meaning: Meaning = held > capacity ? "late" : held === capacity && capacity > 0 ? "soon" : "act";
  const text = t.ofCapacity(held, capacity);
  return (
    <div class={`meter mark-${meaning}`} data-testid={testid}>
      <span id={id}>{label}</span>
      <b aria-hidden="true">{text}</b>
      <div class="units" role="meter" aria-labelledby={id} aria-valuemin={0} aria-valuemax={Math.max(capacity, held)} aria-valuenow={held} aria-valuetext={text}>
        {capacity > MOST_STROKES ? (
          <span class="bar"><i style={{ "--held": Math.min(1, held / capacity) }} /></span>
        ) : (
          Array.from({ length: Math.max(capacity, 1) }, (_, unit) => <span class={unit < held ? "unit held" : "unit"} key={unit} />)
        )}
      </div>
      {held > capacity && <span class="visually-hidden">{t.overCapacity(formatNumber(held - capacity))}</span>}
    </div>
  );
}
