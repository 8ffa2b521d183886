import type { AgentUpdated, Case, CaseEvent, Event, QueuePage, QueueSummary, Snapshot, StatusChanged } from "./messages";
import type { AgentState, ClockMoved, PresenceChanged, QueueChanged, QueueState, StatusChoice } from "./messages";
import { CASE_VIEW, isCaseEvent } from "./messages";

/** A watched queue's waiting cases, best first; perhaps only the first `cases.length` of `waiting`. */
export interface Line extends QueuePage {
  /** Events up to here are already in it. */
  position: string;
}

/** What an agent sees. Never changed in place: each event makes a new one. */
export interface View {
  agent: AgentState | null;
  offers: readonly Case[];
  desk: readonly Case[];
  queues: readonly QueueSummary[];
  lines: Readonly<Record<string, Line>>;
  statuses: readonly StatusChoice[];
}

export const EMPTY_VIEW: View = { agent: null, offers: [], desk: [], queues: [], lines: {}, statuses: [] };

const ON_DESK: ReadonlySet<string> = new Set(["active", "parked", "wrapping"]);

/** A snapshot replaces everything; lines stay as they were until their queues' pages have come again. */
export function fromSnapshot(snapshot: Snapshot, lines: View["lines"] = {}): View {
  const { agent, offers, desk, queues, statuses } = snapshot;
  return { agent, offers, desk, queues, lines, statuses };
}

export function apply(view: View, event: Event): View {
  if (isCaseEvent(event)) return caseMoved(view, event);
  switch (event.type) {
    case "agent_status_changed":
      return statusChanged(view, event);
    case "agent_presence_changed":
      return presenceChanged(view, event);
    case "agent_updated":
      return agentUpdated(view, event);
    case "clock_moved":
      return clockMoved(view, event);
    case "queue_paused":
    case "queue_draining":
    case "queue_resumed":
    case "queue_opened":
    case "queue_closed":
      return queueChanged(view, event);
    default:
      return view;
  }
}

/** Open or renew a line with a page as of `position`; `since` are the case events that came while it was on its way. */
export function openLine(view: View, page: QueuePage, position: string, since: readonly CaseEvent[]): View {
  const opened = since.reduce((line, event) => lineAfter(line, event, null), { ...page, position });
  return withLine(view, opened);
}

export function closeLine(view: View, queue: string): View {
  const { [queue]: _closed, ...lines } = view.lines;
  return { ...view, lines };
}

/** Has a line lost so many of its first cases that the next ones should be asked for? */
export function isThin(line: Line, limit: number): boolean {
  return line.cases.length < Math.min(line.waiting, limit / 2);
}

/** Log positions are `ms-n`: compared as two numbers. */
export function isAfter(position: string, other: string): boolean {
  const [ms = 0, n = 0] = position.split("-").map(Number);
  const [otherMs = 0, otherN = 0] = other.split("-").map(Number);
  return ms > otherMs || (ms === otherMs && n > otherN);
}

function caseMoved(view: View, event: CaseEvent): View {
  const known = find(view, event.case);
  const moved = toCase(event, known);
  const mine = event.agent !== undefined && event.agent === view.agent?.agent;
  const rings = event.target !== undefined && event.target === view.agent?.agent;
  const lines: Record<string, Line> = {};
  for (const [queue, line] of Object.entries(view.lines)) lines[queue] = lineAfter(line, event, moved);
  const after = {
    ...view,
    agent: withHeld(view.agent, event),
    offers: placed(view.offers, rings ? asOffer(moved, event, known) : moved, rings || (mine && event.state === "offered")),
    desk: placed(view.desk, moved, mine && ON_DESK.has(event.state)),
    lines,
  };
  return Object.values(lines).reduce(withLine, after);
}

function find(view: View, id: string): Case | undefined {
  const lists = [view.offers, view.desk, ...Object.values(view.lines).map((line) => line.cases)];
  for (const cases of lists) {
    const found = cases.find((each) => each.case === id);
    if (found) return found;
  }
  return undefined;
}

// Fields that do not apply are absent from an event, so nothing is kept but what the case entered the view with.
function toCase(event: CaseEvent, known: Case | undefined): Case {
  const { case: id, state, owner, agent, queue, baton, revision, deadline_at_ms, score } = event;
  const stays = known !== undefined && known.baton === baton; // an update is no change of hands
  return {
    ...entry(known),
    ...entry(event),
    case: id, state, owner, queue, baton, revision,
    state_at_ms: stays ? known.state_at_ms : event.at_ms,
    ...(agent !== undefined && { agent }),
    ...(deadline_at_ms !== undefined && { deadline_at_ms }),
    ...(score !== undefined && { score }),
    ...stay(event),
  } as Case; // whatever is not known yet enters with an event that tells all of it
}

// What a colleague wants to hand over is to its target an offer, with the baton that accepts it.
function asOffer(moved: Case, event: CaseEvent, known: Case | undefined): Case {
  const { target_baton: baton = "", target_deadline_at_ms } = event;
  const state_at_ms = known?.baton === baton ? known.state_at_ms : event.at_ms;
  return { ...moved, baton, state_at_ms, ...(target_deadline_at_ms !== undefined && { deadline_at_ms: target_deadline_at_ms }) };
}

