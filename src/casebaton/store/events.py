"""The log's events as a fold reads them: their kinds, and the steps of a case's life that they are."""

import msgspec
from msgspec import Struct

from casebaton.store.facts import IN_HAND, IN_LINE, Pool, Window
from casebaton.store.log import Entry

# Case event -> the states it may come from (None: not there before) and the one it leads to (None: the same as before).
TRANSITIONS: dict[str, tuple[frozenset[str | None], str | None]] = {
    "case_queued": (frozenset({None}), "waiting"),
    "case_offered": (frozenset({"waiting"}), "offered"),
    "case_accepted": (frozenset({"offered"}), "active"),
    "case_taken": (frozenset({"waiting"}), "active"),
    "case_declined": (frozenset({"offered"}), "waiting"),
    "offer_expired": (frozenset({"offered"}), "waiting"),
    "offer_revoked": (frozenset({"offered"}), "waiting"),
    "case_returned": (IN_HAND, "waiting"),
    "case_transferred": (IN_LINE | IN_HAND, "waiting"),
    "case_wrapping": (frozenset({"active"}), "wrapping"),
    "case_closed": (IN_HAND, "closed"),
    "case_cancelled": (IN_LINE | frozenset({"parked", "wrapping"}), "cancelled"),
    "case_updated": (IN_LINE | IN_HAND, None),
    "case_relaxed": (IN_LINE, None),
    "case_abandoned": (IN_LINE, "abandoned"),
    "case_assigned": (IN_LINE | IN_HAND, "active"),
    "wrap_up_extended": (frozenset({"wrapping"}), "wrapping"),
    "case_parked": (frozenset({"active"}), "parked"),
    "case_resumed": (frozenset({"parked"}), "active"),
    "case_wake_pending": (frozenset({"parked"}), "parked"),
    "case_reopened": (frozenset({None}), "waiting"),
    "transfer_offered": (frozenset({"active"}), "active"),
    "transfer_failed": (frozenset({"active"}), "active"),
    "note_added": (IN_LINE | IN_HAND, None),
    "stage_changed": (IN_HAND, None),
}
# What changes a case where it is: whoever showed the baton before may still show it.
KEEPS_BATON = frozenset(
    {"case_updated", "case_relaxed", "wrap_up_extended", "case_wake_pending", "transfer_offered", "transfer_failed"}
    | {"note_added"}
    | {"stage_changed"}
)
RESERVATION = frozenset({"agent_reserved", "reservation_ended"})
FLAG = frozenset({"flag_raised", "flag_lowered", "flag_answered"})
OTHERS = frozenset({"workspace_created", "config_applied", "clock_moved", "alert_raised", "queue_empty"}) | frozenset(
    {"target_warned", "target_breached", "automation_triggered", "owner_notified", "effect_failed", "customer_erased"}
)
QUEUE_EVENTS = frozenset({"queue_paused", "queue_draining", "queue_resumed", "queue_opened", "queue_closed"})


class Held(Struct):
    """An agent's load, as a case event claims it."""

    agent: str
    primary: int
    interruptible: int
    offers: int


class LogEvent(Struct, frozen=True):
    """What the fold reads of an entry's body. Absent fields keep these defaults."""

    type: str
    log_seq: int
    case: str = ""
    revision: int = 0
    state: str = ""
    state_before: str | None = None
    owner: str = ""
    owner_before: str | None = None
    agent: str = ""
    agent_before: str = ""
    queue: str = ""
    queue_before: str = ""
    baton: str = ""
    score: int = 0
    channel: str | None = None
    pool: Pool | None = None
    cost: int | None = None
    priority: int | None = None
    held: tuple[Held, ...] = ()
    status: str = ""
    status_before: str = ""
    presence: str = ""
    presence_before: str = ""
    channels: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    capacity: int = 0
    interruptible_capacity: int = 0
    skills: dict[str, int] | None = None
    tier: str | None = None
    tiers: dict[str, int] = {}
    label: str = ""
    label_before: str = ""
    auto_accept: bool = False
    next_status: str = ""
    over_capacity: bool = False
    parked_cost: int | None = None
    wake_pending: bool = False
    target: str = ""
    target_before: str = ""
    target_baton: str = ""
    notes: int | None = None
    stage: str = ""
    stage_before: str = ""
    window: Window | None = None
    paused: bool = False
    draining: bool = False
    open: bool = True
    at_ms: int = 0
    limits: dict[str, int] = {}
    ring_factor: int = 1
    queued_at_ms: int | None = None
    waited: dict[str, int] | None = None


_decoder = msgspec.json.Decoder(LogEvent)


def read_event(entry: Entry) -> LogEvent:
    """Decode an entry's body. Raises msgspec.ValidationError."""
    return _decoder.decode(entry.body)
