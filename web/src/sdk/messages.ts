// The protocol's messages as TypeScript sees them. The source is src/casebaton/wire/messages.py (commands), frames.py (the others) and
// docs/protocol.md (cases, agents, events): whoever changes those changes this file.

export const PROTOCOL = 1;

export type CaseState = "waiting" | "offered" | "active" | "parked" | "wrapping" | "closed" | "cancelled" | "abandoned";
export type Status = "online" | "busy" | "offline" | "not_responding";
export type Presence = "connected" | "grace" | "gone";
export type Mode = "push" | "pull" | "both";
export type Place = "keep" | "front" | "back";

/** What a case shows of itself. All of it is foreign text. */
export interface Card {
  subject: string;
  customer?: string;
  url?: string;
  place?: string;
}

/** For when a case is planned. */
export interface Window {
  from_ms: number;
  until_ms: number;
}

export interface Case {
  case: string;
  state: CaseState;
  owner: string;
  agent?: string;
  queue: string;
  channel: string;
  pool?: "primary" | "interruptible";
  cost?: number;
  priority: number;
  baton: string;
  revision: number;
  created_at_ms: number;
  requested_at_ms: number;
  queued_at_ms?: number;
  skills?: Record<string, number>;
  tier?: string;
  plan_step?: number;
  due_at_ms?: number;
  state_at_ms: number;
  deadline_at_ms?: number;
  score?: number;
  card?: Card;
  /** Of a wrapping case: what it ends as, and how often its wrap-up was extended. */
  ends_as?: "closed" | "cancelled";
  extensions?: number;
  disposition?: string;
  parked_cost?: number;
  /** Of a parked case: when it wakes, or that it has woken and waits for room. */
  wake_at_ms?: number;
  wake_pending?: boolean;
  linked_case?: string;
  /** A transfer to another agent that is still to be answered. To its target it is an offer, with that baton and deadline. */
  target?: string;
  target_baton?: string;
  target_deadline_at_ms?: number;
  /** Of an appointment: how far its owner has come. */
  stage?: string;
  window?: Window;
}

export interface AgentState {
  agent: string;
  name: string;
  team: string;
  status: Status;
  status_cause: string;
  channels: string[];
  presence: Presence;
  capacity: number;
  interruptible_capacity: number;
  held_primary: number;
  held_interruptible: number;
  offers: number;
  missed: number;
  queues: string[];
  label: string;
  label_before: string;
  channels_before: string[];
  auto_accept: boolean;
  next_status: string;
}

/** A configured status that the agent may choose, and the kind that it is of. */
export interface StatusChoice {
  status: string;
  kind: Status;
}

/** What supervisors and opening hours made of a queue; absent from an older server. */
export interface QueueState {
  paused?: boolean;
  draining?: boolean;
  open?: boolean;
  next_change_at_ms?: number;
}

export interface QueueSummary extends QueueState {
  queue: string;
  mode: Mode;
  waiting: number;
}

export interface QueuePage extends QueueSummary {
  cases: Case[];
}

export interface Snapshot {
  agent: AgentState;
  offers: Case[];
  desk: Case[];
  queues: QueueSummary[];
  statuses: StatusChoice[];
  /** There is more on the desk than it shows. */
  truncated?: boolean;
}

/** What a supervisor sees and steers. */
export interface Scope {
  queues: string[];
  teams: string[];
}

export interface Welcome {
  type: "welcome";
  protocol: number;
  workspace: string;
  role: string;
  subject: string;
  server_time_ms: number;
  heartbeat_ms: number;
  snapshot: Snapshot;
  position: string;
  name?: string;
  scope?: Scope;
  expires_at_ms?: number;
  node?: string;
  version?: string;
}

