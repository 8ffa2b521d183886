import type { Client, Tell } from "./client.ts";
import type { Command, Counts, Event } from "./types.ts";
import { Watch } from "./watch.ts";

type Waiting = Readonly<Record<string, number>>;

/** How many wait in the agent's queues, to some seconds: while it is live, `agent.queues` says so. */
export class QueueCounts extends Watch {
  readonly #take: (waiting: Waiting) => Tell;

  constructor(client: Client, take: (waiting: Waiting) => Tell) {
    super(client);
    this.#take = take;
    this.begin();
  }

  /** The agent may have other queues by now. */
  again(): void {
    if (!this.isOver) this.begin();
  }

  protected override get farewell(): Command {
    return { type: "unwatch_counts" };
  }

  protected override async ask(): Promise<void> {
    const { ok } = await this.client.send({ type: "watch_counts" }, { lasting: false });
    if (this.isOver) return;
    const tell = this.#take((ok as Counts).waiting);
    this.cameToLife();
    tell();
  }

  protected override received({ waiting }: Event): Tell | void {
    return waiting && this.isLive ? this.#take(waiting) : undefined;
  }

  protected override told(): void {}
}
