"""The answer to the question why a case is where it is."""

from msgspec import Struct

from casebaton.client.state import Case


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
