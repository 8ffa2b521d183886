import { caseAfter, isCaseEvent, isQueueEvent, transferAfter } from "./events.ts";
import type { CaseEvent } from "./events.ts";
import { filled } from "./filled.ts";
import { AGENT_STATE, CASE, QUEUE_SUMMARY } from "./types.ts";
import type { AgentState, Case, Event, QueueSummary, Snapshot } from "./types.ts";

/**
 * What an agent sees, beside the lines that it watches. Never changed in place, and what an event does not touch stays the
 * same object: `===` tells whether a part changed.
 */
export interface View {
  me: AgentState;
  /** By case, newest first. */
  offers: ReadonlyMap<string, Case>;
  desk: ReadonlyMap<string, Case>;
  queues: readonly QueueSummary[];
}

const ON_DESK: ReadonlySet<string> = new Set(["active", "parked", "wrapping"]);
// After these the misses begin at none again, for a transfer when it is accepted.
const CLEARS_MISSES: ReadonlySet<string> = new Set(["case_accepted", "case_taken", "case_transferred"]);
const OF_STATUS = ["status", "status_cause", "channels", "label", "label_before", "channels_before", "next_status"] as const;
const OF_PROFILE = [
  ...OF_STATUS, "name", "team", "presence", "capacity", "interruptible_capacity", "missed", "queues", "queues_by_skill", "skills",
  "skill_dates", "tiers", "auto_accept", "limits", "ring_factor",
] as const satisfies readonly (keyof AgentState)[];

/** A snapshot, with what the server left out of it. */
export function wholeSnapshot(snapshot: object): Snapshot {
  const { agent, offers, desk, queues, statuses = [], channels = {}, ...rest } = snapshot as Snapshot;
  return {
    ...rest,
    agent: filled(AGENT_STATE, agent),
    offers: offers.map((one) => filled<Case>(CASE, one)),
    desk: desk.map((one) => filled<Case>(CASE, one)),
    queues: queues.map((one) => filled<QueueSummary>(QUEUE_SUMMARY, one)),
    statuses,
    channels,
  };
}

export function viewOf({ agent, offers, desk, queues }: Snapshot): View {
  return { me: agent, offers: byCase(offers), desk: byCase(desk), queues };
}

export function fold(view: View, event: Event): View {
  if (isCaseEvent(event)) return caseMoved(view, event);
  if (isQueueEvent(event)) return queueChanged(view, event);
  if (event.type === "clock_moved") return deadlinesMoved(view, event.by_ms ?? 0);
  if (event.agent !== view.me.agent) return view;
  const me = agentAfter(view.me, event);
  return me === view.me ? view : { ...view, me };
}

function byCase(cases: readonly Case[]): ReadonlyMap<string, Case> {
  return new Map(cases.map((one) => [one.case, one]));
}

function caseMoved(view: View, event: CaseEvent): View {
  const id = view.me.agent;
  const mine = event.agent === id;
  const rings = event.target === id;
  const known = view.offers.get(event.case) ?? view.desk.get(event.case);
  const me = withMisses(withLoad(view.me, event), event);
  if (!mine && !rings && !known) return me === view.me ? view : { ...view, me };
  const after = caseAfter(event, known);
  const offer = rings ? transferAfter(after, event, known) : after;
  return {
    ...view,
    me,
    offers: placed(view.offers, offer, rings || (mine && event.state === "offered")),
    desk: placed(view.desk, after, mine && ON_DESK.has(event.state)),
  };
}

// A case that stays keeps its place; one that comes goes to the top, as in a snapshot.
function placed(cases: ReadonlyMap<string, Case>, one: Case, isThere: boolean): ReadonlyMap<string, Case> {
  const isKnown = cases.has(one.case);
  if (!isThere && !isKnown) return cases;
  if (isThere && !isKnown) return new Map([[one.case, one], ...cases]);
  const after = new Map(cases);
  if (isThere) after.set(one.case, one);
  else after.delete(one.case);
  return after;
}

