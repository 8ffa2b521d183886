import { signal } from "@preact/signals";
import { type Card, CasebatonError, type Supervisor } from "../../sdk/index.ts";

const KEPT = 300; // cards: more cases than alerts are kept of

/** What stands on cases that are named by their ids alone. Whoever draws one is drawn again when it is known. */
export class Cards {
  readonly #supervisor: Pick<Supervisor, "read">;
  readonly #known = new Map<string, Card | null>();
  readonly #wanted = new Set<string>();
  readonly #version = signal(0);
  #isAsking = false;

  constructor(supervisor: Pick<Supervisor, "read">) {
    this.#supervisor = supervisor;
  }

  /** The card, or null: it is not known yet, or the case is gone. */
  of(id: string): Card | null {
    void this.#version.value;
    const known = this.#known.get(id);
    if (known === undefined) {
      this.#wanted.add(id);
      void this.#ask();
    }
    return known ?? null;
  }

  /** One at a time: a list of them is no hurry, and the server has others to answer. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    for (const id of this.#wanted) {
      await this.#read(id);
      this.#wanted.delete(id);
    }
    this.#isAsking = false;
  }

  async #read(id: string): Promise<void> {
    try {
      this.#keep(id, (await this.#supervisor.read(id)).card ?? null);
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      // Gone, or another supervisor's, for good; anything else is asked again when it is drawn again.
      if (error.code === "CASE_NOT_FOUND" || error.code === "OUT_OF_SCOPE") this.#keep(id, null);
    }
  }

  #keep(id: string, card: Card | null): void {
    this.#known.set(id, card);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value!);
    if (card) this.#version.value++;
  }
}
