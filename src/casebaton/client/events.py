"""What the server sends, as the client reads it: tolerant of fields and event types that it does not know.

Each frame is decoded once, into a `Frame`: an `Event` with the three fields that only a reply has.
"""

import msgspec
from msgspec import Raw, Struct

from casebaton.wire.frames import Welcome


class Card(Struct, frozen=True, kw_only=True, gc=False):
    """What a case shows of itself. All of it is foreign text."""

    subject: str = ""
    customer: str | None = None
    url: str | None = None
    place: str | None = None


class Window(Struct, frozen=True, gc=False):
    """For when a case is planned, in server time."""

    from_ms: int
    until_ms: int


class Case(Struct, frozen=True, kw_only=True, gc=False):
    """A case in a snapshot, a page, or after an event. Instants are server time."""

    case: str
    state: str
    owner: str
    queue: str
    baton: str
    revision: int
    channel: str = ""
    priority: int = 0
    agent: str | None = None
    pool: str | None = None
    cost: int | None = None
    score: int | None = None
    created_at_ms: int = 0
    requested_at_ms: int = 0
    queued_at_ms: int | None = None
    state_at_ms: int = 0
    deadline_at_ms: int | None = None
    card: Card | None = None
    skills: dict[str, int] | None = None
    tier: str | None = None
    plan_step: int | None = None
    due_at_ms: int | None = None
    preferred_agent: str | None = None
    preferred_until_ms: int | None = None
    required_agent: str | None = None
    ends_as: str | None = None
    extensions: int | None = None
    disposition: str | None = None
    parked_cost: int | None = None
    wake_at_ms: int | None = None
    wake_pending: bool = False
    linked_case: str | None = None
    target: str | None = None
    target_baton: str | None = None
    target_deadline_at_ms: int | None = None
    notes: int = 0
    first_owner_due_at_ms: int | None = None
    completion_due_at_ms: int | None = None
    stage: str | None = None
    window: Window | None = None


class Note(Struct, frozen=True, kw_only=True, gc=False):
    """A text on a case, numbered from 1. All of it is foreign text."""

    number: int
    at_ms: int
    actor: str
    kind: str
    text: str


class CaseBrief(Struct, frozen=True, kw_only=True, gc=False):
    """What a reply and a refusal say of a case."""

    case: str = ""
    state: str = ""
    owner: str = ""
    agent: str | None = None
    baton: str = ""
    revision: int = 0


class Flag(Struct, frozen=True, kw_only=True, gc=False):
    """An agent's raised hand. Its text is foreign text."""

    raised_at_ms: int
    case: str | None = None
    text: str | None = None


class AgentState(Struct, frozen=True, kw_only=True, gc=False):
    """An agent as it sees itself."""

    agent: str
    name: str = ""
    team: str = ""
    status: str = "offline"
    status_cause: str = ""
    channels: tuple[str, ...] = ("*",)
    presence: str = ""
    capacity: int = 0
    interruptible_capacity: int = 0
    held_primary: int = 0
    held_interruptible: int = 0
    offers: int = 0
    queues: tuple[str, ...] = ()
    skills: dict[str, int] = {}
    tiers: dict[str, int] = {}
    label: str = ""
    label_before: str = ""
    channels_before: tuple[str, ...] = ()
    auto_accept: bool = False
    next_status: str = ""
    flag: Flag | None = None
    limits: dict[str, int] = {}
    reserved_case: str = ""


class StatusChoice(Struct, frozen=True, kw_only=True, gc=False):
    """A configured status that the agent may choose, and the kind that it is of."""

    status: str
    kind: str


class QueueSummary(Struct, frozen=True, kw_only=True, gc=False):
    """A queue of the agent, as it was when the connection began."""

    queue: str
    mode: str
    waiting: int
    paused: bool = False
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None


class QueuePage(QueueSummary, frozen=True, kw_only=True, gc=False):
    """The first cases of a line: the answer to `watch_queue`."""

    cases: tuple[Case, ...]


class Snapshot(Struct, frozen=True, kw_only=True, gc=False):
    """What an agent holds; empty for the other roles."""

    agent: AgentState | None = None
    offers: tuple[Case, ...] = ()
    desk: tuple[Case, ...] = ()
    queues: tuple[QueueSummary, ...] = ()
    statuses: tuple[StatusChoice, ...] = ()
    truncated: bool = False


