import type { ReportQuery, ReportRow } from "../../sdk/index.ts";
import type { Query, Route } from "../route";

// What is asked for stands in the address, all of it: it can be sent to a colleague, or kept.

export const REPORTS = ["service", "agents", "reasons", "ageing", "staffing", "field"] as const;
export type ReportName = (typeof REPORTS)[number];

/** "dates": from a day until another, both whole. */
export const PERIODS = ["today", "yesterday", "last_7_days", "last_28_days", "this_month", "last_month", "dates"] as const;
export type PeriodName = (typeof PERIODS)[number];

export const BY: Readonly<Record<ReportName, readonly string[]>> = {
  service: ["queue", "channel", "priority", "skill", "interval"],
  agents: ["agent", "team", "queue", "channel", "interval"],
  reasons: ["", "queue", "channel", "agent", "team"],
  ageing: ["queue", "channel", "priority", "skill", "agent", "team"],
  staffing: [],
  field: ["queue", "channel", "agent", "interval"],
};
const LINES = ["quarter_hour", "half_hour", "hour", "day", "week", "month"] as const;
const CYCLES = ["hour_of_day", "day_of_week"] as const;
export const INTERVALS: Readonly<Record<ReportName, readonly string[]>> = {
  service: [...LINES, ...CYCLES],
  agents: [...LINES, ...CYCLES],
  reasons: [],
  ageing: [],
  staffing: ["quarter_hour", "half_hour", "hour", "hour_of_day"],
  field: [...LINES, ...CYCLES],
};
/** Those of which only some queues, or a team, can be asked for. */
export const HAS_TEAM: ReadonlySet<ReportName> = new Set(["agents", "reasons", "ageing"]);
export const HAS_BEFORE: ReadonlySet<ReportName> = new Set(["service", "agents", "reasons", "field"]);

export interface Asked {
  report: ReportName;
  period: PeriodName;
  /** Days, such as "2026-11-01"; the last one belongs to it. Empty unless the period is "dates". */
  from: string;
  until: string;
  zone: string;
  by: string;
  /** Empty: as it suits the period. */
  interval: string;
  queue: string;
  team: string;
  isCompared: boolean;
  /** Of staffing: the share that is wanted, the longest wait, with how many an agent is busy at a time; empty: as it is. */
  goal: string;
  within: string;
  atOnce: string;
}

const one = <Name extends string>(names: readonly Name[], text: string, usual: Name): Name => names.find((name) => name === text) ?? usual;

/** What an address asks for; what it does not say, or says of another report, is as usual. */
export function askedOf({ id, query }: Pick<Route, "id" | "query">, ownZone: string): Asked {
  const { period = "", from = "", until = "", zone = "", by = "", interval = "", queue = "", team = "", compare, goal = "", within = "", at_once = "" } = query;
  const report = one(REPORTS, id, "service");
  const named = one(PERIODS, period, "today");
  const hasDates = named === "dates" && isDay(from) && isDay(until) && from <= until;
  return {
    report,
    period: named === "dates" && !hasDates ? "today" : named,
    ...(hasDates ? { from, until } : { from: "", until: "" }),
    zone: zone || ownZone,
    by: one(BY[report], by, BY[report][0] ?? ""),
    interval: one(INTERVALS[report], interval, ""),
    queue,
    team: HAS_TEAM.has(report) ? team : "",
    isCompared: HAS_BEFORE.has(report) && compare === "1",
    goal,
    within,
    atOnce: at_once,
  };
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** The day after: a period ends before it. */
export function dayAfter(day: string): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
}

/** How many days it touches at most. */
export function daysOf({ period, from, until }: Asked): number {
  if (period === "dates") return (Date.parse(until) - Date.parse(from)) / 86_400_000 + 1;
  return { today: 1, yesterday: 1, last_7_days: 7, last_28_days: 28, this_month: 31, last_month: 31 }[period];
}

/** The intervals of charts, where nobody chose. */
export function usualInterval(asked: Asked): string {
  const days = daysOf(asked);
  return days <= 3 ? "hour" : days <= 62 ? "day" : days <= 400 ? "week" : "month";
}

export const intervalOf = (asked: Asked): string => asked.interval || usualInterval(asked);

/** Those of an answer's rows: staffing has its own usual ones, which come round unless the rows have their beginning. */
export function intervalOfRows(asked: Asked, rows: readonly ReportRow[]): string {
  if (asked.report !== "staffing") return intervalOf(asked);
  return asked.interval || (rows.some((row) => row["at_ms"] !== undefined) ? "half_hour" : "hour_of_day");
}

/** Of which period and of what alone. */
export function spanOf({ period, from, until, zone, queue, team }: Asked): ReportQuery {
  const when = period === "dates" ? { from, until: dayAfter(until) } : { period };
  return { ...when, zone, ...(queue && { queue }), ...(team && { team }) };
}

/** What the table of a report asks for. */
export function tableQuery(asked: Asked): ReportQuery {
  const { report, by, isCompared } = asked;
  const span = spanOf(asked);
  if (report === "staffing") return { ...span, ...(asked.interval && { interval: asked.interval }), ...wanted(asked) };
  const rows = by === "interval" ? { by: "", interval: intervalOf(asked) } : { by };
  return { ...span, ...rows, ...(isCompared && { compare: true }) };
}

function wanted({ goal, within, atOnce }: Asked): ReportQuery {
  const number = (text: string): number | undefined => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined);
  const [share, within_s, at_once] = [number(goal), number(within), number(atOnce)];
  return { ...(share !== undefined && { goal: share / 100 }), ...(within_s !== undefined && { within_s }), ...(at_once !== undefined && { at_once }) };
}

/** What the server calls it. */
export const serverName = (report: ReportName): string => (report === "service" ? "queues" : report);

/** The name of the file for a report's rows. */
export function fileName({ report, period, from, until }: Asked): string {
  return `${report}-${period === "dates" ? `${from}-${until}` : period}.csv`;
}

/** The address of another report of the same: what only one of them asks goes. */
export function queryFor({ period = "", from = "", until = "", zone = "", queue = "", team = "", compare = "" }: Query): Query {
  return { period, from, until, zone, queue, team, compare };
}
