import type { Day } from "../../sdk/index";

const HOUR_MS = 3_600_000;
/** The server tells this many of the cases that ended last. */
const TOLD = 50;

/** What a case took on average, in ms; null where none was worked on. */
export function averageHandleMs({ worked_ms, handled, handed_on }: Day): number | null {
  const cases = handled + handed_on;
  return cases > 0 ? worked_ms / cases : null;
}

export function averageWrapUpMs({ wrap_up_ms, handled }: Day): number | null {
  return handled > 0 ? wrap_up_ms / handled : null;
}

/** The offers that are over for this agent one way or the other: what rings still is not among them. */
export const answered = ({ accepted, declined, missed }: Day): number => accepted + declined + missed;

/** The share of the answered offers that was accepted, from 0 to 1; null where none was answered. */
export function acceptedShare(day: Day): number | null {
  return answered(day) > 0 ? day.accepted / answered(day) : null;
}

/** How many cases ended in each hour since the day began, the running one last; null for hours of which too few are told. */
export function perHour({ at_ms, since_ms, recent = [] }: Day): readonly (number | null)[] {
  const ends = recent.flatMap(({ ended_at_ms }) => ended_at_ms ?? []);
  const hourOf = (atMs: number): number => Math.floor((atMs - since_ms) / HOUR_MS);
  const counts: (number | null)[] = new Array<number>(Math.max(1, hourOf(at_ms) + 1)).fill(0);
  for (const end of ends) if (end >= since_ms && hourOf(end) < counts.length) counts[hourOf(end)]! += 1;
  const knownFrom = recent.length < TOLD ? 0 : hourOf(Math.min(...ends)) + 1;
  return counts.map((count, hour) => (hour < knownFrom ? null : count));
}
