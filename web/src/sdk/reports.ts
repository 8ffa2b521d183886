import type { Client } from "./client.ts";
import { NotSent, OutcomeUnknown } from "./errors.ts";

// What the history amounts to: GET reports. Numbers of `docs/reports.md`.

const WITHIN_MS = 70_000; // the server gives a report a minute

/** A number's name, in what it is counted, and what it means. Units are `ms`, `share` (0 to 1), `at_ms`, `erlangs`, or what is counted. */
export interface ReportColumn {
  name: string;
  unit: string;
  says: string;
}
/** The names by which it was asked, and numbers; one that is unknown, as a share of nothing, is left out. */
export type ReportRow = Readonly<Record<string, unknown>>;
/** So many more agents from one clock time to another would be enough. */
export interface Advice {
  queue: string;
  more: number;
  begins: string;
  ends: string;
  says: string;
}
/** A report over a period, as of an instant. Rows in which nothing was are left out. What happened after `stored_ms` the history does not have yet, nor what was before `begins_ms`. */
export interface Report {
  report: string;
  from_ms: number;
  until_ms: number;
  zone: string;
  as_of_ms: number;
  stored_ms?: number;
  begins_ms?: number;
  columns: readonly ReportColumn[];
  rows: readonly ReportRow[];
  total: ReportRow;
  previous?: { from_ms: number; until_ms: number; rows: readonly ReportRow[]; total: ReportRow };
  /** What it assumes, and what the history lacks in the period. */
  notes: readonly string[];
  advice: readonly Advice[];
}
/** How a report may be asked. */
export interface ReportKind {
  report: string;
  says: string;
  by: readonly string[];
  usual: readonly string[];
  more: readonly string[];
  intervals: readonly string[];
  may_compare: boolean;
}
/** Of which period, by what, of what alone. Several names: with commas between. */
export interface ReportQuery {
  /** today, yesterday, last_7_days …; or `from` and `until`, a day or milliseconds. */
  period?: string;
  from?: string | number;
  until?: string | number;
  zone?: string;
  by?: string;
  interval?: string;
  queue?: string;
  channel?: string;
  priority?: string;
  skill?: string;
  agent?: string;
  team?: string;
  compare?: boolean;
  histogram?: boolean;
  measure?: string;
  goal?: number;
  within_s?: number;
  at_once?: number;
  idle_s?: number;
}
/** Something that happened to a case: when, how long after what was before, what in words, by whom. */
export interface Moment {
  at_ms: number;
  after_ms: number;
  event: string;
  says: string;
  actor: string;
}
/** All that is kept of a case, oldest first; `is_cut`: there was more before. */
export interface Life {
  case: string;
  moments: readonly Moment[];
  is_cut?: boolean;
}

/** A case's last visit that has ended. What was erased has neither subject nor customer. */
export interface EndedCase {
  case: string;
  queue: string;
  channel: string;
  arrived_at_ms: number;
  ended_at_ms: number;
  ended_how: "closed" | "cancelled" | "abandoned";
  subject: string;
  customer: string;
  agent: string;
  disposition: string;
}
/** Newest first; `more`: there are others. `back_to_ms`: words were looked for only on what has ended since then. */
export interface EndedCases {
  items: readonly EndedCase[];
  more: boolean;
  back_to_ms?: number;
}

const flags = (query: ReportQuery): object => ({ ...query, compare: query.compare ? 1 : undefined, histogram: query.histogram ? 1 : undefined });

export async function readReport(client: Client, report: string, query: ReportQuery): Promise<Report> {
  const answer = await client.http.get<Partial<Report>>(`reports/${encodeURIComponent(report)}`, flags(query), { deadlineMs: WITHIN_MS });
  return { notes: [], advice: [], ...answer } as Report;
}

export function readReportCsv(client: Client, report: string, query: ReportQuery): Promise<string> {
  return client.http.text(`reports/${encodeURIComponent(report)}`, "text/csv", flags(query), { deadlineMs: WITHIN_MS });
}

export async function readReports(client: Client): Promise<ReportKind[]> {
  return (await client.http.get<{ items: ReportKind[] }>("reports")).items;
}

export function readLife(client: Client, one: string): Promise<Life> {
  return client.http.get(`cases/${encodeURIComponent(one)}/life`, undefined, { deadlineMs: WITHIN_MS });
}

const UNSAID = { subject: "", customer: "", agent: "", disposition: "" };

/** Cases that have ended, by the whole id, the whole customer, or words on the newest. The words stand in a body, and so in no log. */
export async function findEnded(client: Client, text: string, limit?: number): Promise<EndedCases> {
  const body = { text, ...(limit !== undefined && { limit }) };
  type Found = Partial<EndedCases> & { items: Omit<EndedCase, keyof typeof UNSAID>[] };
  const { items, ...rest } = await client.http.change<Found>("POST", "history/search", body).catch((error: unknown) => {
    throw error instanceof OutcomeUnknown ? new NotSent(error.detail) : error; // it changes nothing
  });
  return { more: false, ...rest, items: items.map((one) => ({ ...UNSAID, ...one })) };
}
