// Which rows of a long list are drawn, and in which order they come. Pure, so that it can be tested.

/** Row heights by density, in rem; `--row` in tokens.css says the same. */
export const DENSITY = { comfortable: 2.75, compact: 2 } as const;

const STEP = 4; // rows that scroll by before the drawn ones change
const BEYOND = 8; // rows drawn above and below those in sight

export interface Range {
  /** The first drawn row, and the one after the last. */
  start: number;
  end: number;
}

/** The rows to draw, when so much is scrolled away. All lengths in the same unit. */
export function rangeAt(scrolled: number, height: number, rowHeight: number, count: number): Range {
  const first = Math.floor(scrolled / rowHeight) - BEYOND;
  const last = Math.ceil((scrolled + height) / rowHeight) + BEYOND;
  const start = Math.floor(Math.min(first, count - 1) / STEP) * STEP;
  return { start: Math.max(0, start), end: Math.max(0, Math.min(count, Math.ceil(last / STEP) * STEP)) };
}

/** How far to scroll so that row `index` is in sight; as far as it is when it is already. `covered`: under the head. */
export function scrollFor(index: number, scrolled: number, height: number, rowHeight: number, covered: number): number {
  const top = index * rowHeight;
  if (top < scrolled) return top;
  return Math.max(scrolled, top + rowHeight + covered - height);
}

export interface Sort {
  /** The column's key. */
  column: string;
  isDescending: boolean;
}

export interface Sortable<Row> {
  key: string;
  /** Without it the column cannot be sorted by. */
  compare?: (one: Row, other: Row) => number;
}

/** The rows in this order; equal ones, and all without a known column, keep the order that they have. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Sortable<Row>[], { column, isDescending }: Sort): readonly Row[] {
  const compare = columns.find(({ key }) => key === column)?.compare;
  if (!compare) return rows;
  return [...rows].sort(isDescending ? (one, other) => compare(other, one) : compare);
}

/** The keys from one row to another, both included; only the second when the first is not there. */
export function keysBetween(keys: readonly string[], from: string | null, to: string): readonly string[] {
  const start = from === null ? -1 : keys.indexOf(from);
  const end = keys.indexOf(to);
  if (end < 0) return [];
  return start < 0 ? [to] : keys.slice(Math.min(start, end), Math.max(start, end) + 1);
}
