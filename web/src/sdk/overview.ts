import { Board } from "./board.ts";
import type { Client, Tell } from "./client.ts";
import { Emitter } from "./emitter.ts";
import { CasebatonError } from "./errors.ts";
import type { AgentOverview, Alert, Changes, Command, Event, Minute, QueueOverview, SystemHealth } from "./types.ts";
import { Watch } from "./watch.ts";

/** What is new: names of what changed, and of what is no longer to be seen. */
export interface OverviewChange {
  /** Everything is new; the names are all there are. */
  begins: boolean;
  agents: string[];
  queues: string[];
  agentsGone: string[];
  queuesGone: string[];
  /** Queues whose figures changed. */
  minutes: string[];
  alerts: Alert[];
  /** Has it been told how nodes and store are? */
  health: boolean;
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
 * All agents and queues within the client's scope, by name, the minutes of each queue's last hour, alerts, and how nodes and
 * store are. A row is replaced, never changed. After a loss it shows what it knew, until everything has come again.
 */
export class Overview extends Watch {
  readonly #events = new Emitter<OverviewEvents>();
  #shown = new Board();
  // A beginning is put together aside, so that what is known stays whole until then.
  #coming = this.#shown;
  #frames: Changes[] = [];

  constructor(client: Client) {
    super(client);
    this.begin();
  }

  on<Name extends keyof OverviewEvents>(name: Name, listener: (payload: OverviewEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  get agents(): ReadonlyMap<string, AgentOverview> {
    return this.#shown.agents;
  }

  get queues(): ReadonlyMap<string, QueueOverview> {
    return this.#shown.queues;
  }

  /** By queue, and by the minute's beginning in server time; a minute without a row had nothing in it. */
  get minutes(): ReadonlyMap<string, ReadonlyMap<number, Minute>> {
    return this.#shown.minutes;
  }

  /** By id, the latest change last. */
  get alerts(): ReadonlyMap<string, Alert> {
    return this.#shown.alerts;
  }

  /** How many thresholds are crossed that are not among the alerts: of more than 500 those are told that were first. */
  get alertsUntold(): number {
    return this.#shown.alertsUntold;
  }

  get health(): SystemHealth | null {
    return this.#shown.health;
  }

  /** From when on the minutes are whole. */
  get figuresSinceMs(): number {
    return this.#shown.figuresSinceMs;
  }

  protected override get farewell(): Command {
    return { type: "unwatch_workspace" };
  }

  protected override async ask(): Promise<void> {
    await this.client.send({ type: "watch_workspace" }, { lasting: false });
  }

  protected override received({ changes }: Event): Tell | void {
    if (!changes) return;
    if (changes.begins) {
      this.#frames = [];
      this.#coming = new Board();
    } else if (!this.isLive && this.#frames.length === 0) {
      return; // of a watch before this one
    }
    this.#coming.take(changes);
    this.#frames.push(changes);
    return changes.more ? undefined : this.#show(this.#frames.splice(0));
  }

  protected override told(failure: CasebatonError | null): void {
    this.#events.emit("over", failure);
  }

  protected override begin(): void {
    this.#frames = [];
    super.begin();
  }

  #show(frames: Changes[]): Tell {
    const begins = frames[0]?.begins ?? false;
    this.#shown = this.#coming;
    this.cameToLife();
    const { agents, queues, minutes } = this.#shown;
    const names = <Item>(all: ReadonlyMap<string, unknown>, of: (frame: Changes) => Item[] | undefined, name: (item: Item) => string): string[] =>
      begins ? [...all.keys()] : [...new Set(frames.flatMap((frame) => (of(frame) ?? []).map(name)))];
    const change = {
      begins,
      agents: names(agents, (frame) => frame.agents, ({ agent }) => agent),
      queues: names(queues, (frame) => frame.queues, ({ queue }) => queue),
      agentsGone: frames.flatMap(({ agents_gone = [] }) => agents_gone),
      queuesGone: frames.flatMap(({ queues_gone = [] }) => queues_gone),
      minutes: names(minutes, (frame) => frame.minutes, ({ queue }) => queue),
      alerts: begins ? [...this.alerts.values()] : frames.flatMap(({ alerts = [] }) => alerts),
      health: frames.some(({ health }) => health !== undefined),
      frames,
    };
    return () => this.#events.emit("change", change);
  }
}
