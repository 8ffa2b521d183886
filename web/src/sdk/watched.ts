import type { Client, Tell } from "./client.ts";
import { Emitter } from "./emitter.ts";
import { CasebatonError } from "./errors.ts";
import { fold, viewOf, wholeSnapshot } from "./fold.ts";
import type { View } from "./fold.ts";
import { isAfter } from "./positions.ts";
import type { AgentState, Case, Command, Event, Snapshot } from "./types.ts";
import { Watch } from "./watch.ts";

export interface WatchedAgentEvents {
  /** `event` is null at a beginning. */
  change: { event: Event | null };
  over: CasebatonError | null;
}

const GONE: ReadonlySet<string> = new Set(["agent_removed", "agent_unwatched"]);
const NOBODY: ReadonlyMap<string, Case> = new Map();

const watched = new WeakMap<Client, Map<string, WatchedAgent>>();

/** A watched agent, the same one while it is watched. */
export function watchedAgentOf(client: Client, agent: string): WatchedAgent {
  const known = watched.get(client) ?? new Map<string, WatchedAgent>();
  watched.set(client, known);
  let one = known.get(agent);
  if (!one) {
    known.set(agent, (one = new WatchedAgent(client, agent)));
    one.on("over", () => known.delete(agent));
  }
  return one;
}

/**
 * An agent with its offers and its desk, as the agent itself sees them. After a loss it shows what it knew, until its snapshot
 * has come again. It is over when it is unwatched, or when the agent was removed or left the client's scope (`isGone`).
 */
export class WatchedAgent extends Watch {
  readonly agent: string;
  isGone = false;
  /** As it came last: the statuses that the agent may choose, its channels, whether the desk is `truncated`. */
  snapshot: Snapshot | null = null;
  readonly #events = new Emitter<WatchedAgentEvents>();
  #view: View | null = null;
  #position = "0-0";
  #beginnings = 0;

  constructor(client: Client, agent: string) {
    super(client);
    this.agent = agent;
    this.begin();
  }

  on<Name extends keyof WatchedAgentEvents>(name: Name, listener: (payload: WatchedAgentEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Status, presence, capacity and load; null before the first snapshot. */
  get state(): AgentState | null {
    return this.#view?.me ?? null;
  }

  /** What rings at the agent, by case, newest first. */
  get offers(): ReadonlyMap<string, Case> {
    return this.#view?.offers ?? NOBODY;
  }

  /** What the agent owns, by case, newest first. */
  get desk(): ReadonlyMap<string, Case> {
    return this.#view?.desk ?? NOBODY;
  }

  protected override get farewell(): Command {
    return { type: "unwatch_agent", agent: this.agent };
  }

  protected override async ask(): Promise<void> {
    const beginning = ++this.#beginnings;
    const { ok, position } = await this.client.send({ type: "watch_agent", agent: this.agent }, { lasting: false });
    if (beginning !== this.#beginnings || this.isOver) return;
    this.snapshot = wholeSnapshot(ok as object);
    this.#view = viewOf(this.snapshot);
    this.#position = position;
    this.cameToLife();
    this.#events.emit("change", { event: null });
  }

  protected override received(event: Event): Tell | void {
    if (GONE.has(event.type) && event.agent === this.agent) {
      this.isGone = true;
      return this.end(null);
    }
    if (!this.isLive || !this.#view || event.changes || !isAfter(event.position, this.#position)) return;
    const before = this.#view;
    this.#view = fold(before, event);
    return this.#view === before ? undefined : () => this.#events.emit("change", { event });
  }

  protected override told(failure: CasebatonError | null): void {
    this.#events.emit("over", failure);
  }
}
