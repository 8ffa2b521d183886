import { CommandRefused } from "../sdk/errors";
import type { View } from "./view";
import type { CaseEvent } from "../sdk/events";
import type { AgentState, Case, CaseBrief, QueueSummary } from "../sdk/types";

// What agents read when something did not go as they pressed. Codes are the server's.

const REFUSALS: Readonly<Record<string, string>> = {
  NO_ROOM: "you have no room for it; finish or return a case first.",
  NOT_AVAILABLE: "you are not online or busy; change your status first.",
  NOT_CONNECTED: "the server does not see you connected yet; try again in a moment.",
  NOT_MEMBER: "you are not a member of its queue.",
  QUEUE_PAUSED: "a supervisor has paused its queue.",
  QUEUE_CLOSED: "the queue is closed now.",
  QUEUE_DRAINING: "that queue takes nothing new.",
  QUEUE_FULL: "that queue is full.",
  PUSH_ONLY: "its queue offers cases itself.",
  UNKNOWN_QUEUE: "there is no such queue.",
  SAME_QUEUE: "it is in that queue already.",
  CASE_NOT_FOUND: "it no longer exists.",
  NOT_SENT: "not sent, there is no connection.",
  UNKNOWN_AGENT: "there is no such agent.",
  TARGET_OFFLINE: "the colleague is not there for it.",
  TARGET_FULL: "the colleague has no room for it now.",
  NO_EXTENSION_LEFT: "its wrap-up was extended as often as it may be.",
  NOTHING_TO_TAKE: "no case waits that you may take now.",
  OUTCOME_UNKNOWN: "no answer came; what you see now is how it stands.",
};

const REVOKED: Readonly<Record<string, string>> = {
  agent_lost: "because your connection was lost",
  agent_busy: "because you went busy",
  agent_offline: "because you went offline",
  agent_online: "because you no longer accept its channel",
  shift_end: "because your shift ended",
  next_status: "because you take nothing new before your next status",
  capacity_lowered: "because your capacity was lowered",
  wake_limit: "because it woke and you had no room",
  owner_offline: "because it woke while you were offline",
};

const FAILED: Readonly<Record<string, string>> = {
  declined: "declined it",
  expired: "did not answer in time",
  withdrawn: "is no longer asked",
};

const IMPOSED: Readonly<Record<string, string>> = {
  missed_offers: "because offers were not answered",
  on_decline: "because you declined an offer",
  shift_end: "because your work is done",
};

const ENDS: Readonly<Record<string, string>> = {
  closed: "it is closed.",
  cancelled: "it was cancelled.",
  abandoned: "the customer has left.",
};

