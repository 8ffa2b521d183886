"""The log's events as a supervisor's view reads them: one decoding for all that is folded of an entry there."""

import msgspec
from msgspec import Struct

from casebaton.store.events import Held
from casebaton.store.log import Entry


class OverviewEvent(Struct, gc=False):
    """What is read of an entry's body. Absent fields keep these defaults."""

    type: str
    log_seq: int
    at_ms: int = 0
    actor: str = ""
    case: str = ""
    state: str = ""
    state_before: str = ""
    queue: str = ""
    queue_before: str = ""
    agent: str = ""
    queued_at_ms: int = 0
    held: tuple[Held, ...] = ()
    status: str = ""
    status_cause: str = ""
    label: str = ""
    channels: tuple[str, ...] = ()
    next_status: str = ""
    name: str = ""
    team: str = ""
    presence: str = ""
    capacity: int = 0
    interruptible_capacity: int = 0
    queues: tuple[str, ...] = ()
    queues_by_skill: tuple[str, ...] = ()
    text: str = ""
    paused: bool = False
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None
    alert: str = ""
    clock: str = ""
    due_at_ms: int = 0
    rule: int = 0
    on: str = ""
    reason: str = ""


_decoder = msgspec.json.Decoder(OverviewEvent)


def read_event(entry: Entry) -> OverviewEvent:
    """Decode an entry's body. Raises msgspec.DecodeError."""
    return _decoder.decode(entry.body)
