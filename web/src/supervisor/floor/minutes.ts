import type { Minute as MinuteRow } from "../../sdk/index.ts";

// What happened in each queue, minute by minute over the last hour, as the server's rows tell; docs/supervising.md says what each counts.

export const MINUTE_MS = 60_000;
export const KEPT = 60;

const COUNTED = ["arrived", "owned", "in_time", "abandoned", "short_abandoned", "overdue", "closed", "missed", "declined", "waiting"] as const;
type Counted = (typeof COUNTED)[number];

/** A minute of one queue, or of several together. */
export type Minute = { at_ms: number } & Record<Counted, number>;

const emptyMinute = (at_ms: number): Minute => {
  return { at_ms, arrived: 0, owned: 0, in_time: 0, abandoned: 0, short_abandoned: 0, overdue: 0, closed: 0, missed: 0, declined: 0, waiting: 0 };
};

const minuteOf = (atMs: number): number => atMs - (atMs % MINUTE_MS);

/** How many cases of these minutes a service level is of: those whose wait is over, or has been too long. */
export function countedOf(minutes: readonly Minute[]): number {
  return minutes.reduce((sum, { owned, abandoned, overdue }) => sum + owned + abandoned + overdue, 0);
}

/** The service level of cases that arrived in these minutes, from 0 to 1; null when there is none to count. */
export function levelOf(minutes: readonly Minute[]): number | null {
  const counted = countedOf(minutes);
  return counted > 0 ? sumOf(minutes, "in_time") / counted : null;
}

const ROLLING = 10; // minutes: one alone is of a case or two

/** How the service level went: at each of these minutes that of the ten up to it; null where there is none to count. */
export function levelsOf(minutes: readonly Minute[]): (number | null)[] {
  return minutes.map((_, index) => levelOf(minutes.slice(Math.max(0, index - ROLLING + 1), index + 1)));
}

/** What is counted over these minutes. */
export function sumOf(minutes: readonly Minute[], what: Exclude<Counted, "waiting">): number {
  return minutes.reduce((sum, minute) => sum + minute[what], 0);
}

/** The rows of all queues that are told of. */
export class Minutes {
  /** From when on they are whole (server time, ms); 0: not told yet. */
  sinceMs = 0;
  readonly #rows = new Map<string, Map<number, MinuteRow>>();

  /** Forget everything: it is told anew. */
  clear(): void {
    this.#rows.clear();
    this.sinceMs = 0;
  }

  take(rows: readonly MinuteRow[]): void {
    for (const row of rows) {
      let known = this.#rows.get(row.queue);
      if (!known) this.#rows.set(row.queue, (known = new Map()));
      known.set(row.at_ms, row);
      for (const atMs of known.keys()) if (atMs <= row.at_ms - KEPT * MINUTE_MS) known.delete(atMs);
    }
  }

  drop(queue: string): void {
    this.#rows.delete(queue);
  }

  /** The last `count` minutes of a queue, or of all, oldest first; the running one is the last. */
  last(count: number, nowMs: number, queue?: string): Minute[] {
    const first = minuteOf(nowMs) - (count - 1) * MINUTE_MS;
    const minutes = Array.from({ length: count }, (_, index) => emptyMinute(first + index * MINUTE_MS));
    for (const rows of queue === undefined ? this.#rows.values() : [this.#rows.get(queue) ?? new Map<number, MinuteRow>()]) {
      for (const row of rows.values()) {
        const minute = minutes[(row.at_ms - first) / MINUTE_MS];
        if (minute) for (const name of COUNTED) minute[name] += row[name] ?? 0;
      }
    }
    return minutes;
  }

  /** What was counted in each of these minutes; null before all is told. */
  counts(minutes: readonly Minute[], what: Exclude<Counted, "waiting">): (number | null)[] {
    return minutes.map((minute) => (minute.at_ms < minuteOf(this.sinceMs) ? null : minute[what]));
  }

  /** How many waited at the end of each of these minutes, the running one as `waiting` says; null before all is told. */
  waits(count: number, nowMs: number, waiting: number, queue?: string): (number | null)[] {
    const minutes = this.last(count, nowMs, queue);
    return minutes.map((minute, index) => (index === count - 1 ? waiting : minute.at_ms < this.sinceMs ? null : minute.waiting));
  }
}
