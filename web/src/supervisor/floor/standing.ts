import type { AgentOverview } from "../../sdk/index.ts";

/** How an agent stands to new work: the first of these that is so, from the last to the first. */
export const STANDINGS = ["ready", "full", "finishing", "busy", "not_responding", "lost", "offline"] as const;
export type Standing = (typeof STANDINGS)[number];

/** `full`: online without room. `finishing`: offered nothing more before its next status. `lost`: its connection is. */
export function standingOf(agent: AgentOverview): Standing {
  if (agent.status === "offline" || agent.status === "not_responding") return agent.status;
  if (agent.presence !== "connected") return "lost";
  if (agent.status === "busy") return "busy";
  if (agent.next_status !== "") return "finishing";
  return agent.held_primary + agent.held_interruptible < agent.capacity ? "ready" : "full";
}
