import type { Report, ReportRow } from "../../sdk/index.ts";
import { dayAfter } from "./asked";
import { numberOf, textOf } from "./values";

// Intervals in which nothing was are left out of answers; a chart needs them.

export interface Interval {
  name: string;
  /** Its beginning; null for what comes round, such as an hour of the day. */
  atMs: number | null;
  row: ReportRow | null;
}

const STEPS: Readonly<Record<string, number>> = { quarter_hour: 900_000, half_hour: 1_800_000, hour: 3_600_000 };
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`);

/** All intervals of the period, those without a row among them; a period that goes on ends now. */
export function intervalsOf(report: Pick<Report, "from_ms" | "until_ms" | "zone" | "rows">, interval: string): readonly Interval[] {
  const { from_ms, until_ms, zone, rows } = report;
  const step = STEPS[interval];
  if (step !== undefined) return stepped(rows, from_ms, until_ms, step);
  if (interval === "day") return daily(rows, dateIn(zone, from_ms), dateIn(zone, until_ms - 1));
  if (interval === "hour_of_day" || interval === "day_of_week") return cyclic(rows, interval === "hour_of_day" ? HOURS : DAYS);
  return rows.map((row) => ({ name: textOf(row, "interval"), atMs: numberOf(row, "at_ms"), row }));
}

// The first may be cut short by the period's beginning: the others tell where clocks cut.
function stepped(rows: readonly ReportRow[], fromMs: number, untilMs: number, step: number): readonly Interval[] {
  const known = new Map(rows.flatMap((row) => (numberOf(row, "at_ms") === null ? [] : [[numberOf(row, "at_ms")!, row] as const])));
  const cut = [...known.keys()].find((at) => at !== fromMs) ?? fromMs;
  const starts = new Set(known.keys());
  for (let at = fromMs; at < untilMs; at += step - ((((at - cut) % step) + step) % step)) starts.add(at);
  return [...starts].sort((one, other) => one - other).map((at) => ({ name: textOf(known.get(at) ?? {}, "interval"), atMs: at, row: known.get(at) ?? null }));
}

function daily(rows: readonly ReportRow[], first: string, last: string): readonly Interval[] {
  const known = new Map(rows.map((row) => [textOf(row, "interval"), row]));
  const found: Interval[] = [];
  for (let day = first; day <= last; day = dayAfter(day)) found.push({ name: day, atMs: numberOf(known.get(day) ?? {}, "at_ms"), row: known.get(day) ?? null });
  return found;
}

function cyclic(rows: readonly ReportRow[], names: readonly string[]): readonly Interval[] {
  const known = new Map(rows.map((row) => [textOf(row, "interval"), row]));
  return names.map((name) => ({ name, atMs: null, row: known.get(name) ?? null }));
}

/** The date that clocks of a zone show: "2026-11-25". */
export function dateIn(zone: string, atMs: number): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(atMs);
  const of = (type: string): string => parts.find((part) => part.type === type)!.value;
  return `${of("year")}-${of("month")}-${of("day")}`;
}

const language: string | undefined = globalThis.document?.documentElement.lang || undefined;

/** Says what an interval is called, short: "09:00", "25 Nov", "W48". */
export function namer(interval: string, zone: string): (one: Interval) => string {
  const day = new Intl.DateTimeFormat(language, { timeZone: "UTC", day: "numeric", month: "short" });
  const clock = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "numeric", minute: "2-digit" });
  const weekday = new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "short" });
  return ({ name, atMs }) => {
    if (interval === "day") return day.format(Date.parse(name));
    if (interval === "day_of_week") return weekday.format(Date.UTC(2024, 0, 1 + DAYS.indexOf(name))); // a Monday
    return STEPS[interval] !== undefined && atMs !== null ? clock.format(atMs) : name;
  };
}

/** The same in full, where it stands alone. */
export function longNamer(interval: string, zone: string): (one: Interval) => string {
  const short = namer(interval, zone);
  const instant = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" });
  return (one) => (STEPS[interval] !== undefined && one.atMs !== null ? instant.format(one.atMs) : interval === "day" ? day.format(Date.parse(one.name)) : short(one));
}
