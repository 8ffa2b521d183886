import type { Client } from "./client.ts";
import { Emitter } from "./emitter.ts";
import { CasebatonError, NotSent } from "./errors.ts";
import { filled } from "./filled.ts";
import { AGENT_OVERVIEW, QUEUE_OVERVIEW } from "./types.ts";
import type { AgentOverview, Changes, Event, QueueOverview } from "./types.ts";
import { Watch } from "./watch.ts";

/** What is new: names of what changed, and of what is no longer to be seen. */
export interface OverviewChange {
  /** Everything is new; the names are all there are. */
  begins: boolean;
  agents: string[];
  queues: string[];
  agentsGone: string[];
  queuesGone: string[];
  /** As they came, with whatever else they tell. */
  frames: Changes[];
}

export interface OverviewEvents {
  change: OverviewChange;
  over: CasebatonError | null;
}

const overviews = new WeakMap<Client, Overview>();

/** The client's overview, the same one while it is watched. */
export function overviewOf(client: Client): Overview {
  let overview = overviews.get(client);
  if (!overview || overview.isOver) overviews.set(client, (overview = new Overview(client)));
  return overview;
}

/**
 * All agents and queues within the client's scope, by name. A row is replaced, never changed. After a loss it shows what it
 * knew, until everything has come again.
 */
export class Overview extends Watch {
  agents: ReadonlyMap<string, AgentOverview> = new Map();
  queues: ReadonlyMap<string, QueueOverview> = new Map();
  readonly #events = new Emitter<OverviewEvents>();
  // A beginning is put together aside, so that what is known stays whole until then.
  #agents = new Map<string, AgentOverview>();
  #queues = new Map<string, QueueOverview>();
  #frames: Changes[] = [];

  constructor(client: Client) {
    super(client);
    this.begin();
  }

  on<Name extends keyof OverviewEvents>(name: Name, listener: (payload: OverviewEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Wait until everything has come; rejects what prevents it. */
  async opened(): Promise<Overview> {
    await this.live();
    return this;
  }

  /** End the watch. */
  async unwatch(): Promise<void> {
    if (this.isOver) return;
    this.end(null);
    if (this.client.state !== "connected") return;
    await this.client.send({ type: "unwatch_workspace" }, { lasting: false }).catch((error: unknown) => {
      if (!(error instanceof NotSent)) throw error;
    });
  }

  protected override async ask(): Promise<void> {
    await this.client.send({ type: "watch_workspace" }, { lasting: false });
  }

  protected override received({ changes }: Event): void {
    if (!changes) return;
    if (changes.begins) {
      this.#frames = [];
      this.#agents = new Map();
      this.#queues = new Map();
    } else if (!this.isLive && this.#frames.length === 0) {
      return; // of a watch before this one
    }
    this.#take(changes);
    this.#frames.push(changes);
    if (!changes.more) this.#show(this.#frames.splice(0));
  }

  protected override told(failure: CasebatonError | null): void {
    this.#events.emit("over", failure);
  }

  protected override begin(): void {
    this.#frames = [];
    super.begin();
  }

  #take({ agents = [], queues = [], agents_gone = [], queues_gone = [] }: Changes): void {
    for (const each of agents) this.#agents.set(each.agent, filled<AgentOverview>(AGENT_OVERVIEW, each));
    for (const each of queues) this.#queues.set(each.queue, filled<QueueOverview>(QUEUE_OVERVIEW, each));
    for (const name of agents_gone) this.#agents.delete(name);
    for (const name of queues_gone) this.#queues.delete(name);
  }

  #show(frames: Changes[]): void {
    const begins = frames[0]?.begins ?? false;
    [this.agents, this.queues] = [this.#agents, this.#queues];
    this.cameToLife();
    this.#events.emit("change", {
      begins,
      agents: begins ? [...this.agents.keys()] : frames.flatMap(({ agents = [] }) => agents.map(({ agent }) => agent)),
      queues: begins ? [...this.queues.keys()] : frames.flatMap(({ queues = [] }) => queues.map(({ queue }) => queue)),
      agentsGone: frames.flatMap(({ agents_gone = [] }) => agents_gone),
      queuesGone: frames.flatMap(({ queues_gone = [] }) => queues_gone),
      frames,
    });
  }
}
