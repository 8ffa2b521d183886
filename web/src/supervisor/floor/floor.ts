import { type ReadonlySignal, type Signal, batch, signal } from "@preact/signals";
import type { AgentOverview, Overview, OverviewChange, QueueOverview } from "../../sdk/index.ts";
import { Minutes } from "./minutes";
import { Pace, type Frames, browserFrames } from "./pace";
import { type AgentTotals, type QueueTotals, Tally, sumQueues } from "./totals";

const LEAST_MS = 33; // 30 pictures a second are enough to look at

/** What a row shows now. It is one object for as long as its agent or queue is there; `state` alone changes. */
export interface Row<State> {
  readonly id: string;
  readonly state: Signal<State>;
}
export type AgentRow = Row<AgentOverview>;
export type QueueRow = Row<QueueOverview>;

/** What an overview watches. */
type Watched = Pick<Overview, "agents" | "queues" | "on">;

/**
 * The workspace as it is drawn: behind the overview by a frame, or by as long as it is paused. Everything is a signal
 * of its own, so that what changes is all that is drawn anew.
 */
export class Floor {
  /** Replaced when somebody comes or goes. */
  readonly agents: ReadonlySignal<readonly AgentRow[]>;
  readonly queues: ReadonlySignal<readonly QueueRow[]>;
  readonly agentTotals: ReadonlySignal<AgentTotals>;
  readonly queueTotals: ReadonlySignal<QueueTotals>;
  /** Whose flag is up, the longest first. */
  readonly flags: ReadonlySignal<readonly AgentRow[]>;
  /** Counts changes of the minute rows; read it, then `minutes`. */
  readonly minutesVersion: ReadonlySignal<number>;
  /** Has everything come once? */
  readonly isThere: ReadonlySignal<boolean>;
  /** While it is on nothing is drawn anew; nothing is lost. */
  readonly isPaused = signal(false);
  readonly minutes = new Minutes();

  readonly #agents = signal<readonly AgentRow[]>([]);
  readonly #queues = signal<readonly QueueRow[]>([]);
  readonly #agentTotals: Signal<AgentTotals>;
  readonly #queueTotals = signal(sumQueues([]));
  readonly #flags = signal<readonly AgentRow[]>([]);
  readonly #minutesVersion = signal(0);
  readonly #isThere = signal(false);
  readonly #tally = new Tally();
  readonly #agentRows = new Map<string, AgentRow>();
  readonly #queueRows = new Map<string, QueueRow>();
  readonly #flagged = new Set<AgentRow>();
  readonly #changedAgents = new Set<string>();
  readonly #changedQueues = new Set<string>();
  #areMinutesNew = false;
  readonly #overview: Watched;
  readonly #pace: Pace;
  readonly #stop: () => void;

  constructor(overview: Watched, frames: Frames = browserFrames) {
    this.#agentTotals = signal(this.#tally.totals);
    this.agents = this.#agents;
    this.queues = this.#queues;
    this.agentTotals = this.#agentTotals;
    this.queueTotals = this.#queueTotals;
    this.flags = this.#flags;
    this.minutesVersion = this.#minutesVersion;
    this.isThere = this.#isThere;
    this.#overview = overview;
    this.#pace = new Pace(() => this.#draw(), LEAST_MS, frames);
    const stopWatching = overview.on("change", (change) => this.#take(change));
    const stopPausing = this.isPaused.subscribe((isPaused) => void (isPaused || this.#pace.ask()));
    this.#stop = () => {
      stopWatching();
      stopPausing();
    };
  }

  agent(id: string): AgentRow | undefined {
    return this.#agentRows.get(id);
  }

  queue(id: string): QueueRow | undefined {
    return this.#queueRows.get(id);
  }

  /** Draw no more. */
  close(): void {
    this.#stop();
  }

  #take({ begins, agents, queues, agentsGone, queuesGone, frames }: OverviewChange): void {
    if (begins) {
      for (const id of this.#agentRows.keys()) this.#changedAgents.add(id);
      for (const id of this.#queueRows.keys()) this.#changedQueues.add(id);
      this.minutes.clear();
    }
    for (const id of [...agents, ...agentsGone]) this.#changedAgents.add(id);
    for (const id of [...queues, ...queuesGone]) this.#changedQueues.add(id);
    for (const id of queuesGone) this.minutes.drop(id);
    for (const frame of frames) {
      const { minutes, figures_since_ms } = frame;
      if (figures_since_ms) this.minutes.sinceMs = figures_since_ms;
      if (minutes) this.minutes.take(minutes);
      this.#areMinutesNew ||= begins || minutes !== undefined;
    }
    this.#pace.ask();
  }

  #draw(): void {
    if (this.isPaused.peek()) return;
    batch(() => {
      if (this.#changedAgents.size > 0) this.#drawAgents();
      if (this.#changedQueues.size > 0) this.#drawQueues();
      if (this.#areMinutesNew) this.#minutesVersion.value++;
      this.#areMinutesNew = false;
      this.#isThere.value = true;
    });
  }

  #drawAgents(): void {
    let [isCast, areFlagsNew] = [false, false];
    for (const id of this.#changedAgents) {
      const row = this.#agentRows.get(id);
      const [before, after] = [row?.state.peek() ?? null, this.#overview.agents.get(id) ?? null];
      isCast = put(this.#agentRows, id, after) || isCast;
      this.#tally.move(before, after);
      if (before?.flag || after?.flag) areFlagsNew = this.#raise(row ?? this.#agentRows.get(id)!, after) || areFlagsNew;
    }
    this.#changedAgents.clear();
    if (isCast) this.#agents.value = [...this.#agentRows.values()];
    if (areFlagsNew) this.#flags.value = [...this.#flagged].sort((one, other) => raisedAt(one) - raisedAt(other));
    this.#agentTotals.value = this.#tally.totals;
  }

  #raise(row: AgentRow, after: AgentOverview | null): boolean {
    const isUp = after?.flag !== undefined;
    if (isUp === this.#flagged.has(row)) return false;
    if (isUp) this.#flagged.add(row);
    else this.#flagged.delete(row);
    return true;
  }

  #drawQueues(): void {
    let isCast = false;
    for (const id of this.#changedQueues) isCast = put(this.#queueRows, id, this.#overview.queues.get(id) ?? null) || isCast;
    this.#changedQueues.clear();
    if (isCast) this.#queues.value = [...this.#queueRows.values()];
    this.#queueTotals.value = sumQueues(this.#overview.queues.values());
  }
}

const raisedAt = (row: AgentRow): number => row.state.peek().flag?.raised_at_ms ?? 0;

/** Let a row show this, or be gone; answers whether it came or went. */
function put<State>(rows: Map<string, Row<State>>, id: string, state: State | null): boolean {
  const row = rows.get(id);
  if (state === null) return rows.delete(id);
  if (row) row.state.value = state;
  else rows.set(id, { id, state: signal(state) });
  return row === undefined;
}
