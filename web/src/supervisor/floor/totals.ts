import type { AgentOverview, QueueOverview } from "../../sdk/index.ts";
import { STANDINGS, type Standing, standingOf } from "./standing";

/** All agents, counted. */
export interface AgentTotals {
  agents: number;
  standings: Readonly<Record<Standing, number>>;
  /** At how many something rings. */
  offered: number;
  /** Of the busy ones: how many in which configured status. */
  labels: ReadonlyMap<string, number>;
  teams: ReadonlyMap<string, number>;
  queues: ReadonlyMap<string, Staff>;
}

/** Who serves a queue: how many members are `there` (not offline), and how many of these are ready. */
export interface Staff {
  ready: number;
  there: number;
}

/** Counts that are kept by what changes, however many agents there are. */
export class Tally {
  #agents = 0;
  #offered = 0;
  #standings = emptyStandings();
  readonly #labels = new Map<string, number>();
  readonly #teams = new Map<string, number>();
  readonly #queues = new Map<string, Staff>();

  /** An agent is as `after` says, and was as `before`; null: not there. */
  move(before: AgentOverview | null, after: AgentOverview | null): void {
    if (before) this.#count(before, -1);
    if (after) this.#count(after, 1);
  }

  get totals(): AgentTotals {
    return {
      agents: this.#agents, standings: { ...this.#standings }, offered: this.#offered, labels: new Map(this.#labels), teams: new Map(this.#teams), queues: new Map(this.#queues),
    };
  }

  #count(agent: AgentOverview, by: 1 | -1): void {
    this.#agents += by;
    if (agent.offers > 0) this.#offered += by;
    const standing = standingOf(agent);
    this.#standings[standing] += by;
    if (standing === "busy" && agent.label !== agent.status) add(this.#labels, agent.label, by);
    if (agent.team) add(this.#teams, agent.team, by);
    if (standing === "offline") return;
    for (const queue of agent.queues) this.#staff(queue, standing === "ready" ? by : 0, by);
    for (const queue of agent.queues_by_skill) this.#staff(queue, standing === "ready" ? by : 0, by);
  }

  // A queue's figures are replaced, not changed: what was told before stays as it was.
  #staff(queue: string, ready: number, there: number): void {
    const known = this.#queues.get(queue) ?? { ready: 0, there: 0 };
    this.#queues.set(queue, { ready: known.ready + ready, there: known.there + there });
  }
}

function emptyStandings(): Record<Standing, number> {
  return Object.fromEntries(STANDINGS.map((each) => [each, 0])) as Record<Standing, number>;
}

function add(counts: Map<string, number>, name: string, by: number): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}

/** All queues together. */
export interface QueueTotals {
  waiting: number;
  /** Since when the longest waits; undefined: nobody does. */
  oldestAtMs: number | undefined;
  offered: number;
  active: number;
  parked: number;
  wrapping: number;
}

export function sumQueues(queues: Iterable<QueueOverview>): QueueTotals {
  const sum: QueueTotals = { waiting: 0, oldestAtMs: undefined, offered: 0, active: 0, parked: 0, wrapping: 0 };
  for (const { waiting, oldest_at_ms, offered, active, parked, wrapping } of queues) {
    sum.waiting += waiting;
    sum.offered += offered;
    sum.active += active;
    sum.parked += parked;
    sum.wrapping += wrapping;
    if (oldest_at_ms !== undefined && (sum.oldestAtMs === undefined || oldest_at_ms < sum.oldestAtMs)) sum.oldestAtMs = oldest_at_ms;
  }
  return sum;
}
