"""What supervisors are alerted to: what the log tells, and thresholds that are crossed for long enough."""

from typing import Any

import pytest

from casebaton.errors import Invalid
from casebaton.store import alerts, log
from casebaton.store.alerts import KEPT, Alerts
from casebaton.store.figures import Figures, Levels
from casebaton.store.log import Entry
from casebaton.store.overview import QueueOverview
from casebaton.store.overview_events import OverviewEvent, read_event
from casebaton.workspace import document
from casebaton.workspace.thresholds import Threshold
from tests.engine import BASIC, START, Engine

TARGET = "[targets.gold]\ncompletion_s = 100\n"
SCOPE = ["steering/queue:support"]


class Watch:
    """Alerts with queues whose numbers the test sets, judged by its clock."""

    def __init__(self, **thresholds: Threshold) -> None:
        self.now = START
        self.queues = {name: QueueOverview(queue=name, mode="pull") for name in ("pool", "support")}
        self.figures = Figures(self.queues)
        self.figures.levels = Levels({"pool": 20_000}, 5_000)
        self.alerts = Alerts()
        self.alerts.thresholds = thresholds

    def judged(self) -> list[tuple[str, str, int | None]]:
        """Judge now: each alert's id, queue, and when it was cleared."""
        self.figures.pass_time(self.now)
        self.alerts.judge(self.now, self.queues, self.figures)
        return [(alert.alert, alert.queue, alert.cleared_at_ms) for alert in self.alerts.within(None, -1)]

    def arrive(self, case: str) -> None:
        """A case comes into the pool."""
        event = OverviewEvent("case_queued", 1, at_ms=self.now, case=case, state="waiting", queue="pool")
        self.figures.take(event)


def test_more_waiting_cases_than_a_threshold_raise_an_alert_until_there_are_fewer() -> None:
    watch = Watch(crowd=Threshold(queue="pool", waiting_above=2))
    watch.queues["pool"].waiting = 2
    watch.queues["support"].waiting = 9
    assert watch.judged() == []
    watch.queues["pool"].waiting = 3
    assert watch.judged() == [("crowd", "pool", None)]
    watch.now += 1000
    assert watch.judged() == [("crowd", "pool", None)]
    watch.queues["pool"].waiting = 2
    assert watch.judged() == [("crowd", "pool", START + 1000)]
    watch.now += 1000
    watch.queues["pool"].waiting = 3
    assert watch.judged() == [("crowd", "pool", START + 1000), ("crowd", "pool", None)]


def test_a_threshold_without_a_queue_is_each_queues_own() -> None:
    watch = Watch(crowd=Threshold(waiting_above=2))
    watch.queues["pool"].waiting = watch.queues["support"].waiting = 3
    assert watch.judged() == [("crowd", "pool", None), ("crowd", "support", None)]
    watch.queues["pool"].waiting = 0
    assert watch.judged() == [("crowd", "support", None), ("crowd", "pool", START)]


def test_it_has_to_be_so_for_long_enough_without_a_break() -> None:
    watch = Watch(old=Threshold(queue="pool", oldest_above_s=10, for_s=5))
    watch.queues["pool"].oldest_at_ms = START
    watch.now += 10_000
    assert watch.judged() == []
    watch.now += 1
    watch.judged()
    watch.now += 4_999
    assert watch.judged() == []
    watch.queues["pool"].oldest_at_ms = watch.now
    watch.judged()
    watch.queues["pool"].oldest_at_ms = START
    watch.judged()
    watch.now += 4_999
    assert watch.judged() == []
    watch.now += 1
    assert watch.judged() == [("old", "pool", None)]
    (alert,) = watch.alerts.within(None, -1)
    assert (alert.type, alert.at_ms, alert.oldest_at_ms) == ("threshold_crossed", watch.now, START)


def test_all_that_a_threshold_names_has_to_be_so_at_once() -> None:
    watch = Watch(both=Threshold(queue="pool", waiting_above=0, level_below=0.8))
    watch.queues["pool"].waiting = 1
    assert watch.judged() == [], "nobody has come: there is no level"
    watch.arrive("one")
    watch.now += 20_001
    assert watch.judged() == [("both", "pool", None)]
    assert watch.alerts.within(None, -1)[0].level == 0.0
    watch.queues["pool"].waiting = 0
    assert watch.judged() == [("both", "pool", watch.now)]


def test_a_threshold_that_is_configured_no_more_is_cleared() -> None:
    watch = Watch(crowd=Threshold(waiting_above=0))
    watch.queues["pool"].waiting = 1
    watch.judged()
    watch.alerts.thresholds = {}
    assert watch.judged() == [("crowd", "pool", START)]


