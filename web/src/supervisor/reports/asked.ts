import type { ReportQuery, ReportRow } from "../../sdk/index.ts";
import type { Query, Route } from "../route";
import { type Period, daysOf, periodOf } from "./period";
import { wishFault } from "./wish";

// What is asked for stands in the address, all of it: it can be sent to a colleague, or kept.

export const REPORTS = ["service", "agents", "reasons", "ageing", "staffing", "field"] as const;
export type ReportName = (typeof REPORTS)[number];

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

export interface Asked extends Period {
  report: ReportName;
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

/** What an address asks for; what it does not say, or says of another report, is as usual. A wrong period is none. */
export function askedOf({ id, query }: Pick<Route, "id" | "query">, ownZone: string): Asked {
  const { zone = "", by = "", interval = "", queue = "", team = "", compare, goal = "", within = "", at_once = "" } = query;
  const report = one(REPORTS, id, "service");
  const isNow = report === "ageing"; // of this moment, whatever the period
  const when = periodOf(isNow ? { zone } : query, ownZone);
  const timed = isNow && when.fault ? periodOf({}, ownZone) : when;
  return {
    report,
    ...timed,
    fault: timed.fault ?? (report === "staffing" ? wishFault({ goal, within, at_once }) : null),
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

/** The day after: a period ends before it. */
export function dayAfter(day: string): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
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
  return { ...(share !== undefined && { goal: Number((share / 100).toPrecision(6)) }), ...(within_s !== undefined && { within_s }), ...(at_once !== undefined && { at_once }) };
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
