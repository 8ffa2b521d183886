"""What happened in each queue of a workspace, minute by minute over the last hour, folded from the log.

Pure: no I/O, no clock. Two kinds of numbers stand in a minute's row. What became of the cases that arrived in it: they
are counted there whenever it happens, so that a service level is that of the interval of arrival. And what happened in
it, and how it ended. A case is counted once a visit, from its coming into the first queue to its first owner or its
end, and by that queue, wherever it is sent meanwhile; a stay after a return is none of it. Waits are counted in the
queue's open hours.

Each entry costs the same, however many cases and queues there are; the end of a minute costs a step for each queue.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from msgspec import Struct

from casebaton.store.events import QUEUE_EVENTS
from casebaton.store.facts import ENDED
from casebaton.store.overview_events import OverviewEvent

MINUTE_MS = 60_000
KEPT = 60  # minutes
ARRIVALS = frozenset({"case_queued", "case_reopened"})
COUNTED = {"case_closed": "closed", "offer_expired": "missed", "case_declined": "declined"}


class Minute(Struct, omit_defaults=True, kw_only=True, gc=False):
    """A minute of a queue, from `at_ms` (engine time) on.

    Of the cases that `arrived` in it: how many were `owned` since, `in_time` of these within the queue's service level;
    how many were `abandoned`, or `short_abandoned` too soon to count; how many are `overdue`: they still wait, for
    longer. What happened in it: cases `closed`, offers `missed` and `declined`. At its end, once it is over: `waiting`,
    and since when the one that had waited longest, where that is known.
    """

    queue: str
    at_ms: int
    arrived: int = 0
    owned: int = 0
    in_time: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    overdue: int = 0
    closed: int = 0
    missed: int = 0
    declined: int = 0
    waiting: int = 0
    oldest_at_ms: int | None = None


def level_of(minutes: Iterable[Minute]) -> float | None:
    """The service level of the cases that arrived in these minutes, from 0 to 1; None when there were none to count."""
    in_time = counted = 0
    for minute in minutes:
        in_time += minute.in_time
        counted += minute.owned + minute.abandoned + minute.overdue
    return in_time / counted if counted else None


class Levels(NamedTuple):
    """Within what time a queue's case should have its first owner, and before what time nobody is counted as lost."""

    service_level_ms: Mapping[str, int]
    short_abandon_ms: int


class Lined(Protocol):
    """What is read of a queue: how many wait, since when, and whether it is open by its hours."""

    waiting: int
    oldest_at_ms: int | None
    open: bool


class _Arrival(Struct, gc=False):
    """A case that nobody has owned on this visit."""

    row: Minute
    open_ms: int  # when it came, by the queue's open time
    is_overdue: bool = False


class _Line:
    """A queue: its rows, its cases without a first owner in the order of their coming, and its opening."""

    def __init__(self) -> None:
        self.rows: dict[int, Minute] = {}
        self.fresh: dict[str, _Arrival] = {}
        self.overdue: dict[str, _Arrival] = {}
        self.waiting = 0
        self.shut_at: int | None = None
        self.shut_ms = 0  # before that
        self.is_gate_known = False

    def open_ms(self, at_ms: int) -> int:
        """An instant by the queue's open time, which stands still while it is closed."""
        return (at_ms if self.shut_at is None else self.shut_at) - self.shut_ms

    def set_open(self, at_ms: int, since_ms: int, *, is_open: bool, is_change: bool) -> None:
        """It is open or closed now. If `is_change`, it was the other before: the first such tells of the time since
        `since_ms` too.
        """
        if not self.is_gate_known and is_change == is_open:
            self.shut_at = since_ms
            for arrival in (*self.fresh.values(), *self.overdue.values()):
                arrival.open_ms = since_ms
        self.is_gate_known = True
        if is_open and self.shut_at is not None:
            self.shut_ms, self.shut_at = self.shut_ms + at_ms - self.shut_at, None
        elif not is_open and self.shut_at is None:
            self.shut_at = at_ms


