import type { JSX } from "preact";
import type { Meaning } from "./marks";

const WIDTH = 100;
const HEIGHT = 24;

/** The path through the points, broken where one is missing. `highest` is the top of the picture. */
export function trend(points: readonly (number | null)[], highest: number): string {
  const step = WIDTH / Math.max(1, points.length - 1);
  let pen = "M";
  return points
    .map((value, index) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const to = `${pen}${+(index * step).toFixed(2)} ${+(HEIGHT - (value / highest) * HEIGHT).toFixed(2)}`;
      pen = "L";
      return to;
    })
    .join("");
}

interface SparklineProps {
  /** Oldest first, at equal distances; null where nothing is known. */
  points: readonly (number | null)[];
  /** What it shows, with its last and highest value, in words. */
  label: string;
  meaning?: Meaning;
  /** The top; the highest point by default. */
  highest?: number;
}

/** How a figure went, without axes. */
export function Sparkline({ points, label, meaning = "act", highest }: SparklineProps): JSX.Element {
  const top = Math.max(1, highest ?? 0, ...points.map((value) => value ?? 0));
  const path = trend(points, top);
  const isWhole = points.length > 1 && !points.includes(null);
  return (
    <svg class={`spark mark-${meaning}`} viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {isWhole && <path class="under" d={`${path}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} />}
      <path class="trend" d={path} />
    </svg>
  );
}
