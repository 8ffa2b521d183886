import type { ConnectionState } from "../sdk/connection";
import type { View } from "./view";
import { CommandRefused } from "../sdk/errors";
import type { AgentState, Case } from "../sdk/types";
import type { Truth } from "../ui/notices";

/** What a refusal rests on that is the agent's own; when it changes, the refusal may no longer be right. */
const GROUNDS: Readonly<Record<string, (agent: AgentState) => unknown[]>> = {
  NO_ROOM: (agent) => [agent.held_primary, agent.held_interruptible, agent.capacity, agent.interruptible_capacity],
  NOT_AVAILABLE: (agent) => [agent.status],
  NOT_CONNECTED: (agent) => [agent.presence],
  NOT_MEMBER: (agent) => agent.queues,
};

function inView({ offers, desk, lines }: View, id: string): Case | undefined {
  const lined = Object.values(lines).flatMap((line) => line.cases);
  return [...offers, ...desk, ...lined].find((one) => one.case === id);
}

/** How long the sentence about a failed command holds. `now` reads the view and the connection's state. */
export function truthOf(error: unknown, one: Case | undefined, now: () => { view: View; state: ConnectionState }): Truth {
  const { code = "" } = error as { code?: string };
  if (code === "NOT_SENT") return () => now().state !== "connected";
  if (!(error instanceof CommandRefused) || !one) return () => null;
  const told = error.current?.revision ?? one.revision;
  const grounds = (): string => JSON.stringify(now().view.agent && GROUNDS[code]?.(now().view.agent!));
  const before = grounds();
  const wasThere = inView(now().view, one.case) !== undefined;
  return () => {
    if (grounds() !== before) return false;
    const present = inView(now().view, one.case);
    if (present) return present.revision <= told;
    // It left: either that is what the refusal told ("bo has it"), or more has happened since.
    return wasThere && told <= one.revision ? false : null;
  };
}
