"""What the server sends, as the client reads it: tolerant of fields and event types that it does not know.

Each frame is decoded once, into a `Frame`: an `Event` with the three fields that only a reply has.
"""

from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from casebaton.client.board import Alert, Minute, SystemHealth
from casebaton.client.state import (
    AgentOverview,
    Card,
    Case,
    CaseBrief,
    Note,
    QueueOverview,
    QueuePage,
    Snapshot,
    Window,
)
from casebaton.errors import Finding
from casebaton.wire.frames import Welcome
from casebaton.wire.words import CaseState, Pool, Presence, Status

T = TypeVar("T")


class Held(Struct, frozen=True, kw_only=True, gc=False):
    """An agent's load after an event."""

    agent: str
    primary: int = 0
    interruptible: int = 0
    offers: int = 0


class Match(Struct, frozen=True, kw_only=True, gc=False):
    """How a match came about: by which rule, the agent and up to four whose turn was next, and up to five whose turn
    was sooner but who were kept from the case.
    """

    rule: str
    considered: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


class Fault(Struct, frozen=True, kw_only=True, gc=False):
    """Why a command changed nothing."""

    code: str
    detail: str = ""
    retryable: bool = False
    current: CaseBrief | None = None
    faults: tuple[Finding, ...] = ()


class Changes(Struct, frozen=True, kw_only=True, gc=False):
    """What has changed in a watched workspace: items as they are now, and the names of what is no longer to be seen.

    `minutes`, `alerts` and `health` are whole, as they are now, too; the alerts are all there are when they come
    `alerts_anew`, and beside them `alerts_untold` more thresholds are crossed. `begins`: everything follows; the
    minutes are whole from `figures_since_ms` on. `more`: the next ones belong to these.
    """

    agents: tuple[AgentOverview, ...] = ()
    queues: tuple[QueueOverview, ...] = ()
    agents_gone: tuple[str, ...] = ()
    queues_gone: tuple[str, ...] = ()
    minutes: tuple[Minute, ...] = ()
    alerts: tuple[Alert, ...] = ()
    alerts_anew: bool = False
    alerts_untold: int = 0
    health: SystemHealth | None = None
    figures_since_ms: int = 0
    begins: bool = False
    more: bool = False


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
    previous: str | int | None = None  # an event of the case, or of `config_applied` the version before

    case: str = ""
    revision: int = 0
    state: CaseState = ""
    state_before: CaseState | None = None
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
    pool: Pool | None = None
    score: int | None = None
    requested_at_ms: int = 0
    queued_at_ms: int | None = None
    created_at_ms: int = 0
    deadline_at_ms: int | None = None
    disposition: str | None = None
    held: tuple[Held, ...] = ()
    card: Card | None = None

    status: Status = ""
    status_before: Status = ""
    status_cause: str = ""
    channels: tuple[str, ...] = ()
    presence: Presence = ""
    presence_before: Presence = ""
    name: str = ""
    team: str = ""
    capacity: int = 0
    interruptible_capacity: int = 0
    missed: int = 0
    queues: tuple[str, ...] = ()
    queues_by_skill: tuple[str, ...] = ()

    skills: dict[str, int] | None = None
    skill_dates: dict[str, dict[str, int]] = {}
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
    ends_as: CaseState | None = None
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
    ring_factor: int = 1
    stage: str | None = None
    stage_before: str | None = None
    window: Window | None = None
    overlaps: str | None = None
    place: str | None = None
    decision: Match | None = None
    waited: dict[str, int] | None = None
    worked_ms: int | None = None
    changes: Changes | None = None
    waiting: dict[str, int] | None = None


class History(Struct, frozen=True, kw_only=True, gc=False):
    """A page of a case's events, newest first; `next_cursor` asks for those before them.

    `truncated`: the server's log holds nothing before the last of them.
    """

    items: tuple[Event, ...]
    next_cursor: str | None = None
    truncated: bool = False


class Frame(Event, kw_only=True, gc=False):
    """Any frame after `welcome`: a reply carries `id` and either `ok` or `error`."""

    id: str | None = None
    ok: Raw = Raw()
    error: Fault | None = None


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

    def read(self, shape: type[T]) -> T:
        """Read an answer that is rarely asked for."""
        return msgspec.json.decode(self.ok, type=shape)


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
        "agent_unwatched",
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
        "customer_erased",
        "workspace_changed",
        "queues_counted",
    }
)


class _Envelope(Struct, gc=False):
    type: str
    seq: int = 0
    position: str = ""


_decode_frame = msgspec.json.Decoder(Frame).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_decode_brief = msgspec.json.Decoder(CaseBrief).decode
_decode_case = msgspec.json.Decoder(Case).decode
_decode_page = msgspec.json.Decoder(QueuePage).decode
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
