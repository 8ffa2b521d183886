import type { AgentOverview } from "../../sdk/index.ts";

/** How an agent stands to new work: the first of these that is so, from the last to the first. */
export const STANDINGS = ["ready", "partly", "full", "finishing", "busy", "not_responding", "lost", "offline"] as const;
export type Standing = (typeof STANDINGS)[number];

/** `partly`: room for work of one pool alone. `full`: for none. `finishing`: offered nothing more before its next status. `lost`: its connection is. */
export function standingOf(agent: AgentOverview): Standing {
  if (agent.status === "offline" || agent.status === "not_responding") return agent.status;
  if (agent.presence !== "connected") return "lost";
  if (agent.status === "busy") return "busy";
  if (agent.next_status !== "") return "finishing";
  const { primary, interruptible } = roomOf(agent);
  if (!primary) return "full";
  return interruptible || agent.interruptible_capacity === 0 ? "ready" : "partly";
}

/** Is there a free unit for work of each pool? Primary work counts alone; interruptible work has what it leaves (docs/routing.md). */
function roomOf({ held_primary, held_interruptible, capacity, interruptible_capacity }: AgentOverview): { primary: boolean; interruptible: boolean } {
  const left = capacity - held_primary;
  return { primary: left > 0, interruptible: held_interruptible < Math.min(interruptible_capacity, left) };
}
