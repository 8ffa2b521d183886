// Written by tools/web_types.py from the server's structs. Do not edit: change those, then run it.

export const PROTOCOL = 1;

export type Place = "keep" | "front" | "back";
export type Stage = "scheduled" | "dispatched" | "travelling" | "in_progress" | "completed" | "cannot_complete";
export type LiveState = "waiting" | "offered" | "active" | "parked" | "wrapping";
export type CaseState = "waiting" | "offered" | "active" | "parked" | "wrapping" | "closed" | "cancelled" | "abandoned";
export type Status = "online" | "busy" | "offline" | "not_responding";
export type Presence = "connected" | "grace" | "gone";
export type Mode = "push" | "pull" | "both";
export type Pool = "primary" | "interruptible";
export type Role = "agent" | "supervisor" | "producer" | "admin";

/** What a case shows of itself. All of it is foreign text. */
export interface Card {
  subject: string;
  customer?: string;
  url?: string;
  place?: string;
}

/** For when a case is planned, in server time. */
export interface Window {
  from_ms: number;
  until_ms: number;
}

/** A case in a snapshot, a page, or after an event. Instants are server time. */
export interface Case {
  case: string;
  state: CaseState;
  owner: string;
  queue: string;
  baton: string;
  revision: number;
  channel: string;
  priority: number;
  agent?: string;
  pool?: Pool;
  cost?: number;
  score?: number;
  created_at_ms: number;
  requested_at_ms: number;
  queued_at_ms?: number;
  state_at_ms: number;
  deadline_at_ms?: number;
  card?: Card;
  skills?: Record<string, number>;
  tier?: string;
  plan_step?: number;
  due_at_ms?: number;
  preferred_agent?: string;
  preferred_until_ms?: number;
  required_agent?: string;
  ends_as?: CaseState;
  extensions?: number;
  disposition?: string;
  parked_cost?: number;
  wake_at_ms?: number;
  wake_pending: boolean;
  linked_case?: string;
  target?: string;
  target_baton?: string;
  target_deadline_at_ms?: number;
  notes: number;
  first_owner_due_at_ms?: number;
  completion_due_at_ms?: number;
  stage?: string;
  window?: Window;
  worked_ms: number;
}

/**
 * An agent as it sees itself: since when it has its status, its presence and nothing to do (server time), the units
 * that it holds, how many offers it let pass in a row (`missed`), what counts against `limits` (`channel_cases`), and
 * how many of its cases wait for room to wake.
 */
export interface AgentState {
  agent: string;
  name: string;
  team: string;
  status: Status;
  status_cause: string;
  status_at_ms?: number;
  channels: string[];
  presence: Presence;
  presence_at_ms: number;
  idle_at_ms: number;
  capacity: number;
  interruptible_capacity: number;
  held_primary: number;
  held_interruptible: number;
  offers: number;
  missed: number;
  waking: number;
  queues: string[];
  queues_by_skill: string[];
  skills: Record<string, number>;
  skill_dates: Record<string, Record<string, number>>;
  tiers: Record<string, number>;
  label: string;
  label_before: string;
  channels_before: string[];
  auto_accept: boolean;
  next_status: string;
  flag?: Flag;
  limits: Record<string, number>;
  channel_cases: Record<string, number>;
  reserved_case: string;
  ring_factor: number;
}

/**
 * An agent as supervisors see it: since when it has its status and presence (server time), the units it holds, how
 * many cases ring at it (`offers`), and how many it owns in which state.
 */
export interface AgentOverview {
  agent: string;
  name: string;
  team: string;
  status: Status;
  status_cause: string;
  status_at_ms?: number;
  label: string;
  channels: string[];
  next_status: string;
  presence: Presence;
  presence_at_ms: number;
  capacity: number;
  interruptible_capacity: number;
  held_primary: number;
  held_interruptible: number;
  offers: number;
  active: number;
  parked: number;
  wrapping: number;
  queues: string[];
  queues_by_skill: string[];
  flag?: Flag;
  reserved_case: string;
}

/** Since when (server time), by whom (role and name, with a colon between) and for what reason a queue is paused. */
export interface Pause {
  at_ms: number;
  by: string;
  reason?: string;
}

/**
 * A queue as supervisors see it: what stops it, how many of its cases are in which state, and since when (server
 * time) the one waits that has waited longest. A `retired` one takes nothing new. `service_level_ms`: within what time
 * a case should have its first owner.
 */
export interface QueueOverview {
  queue: string;
  mode: Mode;
  retired: boolean;
  paused: boolean;
  pause?: Pause;
  draining: boolean;
  open: boolean;
  next_change_at_ms?: number;
  waiting: number;
  oldest_at_ms?: number;
  offered: number;
  active: number;
  parked: number;
  wrapping: number;
  service_level_ms: number;
}

