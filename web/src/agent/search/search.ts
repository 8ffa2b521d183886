import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Case } from "../../sdk/index";
import { says, wordsOf } from "../find";

/** What the server knows of cases that say something. `more`: there are others. */
export interface Answer {
  items: readonly Case[];
  more?: boolean;
}

export interface Means {
  /** The cases that the page has, the most important first. */
  loaded: () => readonly Case[];
  ask: (text: string) => Promise<Answer>;
  /** Runs `action` after `ms`; the result cancels it. */
  after: (ms: number, action: () => void) => () => void;
}

export type State = "idle" | "asking" | "done" | "failed";

const MOST = 50;
const PAUSE_MS = 200; // in typing, before the server is asked

/** Cases by what stands on them: at once what the page has, then what the server finds. */
export class Search {
  readonly text = signal("");
  readonly #found = signal<readonly Case[]>([]);
  readonly #state = signal<State>("idle");
  readonly #hasMore = signal(false);
  readonly #failure = signal<unknown>(null);
  readonly #means: Means;
  #cancel = (): void => {};
  #turn = 0;

  constructor(means: Means) {
    this.#means = means;
  }

  get found(): ReadonlySignal<readonly Case[]> {
    return this.#found;
  }

  get state(): ReadonlySignal<State> {
    return this.#state;
  }

  /** Are there others that are not told? */
  get hasMore(): ReadonlySignal<boolean> {
    return this.#hasMore;
  }

  get failure(): ReadonlySignal<unknown> {
    return this.#failure;
  }

  /** Look for this. Answers to what was looked for before are not shown any more. */
  look(text: string): void {
    this.#cancel();
    this.#turn += 1;
    const words = wordsOf(text);
    batch(() => {
      this.text.value = text;
      this.#hasMore.value = false;
      this.#found.value = words.length === 0 ? [] : this.#loaded(words);
      this.#state.value = words.length === 0 ? "idle" : "asking";
    });
    if (words.length > 0) this.#cancel = this.#means.after(PAUSE_MS, () => void this.#ask(text.trim(), words, this.#turn));
  }

  /** Ask again what could not be asked. */
  retry(): void {
    this.look(this.text.value);
  }

  #loaded(words: readonly string[]): readonly Case[] {
    const found = new Map<string, Case>();
    for (const one of this.#means.loaded()) {
      if (!found.has(one.case) && says(one, words)) found.set(one.case, one);
      if (found.size === MOST) break;
    }
    return [...found.values()];
  }

  async #ask(text: string, words: readonly string[], turn: number): Promise<void> {
    try {
      const { items, more = false } = await this.#means.ask(text);
      if (turn !== this.#turn) return;
      // What the page has is newer than any answer: it follows the events.
      const known = new Map(this.#loaded(words).map((one) => [one.case, one]));
      const rest = items.filter((one) => !known.has(one.case));
      batch(() => {
        this.#found.value = [...known.values(), ...rest].slice(0, MOST);
        this.#hasMore.value = more || known.size + rest.length > MOST;
        this.#state.value = "done";
      });
    } catch (error) {
      if (turn !== this.#turn) return;
      batch(() => {
        this.#failure.value = error;
        this.#state.value = "failed";
      });
    }
  }
}
