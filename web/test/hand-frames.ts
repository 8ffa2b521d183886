import type { Frames } from "../src/supervisor/floor/pace";

const FRAME_MS = 16;

/** Animation frames and timers that come when the test says so. */
export class HandFrames implements Frames {
  #nowMs = 0;
  #due: { atMs: number; callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  request(callback: () => void): void {
    this.after(FRAME_MS - (this.#nowMs % FRAME_MS), callback);
  }

  after(ms: number, callback: () => void): void {
    this.#due.push({ atMs: this.#nowMs + ms, callback });
  }

  /** So much time passes. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#nowMs = next.atMs;
      this.#due.splice(this.#due.indexOf(next), 1);
      next.callback();
    }
    this.#nowMs = until;
  }

  #next(untilMs: number): { atMs: number; callback: () => void } | undefined {
    return this.#due.filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs)[0];
  }
}