/** A queue of the agent; how many wait is as of when the connection began, unless counts are watched. */
export interface QueueSummary {
  queue: string;
  mode: Mode;
  waiting: number;
  paused: boolean;
  draining: boolean;
  open: boolean;
  next_change_at_ms?: number;
}

/** The first cases of a line: the answer to `watch_queue`. There is a `next_cursor` when more may follow. */
export interface QueuePage {
  queue: string;
  mode: Mode;
  waiting: number;
  paused: boolean;
  draining: boolean;
  open: boolean;
  next_change_at_ms?: number;
  cases: Case[];
  next_cursor?: string;
}

/** How many wait in the agent's queues, by queue, at `at_ms`: the answer to `watch_counts`. */
export interface Counts {
  at_ms: number;
  waiting: Record<string, number>;
}

/** What a reply and a refusal say of a case. */
export interface CaseBrief {
  case: string;
  state: CaseState;
  owner: string;
  agent?: string;
  baton: string;
  revision: number;
}

/** A text on a case, numbered from 1. All of it is foreign text. */
export interface Note {
  number: number;
  at_ms: number;
  actor: string;
  kind: string;
  text: string;
}

/** An agent's raised hand. Its text is foreign text. */
export interface Flag {
  raised_at_ms: number;
  case?: string;
  text?: string;
}

/** A configured status that the agent may choose, and the kind that it is of. */
export interface StatusChoice {
  status: string;
  kind: Status;
}

/**
 * What an agent's page needs to know of a channel before it acts: fields of the document under their own names.
 *
 * The lists are the codes to choose from, the channel's own or else the workspace's; an empty one leaves the code to
 * whoever writes it.
 */
export interface ChannelSummary {
  pool: Pool;
  cost: number;
  parked_cost: number;
  ring_s: number;
  miss_limit: number;
  wrap_up_s: number;
  wrap_up_extensions: number;
  wake_limit_s: number;
  auto_accept: boolean;
  on_offline: "keep" | "return";
  stages: boolean;
  windows: boolean;
  reachable_offline: boolean;
  on_decline_status?: string;
  decline_reasons?: string[];
  return_reasons?: string[];
  dispositions?: string[];
  cannot_complete_reasons?: string[];
}

/** What an agent holds; empty for the other roles. */
export interface Snapshot {
  at_ms: number;
  agent: AgentState;
  offers: Case[];
  desk: Case[];
  queues: QueueSummary[];
  statuses: StatusChoice[];
  truncated?: boolean;
  channels: Record<string, ChannelSummary>;
}

/**
 * A case that ended in an agent's hands: when (server time), and for how long its owner had worked on it.
 *
 * Of one that has gone on elsewhere since only its state is told.
 */
export interface FinishedCase {
  case: string;
  state: string;
  queue?: string;
  channel?: string;
  ended_at_ms?: number;
  worked_ms?: number;
  disposition?: string;
  card?: Card;
}

/**
 * What an agent has done from `since_ms` to `at_ms`: the answer to `read_day`.
 *
 * `handled` cases ended in its hands, `handed_on` went elsewhere; both are in `worked_ms`, of which `wrap_up_ms` were
 * wrap-up. `recent` are the last that ended in its hands, newest first, however long ago.
 */
export interface Day {
  agent: string;
  at_ms: number;
  since_ms: number;
  handled: number;
  handed_on: number;
  worked_ms: number;
  wrap_up_ms: number;
  offered: number;
  accepted: number;
  declined: number;
  missed: number;
  recent?: FinishedCase[];
}

/** Something found in a document: where, as a JSON path, and what. */
export interface Finding {
  path: string;
  says: string;
}

/** An agent who might get a case; `fails` is the first condition that does not hold, undefined when none fails. */
export interface Candidate {
  agent: string;
  fails?: string;
  until_ms?: number;
  reserved_case?: string;
}

/** The next thing that will change by itself, and when. */
export interface Change {
  what: string;
  at_ms: number;
}

/** Who got a case and how that came about: `rule` is the engine's, absent when `actor` chose. */
export interface Decision {
  event: string;
  position: string;
  at_ms: number;
  agent: string;
  actor: string;
  config: number;
  rule?: string;
  considered?: string[];
  passed?: string[];
}

/** A stay in a queue that ended: by which event, and where its time went, in ms by cause. */
export interface Stay {
  ended_by: string;
  until_ms: number;
  waited: Record<string, number>;
}

