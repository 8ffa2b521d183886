/** What the SDK needs of its surroundings, so that tests can bring their own. */
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

/** Estimate the server's time. A message is as old as its way was long, so the latest-looking one is the nearest. */
export class ServerTime {
  #offset = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begin anew with the welcome of a connection. */
  set(serverTimeMs: number): void {
    this.#offset = serverTimeMs - this.#clock.now();
  }

  /** Learn from the instant that an event carries. */
  hear(atMs: number): void {
    this.#offset = Math.max(this.#offset, atMs - this.#clock.now());
  }

  now(): number {
    return this.#clock.now() + this.#offset;
  }
}
