"""Follows each case from hand to hand, as the log tells it, and notices what must never be.

It shares nothing with the fold of the audit: it knows who has a case, since when an agent has been away, and what the
clients say they saw.
"""

from collections import Counter
from collections.abc import Set as AbstractSet

import msgspec
from msgspec import Struct

ENDED = frozenset({"closed", "cancelled", "abandoned"})


class Event(Struct, frozen=True):
    """What is read of an entry."""

    type: str
    at_ms: int
    case: str = ""
    state: str = ""
    state_before: str = ""
    owner: str = ""
    owner_before: str = ""
    agent: str = ""
    baton: str = ""
    presence: str = ""
    reason: str = ""


read = msgspec.json.Decoder(Event).decode


class Held(Struct):
    """A live case: who has it, and when it came there."""

    state: str
    owner: str
    agent: str
    baton: str
    since_ms: int


class Found(Struct):
    """What the log came to. `open` counts live cases by their state."""

    events: int = 0
    cases: int = 0
    two_owners: int = 0
    batons_twice: int = 0
    offers: int = 0
    offers_lost: int = 0
    expired: int = 0
    revoked: int = 0
    falsely_revoked: int = 0
    open: Counter[str] = msgspec.field(default_factory=Counter)


class Custody:
    """Takes the events of one workspace, or of several whose cases and agents have different names, in order.

    `seen` are the batons of the offers that clients saw. An offer is *lost* when it rang to its end at an agent who was
    there: simulated agents answer each offer that they see, so they did not see it, or were not heard. It is *falsely
    revoked* when it was taken back as its agent's loss although that agent had not been away for the grace time and it
    had not rung to its end.
    """

    def __init__(self, seen: AbstractSet[str], *, grace_ms: int, ring_ms: int) -> None:
        self.found = Found()
        self._seen = seen
        self._grace_ms = grace_ms
        self._ring_ms = ring_ms
        self._cases: dict[str, Held] = {}
        self._away_since: dict[str, int | None] = {}
        self._batons: set[str] = set()

    def see(self, event: Event) -> None:
        """Take the next event."""
        self.found.events += 1
        if event.type == "agent_presence_changed":
            self._see_presence(event)
        elif event.case and event.state:
            self._see_case(event)

    def end(self) -> Found:
        """The log ends here."""
        self.found.open = Counter(held.state for held in self._cases.values())
        return self.found

    def _see_presence(self, event: Event) -> None:
        if event.presence == "connected":
            self._away_since[event.agent] = None
        elif event.presence == "grace":
            self._away_since[event.agent] = event.at_ms

    def _see_case(self, event: Event) -> None:
        before = self._cases.get(event.case)
        if before is None:
            self.found.cases += 1
        else:
            went_on = (event.state_before, event.owner_before) == (before.state, before.owner)
            self.found.two_owners += not went_on
            self._judge_end_of_offer(event, before)
        if event.type == "case_offered":
            self.found.offers += 1
        since_ms = event.at_ms
        if before is not None and before.baton == event.baton:
            since_ms = before.since_ms
        elif event.baton:
            self.found.batons_twice += event.baton in self._batons
            self._batons.add(event.baton)
        if event.state in ENDED:
            self._cases.pop(event.case, None)
        else:
            self._cases[event.case] = Held(event.state, event.owner, event.agent, event.baton, since_ms)

    def _judge_end_of_offer(self, event: Event, before: Held) -> None:
        away_since = self._away_since.get(before.agent)
        if event.type == "offer_expired":
            self.found.expired += 1
            self.found.offers_lost += away_since is None and before.baton not in self._seen
        elif event.type == "offer_revoked":
            self.found.revoked += 1
            was_away = away_since is not None and event.at_ms - away_since >= self._grace_ms
            rang_out = away_since is not None and event.at_ms - before.since_ms >= self._ring_ms
            self.found.falsely_revoked += event.reason == "agent_lost" and not (was_away or rang_out)
