import type { Case, CaseState, Event } from "./types.ts";

/** An event that moves a case, or tells what it is now: any that names a case and its state, also of a later protocol. */
export interface CaseEvent extends Event {
  case: string;
  state: CaseState;
  owner: string;
  queue: string;
  baton: string;
  revision: number;
  at_ms: number;
}

export function isCaseEvent(event: Event): event is CaseEvent {
  return event.case !== undefined && event.state !== undefined;
}

const QUEUE_EVENTS: ReadonlySet<string> = new Set(["queue_paused", "queue_draining", "queue_resumed", "queue_opened", "queue_closed"]);

/** An event that tells what stops a queue. */
export function isQueueEvent(event: Event): event is Event & { queue: string } {
  return QUEUE_EVENTS.has(event.type);
}

/** What an event tells of a case only when the case enters somebody's view; it is left out while the case stays there. */
const VIEW = [
  "channel", "pool", "cost", "priority", "created_at_ms", "requested_at_ms", "queued_at_ms", "card", "skills", "tier",
  "plan_step", "due_at_ms", "preferred_agent", "preferred_until_ms", "required_agent", "parked_cost", "linked_case", "notes",
  "first_owner_due_at_ms", "completion_due_at_ms", "window",
] as const satisfies readonly (keyof Case)[];

/** What each event tells of a case; what it leaves out is no longer so. */
const STAY = [
  "agent", "deadline_at_ms", "score", "ends_as", "extensions", "disposition", "wake_at_ms", "target", "target_baton",
  "target_deadline_at_ms", "stage",
] as const satisfies readonly (keyof Case)[];

function copy(names: readonly (keyof Case)[], from: Partial<Case>, to: Partial<Case>): void {
  for (const name of names) if (from[name] !== undefined) (to as Record<string, unknown>)[name] = from[name];
}

/** The case as it is after the event; `known` as it was seen before. */
export function caseAfter(event: CaseEvent, known: Case | undefined): Case {
  const { case: id, state, owner, queue, baton, revision } = event;
  const after: Case = {
    case: id, state, owner, queue, baton, revision,
    channel: "", priority: 0, created_at_ms: 0, requested_at_ms: 0, notes: 0,
    wake_pending: event.wake_pending ?? false,
    worked_ms: (event.agent === event.agent_before && event.worked_ms) || 0, // another owner begins at nothing
    state_at_ms: sinceWhen(event, known),
  };
  copy(VIEW, event.channel !== undefined || !known ? event : known, after);
  copy(STAY, event, after);
  if (event.first_owner_ms !== undefined) delete after.first_owner_due_at_ms; // that clock has stopped
  return after;
}

function sinceWhen(event: CaseEvent, known: Case | undefined): number {
  if (known?.baton === event.baton) return known.state_at_ms; // an update is no change of hands
  const stays = event.state === "waiting" && event.state_before === "waiting";
  return (stays && event.queued_at_ms) || event.at_ms;
}

/** What a colleague wants to hand over is to its target an offer, with the baton that accepts it. */
export function transferAfter(after: Case, event: CaseEvent, known: Case | undefined): Case {
  const { target_baton: baton = "", target_deadline_at_ms: deadline } = event;
  const offer = { ...after, baton, state_at_ms: known?.baton === baton ? known.state_at_ms : event.at_ms };
  if (deadline !== undefined) offer.deadline_at_ms = deadline;
  return offer;
}
