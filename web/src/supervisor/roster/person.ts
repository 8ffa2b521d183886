import type { AgentFields, RosterRow } from "../../sdk/index.ts";

export type Days = Readonly<Record<string, { since?: string; until?: string }>>;
type Counts = Readonly<Record<string, number>>;

/** An agent of the roster, every field there. `skill_dates` are days, as 2026-01-31. */
export interface Person {
  agent: string;
  name: string;
  team: string;
  capacity: number;
  interruptible_capacity: number;
  queues: readonly string[];
  skills: Counts;
  skill_dates: Days;
  tiers: Counts;
  auto_accept: boolean;
  limits: Counts;
  ring_factor: number;
}

const UNSET: Omit<Person, "agent" | "name"> = {
  team: "", capacity: 10, interruptible_capacity: 3, queues: [], skills: {}, skill_dates: {}, tiers: {}, auto_accept: false, limits: {}, ring_factor: 1,
};

/** A row with what the server leaves out; one that is just begun has what a new agent has. */
export function personOf(row: RosterRow): Person {
  return { ...UNSET, name: "", ...row };
}

export type Changes = Partial<Omit<Person, "agent">>;

/** The fields that differ; skills and their dates go together. */
export function changesOf(before: Person, after: Person): Changes {
  const names = (Object.keys(UNSET) as (keyof Changes)[]).concat("name");
  const changed = names.filter((name) => stable(before[name]) !== stable(after[name]));
  if (changed.includes("skills") || changed.includes("skill_dates")) changed.push("skills", "skill_dates");
  return Object.fromEntries([...new Set(changed)].map((name) => [name, after[name]]));
}

function stable(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** As `set_agent` takes them: days as instants (00:00 UTC), without name and team, which are no supervisor's to change. */
export function fieldsOf({ name: _name, team: _team, skill_dates, ...rest }: Changes): AgentFields {
  if (!skill_dates) return rest as AgentFields;
  const dates = Object.entries(skill_dates).map(([skill, { since, until }]) => [skill, { ...(since && { since_ms: Date.parse(since) }), ...(until && { until_ms: Date.parse(until) }) }]);
  return { ...rest, skill_dates: Object.fromEntries(dates) } as AgentFields;
}

/** How days of skills are written down, one a line. */
export function daysToLines(days: Days): string {
  return Object.entries(days).filter(([, { since, until }]) => since || until).map(([skill, { since = "", until = "" }]) => `${skill} ${since}~${until}`).join("\n");
}

/** What is written, or the first line that tells no days. */
export function daysFromLines(text: string): Days | { wrong: string } {
  const days: Record<string, { since?: string; until?: string }> = {};
  for (const line of text.split("\n").map((each) => each.trim()).filter((each) => each !== "")) {
    const match = /^(\S+)[\s=]+(\d{4}-\d\d-\d\d)?~(\d{4}-\d\d-\d\d)?$/.exec(line);
    if (!match || (!match[2] && !match[3])) return { wrong: line };
    days[match[1]!] = { ...(match[2] && { since: match[2] }), ...(match[3] && { until: match[3] }) };
  }
  return days;
}
