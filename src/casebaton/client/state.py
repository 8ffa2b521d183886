"""What snapshots, pages and replies show of cases, agents and queues."""

from msgspec import Struct

from casebaton.wire.channels import ChannelSummary
from casebaton.wire.words import CaseState, Mode, Pool, Presence, Status


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
    state: CaseState
    owner: str
    queue: str
    baton: str
    revision: int
    channel: str = ""
    priority: int = 0
    agent: str | None = None
    pool: Pool | None = None
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
    ends_as: CaseState | None = None
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
    worked_ms: int = 0


class Note(Struct, frozen=True, kw_only=True, gc=False):
    """A text on a case, numbered from 1. All of it is foreign text."""

    number: int
    at_ms: int
    actor: str
    kind: str
    text: str


class Notes(Struct, frozen=True, kw_only=True, gc=False):
    """A case's notes, oldest first: the answer to `read_notes`."""

    items: tuple[Note, ...]


class CaseBrief(Struct, frozen=True, kw_only=True, gc=False):
    """What a reply and a refusal say of a case."""

    case: str = ""
    state: CaseState = ""
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
    """An agent as it sees itself: since when it has its status, its presence and nothing to do (server time), the units
    that it holds, how many offers it let pass in a row (`missed`), what counts against `limits` (`channel_cases`), and
    how many of its cases wait for room to wake.
    """

    agent: str
    name: str = ""
    team: str = ""
    status: Status = "offline"
    status_cause: str = ""
    status_at_ms: int | None = None
    channels: tuple[str, ...] = ("*",)
    presence: Presence = "gone"
    presence_at_ms: int = 0
    idle_at_ms: int = 0
    capacity: int = 0
    interruptible_capacity: int = 0
    held_primary: int = 0
    held_interruptible: int = 0
    offers: int = 0
    missed: int = 0
    waking: int = 0
    queues: tuple[str, ...] = ()
    queues_by_skill: tuple[str, ...] = ()
    skills: dict[str, int] = {}
    skill_dates: dict[str, dict[str, int]] = {}
    tiers: dict[str, int] = {}
    label: str = ""
    label_before: str = ""
    channels_before: tuple[str, ...] = ()
    auto_accept: bool = False
    next_status: str = ""
    flag: Flag | None = None
    limits: dict[str, int] = {}
    channel_cases: dict[str, int] = {}
    reserved_case: str = ""
    ring_factor: int = 1


class AgentOverview(Struct, frozen=True, kw_only=True, gc=False):
    """An agent as supervisors see it: since when it has its status and presence (server time), the units it holds, how
    many cases ring at it (`offers`), and how many it owns in which state.
    """

    agent: str
    name: str = ""
    team: str = ""
    status: Status = "offline"
    status_cause: str = ""
    status_at_ms: int | None = None
    label: str = ""
    channels: tuple[str, ...] = ()
    next_status: str = ""
    presence: Presence = "gone"
    presence_at_ms: int = 0
    capacity: int = 0
    interruptible_capacity: int = 0
    held_primary: int = 0
    held_interruptible: int = 0
    offers: int = 0
    active: int = 0
    parked: int = 0
    wrapping: int = 0
    queues: tuple[str, ...] = ()
    queues_by_skill: tuple[str, ...] = ()
    flag: Flag | None = None
    reserved_case: str = ""


class Pause(Struct, frozen=True, kw_only=True, gc=False):
    """Since when (server time), by whom (role and name, with a colon between) and for what reason a queue is paused."""

    at_ms: int
    by: str
    reason: str = ""


class QueueOverview(Struct, frozen=True, kw_only=True, gc=False):
    """A queue as supervisors see it: what stops it, how many of its cases are in which state, and since when (server
    time) the one waits that has waited longest. A `retired` one takes nothing new. `service_level_ms`: within what time
    a case should have its first owner.
    """

    queue: str
    mode: Mode = "push"
    retired: bool = False
    paused: bool = False
    pause: Pause | None = None
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None
    waiting: int = 0
    oldest_at_ms: int | None = None
    offered: int = 0
    active: int = 0
    parked: int = 0
    wrapping: int = 0
    service_level_ms: int = 0


class StatusChoice(Struct, frozen=True, kw_only=True, gc=False):
    """A configured status that the agent may choose, and the kind that it is of."""

    status: str
    kind: Status


class QueueSummary(Struct, frozen=True, kw_only=True, gc=False):
    """A queue of the agent; how many wait is as of when the connection began, unless counts are watched."""

    queue: str
    mode: Mode
    waiting: int
    paused: bool = False
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None


class QueuePage(QueueSummary, frozen=True, kw_only=True, gc=False):
    """The first cases of a line: the answer to `watch_queue`. There is a `next_cursor` when more may follow."""

    cases: tuple[Case, ...]
    next_cursor: str | None = None


class FinishedCase(Struct, frozen=True, kw_only=True, gc=False):
    """A case that ended in an agent's hands: when (server time), and for how long its owner had worked on it.

    Of one that has gone on elsewhere since only its state is told.
    """

    case: str
    state: str
    queue: str = ""
    channel: str = ""
    ended_at_ms: int = 0
    worked_ms: int = 0
    disposition: str | None = None
    card: Card | None = None


class Day(Struct, frozen=True, kw_only=True, gc=False):
    """What an agent has done from `since_ms` to `at_ms`: the answer to `read_day`.

    `handled` cases ended in its hands, `handed_on` went elsewhere; both are in `worked_ms`, of which `wrap_up_ms` were
    wrap-up. `recent` are the last that ended in its hands, newest first, however long ago.
    """

    agent: str
    at_ms: int
    since_ms: int
    handled: int
    handed_on: int
    worked_ms: int
    wrap_up_ms: int
    offered: int
    accepted: int
    declined: int
    missed: int
    recent: tuple[FinishedCase, ...] = ()


class Counts(Struct, frozen=True, kw_only=True, gc=False):
    """How many wait in the agent's queues, by queue, at `at_ms`: the answer to `watch_counts`."""

    at_ms: int
    waiting: dict[str, int]


class Snapshot(Struct, frozen=True, kw_only=True, gc=False):
    """What an agent holds; empty for the other roles."""

    at_ms: int = 0
    agent: AgentState | None = None
    offers: tuple[Case, ...] = ()
    desk: tuple[Case, ...] = ()
    queues: tuple[QueueSummary, ...] = ()
    statuses: tuple[StatusChoice, ...] = ()
    truncated: bool = False
    channels: dict[str, ChannelSummary] = {}
