import { formatTime } from "../../format";
import { states } from "./states";

// The engine's codes in words. A code without an entry is shown as it is (words.ts): a newer server may have more.

/** Why a command was refused: follows a colon. */
const refusals = {
  AGENT_NOT_EMPTY: "the agent still has cases in hand.",
  BAD_CAPACITY: "the interruptible capacity would be above the capacity.",
  BODY_TOO_LARGE: "that is too much at once.",
  CARD_TOO_LARGE: "subject, customer, link and place together are too long.",
  CASE_EXISTS: "there is another case with this id.",
  CASE_NOT_FOUND: "it no longer exists.",
  CONFIG_CHANGED: "another configuration came into force meanwhile; look at it first.",
  CONNECTION_ENDED: "the connection has ended.",
  ENGINE_FAULT: "the server failed at it. Please tell whoever runs it.",
  FLAG_RAISED: "your flag is up already.",
  FORBIDDEN: "that is not yours to do.",
  FRAME_TOO_LARGE: "that is too much at once.",
  HISTORY_NEWER: "a newer version of the server writes the history; this one cannot read it.",
  HISTORY_NOT_READY: "the history is being set up; try again in a moment.",
  INVALID: "the server does not understand it as it is.",
  NODE_FAULT: "the server failed at it. Please tell whoever runs it.",
  NOTHING_TO_TAKE: "no case waits that you may take now.",
  NOT_AVAILABLE: "you are not online or busy; change your status first.",
  NOT_CONNECTED: "the server does not see you connected yet; try again in a moment.",
  NOT_HOLDER: "it is not in your hands.",
  NOT_JSON: "the server does not understand it as it is.",
  NOT_MEMBER: "you are not a member of its queue.",
  NOT_SENT: "not sent, there is no connection.",
  NO_EXTENSION_LEFT: "its wrap-up was extended as often as it may be.",
  NO_FLAG: "the flag is no longer up.",
  NO_HISTORY: "this server keeps no history.",
  NO_ROOM: "you have no room for it; finish or return a case first.",
  NO_SKILL: "it requires a skill that you do not have.",
  NO_SUCH_PAGE: "the server does not have that.",
  NO_SUCH_WORKSPACE: "there is no such workspace.",
  NO_WINDOWS: "cases of its channel are not planned for a time.",
  OFFERED: "it is being offered to somebody.",
  OUTCOME_UNKNOWN: "no answer came; what you see now is how it stands.",
  OUT_OF_SCOPE: "it belongs to another supervisor's teams or queues.",
  PUSH_ONLY: "its queue offers cases itself.",
  QUEUE_CLOSED: "the queue is closed now.",
  QUEUE_DRAINING: "that queue takes nothing new.",
  QUEUE_FULL: "that queue is full.",
  QUEUE_NOT_EMPTY: "a queue that would go still has waiting cases.",
  QUEUE_PAUSED: "a supervisor has paused its queue.",
  REOPEN_TOO_LATE: "it was closed too long ago to be opened again.",
  REQUIRES_AGENT: "it is for one colleague alone.",
  SAME_AGENT: "that agent has it already.",
  SAME_QUEUE: "it is in that queue already.",
  STALE_BATON: "it has changed hands meanwhile.",
  STATUS_NOT_ALLOWED: "that status is for other teams.",
  TAKEN: "somebody else was faster.",
  TARGET_FULL: "the colleague has no room for it now.",
  TARGET_OFFLINE: "the colleague is not there for it.",
  TOO_FAST: "too many commands at once; try again in a moment.",
  TOO_MANY_CLASSES: "that queue has too many kinds of cases waiting.",
  TOO_MANY_CONNECTIONS: "this account is open too often.",
  TOO_MANY_NOTES: "it has as many notes as a case may have.",
  TOO_MANY_WATCHES: "as many agents are watched here as may be at once; close one first.",
  UNAUTHENTICATED: "you are not signed in any more.",
  UNAVAILABLE: "the server cannot do it now; try again in a moment.",
  UNKNOWN_AGENT: "there is no such agent.",
  UNKNOWN_CHANNEL: "there is no such channel.",
  UNKNOWN_QUEUE: "there is no such queue.",
  UNKNOWN_SKILL: "there is no such skill.",
  UNKNOWN_STATUS: "there is no such status any more.",
  UNKNOWN_VERSION: "that version is not kept any more.",
  WAS_OWNED: "somebody has worked on it already; cancel it instead.",
  WINDOW_TAKEN: "there is another appointment at that time.",
  WRONG_PROTOCOL: "the server has been updated. Please reload the page.",
  WRONG_ROLE: "that is not yours to do.",
  WRONG_STAGE: "the appointment cannot go there from where it is.",
  WRONG_STATE: "it is not in a state for that.",
};

