import { type Signal, signal } from "@preact/signals";
import { CasebatonError, type Line, type Overview, type OverviewChange, type Supervisor, type Why } from "../../sdk/index.ts";
import { type Frames, Pace, browserFrames } from "../floor/pace";

const LEAST_MS = 3_000; // of a long list of agents the answer costs the store some milliseconds

/** Why a case is where it is, as long as it is looked at: while it waits that hangs on its queue and on the agents who are named. */
export class WatchedWhy {
  readonly why: Signal<Why | null> = signal(null);
  /** Why it cannot be told, while nothing is known. */
  readonly failure: Signal<CasebatonError | null> = signal(null);
  readonly #supervisor: Supervisor;
  readonly #id: string;
  readonly #pace: Pace;
  readonly #stop: () => void;
  #place: string | null = null;
  #isClosed = false;

  constructor(supervisor: Supervisor, overview: Pick<Overview, "on">, id: string, frames: Frames = browserFrames) {
    this.#supervisor = supervisor;
    this.#id = id;
    this.#pace = new Pace(() => void this.#read(), LEAST_MS, frames);
    this.#stop = overview.on("change", (change) => this.#hearOfAgents(change));
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  /** Ask anew, soon. */
  ask(): void {
    this.#pace.ask();
  }

  /** An answer has come; of two the newer one counts. */
  take(why: Why): void {
    if (this.#isClosed || why.at_ms < (this.why.peek()?.at_ms ?? 0)) return;
    this.failure.value = null;
    this.why.value = why;
  }

  /** Its queue's line has changed: asked anew when that changes its place there, or what stops the queue. */
  hearOf(line: Line): void {
    const place = `${line.indexOf(this.#id)} of ${line.waiting} ${line.isPaused} ${line.isOpen}`;
    if (place === this.#place) return;
    this.#place = place;
    if (this.#waits) this.ask();
  }

  #hearOfAgents({ agents }: OverviewChange): void {
    const named = this.#waits ? this.why.peek()?.agents : undefined;
    if (named?.some(({ agent }) => agents.includes(agent))) this.ask();
  }

  get #waits(): boolean {
    return this.why.peek()?.case.state === "waiting";
  }

  async #read(): Promise<void> {
    if (this.#isClosed) return;
    try {
      this.take(await this.#supervisor.why(this.#id));
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      // What is known stays as it was; whatever comes next asks anew.
      if (!this.why.peek()) this.failure.value = error;
    }
  }
}