export interface Draining {
  type: "draining";
  reconnect_after_ms: number;
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

/** Something found in a document: where, as a JSON path, and what. */
export interface Finding {
  path: string;
  says: string;
}

export interface Fault {
  code: string;
  detail: string;
  retryable: boolean;
  current?: Partial<CaseBrief> | null;
  faults?: Finding[];
}

export type Reply =
  | { type: "reply"; id: string; ok: unknown; position: string }
  | { type: "reply"; id: string | null; error: Fault };

interface EventHead {
  seq: number;
  position: string;
  at_ms: number;
  actor: string;
  cause: string;
}

export const CASE_EVENTS = [
  "case_queued", "case_offered", "case_accepted", "case_declined", "offer_expired", "offer_revoked", "case_taken",
  "case_returned", "case_transferred", "case_wrapping", "case_closed", "case_cancelled", "case_updated",
  "case_relaxed", "case_assigned",
  "case_abandoned", "wrap_up_extended",
  "case_parked", "case_resumed", "case_wake_pending", "case_reopened",
  "transfer_offered", "transfer_failed",
  "note_added",
  "stage_changed",
] as const;

/** What an event tells of a case only when the case enters somebody's view; it is left out while the case stays there. */
export const CASE_VIEW = [
  "channel", "pool", "cost", "priority", "created_at_ms", "requested_at_ms", "queued_at_ms", "card", "skills", "tier", "plan_step",
  "due_at_ms", "parked_cost", "linked_case", "window",
] as const;

type CaseView = (typeof CASE_VIEW)[number];

export interface CaseEvent extends EventHead, Omit<Case, "state_at_ms" | CaseView>, Partial<Pick<Case, CaseView>> {
  type: (typeof CASE_EVENTS)[number];
  state_before?: CaseState;
  owner_before?: string;
  agent_before?: string;
  queue_before?: string;
  target_before?: string;
  decline_reason?: string;
  stage_before?: string;
  reason?: string;
  held?: { agent: string; primary: number; interruptible: number; offers: number }[];
}

export interface StatusChanged extends EventHead {
  type: "agent_status_changed";
  agent: string;
  status: Status;
  status_before: Status;
  status_cause: string;
  channels: string[];
  label: string;
  label_before: string;
  channels_before: string[];
  next_status: string;
}

export interface PresenceChanged extends EventHead {
  type: "agent_presence_changed";
  agent: string;
  presence: Presence;
  presence_before: Presence;
}

type Held = "held_primary" | "held_interruptible" | "offers";

export interface AgentUpdated extends EventHead, Omit<AgentState, Held> {
  type: "agent_updated";
}

export interface ClockMoved extends EventHead {
  type: "clock_moved";
  by_ms: number;
}

export interface QueueChanged extends EventHead, QueueState {
  type: "queue_paused" | "queue_draining" | "queue_resumed" | "queue_opened" | "queue_closed";
  queue: string;
}

/** Events this client has no use for, and those a newer server may send: they only count in `seq`. */
export interface OtherEvent extends EventHead {
  type: "alert_raised" | "config_applied" | "queue_empty";
}

export type Event = CaseEvent | StatusChanged | PresenceChanged | AgentUpdated | ClockMoved | OtherEvent | QueueChanged;

interface OnCase {
  case: string;
  baton: string;
}

export type Command =
  | ({ type: "accept_case" } & OnCase)
  | ({ type: "decline_case"; reason: string } & OnCase)
  | ({ type: "take_case" } & OnCase)
  | ({ type: "return_case"; reason: string; place: Place } & OnCase)
  | ({ type: "transfer_case"; queue?: string; agent?: string; reason?: string } & OnCase)
  | ({ type: "complete_case"; disposition?: string } & OnCase)
  | { type: "set_status"; status: string; channels?: string[]; next?: boolean }
  | { type: "watch_queue"; queue: string; limit: number }
  | { type: "unwatch"; queue: string }
  | { type: "take_next"; queue?: string }
  | ({ type: "wrap_case"; disposition?: string } & OnCase)
  | ({ type: "extend_wrap_up" } & OnCase)
  | ({ type: "park_case"; wake_at_ms?: number } & OnCase)
  | ({ type: "resume_case" } & OnCase);

const CASE_EVENT_NAMES: ReadonlySet<string> = new Set(CASE_EVENTS);

export function isCaseEvent(event: Event): event is CaseEvent {
  return CASE_EVENT_NAMES.has(event.type);
}
