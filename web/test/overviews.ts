import { AGENT_OVERVIEW, QUEUE_OVERVIEW } from "../src/sdk/types";
import type { AgentOverview, QueueOverview } from "../src/sdk/types";

/** An agent as supervisors see it: online, connected, with room, but for what is said. */
export function agentOverview(agent: string, change: Partial<AgentOverview> = {}): AgentOverview {
  return { ...AGENT_OVERVIEW, agent, status: "online", label: "online", presence: "connected", capacity: 4, interruptible_capacity: 2, ...change } as AgentOverview;
}

export function queueOverview(queue: string, change: Partial<QueueOverview> = {}): QueueOverview {
  return { ...QUEUE_OVERVIEW, queue, mode: "push", ...change } as QueueOverview;
}
