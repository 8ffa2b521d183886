/** When something may be drawn: a browser's frames and timers, or a test's. */
export interface Frames {
  now(): number;
  /** Call back with the next animation frame, or soon when none comes. */
  request(callback: () => void): void;
  after(ms: number, callback: () => void): void;
}

const HIDDEN_MS = 250; // a hidden page has no frames

export const browserFrames: Frames = {
  now: () => performance.now(),
  request: (callback) => void (document.hidden ? setTimeout(callback, HIDDEN_MS) : requestAnimationFrame(callback)),
  after: (ms, callback) => void setTimeout(callback, ms),
};

/** Draws once for however many changes, with an animation frame, and at least `leastMs` after the last time. */
export class Pace {
  readonly #draw: () => void;
  readonly #leastMs: number;
  readonly #frames: Frames;
  #isAsked = false;
  #lastMs = -Infinity;

  constructor(draw: () => void, leastMs: number, frames: Frames = browserFrames) {
    this.#draw = draw;
    this.#leastMs = leastMs;
    this.#frames = frames;
  }

  /** Something has changed. */
  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    const waitMs = this.#lastMs + this.#leastMs - this.#frames.now();
    if (waitMs > 0) this.#frames.after(waitMs, () => this.#frames.request(() => this.#run()));
    else this.#frames.request(() => this.#run());
  }

  #run(): void {
    this.#isAsked = false;
    this.#lastMs = this.#frames.now();
    this.#draw();
  }
}
