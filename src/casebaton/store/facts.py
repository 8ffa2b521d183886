"""What the log says of one case, agent or queue at one entry: what a fold is made of, and what a checkpoint keeps."""

from typing import Literal

from msgspec import Struct

Pool = Literal["primary", "interruptible"]
ENDED = frozenset({"closed", "cancelled", "abandoned"})
IN_LINE = frozenset({"waiting", "offered"})
IN_HAND = frozenset({"active", "parked", "wrapping"})


class Holding(Struct, frozen=True):
    """What one case puts into one agent's hands."""

    agent: str
    units: int
    offers: int
    waking: int
    cases: int  # of its channel, as they count against a limit


class Window(Struct, frozen=True):
    """For when a case is planned."""

    from_ms: int
    until_ms: int


class CaseFact(Struct, frozen=True, omit_defaults=True):
    """A live case as the log has it. `agent` is empty while it waits; `target` is whom a transfer still rings at."""

    state: str
    queue: str
    baton: str
    revision: int
    score: int
    channel: str
    pool: Pool
    cost: int
    priority: int
    agent: str = ""
    skills: dict[str, int] = {}
    tier: str = "*"
    notes: int = 0
    parked_cost: int = 0
    wake_pending: bool = False
    target: str = ""
    target_baton: str = ""
    stage: str = ""
    reserved_agent: str = ""
    queued_at_ms: int = 0
    window: Window | None = None

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """What it puts into the hands of its agent and of its transfer's target."""
        units = self.parked_cost if self.state == "parked" else self.cost
        counts = self.state != "parked" or self.parked_cost > 0
        holder = Holding(self.agent, units, int(self.state == "offered"), int(self.wake_pending), int(counts))
        target = Holding(self.target, self.cost, 1, 0, 1)
        return tuple(holding for holding in (holder, target) if holding.agent)

    @property
    def owner(self) -> str:
        """The one owner that the state implies."""
        return f"queue:{self.queue}" if self.state in IN_LINE else f"agent:{self.agent}"


class FlagFact(Struct, frozen=True, omit_defaults=True):
    """An agent's raised hand, without what people wrote."""

    raised_at_ms: int
    case: str = ""


class AgentFact(Struct, frozen=True, omit_defaults=True):
    """An agent as the log has it. What is held is the sum over its cases, not what the events claim."""

    status: str = "offline"
    presence: str = "gone"
    channels: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    capacity: int = 0
    interruptible_capacity: int = 0
    held_primary: int = 0
    held_interruptible: int = 0
    offers: int = 0
    skills: dict[str, int] = {}
    tiers: dict[str, int] = {}
    label: str = ""
    auto_accept: bool = False
    next_status: str = ""
    waking: int = 0
    flag: FlagFact | None = None
    limits: dict[str, int] = {}
    channel_cases: dict[str, int] = {}
    reserved_case: str = ""
    ring_factor: int = 1


class QueueFact(Struct, frozen=True, omit_defaults=True):
    """What commands and hours made of a queue, as the log has it."""

    paused: bool = False
    draining: bool = False
    open: bool = True