/** Why a case is where it is: in one word, by agent, and what changes next. */
export interface Why {
  case: Case;
  at_ms: number;
  config: number;
  reason: string;
  counts: Record<string, number>;
  agents: Candidate[];
  place?: number;
  waiting?: number;
  next_change?: Change;
  estimated_wait_ms?: number;
  waited?: Record<string, number>;
  decisions: Decision[];
  stays: Stay[];
  reserved_agent?: string;
}

/** A configuration that came into force: when, by whom, and a digest of its document. */
export interface ConfigVersion {
  version: number;
  at_ms: number;
  actor: string;
  digest: string;
}

/** A version with its document, every default filled in; `toml` is empty where it was not asked for. */
export interface Config {
  version: number;
  at_ms: number;
  actor: string;
  digest: string;
  document: Record<string, unknown>;
  toml?: string;
}

/** What became of an agent: `created`, `changed`, `unchanged`, `removed`, or `refused` with `code` and `detail`. */
export interface RosterOutcome {
  agent: string;
  done: string;
  code?: string;
  detail?: string;
}

/** A result for each row, in order, then for each agent that left; and who gets no work now. */
export interface RosterPut {
  results: RosterOutcome[];
  warnings: Finding[];
}

/** What is in force now; `refused` are agents of the document that could not be made so. */
export interface ConfigApplied {
  version: number;
  structure_changed: boolean;
  agents: number;
  refused: RosterOutcome[];
  warnings: Finding[];
}

/** One thing that a document adds, changes or no longer names: its fields before and after, and whom it touches. */
export interface ConfigChange {
  section: string;
  name: string;
  change: string;
  fields?: Record<string, [unknown, unknown]>;
  waiting?: number;
  agents?: number;
  classes?: number;
}

/**
 * What a document would do, upon `version`. `refusals` would keep it from doing anything. Of each list the first
 * 500 are told, and of those that are longer `untold` counts the rest.
 */
export interface ConfigEffect {
  version: number;
  is_unchanged: boolean;
  structure: ConfigChange[];
  agents: Record<string, number>;
  refusals: Finding[];
  warnings: Finding[];
  untold: Record<string, number>;
}

/**
 * A minute of a queue, from `at_ms` (server time) on.
 *
 * Of the cases that `arrived` in it: how many were `owned` since, `in_time` of these within the queue's service level;
 * how many were `abandoned`, or `short_abandoned` too soon to count; how many are `overdue`: they still wait, for
 * longer. What happened in it: cases `closed`, offers `missed` and `declined`. At its end, once it is over: `waiting`,
 * and since when the one that had waited longest, where that is known.
 */
export interface Minute {
  queue: string;
  at_ms: number;
  arrived: number;
  owned: number;
  in_time: number;
  abandoned: number;
  short_abandoned: number;
  overdue: number;
  closed: number;
  missed: number;
  declined: number;
  waiting: number;
  oldest_at_ms?: number;
}

/**
 * Something that a supervisor should see. `id` is its own.
 *
 * `type` is that of the engine's event, whose fields these are, or `threshold_crossed`: then `alert` is the
 * threshold's id, `waiting`, `oldest_at_ms` and `level` are as they were at `at_ms` (server time), and it is over at
 * `cleared_at_ms`.
 */
export interface Alert {
  id: string;
  type: string;
  at_ms: number;
  cleared_at_ms?: number;
  alert?: string;
  queue?: string;
  case?: string;
  agent?: string;
  clock?: string;
  due_at_ms?: number;
  rule?: number;
  on?: string;
  reason?: string;
  waiting?: number;
  oldest_at_ms?: number;
  level?: number;
}

/**
 * A node as it told at `at_ms`; it runs since `since_ms` (Unix ms, both by its own clock).
 *
 * Its `connections`, and how many of them are agents' and supervisors'. How much later than wanted its event loop
 * came back (`loop_lag_ms`), how long entries of the log took at most to be handed on (`log_lag_ms`, by the clocks of
 * the store and the node), and how long the store took to answer (`store_ms`), all of the last second.
 */
export interface NodeHealth {
  node: string;
  at_ms: number;
  since_ms: number;
  version: string;
  connections?: number;
  agents?: number;
  supervisors?: number;
  draining?: boolean;
  loop_lag_ms?: number;
  log_lag_ms?: number;
  store_ms?: number;
}

/** A primary of the store as it was last asked; without a `version` it did not answer. */
export interface ServerHealth {
  server: string;
  kind?: string;
  version?: string;
  role?: string;
  replicas?: number;
  memory_bytes?: number;
  memory_limit_bytes?: number;
}

/** All nodes by name, and the store's primaries. */
export interface SystemHealth {
  nodes: NodeHealth[];
  servers: ServerHealth[];
}

