"""The book: takes the log's events in order and says what they amount to.

Pure: no I/O, no clock; engine time is that of the events. It can be opened anywhere with the records that it gave
before, and in the middle of a log with none: then each event tells where its case or agent is, and what began before
that is left out of lengths. An event costs the same however many cases and agents there are; the end of a quarter hour
costs a step for each agent who is there, as the quarter's rows do.
"""

from collections.abc import Iterable, Mapping

import msgspec

from casebaton.history.book.agents import Agents
from casebaton.history.book.batch import Batch, Tally, live_row
from casebaton.history.book.cases import Cases
from casebaton.history.book.events import BookEvent
from casebaton.history.book.quarters import quarter_of
from casebaton.history.book.queues import Queues
from casebaton.history.book.records import AgentRecord, CaseRecord, QueueRecord, encode
from casebaton.store.events import QUEUE_EVENTS
from casebaton.store.figures import Levels
from casebaton.store.fold import Fold

OF_AGENTS = frozenset({"agent_updated", "agent_status_changed", "agent_presence_changed", "agent_removed"})
LEVELS = ("levels", "")  # where the levels are kept beside what is under way


class Book:
    """A workspace's book."""

    def __init__(self, records: Iterable[tuple[str, str, bytes]] = ()) -> None:
        """`records` are kind, name and record of all rows of `live`. Raises msgspec.DecodeError."""
        self._tally = Tally()
        self._queues = Queues(self._tally)
        self._agents = Agents(self._tally)
        self._cases = Cases(self._tally, self._agents, self._queues)
        self._has_new_levels = False
        self._quarter = 0
        cases, agents = {}, {}
        for kind, name, record in records:
            if kind == "case":
                cases[name] = msgspec.msgpack.decode(record, type=CaseRecord)
            elif kind == "agent":
                agents[name] = msgspec.msgpack.decode(record, type=AgentRecord)
            elif kind == "queue":
                self._queues.records[name] = msgspec.msgpack.decode(record, type=QueueRecord)
            else:
                self._queues.levels = msgspec.msgpack.decode(record, type=Levels)
        self._agents.open(agents)
        self._cases.open(cases)

    def configure(self, levels: Levels) -> None:
        """A configuration comes into force: by these levels visits are judged that begin from now on."""
        if levels != self._queues.levels:
            self._queues.configure(levels)
            self._has_new_levels = True

    def anchor(self, fold: Fold, at_ms: int, teams: Mapping[str, str]) -> None:
        """Entries are missing before those that come next, at a beginning in the middle or after a gap. This is how all
        was at the last of them (`at_ms` of the next one), and of which teams the agents are. Cases of which no entry is
        missing go on as if there were no gap.
        """
        self._cases.anchor(fold.cases, fold.log_seq, at_ms)
        self._agents.anchor(fold.agents, teams, at_ms)
        self._queues.anchor(fold.queues, at_ms)

    def take(self, event: BookEvent) -> None:
        """The log's next event."""
        quarter = quarter_of(event.at_ms)
        if quarter > self._quarter:
            self._quarter = quarter
            self._agents.pass_quarter(quarter)
        if event.case and event.state:
            self._cases.take(event)
            for held in event.held:
                self._agents.hold(held, event)
        elif event.type in QUEUE_EVENTS:
            self._queues.take(event)
        elif event.type in OF_AGENTS:
            self._agents.take(event)

    def flush(self) -> Batch:
        """What the events since the last flush amount to."""
        live = {("case", name): live_row(self._cases.live(name)) for name in self._cases.changed}
        live |= {("agent", name): live_row(self._agents.live(name)) for name in self._agents.changed}
        live |= {("queue", name): live_row(self._queues.live(name)) for name in self._queues.changed}
        if self._has_new_levels:
            live[LEVELS] = live_row({"record": encode(self._queues.levels)})
        batch = Batch(dict(self._tally.rows), dict(self._tally.sums), live)
        self._tally.clear()
        for changed in (self._cases.changed, self._agents.changed, self._queues.changed):
            changed.clear()
        self._has_new_levels = False
        return batch
