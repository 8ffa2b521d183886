import type { Ending } from "./held.ts";
import type { Case, Event } from "./types.ts";

/** What happened to an offer or a case of the agent's. */
export interface Notice {
  kind: "offer_closed" | "case_came" | "case_left" | "case_changed";
  how: Ending;
  /** As it was before; of one that came, as it is. */
  case: Case;
  /** Null: it happened while there was no connection. */
  event: Event | null;
  /** This agent did it, in whatever window. */
  byMe: boolean;
}

const HOW: Readonly<Record<string, Ending>> = {
  case_accepted: "accepted",
  case_declined: "declined",
  offer_expired: "expired",
  offer_revoked: "revoked",
  case_taken: "taken",
  case_assigned: "assigned",
  case_returned: "returned",
  case_transferred: "transferred",
  case_closed: "closed",
  case_cancelled: "cancelled",
  case_abandoned: "abandoned",
};
const OF_TRANSFER: ReadonlySet<string> = new Set(["declined", "expired", "withdrawn"]);

/** How a case came to an agent or left it, by the event that did it. */
export function endingOf(event: Event | null): Ending {
  if (!event) return "unseen";
  return HOW[event.type] ?? "changed";
}

/** How an offer ended: a colleague's is accepted by the event that hands the case over, and fails for a reason. */
export function offerEndingOf(event: Event | null, me: string): Ending {
  if (event?.type === "case_transferred" && event.agent === me) return "accepted";
  if (event?.type !== "transfer_failed") return endingOf(event);
  return event.reason && OF_TRANSFER.has(event.reason) ? (event.reason as Ending) : "revoked";
}