class Figures:
    """The rows of all queues of a workspace.

    They are whole from `since_ms` on. `changes` tells which rows (queue, minute) have changed in which `turn`, the
    earliest first; whoever reads them sets the turn.
    """

    def __init__(self, queues: Mapping[str, Lined]) -> None:
        """`queues` are as of the entry before the one that is taken in."""
        self.since_ms = 0
        self.levels = Levels({}, 0)
        self.changes: dict[tuple[str, int], int] = {}
        self.turn = 0
        self._queues = queues
        self._lines: defaultdict[str, _Line] = defaultdict(_Line)
        self._places: dict[str, _Line] = {}  # of cases without a first owner
        self._minute_ms = 0  # the running one
        self._is_settled = False

    def rows(self, queue: str) -> list[Minute]:
        """A queue's rows, the oldest first; a minute without one had nothing in it."""
        return list(self._lines[queue].rows.values()) if queue in self._lines else []

    def row(self, queue: str, at_ms: int) -> Minute | None:
        """A minute's row, if there is one."""
        return self._lines[queue].rows.get(at_ms) if queue in self._lines else None

    def level(self, queue: str, minutes: int) -> float | None:
        """The service level of a queue's last minutes, the running one among them."""
        first_ms = self._minute_ms - (minutes - 1) * MINUTE_MS
        return level_of(row for row in self.rows(queue) if row.at_ms >= first_ms)

    # -- what the log says -------------------------------------------------------------------------------------------

    def take(self, event: OverviewEvent) -> None:
        """The log's next entry."""
        if event.at_ms - self._minute_ms >= MINUTE_MS:
            self._turn_minute(event.at_ms)
        if event.case and event.state:
            self._count_line(event)
            if event.type in ARRIVALS:
                self._arrive(event)
            elif event.case in self._places and (event.state == "active" or event.state in ENDED):
                self._settle(event)
            if (field := COUNTED.get(event.type)) is not None:
                self._count(self._row(event.queue), field)
        elif event.type in QUEUE_EVENTS:
            is_change = event.type in ("queue_opened", "queue_closed")
            self._lines[event.queue].set_open(event.at_ms, self.since_ms, is_open=event.open, is_change=is_change)

    def _count_line(self, event: OverviewEvent) -> None:
        if event.state_before == "waiting":
            self._lines[event.queue_before or event.queue].waiting -= 1
        if event.state == "waiting":
            self._lines[event.queue].waiting += 1

    def _arrive(self, event: OverviewEvent) -> None:
        line, row = self._lines[event.queue], self._row(event.queue)
        line.fresh[event.case] = _Arrival(row, line.open_ms(event.at_ms))
        self._places[event.case] = line
        self._count(row, "arrived")

    def _settle(self, event: OverviewEvent) -> None:
        """The case has its first owner, or is over without one."""
        line = self._places.pop(event.case)
        arrival = line.fresh.pop(event.case, None) or line.overdue.pop(event.case)
        row, wait_ms = arrival.row, line.open_ms(event.at_ms) - arrival.open_ms
        if arrival.is_overdue:
            self._count(row, "overdue", -1)
        if event.state == "active":
            self._count(row, "owned")
            if wait_ms <= self._service_level_ms(row.queue):
                self._count(row, "in_time")
        elif event.state == "abandoned":
            self._count(row, "short_abandoned" if wait_ms < self.levels.short_abandon_ms else "abandoned")

    # -- time --------------------------------------------------------------------------------------------------------

    def pass_time(self, now_ms: int) -> None:
        """It is so late, though nothing may have happened."""
        if now_ms - self._minute_ms >= MINUTE_MS:
            self._turn_minute(now_ms)
        for queue, line in self._lines.items():
            longest_ms = line.open_ms(max(now_ms, self._minute_ms)) - self._service_level_ms(queue)
            late = []
            for case, arrival in line.fresh.items():  # in the order of their coming
                if arrival.open_ms >= longest_ms:
                    break
                late.append(case)
            for case in late:
                arrival = line.overdue[case] = line.fresh.pop(case)
                arrival.is_overdue = True
                self._count(arrival.row, "overdue")

    def settle(self, now_ms: int) -> None:
        """The queues are known now, as of the last entry: from it follows how many waited at the end of each minute,
        and which queues were closed all the time.
        """
        if now_ms - self._minute_ms >= MINUTE_MS:
            self._turn_minute(now_ms)
        for name in self._queues.keys() | self._lines.keys():
            line, queue = self._lines[name], self._queues.get(name)
            if queue is not None:
                line.set_open(self._minute_ms, self.since_ms, is_open=queue.open, is_change=False)
            before = (queue.waiting if queue is not None else 0) - line.waiting
            line.waiting += before
            if before:
                for at_ms in range(max(self.since_ms, self._first_kept_ms), self._minute_ms, MINUTE_MS):
                    self._row(name, at_ms).waiting += before
                line.rows = dict(sorted(line.rows.items()))
        self._is_settled = True
        self.pass_time(now_ms)

    def _turn_minute(self, now_ms: int) -> None:
        """The running minute is over, and perhaps some more."""
        ended_ms, self._minute_ms = self._minute_ms, now_ms - now_ms % MINUTE_MS
        for at_ms in range(max(ended_ms, self._first_kept_ms), self._minute_ms, MINUTE_MS) if ended_ms else ():
            for name, line in self._lines.items():
                if line.waiting or at_ms in line.rows:
                    self._end_minute(self._row(name, at_ms), line)
        for name, line in self._lines.items():
            self._forget(name, line, self._first_kept_ms)

    def _end_minute(self, row: Minute, line: _Line) -> None:
        row.waiting = line.waiting
        if self._is_settled and line.waiting:
            row.oldest_at_ms = self._queues[row.queue].oldest_at_ms
        self._touch(row)

    def _forget(self, name: str, line: _Line, before_ms: int) -> None:
        """Rows that are too old, and whoever arrived in them."""
        for at_ms in [at_ms for at_ms in line.rows if at_ms < before_ms]:
            del line.rows[at_ms]
            self.changes.pop((name, at_ms), None)
        for cases in (line.overdue, line.fresh):
            old = []
            for case, arrival in cases.items():
                if arrival.row.at_ms >= before_ms:
                    break
                old.append(case)
            for case in old:
                del cases[case], self._places[case]

    @property
    def _first_kept_ms(self) -> int:
        return self._minute_ms - (KEPT - 1) * MINUTE_MS

    # -- rows --------------------------------------------------------------------------------------------------------

    def _row(self, queue: str, at_ms: int | None = None) -> Minute:
        at_ms = self._minute_ms if at_ms is None else at_ms
        rows = self._lines[queue].rows
        if at_ms not in rows:
            rows[at_ms] = Minute(queue=queue, at_ms=at_ms)
        return rows[at_ms]

    def _count(self, row: Minute, field: str, by: int = 1) -> None:
        setattr(row, field, getattr(row, field) + by)
        self._touch(row)

    def _touch(self, row: Minute) -> None:
        key = (row.queue, row.at_ms)
        self.changes.pop(key, None)
        self.changes[key] = self.turn

    def _service_level_ms(self, queue: str) -> int:
        return self.levels.service_level_ms.get(queue, 0)
