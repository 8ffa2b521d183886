import type { AgentOverview } from "../../sdk/index.ts";
import type { Sort } from "../../ui/virtual";
import { standingOf } from "../floor/standing";
import type { Query } from "../route";

/** Which agents are shown, in which order; as the address says it. */
export interface Filter {
  text: string;
  team: string;
  queue: string;
  /** A standing, or "=" and a status. */
  status: string;
  flagged: boolean;
}

export function filterOf({ q = "", team = "", queue = "", status = "", flag }: Query): Filter {
  return { text: q, team, queue, status, flagged: flag === "1" };
}

export function isFiltered({ text, team, queue, status, flagged }: Filter): boolean {
  return text !== "" || team !== "" || queue !== "" || status !== "" || flagged;
}

/** What takes every filter out of the address. */
export const NO_FILTER: Query = { q: "", team: "", queue: "", status: "", flag: "" };

export function sortOf({ sort = "agent", desc }: Query): Sort {
  return { column: sort, isDescending: desc === "1" };
}

/** The order as the address says it; what is usual is left out. */
export function queryOf({ column, isDescending }: Sort): Query {
  return { sort: column === "agent" ? "" : column, desc: isDescending ? "1" : "" };
}

/** Does the filter let it through? */
export function passes(agent: AgentOverview, { text, team, queue, status, flagged }: Filter): boolean {
  if (flagged && !agent.flag) return false;
  if (team !== "" && agent.team !== team) return false;
  if (queue !== "" && !agent.queues.includes(queue) && !agent.queues_by_skill.includes(queue)) return false;
  if (status.startsWith("=") ? agent.label !== status.slice(1) : status !== "" && standingOf(agent) !== status) return false;
  const sought = text.trim().toLocaleLowerCase();
  return sought === "" || agent.agent.toLocaleLowerCase().includes(sought) || agent.name.toLocaleLowerCase().includes(sought);
}