/** Why the connection ended for good, by its close code. */
const closes = {
  4400: "The server did not understand this page. Please reload it.",
  4401: "Session ended. Please sign in again.",
  4403: "Session ended: this account may not work here.",
  4404: "Session ended: there is no such workspace.",
  4406: "The server has been updated. Please reload this page.",
  4429: "Too many commands at once. Please connect again.",
};

const presences = { connected: "Connected", grace: "Connection lost", gone: "Connection lost" };

/** Why an offer or a case went back to its queue: follows what went where. */
const returned = {
  agent_busy: "because you went busy",
  agent_lost: "because your connection was lost",
  agent_offline: "because you went offline",
  agent_online: "because you no longer accept its channel",
  capacity_lowered: "because your capacity was lowered",
  next_status: "because you take nothing new before your next status",
  not_eligible: "because you may no longer have it",
  not_responding: "because offers were not answered",
  owner_offline: "because it woke while you were offline",
  shift_end: "because your shift ended",
  wake_limit: "because it woke and you had no room",
};

/** The same of another agent, for timelines. */
const causes = {
  agent_away: "the agent is away",
  agent_busy: "the agent went busy",
  agent_lost: "the agent's connection was lost",
  agent_offline: "the agent went offline",
  agent_online: "the agent no longer accepts its channel",
  agent_removed: "the agent was removed",
  capacity_lowered: "the agent's capacity was lowered",
  declined: "declined",
  expired: "not answered in time",
  next_status: "the agent takes nothing new before the next status",
  not_eligible: "the agent may no longer have it",
  not_responding: "the agent did not answer offers",
  overflow: "its queue overflowed",
  owner_offline: "it woke while its owner was offline",
  preferred_over: "it waited long enough for the preferred agent",
  shift_end: "the agent's shift ended",
  wake_limit: "it woke and its owner had no room in time",
  withdrawn: "withdrawn",
};

/** Why a transfer to a colleague came to nothing: follows the colleague. */
const transferFailed = {
  declined: "declined it",
  expired: "did not answer in time",
  withdrawn: "is no longer asked",
  agent_lost: "lost the connection",
  agent_busy: "went busy",
  agent_offline: "went offline",
  agent_online: "no longer accepts its channel",
  next_status: "takes nothing new now",
  capacity_lowered: "has less room now",
  not_eligible: "may not have it",
  not_responding: "does not answer",
};

const places = { keep: "at its age", front: "at the front", back: "at the back" };

/** What a case asks for no longer, by a step of its queue's plan. */
const relaxed = {
  drop_skills: "fewer skills are required",
  open_tier: "the next tier may have it",
  raise_priority: "its priority was raised",
  stop_preferring: "it no longer waits for the preferred agent",
  alert: "supervisors were told",
  overflow: "it moves to another queue",
  preferred_over: "it no longer waits for the preferred agent",
  agent_away: "the agent whom it was for is away",
  agent_removed: "the agent whom it was for was removed",
};

/** Why this agent: the rule that chose among those who could have it. */
const rules = {
  longest_idle: "idle for the longest",
  least_active: "fewest cases in hand",
  least_loaded: "least of the capacity in use",
  most_available: "most room left",
  priority: "first in line by priority",
  credit: "it was this line's turn",
  due: "first in line by due time",
  named: "it is for this agent alone",
  reserved: "the agent was kept free for it",
};

/** What keeps an agent from a case. */
const fails = {
  tier: "in a tier that is not open yet",
  skills: "lacks a required skill",
  status: "not online",
  next_status: "takes nothing new before the next status",
  open_offer: "has an offer open",
  waking: "gets a case back that has woken",
  presence: "not connected",
  channel: "does not take this channel now",
  room: "has no room",
  limit: "has as many cases of this channel as allowed",
  reserved: "is kept free for a heavier case",
  cooling: "declined, missed or returned it",
  window: "has another appointment at that time",
};

/** Why a case waits, for all: what stops most, or what its line is. */
const whyReasons = {
  ...fails,
  tier: "Its agents are in a tier that is not open yet",
  skills: "Nobody there has the required skills",
  status: "Nobody who may have it is online",
  next_status: "All are finishing before their next status",
  open_offer: "All have an offer open",
  waking: "All get a case back that has woken",
  presence: "Nobody who may have it is connected",
  channel: "Nobody takes this channel now",
  room: "All are full",
  limit: "All have as many cases of this channel as allowed",
  reserved: "Those with room are kept free for a heavier case",
  cooling: "Those with room declined, missed or returned it",
  window: "All have another appointment at that time",
  being_matched: "It is being matched at this moment",
  no_members: "The queue has no members",
  pull_queue: "Agents take from this queue; nobody has taken it yet",
  queue_paused: "A supervisor has paused the queue",
  queue_closed: "The queue is closed now",
  building: "Its line is being set up",
  dirty: "Its line is being matched",
  again: "Its line is being matched",
  idle: "Somebody could have it: it is next",
  stopped: "The queue is paused or closed",
  off: "Agents take from this queue; nobody has taken it yet",
};

