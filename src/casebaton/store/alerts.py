"""What supervisors are alerted to: what the engine tells in events of its own, and thresholds that queues cross.

Pure: no I/O, no clock. The last hundred are kept for whoever comes later, and each threshold as long as it is crossed.
Of these 500 are told, those raised first, and of the rest how many they are: one that is over makes room for the next.
An event costs a look at its type; the thresholds cost a step for each queue that they are of, whenever they are judged.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from itertools import islice

from msgspec import Struct

from casebaton.store.figures import Figures
from casebaton.store.log import Entry
from casebaton.store.overview import QueueOverview
from casebaton.store.overview_events import OverviewEvent
from casebaton.workspace.thresholds import Threshold

KEPT = 100
MOST = 500  # crossed thresholds that are told; more nobody reads, and a frame has to end
LEVEL_MINUTES = 30  # that a threshold's service level is of
ALERTING = frozenset({"alert_raised", "target_warned", "target_breached", "effect_failed"})

Level = Callable[[str], float | None]
_Crossing = tuple[str, str]  # of a threshold, by a queue


class Alert(Struct, omit_defaults=True, kw_only=True):
    """Something that a supervisor should see. `id` is its own.

    `type` is that of the engine's event, whose fields these are, or `threshold_crossed`: then `alert` is the
    threshold's id, `waiting`, `oldest_at_ms` and `level` are as they were at `at_ms` (engine time), and it is over at
    `cleared_at_ms`.
    """

    id: str
    type: str
    at_ms: int
    cleared_at_ms: int | None = None
    alert: str = ""
    queue: str = ""
    case: str = ""
    agent: str = ""
    clock: str = ""
    due_at_ms: int = 0
    rule: int = 0
    on: str = ""
    reason: str = ""
    waiting: int = 0
    oldest_at_ms: int | None = None
    level: float | None = None


class Alerts:
    """A workspace's alerts. `changes` tells which of them (by id) have changed in which `turn`, the earliest first;
    whoever reads them sets the turn.
    """

    def __init__(self) -> None:
        self.thresholds: Mapping[str, Threshold] = {}
        self.changes: dict[str, int] = {}
        self.turn = 0
        self._past: dict[str, Alert] = {}  # by id, the oldest first
        self._raised: dict[_Crossing, Alert] = {}
        self._crossed_at: dict[_Crossing, int] = {}
        self._topics: dict[str, Collection[str]] = {}  # that tell of an alert, by id
        self._forgotten_at = 0  # the last turn of which a change is known no more
        self._crowded_at = -1  # the last turn in which more were crossed than are told

    def has_changed(self, since: int) -> bool:
        """Has any alert changed after a turn?"""
        return next(reversed(self.changes.values()), -1) > since

    def is_cut(self, since: int) -> bool:
        """Has who was told up to a turn to be told everything anew? Some that were over went before they were told, or
        more were crossed than are told.
        """
        return since < self._forgotten_at or since <= self._crowded_at

    def within(self, topics: Collection[str] | None, since: int) -> list[Alert]:
        """The alerts that changed after a turn, the earliest first: all, or those that one of the topics tells of."""
        past = (alert for alert in self._past.values() if self._is_told(alert, topics))
        found = {alert.id: alert for alert in (*past, *islice(self._crossed_within(topics), MOST))}
        return [found[name] for name, turn in self.changes.items() if turn > since and name in found]

    def untold(self, topics: Collection[str] | None) -> int:
        """How many thresholds are crossed beside those that are told."""
        return max(0, sum(1 for _ in self._crossed_within(topics)) - MOST)

    def _crossed_within(self, topics: Collection[str] | None) -> Iterator[Alert]:
        return (alert for alert in self._raised.values() if self._is_told(alert, topics))

    def _is_told(self, alert: Alert, topics: Collection[str] | None) -> bool:
        return topics is None or not {*self._topics[alert.id]}.isdisjoint(topics)

    def take(self, event: OverviewEvent, entry: Entry) -> None:
        """The log's next entry."""
        if event.type not in ALERTING:
            return
        alert = Alert(
            id=entry.position, type=event.type, at_ms=event.at_ms, alert=event.alert, queue=event.queue,
            case=event.case, agent=event.agent, clock=event.clock, due_at_ms=event.due_at_ms, rule=event.rule,
            on=event.on, reason=event.reason,
        )  # fmt: skip
        self._topics[alert.id] = entry.topics
        self._keep(alert)
        self._touch(alert)

    def judge(self, now_ms: int, queues: Mapping[str, QueueOverview], figures: Figures) -> None:
        """Raise what is crossed for long enough now, and clear what is no longer."""
        crossed = dict(self._crossed(now_ms, queues, _levels_of(figures)))
        for crossing in self._crossed_at.keys() - crossed.keys():
            del self._crossed_at[crossing]
            if (alert := self._raised.pop(crossing, None)) is not None:
                alert.cleared_at_ms = now_ms
                self._keep(alert)
                self._touch(alert)
        self._raise(now_ms, crossed, figures)
        if len(self._raised) > MOST:
            self._crowded_at = self.turn

    def _raise(self, now_ms: int, crossed: Mapping[_Crossing, QueueOverview], figures: Figures) -> None:
        for crossing, queue in crossed.items():
            since_ms = self._crossed_at.setdefault(crossing, now_ms)
            name = crossing[0]
            if crossing not in self._raised and now_ms - since_ms >= self.thresholds[name].for_s * 1000:
                alert = self._raised[crossing] = Alert(
                    id=f"{name}/{queue.queue}/{now_ms}", type="threshold_crossed", at_ms=now_ms, alert=name,
                    queue=queue.queue, waiting=queue.waiting, oldest_at_ms=queue.oldest_at_ms,
                    level=figures.level(queue.queue, LEVEL_MINUTES),
                )  # fmt: skip
                self._topics[alert.id] = (f"steering/queue:{queue.queue}",)
                self._touch(alert)

    def _crossed(
        self, now_ms: int, queues: Mapping[str, QueueOverview], level_of: Level
    ) -> Iterator[tuple[_Crossing, QueueOverview]]:
        for name, threshold in self.thresholds.items():
            for queue in queues if threshold.queue is None else (threshold.queue,):
                found = queues.get(queue)
                if found is not None and found.is_shown and _is_crossed(threshold, found, now_ms, level_of):
                    yield (name, queue), found

    def _keep(self, alert: Alert) -> None:
        self._past[alert.id] = alert
        if len(self._past) > KEPT:
            oldest = next(iter(self._past))
            del self._past[oldest], self._topics[oldest]
            self._forgotten_at = max(self._forgotten_at, self.changes.pop(oldest))

    def _touch(self, alert: Alert) -> None:
        self.changes.pop(alert.id, None)
        self.changes[alert.id] = self.turn


def _levels_of(figures: Figures) -> Level:
    """The level of each queue, worked out once at most, however many thresholds ask for it."""
    return cache(lambda queue: figures.level(queue, LEVEL_MINUTES))


def _is_crossed(threshold: Threshold, queue: QueueOverview, now_ms: int, level_of: Level) -> bool:
    if threshold.waiting_above is not None and queue.waiting <= threshold.waiting_above:
        return False
    oldest_ms = 0 if queue.oldest_at_ms is None else now_ms - queue.oldest_at_ms
    if threshold.oldest_above_s is not None and oldest_ms <= threshold.oldest_above_s * 1000:
        return False
    if threshold.level_below is not None:
        level = level_of(queue.queue)
        return level is not None and level < threshold.level_below
    return True