/**
 * Somebody who may be handed a case: the units free in each pool, since when it is idle (server time), what would
 * refuse the hand-over (`lacks`), and what keeps the match from it although a hand-over does not ask for it.
 */
export interface Colleague {
  agent: string;
  name: string;
  team: string;
  label: string;
  presence: string;
  free_primary: number;
  free_interruptible: number;
  idle_at_ms: number;
  lacks?: string;
  unqualified?: string;
}

/** The best first; `more` tells that there are others. */
export interface Colleagues {
  items: Colleague[];
  more?: boolean;
}

/** Cases as they are now; `more` tells that others were not looked at or are not told. */
export interface FoundCases {
  items: Case[];
  more?: boolean;
}

/** What an agent is called. */
export interface Named {
  agent: string;
  name: string;
  team: string;
}

export const CASE: Partial<Case> = {
  channel: "",
  priority: 0,
  created_at_ms: 0,
  requested_at_ms: 0,
  state_at_ms: 0,
  wake_pending: false,
  notes: 0,
  worked_ms: 0,
};

export const AGENT_STATE: Partial<AgentState> = {
  name: "",
  team: "",
  status: "offline",
  status_cause: "",
  channels: ["*"],
  presence: "gone",
  presence_at_ms: 0,
  idle_at_ms: 0,
  capacity: 0,
  interruptible_capacity: 0,
  held_primary: 0,
  held_interruptible: 0,
  offers: 0,
  missed: 0,
  waking: 0,
  queues: [],
  queues_by_skill: [],
  skills: {},
  skill_dates: {},
  tiers: {},
  label: "",
  label_before: "",
  channels_before: [],
  auto_accept: false,
  next_status: "",
  limits: {},
  channel_cases: {},
  reserved_case: "",
  ring_factor: 1,
};

export const AGENT_OVERVIEW: Partial<AgentOverview> = {
  name: "",
  team: "",
  status: "offline",
  status_cause: "",
  label: "",
  channels: [],
  next_status: "",
  presence: "gone",
  presence_at_ms: 0,
  capacity: 0,
  interruptible_capacity: 0,
  held_primary: 0,
  held_interruptible: 0,
  offers: 0,
  active: 0,
  parked: 0,
  wrapping: 0,
  queues: [],
  queues_by_skill: [],
  reserved_case: "",
};

export const QUEUE_OVERVIEW: Partial<QueueOverview> = {
  mode: "push",
  retired: false,
  paused: false,
  draining: false,
  open: true,
  waiting: 0,
  offered: 0,
  active: 0,
  parked: 0,
  wrapping: 0,
  service_level_ms: 0,
};

export const QUEUE_SUMMARY: Partial<QueueSummary> = {
  paused: false,
  draining: false,
  open: true,
};

export const WHY: Partial<Why> = {
  decisions: [],
  stays: [],
};

export const ROSTER_PUT: Partial<RosterPut> = {
  warnings: [],
};

export const CONFIG_APPLIED: Partial<ConfigApplied> = {
  refused: [],
  warnings: [],
};

export const CONFIG_EFFECT: Partial<ConfigEffect> = {
  refusals: [],
  warnings: [],
  untold: {},
};

export const MINUTE: Partial<Minute> = {
  arrived: 0,
  owned: 0,
  in_time: 0,
  abandoned: 0,
  short_abandoned: 0,
  overdue: 0,
  closed: 0,
  missed: 0,
  declined: 0,
  waiting: 0,
};

/** The first frame of a connection, within 5 s. */
export interface Hello {
  type: "hello";
  token: string;
  protocol: number;
}

/** What a connection may do before it is refused or closed. */
export interface Limits {
  frame_bytes: number;
  commands_per_second: number;
  connections: number;
}

/**
 * The answer to `hello`: who you are, until when your token holds, who answers, and the state that the events after
 * `position` continue.
 */
export interface Welcome {
  type: "welcome";
  protocol: number;
  workspace: string;
  role: string;
  subject: string;
  server_time_ms: number;
  heartbeat_ms: number;
  limits: Limits;
  snapshot: unknown;
  position: string;
  name?: string;
  scope?: unknown;
  expires_at_ms?: number;
  node?: string;
  version?: string;
}

/** This node is about to stop: come back after so many milliseconds (spread over its clients). */
export interface Draining {
  type: "draining";
  reconnect_after_ms: number;
}

/** Why a command changed nothing. */
export interface Fault {
  code: string;
  detail: string;
  retryable: boolean;
  current?: CaseBrief;
  faults?: Finding[];
}

