import type { ReportColumn, ReportRow } from "../../sdk/index.ts";
import { formatDate, formatNumber } from "../../ui/format";

const language: string | undefined = globalThis.document?.documentElement.lang || undefined;
const narrow = (unit: "second" | "minute" | "hour" | "day", digits = 0): Intl.NumberFormat =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: digits });
const tenths = narrow("second", 1);
const [seconds, minutes, hours, days] = [narrow("second"), narrow("minute"), narrow("hour"), narrow("day")];
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const decimals = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const one = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** A length of time, short and to two units: "7.8s", "4m 5s", "2h 10m", "3d 4h". */
export function formatLength(ms: number): string {
  if (ms < 9_950) return tenths.format(Math.max(0, ms) / 1_000);
  const whole = Math.round(ms / 1_000);
  if (whole < 60) return seconds.format(whole);
  if (whole < 3_600) return pair(minutes, Math.floor(whole / 60), seconds, whole % 60);
  if (whole < 86_400) return pair(hours, Math.floor(whole / 3_600), minutes, Math.floor((whole % 3_600) / 60));
  return pair(days, Math.floor(whole / 86_400), hours, Math.floor((whole % 86_400) / 3_600));
}

function pair(large: Intl.NumberFormat, count: number, small: Intl.NumberFormat, rest: number): string {
  return rest > 0 ? `${large.format(count)} ${small.format(rest)}` : large.format(count);
}

/** A share from 0 to 1, to a tenth of a percent where it is small. */
export const formatPart = (share: number): string => percent.format(share >= 0.1 ? Math.round(share * 100) / 100 : share);

/** A number of an average: whole ones from 100 on. */
export const formatMean = (value: number): string => (Number.isInteger(value) || value >= 100 ? formatNumber(value) : value >= 10 ? one.format(value) : decimals.format(value));

export const UNKNOWN = "–";

/** A number of a report as people read it. */
export function formatValue(value: unknown, unit: string): string {
  if (typeof value === "string") return value;
  if (typeof value !== "number") return UNKNOWN;
  if (unit === "ms") return formatLength(value);
  if (unit === "share") return formatPart(value);
  return unit === "at_ms" ? formatDate(value) : formatMean(value);
}

/** A row's number; null where it is unknown. */
export function numberOf(row: ReportRow, name: string): number | null {
  const value = row[name];
  return typeof value === "number" ? value : null;
}

export const textOf = (row: ReportRow, name: string): string => (row[name] === undefined ? "" : String(row[name]));

/** A number of the table that stands in cells: those that are lists are drawn elsewhere. */
export const isPlain = ({ unit, name }: ReportColumn): boolean => unit !== "" || name === "count" || name === "model";
