import type { Report, ReportColumn, ReportRow } from "../../sdk/index.ts";
import { word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import type { Query } from "../route";
import type { ReportName } from "./asked";
import { isPlain, numberOf, textOf } from "./values";

/** What a report's table shows first; all numbers by a press. */
const MAIN: Readonly<Record<ReportName, readonly string[]>> = {
  service: ["arrived", "level", "owned", "abandoned", "overdue", "first_owner_p50_ms", "first_owner_p90_ms", "handle_mean_ms", "waiting", "missed_share", "returned", "transferred", "closed"],
  agents: ["handled", "handed_on", "handle_mean_ms", "wrap_up_mean_ms", "accepted", "missed_share", "response_mean_ms", "online_ms", "idle_ms", "full_ms", "occupancy_primary", "occupancy_interruptible"],
  reasons: ["count", "share"],
  ageing: ["waiting", "offered", "oldest_wait_ms", "oldest_age_ms", "active", "parked", "wrapping", "oldest_owned_ms", "idle_owned"],
  staffing: ["arrived", "load", "agents", "needed", "missing", "spare", "level", "expected", "handle_mean_ms", "patience_ms", "at_once", "model"],
  field: ["arrived", "on_time_share", "late", "lateness_p50_ms", "acceptance_p50_ms", "acceptance_p90_ms", "in_progress_p50_ms", "completed", "cannot_complete", "cannot_complete_share"],
};

export const titleOf = (name: string): string => word(r.columns, name);

/** The columns of a table: the main ones in their order, or all that are numbers. */
export function shownColumns(report: ReportName, columns: readonly ReportColumn[], isAll: boolean): readonly ReportColumn[] {
  const plain = columns.filter((column) => column.name !== "says" && isPlain(column));
  if (isAll) return plain;
  return MAIN[report].flatMap((name) => plain.filter((column) => column.name === name));
}

export const hasMore = (report: ReportName, columns: readonly ReportColumn[]): boolean => shownColumns(report, columns, true).length > shownColumns(report, columns, false).length;

/** What the number of this name means. */
export function meaningOf(answer: Pick<Report, "columns">, name: string): string | undefined {
  return answer.columns.find((column) => column.name === name)?.says;
}

/** By what a row is told apart from the others: the names that are no numbers. */
export function keysOf(answer: Pick<Report, "columns" | "rows">): readonly string[] {
  const numbers = new Set([...answer.columns.map(({ name }) => name), "at_ms"]);
  const found = new Set(answer.rows.flatMap((row) => Object.keys(row)));
  return [...found].filter((name) => !numbers.has(name));
}

/** The rows of the period before, by the names of those beside which they stand; intervals by their place. */
export function beforeRows(answer: Pick<Report, "columns" | "rows" | "previous">): (row: ReportRow, place: number) => ReportRow | undefined {
  const keys = keysOf(answer);
  const rows = answer.previous?.rows ?? [];
  if (keys.includes("interval")) return (_, place) => rows[place];
  const key = (row: ReportRow): string => JSON.stringify(keys.map((name) => textOf(row, name)));
  const known = new Map(rows.map((row) => [key(row), row]));
  return (row) => known.get(key(row));
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** The rows as the address has them sorted; those whose number is unknown come last. Without a word, as they came. */
export function sortedRows<Row extends { row: ReportRow }>(rows: readonly Row[], { sort = "", desc }: Query): readonly Row[] {
  if (sort === "") return rows;
  const sign = desc === "1" ? -1 : 1;
  return [...rows].sort(({ row: one }, { row: other }) => {
    const [first, second] = [numberOf(one, sort), numberOf(other, sort)];
    if (first === null && second === null) return sign * collator.compare(textOf(one, sort), textOf(other, sort));
    if (first === null || second === null) return first === null ? 1 : -1;
    return sign * (first - second);
  });
}