// Controls, overrides of writing direction and characters without width: they only serve to make text lie.
const DECEPTIVE = /[\u0000-\u001f\u007f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Somebody else's text with its deceptive characters made visible. */
export function plain(text: string): string {
  return text.replace(DECEPTIVE, "\ufffd");
}

export function quoted(one: Case): string {
  return `“${plain(one.card?.subject ?? one.case)}”`;
}

/** Where a case is, as far as a refusal or the server tells. */
function whereabouts({ state, owner, agent }: Partial<CaseBrief>, me: string | undefined): string | null {
  if (state && ENDS[state]) return ENDS[state];
  const holder = agent ?? (owner?.startsWith("agent:") ? owner.slice("agent:".length) : undefined);
  if (holder === undefined) return owner?.startsWith("queue:") ? "it went back to the queue." : null;
  if (holder === me) return "you have it already.";
  return state === "offered" ? `it is being offered to ${holder}.` : `${holder} has it.`;
}

/** Why the server changed the agent's status; null for everybody else's choice. */
export function imposed({ label, status_cause }: AgentState): string | null {
  const why = IMPOSED[status_cause];
  return why === undefined ? null : `You were set to “${label.replace("_", " ")}” ${why}.`;
}

/** A sentence of what stands elsewhere behind a colon, without a full stop, or both. */
export function sentence(text: string): string {
  const whole = text.endsWith(".") ? text : `${text}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

export function refusal(error: unknown, me: string | undefined): string {
  const { code = "", message } = error as { code?: string; message: string };
  const where = error instanceof CommandRefused && error.current ? whereabouts(error.current, me) : null;
  return REFUSALS[code] ?? where ?? `${message}.`;
}

/** What keeps a queue from its usual course; null when nothing does. */
export function standstill({ paused, draining, open = true, next_change_at_ms }: Partial<QueueSummary>): string | null {
  if (paused) return "A supervisor has paused this queue: nothing can be taken at present.";
  if (!open) return `This queue is closed${next_change_at_ms ? ` until ${new Date(next_change_at_ms).toLocaleString()}` : ""}.`;
  return draining ? "This queue is being emptied: nothing new comes in." : null;
}

/** Why a case left this agent's offers or desk through nothing that the agent did; null for everything else. */
export function departure(event: CaseEvent, before: View): string | null {
  const { type, actor, reason = "", queue } = event;
  const me = `agent:${before.agent?.agent}`;
  if (type === "transfer_failed") return transferFailed(event, before);
  const offer = before.offers.find((one) => one.case === event.case);
  if (offer) {
    const name = `The offer ${quoted(offer)}`;
    if (type === "offer_expired") return `${name} was not answered in time: returned to the queue ${queue}.`;
    if (type === "offer_revoked") return `${name} was returned to the queue ${queue} ${REVOKED[reason] ?? `(${reason})`}.`;
    if (type === "case_cancelled") return `${name} was withdrawn: ${ENDS["cancelled"]}`;
    if (type === "case_abandoned") return `${name} was withdrawn: ${ENDS["abandoned"]}`;
    if (type === "case_assigned" && event.agent !== before.agent?.agent) return `${name} was given to ${event.agent}.`;
    return type === "case_transferred" && event.state === "waiting" ? `${name} was moved to the queue ${queue}.` : null;
  }
  const held = before.desk.find((one) => one.case === event.case);
  if (!held || actor === me) return null;
  if (type === "case_wrapping") return `${quoted(held)} was withdrawn (${reason}): finish up.`;
  if (type === "case_closed" || type === "case_cancelled") return `${quoted(held)} has left your desk: ${ENDS[event.state]}`;
  if (type === "case_returned") return `${quoted(held)} went back to the queue ${queue} ${REVOKED[reason] ?? `(${reason})`}.`;
  if (type === "case_assigned") return `${quoted(held)} was given to ${event.agent}.`;
  if (type === "case_transferred" && event.state === "active") return `${quoted(held)} is now with ${event.agent}.`;
  return type === "case_transferred" ? `${quoted(held)} was moved to the queue ${queue}.` : null;
}

/** Which case has come to this agent's desk without being asked for; null for everything else. */
export function arrival(event: CaseEvent, before: View): string | null {
  if (event.type !== "case_assigned" || event.agent !== before.agent?.agent) return null;
  return `“${plain(event.card?.subject ?? event.case)}” was given to you: it is on your desk.`;
}

/** A transfer between agents came to nothing: said to whoever did not bring that about. */
function transferFailed({ actor, case: id, reason = "", target_before }: CaseEvent, before: View): string | null {
  const me = before.agent?.agent;
  if (actor === `agent:${me}`) return null;
  const offer = before.offers.find((one) => one.case === id);
  if (offer) return `${quoted(offer)} is no longer offered to you.`;
  const held = before.desk.find((one) => one.case === id);
  return held ? `${quoted(held)} stays with you: ${target_before} ${FAILED[reason] ?? "is no longer there"}.` : null;
}

/** What happened to a case that was here before the connection was lost. `now` is null when that is not known. */
export function absence(one: Case, now: CaseBrief | null): string {
  const what = one.state === "offered" ? "the offer" : "the case";
  const where = now && whereabouts(now, undefined);
  return `While you were away: ${what} ${quoted(one)} ${where ? `left you; ${where}` : "is no longer yours."}`;
}