/** An agent's load after an event. */
export interface Held {
  agent: string;
  primary?: number;
  interruptible?: number;
  offers?: number;
}

/**
 * How a match came about: by which rule, the agent and up to four whose turn was next, and up to five whose turn
 * was sooner but who were kept from the case.
 */
export interface Match {
  rule: string;
  considered?: string[];
  passed?: string[];
}

/**
 * What has changed in a watched workspace: items as they are now, and the names of what is no longer to be seen.
 *
 * `minutes`, `alerts` and `health` are whole, as they are now, too; the alerts are all there are when they come
 * `alerts_anew`, and beside them `alerts_untold` more thresholds are crossed. `begins`: everything follows; the
 * minutes are whole from `figures_since_ms` on. `more`: the next ones belong to these.
 */
export interface Changes {
  agents?: AgentOverview[];
  queues?: QueueOverview[];
  agents_gone?: string[];
  queues_gone?: string[];
  minutes?: Minute[];
  alerts?: Alert[];
  alerts_anew?: boolean;
  alerts_untold?: number;
  health?: SystemHealth;
  figures_since_ms?: number;
  begins?: boolean;
  more?: boolean;
}

/** Those that this version knows; a newer server may send others. */
export type EventType =
  | "agent_presence_changed"
  | "agent_removed"
  | "agent_reserved"
  | "agent_status_changed"
  | "agent_unwatched"
  | "agent_updated"
  | "alert_raised"
  | "automation_triggered"
  | "case_abandoned"
  | "case_accepted"
  | "case_assigned"
  | "case_cancelled"
  | "case_closed"
  | "case_declined"
  | "case_offered"
  | "case_parked"
  | "case_queued"
  | "case_relaxed"
  | "case_reopened"
  | "case_resumed"
  | "case_returned"
  | "case_taken"
  | "case_transferred"
  | "case_updated"
  | "case_wake_pending"
  | "case_wrapping"
  | "clock_moved"
  | "config_applied"
  | "customer_erased"
  | "effect_failed"
  | "flag_answered"
  | "flag_lowered"
  | "flag_raised"
  | "note_added"
  | "offer_expired"
  | "offer_revoked"
  | "owner_notified"
  | "queue_closed"
  | "queue_draining"
  | "queue_empty"
  | "queue_opened"
  | "queue_paused"
  | "queue_resumed"
  | "queues_counted"
  | "reservation_ended"
  | "stage_changed"
  | "target_breached"
  | "target_warned"
  | "transfer_failed"
  | "transfer_offered"
  | "workspace_changed"
  | "wrap_up_extended";

/** One entry of the log, or a word of the node itself; what does not apply is undefined or empty. */
export interface Event {
  type: EventType;
  seq: number;
  position: string;
  log_seq?: number;
  at_ms?: number;
  config?: number;
  actor?: string;
  cause?: string;
  reason?: string;
  previous?: string | number;
  case?: string;
  revision?: number;
  state?: CaseState;
  state_before?: CaseState;
  owner?: string;
  owner_before?: string;
  agent?: string;
  agent_before?: string;
  baton?: string;
  queue?: string;
  queue_before?: string;
  channel?: string;
  priority?: number;
  cost?: number;
  pool?: Pool;
  score?: number;
  requested_at_ms?: number;
  queued_at_ms?: number;
  created_at_ms?: number;
  deadline_at_ms?: number;
  disposition?: string;
  held?: Held[];
  card?: Card;
  status?: Status;
  status_before?: Status;
  status_cause?: string;
  channels?: string[];
  presence?: Presence;
  presence_before?: Presence;
  name?: string;
  team?: string;
  capacity?: number;
  interruptible_capacity?: number;
  missed?: number;
  queues?: string[];
  queues_by_skill?: string[];
  skills?: Record<string, number>;
  skill_dates?: Record<string, Record<string, number>>;
  tiers?: Record<string, number>;
  tier?: string;
  plan_step?: number;
  step?: string;
  due_at_ms?: number;
  preferred_agent?: string;
  preferred_until_ms?: number;
  required_agent?: string;
  notes?: number;
  note?: Note;
  first_owner_due_at_ms?: number;
  completion_due_at_ms?: number;
  first_owner_ms?: number;
  clock?: string;
  rule?: number;
  on?: string;
  overflow_from?: string;
  paused?: boolean;
  draining?: boolean;
  open?: boolean;
  next_change_at_ms?: number;
  alert?: string;
  by_ms?: number;
  label?: string;
  label_before?: string;
  channels_before?: string[];
  auto_accept?: boolean;
  next_status?: string;
  over_capacity?: boolean;
  ends_as?: CaseState;
  extensions?: number;
  parked_cost?: number;
  wake_at_ms?: number;
  wake_pending?: boolean;
  customer_activity?: boolean;
  linked_case?: string;
  target?: string;
  target_before?: string;
  target_baton?: string;
  target_deadline_at_ms?: number;
  decline_reason?: string;
  customer_cases?: number;
  text?: string;
  limits?: Record<string, number>;
  ring_factor?: number;
  stage?: string;
  stage_before?: string;
  window?: Window;
  overlaps?: string;
  place?: string;
  decision?: Match;
  waited?: Record<string, number>;
  worked_ms?: number;
  changes?: Changes;
  waiting?: Record<string, number>;
}