def test_within_a_scope_there_are_its_queues_alone_and_only_what_has_changed_since() -> None:
    watch = Watch(crowd=Threshold(waiting_above=0))
    watch.alerts.turn = 1
    watch.queues["pool"].waiting = watch.queues["support"].waiting = 1
    watch.judged()
    watch.alerts.turn = 2
    watch.queues["support"].waiting = 0
    watch.judged()
    assert [alert.queue for alert in watch.alerts.within(None, 0)] == ["pool", "support"]
    assert [alert.queue for alert in watch.alerts.within(None, 1)] == ["support"]
    assert [alert.queue for alert in watch.alerts.within(SCOPE, -1)] == ["support"]
    assert watch.alerts.within([], -1) == []


def test_the_last_hundred_are_kept_and_whatever_is_still_crossed() -> None:
    watch = Watch(crowd=Threshold(queue="pool", waiting_above=0))
    watch.queues["pool"].waiting = 1
    watch.judged()
    for number in range(1, KEPT + 2):
        event = OverviewEvent("alert_raised", number, at_ms=START, alert="idle_case", queue="support")
        watch.alerts.take(event, Entry(f"{number}-0", number, ("queue:support", *SCOPE), b""))
    found = watch.alerts.within(None, -1)
    assert [alert.id for alert in found[1:]] == [f"{number}-0" for number in range(2, KEPT + 2)]
    assert found[0].alert == "crowd"
    assert len(watch.alerts.changes) == len(watch.alerts._topics) == KEPT + 1


def test_of_more_crossed_thresholds_than_are_told_the_next_is_told_when_one_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alerts, "MOST", 1)
    watch = Watch(crowd=Threshold(waiting_above=0))
    watch.queues["pool"].waiting = watch.queues["support"].waiting = 1
    watch.alerts.turn = 1
    assert watch.judged() == [("crowd", "pool", None)]
    assert (watch.alerts.untold(None), watch.alerts.untold(SCOPE)) == (1, 0)
    assert [alert.queue for alert in watch.alerts.within(SCOPE, -1)] == ["support"]  # a scope has a bound of its own
    watch.queues["pool"].waiting = 0
    watch.alerts.turn = 2
    assert watch.judged() == [("crowd", "support", None), ("crowd", "pool", START)]
    assert watch.alerts.is_cut(1)  # who was told of the one alone has to hear of the other
    assert (watch.alerts.untold(None), watch.alerts.is_cut(2)) == (0, False)


def test_who_was_told_what_is_known_no_more_is_told_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "KEPT", 1)
    watch = Watch(crowd=Threshold(waiting_above=0))
    watch.queues["pool"].waiting = watch.queues["support"].waiting = 1
    watch.alerts.turn = 1
    watch.judged()
    assert not watch.alerts.is_cut(1)
    watch.queues["pool"].waiting = watch.queues["support"].waiting = 0
    watch.alerts.turn = 2
    assert len(watch.judged()) == 1  # both are over, one of them is kept
    assert (watch.alerts.is_cut(1), watch.alerts.has_changed(2)) == (True, False)


async def test_what_the_engine_tells_is_told_with_what_it_says(engine: Engine) -> None:
    await engine.apply(BASIC.replace("[queues.support]", '[queues.support]\ntarget = "gold"') + TARGET)
    await engine.submit("one")
    await engine.advance(101)
    alerts = Alerts()
    async for entry in log.read_after(engine.store.redis, engine.workspace, "0-0"):
        alerts.take(read_event(entry), entry)
    found: list[Any] = [(one.type, one.queue, one.case, one.clock, one.due_at_ms) for one in alerts.within(SCOPE, -1)]
    assert found == [
        (kind, "support", "one", "completion", START + 100_000) for kind in ("target_warned", "target_breached")
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[alerts.a]\nfor_s = 5", r"\$\.alerts\.a: expected waiting_above, oldest_above_s or level_below"),
        ("[alerts.a]\nwaiting_above = 1\nqueue = 'none'", r"\$\.alerts\.a\.queue: there is no queue none"),
        ("[alerts.a]\nlevel_below = 80", r"\$\.alerts\.a\.level_below"),
        ("\n".join(f"[alerts.a{n}]\nwaiting_above = 1" for n in range(51)), r"\$\.alerts"),
    ],
)
def test_a_faulty_threshold_is_named_by_its_path(text: str, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(f"{BASIC}\n{text}")
