import type { Query } from "../route";
import type { Wish } from "./wish";

/** The server's, in the menu's order, and "dates": from a day until another, both whole. */
export const PERIODS = ["today", "yesterday", "this_week", "last_week", "last_7_days", "last_28_days", "last_30_days", "this_month", "last_month", "dates"] as const;

/** What an address may have wrong about it: its period, or what staffing is to be reckoned with. */
export interface Fault {
  what: "period" | "zone" | "from" | "until" | "order" | Wish;
  /** What the address says there; empty: nothing. */
  text: string;
}

export interface Period {
  /** "unknown": the address names one that there is not. */
  period: (typeof PERIODS)[number] | "unknown";
  /** Days as the address has them, such as "2026-11-01", the last one included. Empty unless the period is "dates". */
  from: string;
  until: string;
  zone: string;
  /** Why there can be no report. */
  fault: Fault | null;
}

/** The period of an address. One that is wrong stays as it is, and says why: another one would be taken for what was asked. */
export function periodOf({ period: name = "", from = "", until = "", zone: said = "" }: Query, ownZone: string): Period {
  const zone = said || ownZone;
  const asked = name || (from || until ? "dates" : "today");
  const period = PERIODS.find((each) => each === asked) ?? "unknown";
  const days = period === "dates" ? { from, until } : { from: "", until: "" };
  const fault = zoneFault(zone) ?? (period === "unknown" ? { what: "period" as const, text: name } : period === "dates" ? daysFault(from, until) : null);
  return { period, ...days, zone, fault };
}

function daysFault(from: string, until: string): Fault | null {
  if (!isDay(from)) return { what: "from", text: from };
  if (!isDay(until)) return { what: "until", text: until };
  return from > until ? { what: "order", text: "" } : null;
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text); // the 31st of February is none
}

function zoneFault(zone: string): Fault | null {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return null;
  } catch {
    return { what: "zone", text: zone };
  }
}

const DAYS = { today: 1, yesterday: 1, this_week: 7, last_week: 7, last_7_days: 7, last_28_days: 28, last_30_days: 30, this_month: 31, last_month: 31, unknown: 1 };

/** How many days it touches at most. */
export function daysOf({ period, from, until }: Period): number {
  return period === "dates" ? (Date.parse(until) - Date.parse(from)) / 86_400_000 + 1 : DAYS[period];
}
