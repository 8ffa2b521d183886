"""The log's events as the book reads them."""

import msgspec
from msgspec import Struct

from casebaton.store.events import Held
from casebaton.store.facts import Window
from casebaton.store.log import Entry

MATCH = "engine:match"  # the actor of what the engine gives to an agent


class Card(Struct, gc=False):
    """What producers write on a case."""

    subject: str = ""
    customer: str = ""
    url: str = ""


class BookEvent(Struct, gc=False):
    """What is read of an entry's body. Absent fields keep these defaults; an event that shows the case whole, as when
    it enters somebody's view, names its `channel`.
    """

    type: str
    log_seq: int
    at_ms: int = 0
    config: int = 0
    erased: bool = False
    customer_key: str = ""
    actor: str = ""
    case: str = ""
    revision: int = 0
    state: str = ""
    state_before: str = ""
    agent: str = ""
    agent_before: str = ""
    queue: str = ""
    queue_before: str = ""
    channel: str = ""
    priority: int | None = None
    skills: dict[str, int] = {}
    created_at_ms: int = 0
    requested_at_ms: int = 0
    card: Card | None = None
    window: Window | None = None
    target: str = ""
    target_before: str = ""
    reason: str = ""
    decline_reason: str = ""
    disposition: str = ""
    stage: str = ""
    stage_before: str = ""
    waited: dict[str, int] | None = None
    overflow_from: str = ""
    held: tuple[Held, ...] = ()
    status: str = ""
    status_cause: str = ""
    label: str = ""
    label_before: str = ""
    next_status: str = ""
    presence: str = ""
    team: str = ""
    capacity: int = 0
    interruptible_capacity: int = 0
    open: bool = True


_decoder = msgspec.json.Decoder(BookEvent)


def read_event(entry: Entry) -> BookEvent:
    """Decode an entry's body. Raises msgspec.DecodeError."""
    return _decoder.decode(entry.body)
