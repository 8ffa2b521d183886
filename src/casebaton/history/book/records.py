"""What the book goes on with: of each case, agent and queue what is under way. It is stored with what it has amounted
to, so that a book can be opened anywhere.

A field is only ever added, with a default, and never given another meaning: records of older versions are read.
"""

from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from casebaton.store.facts import Window

SKILLS_CHARACTERS = 1000  # a key of an index cannot be much longer; names of further skills are left out

Kind = Literal["case", "agent", "queue", "levels"]


class Work(NamedTuple):
    """What a case asked when a visit or a stay of it began: the dimensions of reports about queues. A priority of -1 is
    not known.
    """

    queue: str
    channel: str = ""
    priority: int = -1
    skills: str = ""


class Lengths(Struct, omit_defaults=True, gc=False, kw_only=True):
    """How long a case was worked on, was parked, was wrapped up; `away_ms` of the first and the last its owner was
    offline.
    """

    active_ms: int = 0
    parked_ms: int = 0
    wrap_up_ms: int = 0
    away_ms: int = 0

    @property
    def handled_ms(self) -> int:
        """The handle time."""
        return self.active_ms + self.wrap_up_ms - self.away_ms

    def columns(self) -> dict[str, int]:
        """As tables have them."""
        return {name: getattr(self, name) for name in LENGTHS}

    def add(self, lengths: dict[str, int]) -> None:
        """So much more of them."""
        for name, ms in lengths.items():
            setattr(self, name, getattr(self, name) + ms)


LENGTHS = Lengths.__struct_fields__


class Visit(Lengths, omit_defaults=True, gc=False):
    """A visit of a case whose beginning is known: what it asked, and what has become of it so far."""

    work: Work
    began_how: str
    arrived_at_ms: int
    created_at_ms: int
    requested_at_ms: int
    open_ms: int  # its arrival, by the queue's open time
    target_ms: int
    owned_at_ms: int | None = None
    owned_by: str = ""
    owned_how: str = ""
    open_wait_ms: int = 0
    stays: int = 0
    offers: int = 0
    declined: int = 0
    missed: int = 0
    revoked: int = 0
    returned: int = 0
    transferred: int = 0


class Stay(Struct, omit_defaults=True, gc=False):
    """A stay in a line whose beginning is known."""

    began_at_ms: int
    began_how: str
    is_first: bool


class Offer(Struct, omit_defaults=True, gc=False):
    """What rings at an agent: since when."""

    agent: str
    offered_at_ms: int
    reason: str = ""  # of a colleague who hands the case over


class Stint(Lengths, omit_defaults=True, gc=False):
    """An ownership whose beginning is known."""

    began_at_ms: int
    began_how: str
    is_shared: bool = False


class CaseRecord(Struct, omit_defaults=True, gc=False):
    """A live case as of its last event."""

    state: str
    agent: str
    revision: int
    visit_number: int
    work: Work  # of its last stay
    state_at_ms: int = 0  # of one in hand: since when it is in this state and these hands
    away_ms: int = 0  # its owner's time offline before that
    is_owned: bool = False  # has somebody owned it on this visit?
    customer: str = ""
    subject: str = ""
    url: str = ""
    window: Window | None = None
    requested_at_ms: int | None = None
    touched_at_ms: int = 0
    visit: Visit | None = None
    stay: Stay | None = None
    offer: Offer | None = None
    transfer: Offer | None = None
    stint: Stint | None = None
    stage: str = ""
    stage_at_ms: int | None = None
    cancel_reason: str = ""  # while an owner wraps up what was withdrawn


class AgentRecord(Struct, omit_defaults=True, gc=False):
    """An agent as of its last event, or of the last quarter hour. Texts that are empty and numbers of -1 are not known
    yet.
    """

    team: str = ""
    status: str = ""
    label: str = ""
    label_at_ms: int | None = None
    presence: str = ""
    capacity: int = -1
    interruptible_capacity: int = -1
    held_primary: int = -1
    held_interruptible: int = -1
    offers: int = 0
    counted_at_ms: int = 0  # up to when its time is in the sums
    is_reachable: bool = False  # while it is gone: a match has found it all the same
    offline_ms: int = 0  # in all, before `offline_at_ms`
    offline_at_ms: int | None = None
    touched_at_ms: int = 0

    @property
    def is_known(self) -> bool:
        """Is all of it known that its time is counted by?"""
        return bool(self.status and self.presence) and self.capacity >= 0 and self.held_primary >= 0

    @property
    def is_there(self) -> bool:
        """Is it where work can reach it? Gone, it is while it has something in hand, or once a match has found it."""
        holds = self.held_primary + self.held_interruptible + self.offers > 0
        return self.presence != "gone" or (self.status != "offline" and (holds or self.is_reachable))

    def away_ms(self, at_ms: int) -> int:
        """For how long it has been offline in all."""
        return self.offline_ms + (0 if self.offline_at_ms is None else at_ms - self.offline_at_ms)


class QueueRecord(Struct, omit_defaults=True, gc=False):
    """A queue's opening hours as they have passed, and its service level as it stands."""

    is_open: bool = True
    since_ms: int = 0  # since when it is open or closed; 0: nobody knows
    is_begin_known: bool = True  # or only that it was so then?
    shut_ms: int = 0  # for how long it was closed before that
    target_ms: int | None = None

    def open_ms(self, at_ms: int) -> int:
        """An instant by the queue's open time, which stands still while it is closed."""
        return (at_ms if self.is_open else self.since_ms) - self.shut_ms


Record = CaseRecord | AgentRecord | QueueRecord

_encoder = msgspec.msgpack.Encoder()
encode = _encoder.encode


def skills_of(skills: dict[str, int]) -> str:
    """The names of required skills as a column has them: `,french,german,`."""
    text = "," if skills else ""
    for name in sorted(skills):
        if len(text) + len(name) + 1 > SKILLS_CHARACTERS:
            break
        text += name + ","
    return text
