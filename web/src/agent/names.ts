import { signal } from "@preact/signals";
import { type Agent, CasebatonError } from "../sdk/index";

/** What colleagues are called. Events name them by id; who is not known yet is asked for, several at once. */
export class Names {
  readonly #agent: Pick<Agent, "names">;
  readonly #known = new Map<string, string>();
  readonly #version = signal(0);
  readonly #asked = new Set<string>();
  #asking: Promise<void> | null = null;

  constructor(agent: Pick<Agent, "names">) {
    this.#agent = agent;
  }

  /** The name, or the id until it is known; whoever draws it is drawn again then. */
  of(id: string): string {
    void this.#version.value;
    if (!this.#known.has(id)) void this.learn([id]);
    return this.peek(id);
  }

  /** The name, or the id if it is not known. */
  peek(id: string): string {
    return this.#known.get(id) ?? id;
  }

  set(id: string, name: string): void {
    if (!name || this.#known.get(id) === name) return;
    this.#known.set(id, name);
    this.#version.value = this.#version.peek() + 1;
  }

  /** Resolves when they are known, or cannot be had. */
  async learn(ids: readonly string[]): Promise<void> {
    for (const id of ids) if (!this.#known.has(id)) this.#asked.add(id);
    if (this.#asked.size > 0) await (this.#asking ??= Promise.resolve().then(() => this.#ask()));
  }

  async #ask(): Promise<void> {
    try {
      while (this.#asked.size > 0) {
        const ids = [...this.#asked];
        const found = await this.#agent.names(ids);
        for (const id of ids) {
          this.#asked.delete(id);
          this.set(id, found.get(id)?.name || id);
        }
      }
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      this.#asked.clear(); // the ids say enough until they are asked for again
    } finally {
      this.#asking = null;
    }
  }
}
