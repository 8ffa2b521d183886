import type { Meaning } from "../../ui/marks";

/** How a figure stands to what is wanted; `none`: there is nothing to judge. */
export type Grade = "good" | "soon" | "late" | "none";

// Of the cases that count, four in five within the queue's time: what service desks usually promise.
export const WANTED_LEVEL = 0.8;
const POOR_LEVEL = 0.6;

export function gradeOfLevel(level: number | null): Grade {
  if (level === null) return "none";
  return level >= WANTED_LEVEL ? "good" : level >= POOR_LEVEL ? "soon" : "late";
}

/** `withinMs`: in what time a case should have its first owner; 0: not told. */
export function gradeOfWait(waitedMs: number, withinMs: number): Grade {
  if (withinMs <= 0) return "none";
  return waitedMs > withinMs ? "late" : waitedMs > withinMs / 2 ? "soon" : "good";
}

export const MEANINGS: Readonly<Record<Grade, Meaning>> = { good: "ready", soon: "soon", late: "late", none: "waits" };
