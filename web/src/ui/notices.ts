import { signal } from "@preact/signals";

/** Does what a notice says still hold? `null`: it tells of something past, which neither holds nor ends. */
export type Truth = () => boolean | null;

export interface Notice {
  id: number;
  text: string;
}

interface Kept extends Notice {
  truth: Truth;
  leftMs: number;
}

const READ_WITHIN_MS = 8_000;
const KEPT = 3;
const PAST: Truth = () => null;

/** What an agent is told in passing. News go after a while, errors stay as long as they hold and go when they do not. */
export class Notices {
  /** Newest first. */
  readonly shown = signal<readonly Notice[]>([]);
  /** Is somebody pointing at them, or about to press in them? */
  isBeingRead: () => boolean = () => false;
  #kept: readonly Kept[] = [];
  #count = 0;

  add(text: string, truth: Truth = PAST): void {
    this.#keep([{ id: ++this.#count, text, truth, leftMs: READ_WITHIN_MS }, ...this.#kept].slice(0, KEPT));
  }

  dismiss(id: number): void {
    this.#keep(this.#kept.filter((notice) => notice.id !== id));
  }

  /** So many milliseconds have passed. */
  pass(ms: number): void {
    if (this.#kept.length === 0) return;
    const reading = this.isBeingRead();
    this.#keep(
      this.#kept.filter((notice) => {
        const holds = notice.truth();
        if (holds === null && !reading) notice.leftMs -= ms;
        return holds ?? notice.leftMs > 0;
      }),
    );
  }

  #keep(kept: readonly Kept[]): void {
    if (kept.length === this.#kept.length && kept[0] === this.#kept[0]) return;
    this.#kept = kept;
    this.shown.value = kept;
  }
}