// What is told of a case only while it stays in one state.
function stay(event: CaseEvent): Partial<Case> {
  if (event.state === "wrapping") return only(event, ["ends_as", "extensions", "disposition"]);
  if (event.state === "parked") return only(event, ["wake_at_ms", "wake_pending"]);
  return only(event, ["target", "target_baton", "target_deadline_at_ms"]);
}

function entry(one: Partial<Case> = {}): Partial<Case> {
  return only(one, CASE_VIEW);
}

function only(one: Partial<Case>, names: readonly (keyof Case)[]): Partial<Case> {
  return Object.fromEntries(names.flatMap((name) => (one[name] === undefined ? [] : [[name, one[name]]])));
}

// A case that stays keeps its place on the screen; one that comes goes to the top, as in a snapshot (newest first).
function placed(cases: readonly Case[], moved: Case, present: boolean): readonly Case[] {
  if (!cases.some((each) => each.case === moved.case)) return present ? [moved, ...cases] : cases;
  return cases.flatMap((each) => (each.case !== moved.case ? [each] : present ? [moved] : []));
}

function withHeld(agent: AgentState | null, event: CaseEvent): AgentState | null {
  const held = event.held?.find((each) => each.agent === agent?.agent);
  if (!agent || !held) return agent;
  return { ...agent, held_primary: held.primary, held_interruptible: held.interruptible, offers: held.offers };
}

function lineAfter(line: Line, event: CaseEvent, moved: Case | null): Line {
  if (!isAfter(event.position, line.position)) return line;
  const left = event.state_before === "waiting" && (event.queue_before ?? event.queue) === line.queue;
  const entered = event.state === "waiting" && event.queue === line.queue;
  if (!left && !entered) return { ...line, position: event.position };
  const known = line.cases.find((each) => each.case === event.case);
  const cases = line.cases.filter((each) => each !== known);
  const waiting = Math.max(0, line.waiting - Number(left) + Number(entered));
  // Behind the last known case of a partial page others may stand that were never shown.
  const others = waiting - Number(entered) - cases.length;
  if (entered) insert(cases, moved ?? toCase(event, known), others > 0);
  return { ...line, waiting, cases, position: event.position };
}

function insert(cases: Case[], entering: Case, partial: boolean): void {
  const index = cases.findIndex((each) => isBefore(entering, each));
  if (index >= 0) cases.splice(index, 0, entering);
  else if (!partial) cases.push(entering);
}

function isBefore(one: Case, other: Case): boolean {
  const [score = 0, otherScore = 0] = [one.score, other.score];
  return score < otherScore || (score === otherScore && one.case < other.case);
}

// The summary of a watched queue follows its line.
function withLine(view: View, line: Line): View {
  const { queue, waiting } = line;
  const queues = view.queues.map((each) => (each.queue === queue ? { ...each, waiting } : each));
  return { ...view, queues, lines: { ...view.lines, [queue]: line } };
}

function withAgent(view: View, id: string, change: Partial<AgentState>): View {
  return view.agent?.agent === id ? { ...view, agent: { ...view.agent, ...change } } : view;
}

function statusChanged(view: View, event: StatusChanged): View {
  return withAgent(view, event.agent, ofStatus(event));
}

function ofStatus(event: StatusChanged | AgentUpdated): Partial<AgentState> {
  const { status, status_cause, channels, label, label_before, channels_before, next_status } = event;
  return { status, status_cause, channels, label, label_before, channels_before, next_status };
}

function presenceChanged(view: View, { agent, presence }: PresenceChanged): View {
  return withAgent(view, agent, { presence });
}

function agentUpdated(view: View, event: AgentUpdated): View {
  const { agent, name, team, presence, missed, queues, auto_accept } = event;
  const { capacity, interruptible_capacity } = event;
  const change = { ...ofStatus(event), name, team, presence, missed, queues, auto_accept };
  return withAgent(view, agent, { ...change, capacity, interruptible_capacity });
}

function clockMoved(view: View, { by_ms }: ClockMoved): View {
  const shift = (one: Case): Case => ({
    ...one,
    ...(one.deadline_at_ms !== undefined && { deadline_at_ms: one.deadline_at_ms + by_ms }),
    ...(one.target_deadline_at_ms !== undefined && { target_deadline_at_ms: one.target_deadline_at_ms + by_ms }),
  });
  return { ...view, offers: view.offers.map(shift), desk: view.desk.map(shift) };
}

// A page that was asked for later knows of it already.
function queueChanged(view: View, event: QueueChanged): View {
  const { queue, position } = event;
  const queues = view.queues.map((each) => (each.queue === queue ? withState(each, event) : each));
  const line = view.lines[queue];
  if (!line || !isAfter(position, line.position)) return { ...view, queues };
  return { ...view, queues, lines: { ...view.lines, [queue]: { ...withState(line, event), position } } };
}

// The event tells all of it: what it leaves out is no longer so.
function withState<T extends QueueState>(one: T, { paused = false, draining = false, open = true, ...event }: QueueChanged): T {
  const { next_change_at_ms: _before, ...rest } = one;
  const { next_change_at_ms } = event;
  return { ...rest, paused, draining, open, ...(next_change_at_ms !== undefined && { next_change_at_ms }) } as T;
}
