/** What the SDK needs of its surroundings, so that tests and pages can bring their own. */
export interface Clock {
  /** Milliseconds since 1970; must not jump while a connection lasts. */
  now(): number;
  /** Run `action` once after `ms`; the result cancels it. */
  after(ms: number, action: () => void): () => void;
}

// A time-out's number is an object in Node and a number in browsers; the SDK's types know neither.
declare function setTimeout(action: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const performance: { now(): number; timeOrigin: number };

// Not Date.now(): somebody who sets their clock would see their countdowns jump.
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

const SPAN_MS = 300_000;

/**
 * Estimate the server's time. A message is as old as its way was long, so the latest-looking one is the nearest. What
 * was heard more than ten minutes ago counts no longer: two clocks that run at different speeds part in a day.
 */
export class ServerTime {
  readonly #clock: Clock;
  #offset = 0;
  #since = -Infinity; // when the present span began
  #earlier = -Infinity; // the best offset of the span before, and of the present one
  #best = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begin anew with the welcome of a connection. */
  set(serverTimeMs: number): void {
    this.#since = this.#clock.now();
    this.#earlier = -Infinity;
    this.#offset = this.#best = serverTimeMs - this.#since;
  }

  /** Learn from the instant at which an event was written. */
  hear(atMs: number): void {
    const now = this.#clock.now();
    if (now - this.#since > SPAN_MS) [this.#since, this.#earlier, this.#best] = [now, this.#best, -Infinity];
    this.#best = Math.max(this.#best, atMs - now);
    this.#offset = Math.max(this.#earlier, this.#best);
  }

  now(): number {
    return this.#clock.now() + this.#offset;
  }
}