class Held(Struct, frozen=True, kw_only=True, gc=False):
    """An agent's load after an event."""

    agent: str
    primary: int = 0
    interruptible: int = 0
    offers: int = 0


class Fault(Struct, frozen=True, kw_only=True, gc=False):
    """Why a command changed nothing."""

    code: str
    detail: str = ""
    retryable: bool = False
    current: CaseBrief | None = None


class Event(Struct, kw_only=True, gc=False):
    """One entry of the log, or a word of the node itself; what does not apply is None or empty."""

    type: str
    seq: int = 0
    position: str = ""
    log_seq: int = 0
    at_ms: int = 0
    config: int = 0
    actor: str = ""
    cause: str = ""
    reason: str | None = None

    case: str = ""
    revision: int = 0
    state: str = ""
    state_before: str | None = None
    owner: str = ""
    owner_before: str | None = None
    agent: str | None = None
    agent_before: str | None = None
    baton: str = ""
    queue: str = ""
    queue_before: str | None = None
    channel: str = ""
    priority: int = 0
    cost: int | None = None
    pool: str | None = None
    score: int | None = None
    requested_at_ms: int = 0
    queued_at_ms: int | None = None
    created_at_ms: int = 0
    deadline_at_ms: int | None = None
    disposition: str | None = None
    held: tuple[Held, ...] = ()
    card: Card | None = None

    status: str = ""
    status_before: str = ""
    status_cause: str = ""
    channels: tuple[str, ...] = ()
    presence: str = ""
    presence_before: str = ""
    name: str = ""
    team: str = ""
    capacity: int = 0
    interruptible_capacity: int = 0
    queues: tuple[str, ...] = ()

    skills: dict[str, int] | None = None
    tiers: dict[str, int] = {}
    tier: str | None = None
    plan_step: int | None = None
    step: str = ""
    due_at_ms: int | None = None
    preferred_agent: str | None = None
    preferred_until_ms: int | None = None
    required_agent: str | None = None
    notes: int = 0
    note: Note | None = None
    first_owner_due_at_ms: int | None = None
    completion_due_at_ms: int | None = None
    first_owner_ms: int | None = None
    clock: str = ""
    rule: int = 0
    on: str = ""

    overflow_from: str | None = None
    paused: bool = False
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None

    alert: str = ""
    by_ms: int = 0
    reconnect_after_ms: int = 0

    label: str = ""
    label_before: str = ""
    channels_before: tuple[str, ...] = ()
    auto_accept: bool = False
    next_status: str = ""
    over_capacity: bool = False
    ends_as: str | None = None
    extensions: int | None = None
    parked_cost: int | None = None
    wake_at_ms: int | None = None
    wake_pending: bool = False
    customer_activity: bool = False
    linked_case: str | None = None
    target: str | None = None
    target_before: str | None = None
    target_baton: str | None = None
    target_deadline_at_ms: int | None = None
    decline_reason: str | None = None
    customer_cases: int | None = None
    text: str | None = None
    limits: dict[str, int] = {}
    stage: str | None = None
    stage_before: str | None = None
    window: Window | None = None
    overlaps: str | None = None


class Frame(Event, kw_only=True, gc=False):
    """Any frame after `welcome`: a reply carries `id` and either `ok` or `error`."""

    id: str | None = None
    ok: Raw = Raw()
    error: Fault | None = None


class Candidate(Struct, frozen=True, kw_only=True, gc=False):
    """An agent who might get a case; `fails` is the first condition that does not hold, None when none fails."""

    agent: str
    fails: str | None = None
    until_ms: int | None = None
    reserved_case: str | None = None


class Change(Struct, frozen=True, kw_only=True, gc=False):
    """The next thing that will change by itself, and when."""

    what: str
    at_ms: int


class Decision(Struct, frozen=True, kw_only=True):
    """Who got a case and how that came about: `rule` is the engine's, absent when `actor` chose."""

    event: str
    position: str
    at_ms: int
    agent: str
    actor: str
    config: int
    rule: str | None = None
    considered: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


