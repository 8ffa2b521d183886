import type { AgentOverview } from "../../sdk/index.ts";
import { standingOf } from "../floor/standing";
import { toCell } from "../formula";

const HEAD = [
  "agent", "name", "team", "status", "label", "standing", "status_at", "presence", "capacity", "interruptible_capacity", "held_primary",
  "held_interruptible", "offers", "active", "parked", "wrapping", "queues", "flag_raised_at",
] as const;

function cell(value: string | number): string {
  const text = typeof value === "string" ? toCell(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const instant = (atMs: number | undefined): string => (atMs === undefined ? "" : new Date(atMs).toISOString());

/** The agents as comma-separated values (RFC 4180), one a line, in this order; instants are UTC. */
export function agentsCsv(agents: readonly AgentOverview[]): string {
  const lines = agents.map((agent) => [
    agent.agent, agent.name, agent.team, agent.status, agent.label, standingOf(agent), instant(agent.status_at_ms), agent.presence, agent.capacity,
    agent.interruptible_capacity, agent.held_primary, agent.held_interruptible, agent.offers, agent.active, agent.parked, agent.wrapping,
    [...agent.queues, ...agent.queues_by_skill].join(" "), instant(agent.flag?.raised_at_ms),
  ]);
  return [HEAD, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}
