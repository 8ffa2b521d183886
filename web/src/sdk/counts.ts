import type { Client, Tell } from "./client.ts";
import { CasebatonError, CommandRefused } from "./errors.ts";
import type { Command, Counts, Event } from "./types.ts";
import { Watch } from "./watch.ts";

export type Waiting = Readonly<Record<string, number>>;

/** How many wait in the agent's queues, to some seconds: while it is live, `agent.queues` says so. */
export class QueueCounts extends Watch {
  readonly #take: (waiting: Waiting) => Tell;
  /** What was told while an answer is on its way. */
  #early: Event[] = [];

  constructor(client: Client, take: (waiting: Waiting) => Tell) {
    super(client);
    this.#take = take;
    this.begin();
  }

  /** What is shown may be of other queues, or older. */
  again(): void {
    this.begin();
  }

  protected override get farewell(): Command {
    return { type: "unwatch_counts" };
  }

  // An event that was sent after the answer may be read before it, as may one of an earlier watch; of the same millisecond the node tells once more.
  protected override async ask(): Promise<void> {
    this.#early = [];
    const { ok } = await this.client.send({ type: "watch_counts" }, { lasting: false });
    if (this.isOver) return;
    const { at_ms, waiting } = ok as Counts;
    const newer = this.#early.filter((event) => (event.at_ms ?? 0) >= at_ms).map((event) => event.waiting);
    const tell = this.#take(Object.assign({}, waiting, ...newer));
    this.cameToLife();
    tell();
  }

  // Only a picture is missing meanwhile.
  protected override isPassing(error: CasebatonError): boolean {
    return super.isPassing(error) || (error instanceof CommandRefused && error.retryable);
  }

  protected override received(event: Event): Tell | void {
    if (!event.waiting) return;
    if (this.isLive) return this.#take(event.waiting);
    this.#early.push(event);
  }

  protected override told(): void {}
}
