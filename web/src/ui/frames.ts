import { batch } from "@preact/signals";

const HIDDEN_MS = 100;

/** Runs `action` once after `ms`; the result cancels it. */
export type After = (ms: number, action: () => void) => () => void;

/**
 * Takes what events changed into signals once per animation frame, however many came in between: a page is drawn no more
 * often than it is seen. A hidden page has no frames; there a timer does it.
 */
export class Frames {
  readonly #after: After;
  readonly #due = new Set<() => void>();
  readonly #stop = new AbortController();
  #cancel: (() => void) | null = null;

  /** `after` must not be slowed down in hidden tabs. */
  constructor(after: After) {
    this.#after = after;
    // A frame that was waited for does not come once the page is hidden.
    document.addEventListener("visibilitychange", () => this.flush(), { signal: this.#stop.signal });
  }

  /** Run `take` with the next frame, once. */
  mark(take: () => void): void {
    this.#due.add(take);
    this.#cancel ??= document.hidden ? this.#after(HIDDEN_MS, () => this.flush()) : this.#frame();
  }

  /** Do now what is due. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const due = [...this.#due];
    this.#due.clear();
    batch(() => {
      for (const take of due) take();
    });
  }

  close(): void {
    this.#stop.abort();
    this.#cancel?.();
    this.#due.clear();
  }

  #frame(): () => void {
    const frame = requestAnimationFrame(() => this.flush());
    return () => cancelAnimationFrame(frame);
  }
}
