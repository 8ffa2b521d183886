// A histogram as it can be read: a few bars between round lengths of time, and where the percentiles are among them.

export interface Bin {
  /** Longer than this, and at most that. */
  afterMs: number;
  untilMs: number;
  count: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EDGES: readonly number[] = [
  ...[0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45].map((count) => count * SECOND),
  ...[1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45].map((count) => count * MINUTE),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 16].map((count) => count * HOUR),
  ...[1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 60, 120, 365, 1_000].map((count) => count * DAY),
];

/** The bars from the first that has anything to the last; a bucket counts where it ends, and is a sixteenth wide at most. */
export function binsOf(histogram: readonly (readonly [number, number])[]): readonly Bin[] {
  const counts = new Map<number, number>(); // by the place of the upper edge
  for (const [untilMs, count] of histogram) {
    if (count === 0) continue;
    const at = EDGES.findIndex((edge, place) => place > 0 && untilMs <= edge);
    const place = at < 0 ? EDGES.length - 1 : at;
    counts.set(place, (counts.get(place) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: last - first + 1 }, (_, index) => ({ afterMs: EDGES[first + index - 1]!, untilMs: EDGES[first + index]!, count: counts.get(first + index) ?? 0 }));
}

/** Where a length of time stands among the bars: 0 at the begin of the first, their number at the end of the last. */
export function placeOf(bins: readonly Bin[], ms: number): number {
  const at = bins.findIndex(({ untilMs }) => ms <= untilMs);
  if (at < 0) return bins.length;
  const { afterMs, untilMs } = bins[at]!;
  return at + Math.min(1, Math.max(0, (ms - afterMs) / (untilMs - afterMs)));
}

/** The share of all that lies in the bars up to and with this one, from 0 to 1. */
export function sharesUpTo(bins: readonly Bin[]): readonly number[] {
  const whole = bins.reduce((sum, { count }) => sum + count, 0);
  let sum = 0;
  return bins.map(({ count }) => (sum += count) / whole);
}
