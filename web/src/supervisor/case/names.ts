import { plain } from "../../ui/foreign";
import { useDashboard } from "../dashboard";
import type { NameOf } from "./story";

/** What agents are called now; who is not in sight keeps the id. */
export function useNames(): NameOf {
  const { floor } = useDashboard();
  return (agent) => plain(floor.agent(agent)?.state.peek().name || agent);
}