const nextChanges = {
  cooldown_ends: "somebody may be asked again",
  queue_opens: "the queue opens",
  deadline: "its deadline",
  drop_skills: "fewer skills will be required",
  open_tier: "the next tier may have it",
  raise_priority: "its priority rises",
  stop_preferring: "it no longer waits for the preferred agent",
  alert: "supervisors are told",
  overflow: "it moves to another queue",
};

/** Where the time of a wait went. */
const waited = {
  stopped: "the queue was paused or closed",
  offered: "it rang",
  named: "it waited for one agent alone",
  untaken: "nobody took it",
  no_agent: "nobody was there who may have it",
  cooling: "whoever had room had been asked before",
  busy: "nobody there had room, or something else rang at them",
  engine: "it was being matched",
};

const alerts = {
  all_declined: "Declined or missed by everybody there",
  required_agent_away: "The one agent whom it is for is away",
  overflow_impossible: "The queue is full and overflows nowhere",
  idle_case: "Nothing has happened for too long",
  not_responding: "The agent does not answer offers",
};

const clocks = { first_owner: "first owner", completion: "completion" };

const reservationEnds = {
  offered: "it was offered",
  case_gone: "the case is gone",
  agent_away: "the agent is away",
  not_eligible: "the agent may no longer have it",
  window_taken: "the agent has another appointment then",
  queue_stopped: "the queue was stopped",
  switched_off: "it was switched off",
};

/** Who did it, by what stands before the colon; the name follows where there is one. */
const actors = {
  agent: (name: string) => name,
  supervisor: (name: string) => `Supervisor ${name}`,
  producer: (name: string) => `System ${name}`,
  admin: (name: string) => `Administrator ${name}`,
  rule: (name: string) => `Rule ${name}`,
  engine: (part: string) => engine[part as keyof typeof engine] ?? "Casebaton",
};

const engine = {
  match: "Matching",
  timers: "A deadline",
  presence: "A lost connection",
  plan: "The queue's plan",
  waking: "Waking",
  status: "A change of status",
  queue: "The queue",
  reserve: "A reservation",
};

/** What an event did, for timelines. */
const events = {
  case_queued: "Came into the queue",
  case_offered: "Offered",
  case_accepted: "Accepted",
  case_declined: "Declined",
  offer_expired: "Offer not answered in time",
  offer_revoked: "Offer withdrawn",
  case_taken: "Taken",
  case_returned: "Went back to the queue",
  case_transferred: "Transferred",
  case_wrapping: "Wrapping up",
  wrap_up_extended: "More time to wrap up",
  case_closed: "Completed",
  case_cancelled: "Cancelled",
  case_updated: "Changed",
  case_relaxed: "Asks for less",
  case_assigned: "Assigned",
  case_abandoned: "The customer has left",
  case_parked: "Parked",
  case_resumed: "Resumed",
  case_wake_pending: "Woke, waits for room",
  case_reopened: "Opened again",
  transfer_offered: "Offered to a colleague",
  transfer_failed: "Not taken over",
  note_added: "Note",
  stage_changed: "Stage changed",
  alert_raised: "Alert",
  target_warned: "Target at risk",
  target_breached: "Target missed",
};

/** How a case ended: follows a colon or a semicolon. */
const endings = { closed: "it is closed.", cancelled: "it was cancelled.", abandoned: "the customer has left." };

/** Why the agent has this status, when somebody else chose it: follows "You were set to …". */
const imposed = {
  missed_offers: "because offers were not answered",
  on_decline: "because you declined an offer",
  shift_end: "because your work is done",
  supervisor: "by a supervisor",
};

/** What keeps a queue from its usual course. */
const standstills = {
  paused: "A supervisor has paused this queue: nothing can be taken at present.",
  closed: "This queue is closed.",
  closedUntil: (atMs: number) => `This queue is closed until ${formatTime(atMs)}.`,
  draining: "This queue is being emptied: nothing new comes in.",
};

export const codes = {
  ...states,
  endings, imposed, standstills, refusals, closes, presences, returned, causes, transferFailed, places, relaxed, rules, fails, whyReasons, nextChanges, waited, alerts, clocks,
  reservationEnds, actors, events,
};
