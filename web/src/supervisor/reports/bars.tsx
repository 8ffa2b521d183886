import type { JSX } from "preact";
import { formatNumber } from "../../ui/format";

export interface BarOf {
  name: string;
  count: number;
  /** All of it in words. */
  says: string;
}

interface BarsProps {
  bars: readonly BarOf[];
  /** What can be seen, in words. */
  label: string;
  /** Lines across, each at its place among the bars. */
  marks?: readonly { at: number; says: string }[];
  /** What stands below: between the bars, or below each. */
  edges?: readonly string[];
  meaning?: "act" | "waits" | "soon";
}

const FEW = 14;

/** A bar for each of a few counts, the highest as high as there is room. The same stands in a table beside it. */
export function Bars({ bars, label, marks = [], edges, meaning = "act" }: BarsProps): JSX.Element {
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const every = Math.ceil((edges?.length ?? 0) / FEW);
  const share = (place: number): string => `${((place / bars.length) * 100).toFixed(2)}%`;
  return (
    <div class={`bars mark-${meaning}`} role="img" aria-label={label}>
      <div class="plotted" style={{ "--marks": marks.length }}>
        {bars.map(({ name, count, says }) => <span class="bar" key={name} title={says}>{!edges && count > 0 && <b class="figure">{formatNumber(count)}</b>}<i style={{ blockSize: `${((count / highest) * 100).toFixed(2)}%` }} /></span>)}
        {marks.map(({ at, says }, place) => (
          <span key={says} class={at / bars.length > 0.6 ? "across before" : "across"} style={{ insetInlineStart: share(at), "--place": place }}><b>{says}</b></span>
        ))}
      </div>
      <div class={edges ? "edges" : "edges below"}>
        {edges ? edges.map((edge, place) => place % every === 0 && <span key={edge} style={{ insetInlineStart: share(place) }}>{edge}</span>) : bars.map(({ name }) => <span key={name}>{name}</span>)}
      </div>
    </div>
  );
}
