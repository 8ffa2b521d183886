"""Queues: their opening hours as they pass, and their service levels."""

from collections.abc import Mapping

from casebaton.history.book.batch import Row, Tally
from casebaton.history.book.events import BookEvent
from casebaton.history.book.records import QueueRecord, encode
from casebaton.store.facts import QueueFact
from casebaton.store.figures import Levels

_NEVER_CLOSED = QueueFact()


class Queues:
    """All queues that the history has heard of. `changed` are those of which something is other than before."""

    def __init__(self, tally: Tally) -> None:
        self.records: dict[str, QueueRecord] = {}
        self.changed: dict[str, None] = {}
        self.levels = Levels({}, 0)
        self._tally = tally

    def configure(self, levels: Levels) -> None:
        """Another configuration has come into force."""
        self.levels = levels
        for name in self.records.keys() | levels.service_level_ms.keys():
            record, target_ms = self._record(name), levels.service_level_ms.get(name)
            if record.target_ms != target_ms:
                record.target_ms = target_ms
                self.changed[name] = None

    def anchor(self, facts: Mapping[str, QueueFact], at_ms: int) -> None:
        """Some queues as of an entry; the others were never closed. What is other than before counts from then on."""
        for name in self.records.keys() | facts.keys():
            record, is_open = self._record(name), facts.get(name, _NEVER_CLOSED).open
            if record.is_open != is_open:
                record.shut_ms += at_ms - record.since_ms if is_open else 0
                record.is_open, record.since_ms, record.is_begin_known = is_open, at_ms, False
                self.changed[name] = None

    def take(self, event: BookEvent) -> None:
        """It opens or closes, or another event tells whether it is open."""
        record = self._record(event.queue)
        if record.is_open == event.open:
            return
        if record.since_ms and record.is_begin_known:
            columns = {"is_open": record.is_open, "began_at_ms": record.since_ms, "ended_at_ms": event.at_ms}
            self._tally.row("openings", seq=event.log_seq, queue=event.queue, **columns)
        if event.open:
            record.shut_ms += event.at_ms - record.since_ms
        record.is_open, record.since_ms, record.is_begin_known = event.open, event.at_ms, True
        self.changed[event.queue] = None

    def open_ms(self, name: str, at_ms: int) -> int:
        """An instant by a queue's open time."""
        return self._record(name).open_ms(at_ms)

    def live(self, name: str) -> Row:
        """Its row."""
        record = self.records[name]
        return {
            "state": "open" if record.is_open else "closed",
            "queue": name,
            "since_ms": record.since_ms,
            "target_ms": record.target_ms,
            "shut_ms": record.shut_ms,
            "record": encode(record),
        }

    def _record(self, name: str) -> QueueRecord:
        if name not in self.records:
            self.records[name] = QueueRecord()
            self.changed[name] = None
        return self.records[name]