class Stay(Struct, frozen=True, kw_only=True):
    """A stay in a queue that ended: by which event, and where its time went, in ms by cause."""

    ended_by: str
    until_ms: int
    waited: dict[str, int]


class Why(Struct, frozen=True, kw_only=True):
    """Why a case is where it is: in one word, by agent, and what changes next."""

    case: Case
    at_ms: int
    config: int
    reason: str
    counts: dict[str, int]
    agents: tuple[Candidate, ...]
    place: int | None = None
    waiting: int | None = None
    next_change: Change | None = None
    estimated_wait_ms: int | None = None
    waited: dict[str, int] | None = None
    decisions: tuple[Decision, ...] = ()
    stays: tuple[Stay, ...] = ()
    reserved_agent: str | None = None


class Reply(Struct, frozen=True, kw_only=True):
    """A command was accepted; `position` is its place in the log."""

    ok: Raw
    position: str

    def brief(self) -> CaseBrief:
        """Read what the reply says of the case."""
        return _decode_brief(self.ok)

    def case(self) -> Case:
        """Read the whole case that answers `take_next`."""
        return _decode_case(self.ok)

    def page(self) -> QueuePage:
        """Read the page that answers `watch_queue`."""
        return _decode_page(self.ok)

    def why(self) -> Why:
        """Read the answer to `why_case`."""
        return _decode_why(self.ok)

    def notes(self) -> tuple[Note, ...]:
        """Read the notes that answer `read_notes`."""
        return _decode_notes(self.ok).items


# Event types whose fields are known. Any other type may use the same names for something else.
KNOWN_TYPES = frozenset(
    {
        "reply",
        "draining",
        "case_queued",
        "case_offered",
        "case_accepted",
        "case_declined",
        "offer_expired",
        "offer_revoked",
        "case_taken",
        "case_returned",
        "case_transferred",
        "case_wrapping",
        "case_closed",
        "case_cancelled",
        "case_updated",
        "case_relaxed",
        "case_assigned",
        "agent_status_changed",
        "agent_presence_changed",
        "agent_updated",
        "alert_raised",
        "clock_moved",
        "config_applied",
        "agent_removed",
        "case_abandoned",
        "wrap_up_extended",
        "case_parked",
        "case_resumed",
        "case_wake_pending",
        "case_reopened",
        "transfer_offered",
        "transfer_failed",
        "note_added",
        "stage_changed",
        "target_warned",
        "target_breached",
        "flag_raised",
        "flag_lowered",
        "flag_answered",
        "automation_triggered",
        "owner_notified",
        "effect_failed",
        "queue_paused",
        "queue_draining",
        "queue_resumed",
        "queue_empty",
        "queue_opened",
        "queue_closed",
        "agent_reserved",
        "reservation_ended",
    }
)


class _Notes(Struct, gc=False):
    items: tuple[Note, ...]


class _Envelope(Struct, gc=False):
    type: str
    seq: int = 0
    position: str = ""


_decode_frame = msgspec.json.Decoder(Frame).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_decode_brief = msgspec.json.Decoder(CaseBrief).decode
_decode_case = msgspec.json.Decoder(Case).decode
_decode_page = msgspec.json.Decoder(QueuePage).decode
_decode_why = msgspec.json.Decoder(Why).decode
_decode_notes = msgspec.json.Decoder(_Notes).decode
_decode_snapshot = msgspec.json.Decoder(Snapshot).decode
decode_welcome = msgspec.json.Decoder(Welcome).decode


def decode_snapshot(welcome: Welcome) -> Snapshot:
    """Read a welcome's snapshot; raises `msgspec.DecodeError`."""
    return _decode_snapshot(welcome.snapshot)


def decode_type(data: bytes) -> str:
    """Read only what kind of frame it is; raises `msgspec.DecodeError`."""
    return _decode_envelope(data).type


def decode_frame(data: bytes) -> Frame:
    """Read a frame. Of an unknown type whose fields do not fit, only type, `seq` and position are kept.

    Raises `msgspec.DecodeError` for a known type that does not fit.
    """
    try:
        return _decode_frame(data)
    except msgspec.ValidationError:
        envelope = _decode_envelope(data)
        if envelope.type in KNOWN_TYPES:
            raise
        return Frame(type=envelope.type, seq=envelope.seq, position=envelope.position)