/** A skill that a case asks for until its plan drops it: highest `number` first. */
export interface AdditionalSkill {
  skill: string;
  level?: number;
  number?: number;
}

/** Between which instants an agent's skill counts. */
export interface SkillDates {
  since_ms?: number;
  until_ms?: number;
}

/**
 * A producer's case enters its queue. Without `case` the id is derived from actor and command id.
 *
 * A preferred agent is waited for two minutes, or `preferred_ms`.
 */
export interface SubmitCase {
  type: "submit_case";
  queue: string;
  channel?: string;
  subject: string;
  case?: string;
  customer?: string;
  url?: string;
  priority?: number;
  created_at_ms?: number;
  data?: unknown;
  cost?: number;
  skills?: Record<string, number>;
  additional_skills?: AdditionalSkill[];
  due_at_ms?: number;
  preferred_agent?: string;
  preferred_ms?: number;
  required_agent?: string;
  linked_case?: string;
  window?: Partial<Window>;
  place?: string;
}

/** The agent takes what it was offered. */
export interface AcceptCase {
  type: "accept_case";
  case: string;
  baton: string;
}

/** The agent refuses an offer; the pair (case, agent) cools down. */
export interface DeclineCase {
  type: "decline_case";
  case: string;
  baton: string;
  reason: string;
}

/** The agent claims a waiting case from a pull queue's line. */
export interface TakeCase {
  type: "take_case";
  case: string;
  baton: string;
}

/** The owner, or a supervisor, hands the case back to its queue. */
export interface ReturnCase {
  type: "return_case";
  case: string;
  baton: string;
  reason: string;
  place?: Place;
}

/** The case moves into another queue's line, with its age, or its owner offers it to another agent. */
export interface TransferCase {
  type: "transfer_case";
  case: string;
  baton: string;
  queue?: string;
  reason?: string;
  agent?: string;
}

/** The owner, or a supervisor, ends the work; the case is closed. */
export interface CompleteCase {
  type: "complete_case";
  case: string;
  baton: string;
  disposition?: string;
}

/** The case is withdrawn; an owner who works on it is told at once and wraps up. */
export interface CancelCase {
  type: "cancel_case";
  case: string;
  baton: string;
  reason: string;
}

/**
 * What the case says changes, its owner does not. An empty `skills` or `additional_skills` asks for none, an empty
 * `window` plans it for no time; `customer_activity` wakes a parked case.
 */
export interface UpdateCase {
  type: "update_case";
  case: string;
  baton: string;
  priority?: number;
  subject?: string;
  customer?: string;
  url?: string;
  data?: unknown;
  skills?: Record<string, number>;
  additional_skills?: AdditionalSkill[];
  due_at_ms?: number;
  customer_activity?: boolean;
  window?: Partial<Window>;
  place?: string;
}

/** A supervisor takes an open offer back; it never counts against the agent. */
export interface RevokeOffer {
  type: "revoke_offer";
  case: string;
  baton: string;
  reason: string;
}

/**
 * The agent's own choice: a built-in status or a configured one. `channels` narrows what an online agent accepts;
 * left out, it accepts all that the status does. With `next`, offers stop at once and the status comes when the
 * agent's primary work is done.
 */
export interface SetStatus {
  type: "set_status";
  status: string;
  channels?: string[];
  next?: boolean;
}

/**
 * A supervisor changes an agent; fields left out stay as they are.
 *
 * `skills` come with their `skill_dates`; `tiers`: the agent's tier in queues where it is not 0.
 * `limits`: how many cases of a channel it may have in hand, where that is limited. `ring_factor`: how many times as
 * long as at others an offer rings.
 */
export interface SetAgent {
  type: "set_agent";
  agent: string;
  capacity?: number;
  interruptible_capacity?: number;
  queues?: string[];
  skills?: Record<string, number>;
  skill_dates?: Record<string, SkillDates>;
  tiers?: Record<string, number>;
  auto_accept?: boolean;
  status?: string;
  limits?: Record<string, number>;
  ring_factor?: number;
}

