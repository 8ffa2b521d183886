import type { Alert } from "../../sdk/index.ts";

/** All that was told of one thing: an alert of the same kind about the same case, agent or queue. */
export interface Thing {
  /** The same however often it is told. */
  key: string;
  latest: Alert;
  /** How often it was told, of what is kept. */
  times: number;
  /** When it was told first. */
  sinceMs: number;
}

function keyOf({ type, alert = "", clock = "", rule = 0, case: one, agent, queue }: Alert): string {
  return JSON.stringify([type, alert, clock, rule, one ?? agent ?? queue]);
}

/** One for each thing, in the order of their latest alerts, which are the first to come. */
export function thingsOf(alerts: Iterable<Alert>): Thing[] {
  const things = new Map<string, Thing>();
  for (const alert of alerts) {
    const key = keyOf(alert);
    const known = things.get(key);
    if (!known) things.set(key, { key, latest: alert, times: 1, sinceMs: alert.at_ms });
    else things.set(key, { ...known, times: known.times + 1, sinceMs: Math.min(known.sinceMs, alert.at_ms) });
  }
  return [...things.values()];
}
