import type { Report, ReportColumn, ReportRow } from "../../sdk/index.ts";
import { codes, word } from "../../ui/texts";
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

/** What a number is called; some mean something else in another report. */
export const titleOf = (name: string, report = ""): string => word({ ...r.columns, ...r.columnsOf[report] }, name);

/** A reason, or a disposition, in words. */
export const reasonText = (reason: string): string => word({ ...codes.causes, ...codes.returned }, reason);

/** The columns of a table: the main ones in their order, or all that are numbers. */
export function shownColumns(report: ReportName, columns: readonly ReportColumn[], isAll: boolean): readonly ReportColumn[] {
  const plain = columns.filter((column) => column.name !== "says" && isPlain(column));
  if (isAll) return plain;
  return MAIN[report].flatMap((name) => plain.filter((column) => column.name === name));
}

export const hasMore = (report: ReportName, columns: readonly ReportColumn[]): boolean => shownColumns(report, columns, true).length > shownColumns(report, columns, false).length;

/** A meaning, with their titles for the numbers that it names. */
export const meaningIn = (report: string, says: string): string => says.replace(/`(\w+)`/g, (_, name: string) => r.named(titleOf(name, report)));

/** What the number of this name means. */
export function meaningOf({ report, columns }: Pick<Report, "report" | "columns">, name: string): string | undefined {
  const found = columns.find((column) => column.name === name);
  return found && meaningIn(report, found.says);
}

/** By what a row is told apart from the others: the names that are no numbers. */
export function keysOf(answer: Pick<Report, "columns" | "rows">): readonly string[] {
  const numbers = new Set([...answer.columns.map(({ name }) => name), "at_ms"]);
  const found = new Set(answer.rows.flatMap((row) => Object.keys(row)));
  return [...found].filter((name) => !numbers.has(name));
}

const DAY_MS = 86_400_000;
const STEPS: Readonly<Record<string, number>> = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

/** The rows of the period before by the names of those beside which they stand; intervals by how far into the period they are. */
export function beforeRows(answer: Pick<Report, "columns" | "rows" | "previous" | "from_ms">, interval: string): (row: ReportRow) => ReportRow | undefined {
  const keys = keysOf(answer);
  const step = STEPS[interval] ?? DAY_MS / 96; // days have 23 to 25 hours, months 28 to 31 days
  const key = (row: ReportRow, fromMs: number): string => {
    const at = numberOf(row, "at_ms");
    return JSON.stringify(keys.map((name) => (name === "interval" && at !== null ? Math.round((at - fromMs) / step) : textOf(row, name))));
  };
  const { rows = [], from_ms = 0 } = answer.previous ?? {};
  const known = new Map(rows.map((row) => [key(row, from_ms), row]));
  return (row) => known.get(key(row, answer.from_ms));
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