/** Answered with the first page of the queue's line; the queue's events follow on this connection. */
export interface WatchQueue {
  type: "watch_queue";
  queue: string;
  limit?: number;
}

/** Asks why a case is where it is; answered with each agent who might get it and what keeps it from the case. */
export interface WhyCase {
  type: "why_case";
  case: string;
}

/** The queue's events stop. */
export interface Unwatch {
  type: "unwatch";
  queue: string;
}

/** A newer token of the same subject and role; the connection lives as long as it does. */
export interface RefreshToken {
  type: "refresh_token";
  token: string;
}

/** Answered by the node, with nothing: the connection is alive. */
export interface Ping {
  type: "ping";
}

/** An agent who holds nothing leaves the workspace. */
export interface RemoveAgent {
  type: "remove_agent";
  agent: string;
}

/**
 * What is said of a customer goes: card, data and notes of all its cases, here and in the history. The figures
 * stay.
 */
export interface EraseCustomer {
  type: "erase_customer";
  customer: string;
}

/** The customer left before anybody owned the case. */
export interface AbandonCase {
  type: "abandon_case";
  case: string;
  baton: string;
}

/** The agent claims the first case in order that it may take, of one queue or of all its queues. */
export interface TakeNext {
  type: "take_next";
  queue?: string;
}

/** A supervisor gives the case to an agent; above the agent's capacity only when said so. */
export interface AssignCase {
  type: "assign_case";
  case: string;
  baton: string;
  agent: string;
  over_capacity?: boolean;
  reason?: string;
}

/** The owner's work is done but for the wrap-up; the case closes when that ends. */
export interface WrapCase {
  type: "wrap_case";
  case: string;
  baton: string;
  disposition?: string;
}

/** The owner needs the wrap-up's whole time again. */
export interface ExtendWrapUp {
  type: "extend_wrap_up";
  case: string;
  baton: string;
}

/** The owner keeps the case and frees its capacity until it wakes. */
export interface ParkCase {
  type: "park_case";
  case: string;
  baton: string;
  wake_at_ms?: number;
}

/** A parked case is worked on again. */
export interface ResumeCase {
  type: "resume_case";
  case: string;
  baton: string;
}

/** A closed case waits again: a new visit. `preferred_ms`: how long it waits for its last owner alone. */
export interface ReopenCase {
  type: "reopen_case";
  case: string;
  baton: string;
  preferred_ms?: number;
}

/** A text on the case; those who steer may leave the baton out. */
export interface AddNote {
  type: "add_note";
  case: string;
  baton?: string;
  text: string;
}

/** Answered with the case's notes, oldest first. */
export interface ReadNotes {
  type: "read_notes";
  case: string;
}

/** Answered with the case's last events, newest first, or with those before a position that an answer gave. */
export interface ReadHistory {
  type: "read_history";
  case: string;
  before?: string;
  limit?: number;
}

/**
 * Answered with what an agent has done since an instant, to the quarter hour (left out: 24 hours ago), and the
 * cases that ended in its hands last. An agent reads its own and names nobody.
 */
export interface ReadDay {
  type: "read_day";
  agent?: string;
  since_ms?: number;
}

/** Nothing of the queue's is offered or taken until it is resumed; what comes in waits. */
export interface PauseQueue {
  type: "pause_queue";
  queue: string;
  reason?: string;
}

/** Nothing new comes into the queue until it is resumed; what is there is served. */
export interface DrainQueue {
  type: "drain_queue";
  queue: string;
}

/** A pause or a drain ends. */
export interface ResumeQueue {
  type: "resume_queue";
  queue: string;
}

/** The agent gets nothing new, finishes its primary work and is offline then. */
export interface DrainAgent {
  type: "drain_agent";
  agent: string;
}

/** Everything that the agent has in hand goes back to its queues, with its age. */
export interface RequeueAgent {
  type: "requeue_agent";
  agent: string;
  reason: string;
}

/** The agent raises its hand to its supervisors, about a case that it owns or in general; one flag at a time. */
export interface RaiseFlag {
  type: "raise_flag";
  case?: string;
  text?: string;
}

/** The agent needs nobody any more. */
export interface LowerFlag {
  type: "lower_flag";
}

/** A supervisor sees to an agent's flag, which is down then. */
export interface AnswerFlag {
  type: "answer_flag";
  agent: string;
  text?: string;
}

/**
 * How far the owner of an appointment has come; `cannot_complete` needs a reason. `completed` and
 * `cannot_complete` end the case.
 */
export interface SetStage {
  type: "set_stage";
  case: string;
  baton: string;
  stage: Stage;
  reason?: string;
}

