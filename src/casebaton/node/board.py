"""What is told of a workspace beside its agents and queues: figures by the minute, alerts, and how nodes and store are.

All of it changes in turns. A turn ends when it is published; who has been told up to one turn is told what has changed
in those after it.
"""

from itertools import takewhile

from casebaton.auth import Scope
from casebaton.node.health import Health
from casebaton.service.access import topics_of
from casebaton.store.alerts import Alert, Alerts
from casebaton.store.figures import Figures
from casebaton.store.health import SystemHealth
from casebaton.store.log import Entry
from casebaton.store.overview import Overview
from casebaton.store.overview_events import OverviewEvent
from casebaton.store.overview_pages import Rules
from casebaton.wire import frames

PART = 250  # rows of a frame, beside those of the turn in which it is full


Row = tuple[str, int]  # a queue, and the beginning of a minute


def covers_queue(scope: Scope | None, queue: str) -> bool:
    """Is the queue within the scope?"""
    return scope is None or queue in scope.queues


class Board:
    """A workspace's figures and alerts, and the system's health; `turn` is the last one that is over."""

    def __init__(self, overview: Overview, health: Health) -> None:
        self.turn = 0
        self.figures = Figures(overview.queues)
        self.alerts = Alerts()
        self.figures.turn = self.alerts.turn = 1
        self._overview = overview
        self._health = health
        self._system: SystemHealth | None = None
        self._system_turn = 0

    def govern(self, rules: Rules) -> None:
        """Count and judge by these from now on."""
        self.figures.levels, self.alerts.thresholds = rules

    def take(self, event: OverviewEvent, entry: Entry) -> None:
        """The log's next entry, which the overview has not taken in yet."""
        self.figures.take(event)
        self.alerts.take(event, entry)

    def settle(self, now_ms: int) -> None:
        """The overview is whole, as of the entry that was taken last."""
        self.figures.settle(now_ms)

    def publish(self, now_ms: int) -> None:
        """Bring everything up to this instant (engine time); end the turn if anything has changed in it."""
        self.figures.pass_time(now_ms)
        self.alerts.judge(now_ms, self._overview.queues, self.figures)
        this = self.turn + 1
        if self._health.system != self._system:
            self._system, self._system_turn = self._health.system, this
        last = (next(reversed(changes.values()), 0) for changes in (self.figures.changes, self.alerts.changes))
        if this in (self._system_turn, *last):
            self.turn = this
            self.figures.turn = self.alerts.turn = this + 1

    def rows(self, scope: Scope | None, queues: list[str]) -> list[Row]:
        """All rows of these queues that are within the scope."""
        covered = (queue for queue in queues if covers_queue(scope, queue))
        return [(queue, row.at_ms) for queue in covered for row in self.figures.rows(queue)]

    def describe_rows(self, rows: list[Row], changes: frames.Changes) -> None:
        """Put these rows, as they are now, into a frame."""
        found = (self.figures.row(*key) for key in rows)
        changes.minutes += [row for row in found if row is not None]

    def describe(self, scope: Scope | None, since: int, changes: frames.Changes) -> int:
        """Put what has changed after a turn into a frame; the turn up to which it is told then."""
        keys: list[Row] = []
        until = last = since
        for key, turn in _after(self.figures.changes, since, self.turn):
            if len(keys) >= PART and turn > last:
                until = last
                break
            keys.append(key)
            last = turn
        else:
            until = self.turn
            self._tell_alerts(scope, since, changes)
            if self._system_turn > since:
                changes.health = self._system
        self.describe_rows([key for key in keys if covers_queue(scope, key[0])], changes)
        return until

    def begin(self, scope: Scope | None, changes: frames.Changes) -> None:
        """Put what comes first into the first frame; alerts and rows follow."""
        changes.alerts_untold = self.alerts.untold(_topics(scope))
        changes.health = self._system
        changes.figures_since_ms = self.figures.since_ms

    def alerts_within(self, scope: Scope | None) -> list[Alert]:
        """All alerts that are told within the scope, the earliest change first."""
        return self.alerts.within(_topics(scope), -1)

    def _tell_alerts(self, scope: Scope | None, since: int, changes: frames.Changes) -> None:
        if not self.alerts.has_changed(since):
            return
        topics = _topics(scope)
        if self.alerts.is_cut(since):
            since, changes.alerts_anew = -1, True
            changes.alerts_untold = self.alerts.untold(topics)
        changes.alerts += self.alerts.within(topics, since)


def _topics(scope: Scope | None) -> list[str] | None:
    return None if scope is None else topics_of(scope)


def _after(changes: dict[Row, int], since: int, until: int) -> list[tuple[Row, int]]:
    """What changed in the turns after one, up to another, the earliest first; changes are in that order."""
    late = list(takewhile(lambda change: change[1] > since, reversed(changes.items())))
    return [change for change in reversed(late) if change[1] <= until]
