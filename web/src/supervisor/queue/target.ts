import type { Rules } from "../configuration";
import { WANTED_LEVEL } from "../wallboard/grades";

/** The share that is wanted: the highest that an alert of the queue watches, or what service desks usually promise. */
export function targetOf(rules: Rules | null, queue: string): number {
  const watched = Object.values(rules?.alerts ?? {}).flatMap((each) => (each.level_below && (!each.queue || each.queue === queue) ? [each.level_below] : []));
  return watched.length > 0 ? Math.max(...watched) : WANTED_LEVEL;
}