/**
 * Answered with the document in force, or with that of one of the last versions; with `toml` also as such a text,
 * of what differs from its default or of all.
 */
export interface ReadConfig {
  type: "read_config";
  version?: number;
  toml?: "changed" | "all";
}

/** Answered with the last versions, newest first, without their documents. */
export interface ReadConfigVersions {
  type: "read_config_versions";
}

/** Another document takes the place of the one in force; one that is a text is TOML. */
export interface ApplyConfig {
  type: "apply_config";
  previous?: number;
  dry_run?: boolean;
  document: unknown;
}

/** One of the last versions comes into force anew. */
export interface RollbackConfig {
  type: "rollback_config";
  previous?: number;
  dry_run?: boolean;
  version: number;
}

/** Answered with everybody who works in the workspace. */
export interface ReadRoster {
  type: "read_roster";
}

/** Rows create and change the agents that they name; with `remove_missing` the others leave. */
export interface PutRoster {
  type: "put_roster";
  rows: unknown;
  remove_missing?: boolean;
  dry_run?: boolean;
}

/** All agents and queues within the sender's scope, then what changes of them. */
export interface WatchWorkspace {
  type: "watch_workspace";
}

/** No longer do. */
export interface UnwatchWorkspace {
  type: "unwatch_workspace";
}

/**
 * Answered with those to whom the case could be handed now, best first; with a text those whose id or name has a
 * word that begins with it.
 */
export interface FindColleagues {
  type: "find_colleagues";
  case: string;
  text?: string;
  limit?: number;
}

/**
 * Answered with the live cases on which, or in whose queue's name, all words of the text stand; and with the case
 * whose id the text is, although it has ended.
 */
export interface SearchCases {
  type: "search_cases";
  text: string;
  queue?: string;
  state?: LiveState;
  agent?: string;
  limit?: number;
}

/** Answered with what these agents are called. */
export interface ReadNames {
  type: "read_names";
  agents: string[];
}

/** Answered with the agent and what it holds; all events that concern it follow on this connection. */
export interface WatchAgent {
  type: "watch_agent";
  agent: string;
}

/** They stop. */
export interface UnwatchAgent {
  type: "unwatch_agent";
  agent: string;
}

/** Answered with a report over the history; the query has the parameters that it has over HTTP. */
export interface ReadReport {
  type: "read_report";
  report: string;
  query?: Record<string, string>;
}

/** Answered with what became of a case, in words. */
export interface ReadLife {
  type: "read_life";
  case: string;
}

/** How many cases wait in each of the agent's queues; whenever that changes, events tell it. */
export interface WatchCounts {
  type: "watch_counts";
}

/** No events tell it any more. */
export interface UnwatchCounts {
  type: "unwatch_counts";
}

export type Command =
  | SubmitCase
  | AcceptCase
  | DeclineCase
  | TakeCase
  | ReturnCase
  | TransferCase
  | CompleteCase
  | CancelCase
  | UpdateCase
  | RevokeOffer
  | SetStatus
  | SetAgent
  | WatchQueue
  | WhyCase
  | Unwatch
  | RefreshToken
  | Ping
  | RemoveAgent
  | EraseCustomer
  | AbandonCase
  | TakeNext
  | AssignCase
  | WrapCase
  | ExtendWrapUp
  | ParkCase
  | ResumeCase
  | ReopenCase
  | AddNote
  | ReadNotes
  | ReadHistory
  | ReadDay
  | PauseQueue
  | DrainQueue
  | ResumeQueue
  | DrainAgent
  | RequeueAgent
  | RaiseFlag
  | LowerFlag
  | AnswerFlag
  | SetStage
  | ReadConfig
  | ReadConfigVersions
  | ApplyConfig
  | RollbackConfig
  | ReadRoster
  | PutRoster
  | WatchWorkspace
  | UnwatchWorkspace
  | FindColleagues
  | SearchCases
  | ReadNames
  | WatchAgent
  | UnwatchAgent
  | ReadReport
  | ReadLife
  | WatchCounts
  | UnwatchCounts;

/** The last word of `POST cases/{verb}`, and the command that it means. */
export interface Verbs {
  accept: AcceptCase;
  decline: DeclineCase;
  take: TakeCase;
  return: ReturnCase;
  transfer: TransferCase;
  complete: CompleteCase;
  cancel: CancelCase;
  revoke: RevokeOffer;
  abandon: AbandonCase;
  assign: AssignCase;
  wrap: WrapCase;
  extend: ExtendWrapUp;
  park: ParkCase;
  resume: ResumeCase;
  reopen: ReopenCase;
  note: AddNote;
  stage: SetStage;
}
