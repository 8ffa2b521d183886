import type { Case, Stage } from "../../sdk/index";
import { plain } from "../../ui/foreign";

/** What is planned for one day, in the reader's own time. */
export interface Day<Planned> {
  /** Its first instant, ms; null: what has no time. */
  atMs: number | null;
  appointments: readonly Planned[];
}

const WAY: readonly Stage[] = ["scheduled", "dispatched", "travelling", "in_progress", "completed"];

/** Is the case an appointment: planned for a time, or with stages to go through? */
export function isAppointment({ window, stage }: Pick<Case, "window" | "stage">): boolean {
  return window !== undefined || stage !== undefined;
}

/** The one step forward that its owner may take; null at an end, or for a stage that this page does not know. */
export function nextStage(stage: string | undefined): Stage | null {
  const at = WAY.findIndex((each) => each === stage);
  return at < 0 ? null : (WAY[at + 1] ?? null);
}

/** How far along the way it is, from 0 to 1, for a picture. */
export function progress(stage: string | undefined): { done: number; of: number } {
  return { done: Math.max(0, WAY.findIndex((each) => each === stage)), of: WAY.length - 1 };
}

export function midnightBefore(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

/** By day and time; what has no time comes last. What began on an earlier day and is not over stands under its own day. */
export function byDay<Planned extends { case: Case }>(appointments: readonly Planned[]): readonly Day<Planned>[] {
  const from = ({ case: one }: Planned): number => one.window?.from_ms ?? Infinity;
  const sorted = [...appointments].sort((one, other) => from(one) - from(other) || (one.case.case < other.case.case ? -1 : 1));
  const days = new Map<number | null, Planned[]>();
  for (const each of sorted) {
    const { window } = each.case;
    const day = window ? midnightBefore(window.from_ms) : null;
    const known = days.get(day);
    if (known) known.push(each);
    else days.set(day, [each]);
  }
  return [...days].map(([atMs, planned]) => ({ atMs, appointments: planned }));
}

/** How an appointment stands against its time. */
export type Standing = "ahead" | "due" | "late";

/** `due` in its time, `late` when its time is over, or has begun and nobody is on the way yet. */
export function standing({ window, stage }: Pick<Case, "window" | "stage">, nowMs: number): Standing {
  if (!window || nowMs < window.from_ms) return "ahead";
  if (nowMs >= window.until_ms) return "late";
  return stage === "scheduled" || stage === "dispatched" ? "late" : "due";
}

const LONE = /\p{Surrogate}/gu; // half characters, which no address may have

/** Hands the place to the device's own map; nobody else is told where. Null without a place. */
export function mapOf(place: string | undefined): string | null {
  return place ? `geo:0,0?q=${encodeURIComponent(plain(place).replace(LONE, "\ufffd"))}` : null;
}
