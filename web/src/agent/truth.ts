import { CommandRefused } from "../sdk/index";
import type { AgentState, Case, ConnectionState } from "../sdk/index";
import type { Truth } from "../ui/notices";

/** What a refusal rests on that is the agent's own; when it changes, the refusal may no longer be right. */
const GROUNDS: Readonly<Record<string, (me: AgentState) => unknown[]>> = {
  NO_ROOM: (me) => [me.offers, me.held_primary, me.held_interruptible, me.capacity, me.interruptible_capacity],
  NOT_AVAILABLE: (me) => [me.status],
  NOT_CONNECTED: (me) => [me.presence],
  NOT_MEMBER: (me) => me.queues,
};

/** What the page knows at this moment. */
export interface Known {
  state: ConnectionState;
  me: AgentState | null;
  /** A case in the offers, on the desk or in a watched line. */
  find(id: string): Case | undefined;
}

/** How long the sentence about a failed command holds. */
export function truthOf(error: unknown, one: Case | undefined, known: Known): Truth {
  const { code = "" } = error as { code?: string };
  if (code === "NOT_SENT") return () => known.state !== "connected";
  if (!(error instanceof CommandRefused) || !one) return () => null;
  const told = error.current?.revision ?? one.revision;
  const grounds = (): string => JSON.stringify(known.me && GROUNDS[code]?.(known.me));
  const before = grounds();
  const wasThere = known.find(one.case) !== undefined;
  return () => {
    if (grounds() !== before) return false;
    const present = known.find(one.case);
    if (present) return present.revision <= told;
    // It left: either that is what the refusal told ("bo has it"), or more has happened since.
    return wasThere && told <= one.revision ? false : null;
  };
}