function withLoad(me: AgentState, event: CaseEvent): AgentState {
  const held = event.held?.find((each) => each.agent === me.agent);
  if (!held) return me;
  const { primary = 0, interruptible = 0, offers = 0 } = held;
  return { ...me, held_primary: primary, held_interruptible: interruptible, offers };
}

// No event tells the count; it is as the engine counts.
function withMisses(me: AgentState, event: CaseEvent): AgentState {
  const { type, agent, agent_before, target_before, reason } = event;
  const isMissed = (type === "offer_expired" && agent_before === me.agent)
    || (type === "transfer_failed" && target_before === me.agent && reason === "expired");
  if (isMissed) return { ...me, missed: me.missed + 1 };
  const accepted = agent === me.agent && CLEARS_MISSES.has(type)
    && (type !== "case_transferred" || target_before === me.agent);
  return accepted && me.missed > 0 ? { ...me, missed: 0 } : me;
}

function agentAfter(me: AgentState, event: Event): AgentState {
  switch (event.type) {
    case "agent_status_changed":
      return statusAfter(me, event);
    case "agent_presence_changed":
      return { ...me, presence: event.presence ?? me.presence, presence_at_ms: event.at_ms ?? me.presence_at_ms };
    case "agent_updated":
      return { ...statusAfter(me, event), ...profileOf(event) };
    case "flag_raised": {
      const { at_ms = 0, case: about, text } = event;
      return { ...me, flag: { raised_at_ms: at_ms, ...(about && { case: about }), ...(text && { text }) } };
    }
    case "flag_lowered":
    case "flag_answered": {
      const { flag: _down, ...rest } = me;
      return rest;
    }
    case "agent_reserved":
      return { ...me, reserved_case: event.case ?? "" };
    case "reservation_ended":
      return { ...me, reserved_case: "" };
    default:
      return me;
  }
}

// The status lasts since the label changed: narrowing its channels does not begin it anew.
function statusAfter(me: AgentState, event: Event): AgentState {
  const after = { ...me, ...only(OF_STATUS, event) };
  if (event.type === "agent_status_changed" && event.status === "online" && !event.next_status) after.missed = 0;
  if (event.label !== me.label && event.at_ms !== undefined) after.status_at_ms = event.at_ms;
  return after;
}

// The event tells the whole profile: what it leaves out is at its default.
function profileOf(event: Event): Partial<AgentState> {
  return { ...only(OF_PROFILE, AGENT_STATE as Event), ...only(OF_PROFILE, event) };
}

function only(names: readonly (keyof AgentState & keyof Event)[], from: Event): Partial<AgentState> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

function deadlinesMoved(view: View, byMs: number): View {
  const moved = (one: Case): Case => ({
    ...one,
    ...(one.deadline_at_ms !== undefined && { deadline_at_ms: one.deadline_at_ms + byMs }),
    ...(one.target_deadline_at_ms !== undefined && { target_deadline_at_ms: one.target_deadline_at_ms + byMs }),
  });
  const all = (cases: ReadonlyMap<string, Case>): ReadonlyMap<string, Case> => byCase([...cases.values()].map(moved));
  return { ...view, offers: all(view.offers), desk: all(view.desk) };
}

function queueChanged(view: View, event: Event & { queue: string }): View {
  if (!view.queues.some(({ queue }) => queue === event.queue)) return view;
  return { ...view, queues: view.queues.map((each) => (each.queue === event.queue ? withState(each, event) : each)) };
}

/** The event tells all of what stops a queue: what it leaves out is no longer so. */
export function withState<T extends QueueSummary>(one: T, event: Event): T {
  const { next_change_at_ms: _before, ...rest } = one;
  const { paused = false, draining = false, open = true, next_change_at_ms } = event;
  return { ...rest, paused, draining, open, ...(next_change_at_ms !== undefined && { next_change_at_ms }) } as T;
}
