"""The judge finds a planted fault of each kind, and none where there is none."""

import json
from typing import Any

import pytest

from casebaton.workspace import document
from loadtest.judge import judge

DOCUMENT = document.parse("""
skills = ["german"]
[channels.case]
cooldown_s = 60
[queues.support]
exclusion_s = 300
[queues.busy]
choice = "least_active"
[queues.credit]
rank = 1
order = "credit"
credit_s = 10
[queues.due]
rank = 2
order = "due"
[queues.pool]
mode = "pull"
""")


class Log:
    """Writes events as the engine would, one instant (a second of its own) after another unless told otherwise."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.at_s = 1000.0
        self._shown: dict[str, dict[str, Any]] = {}

    def event(self, type: str, *, after_s: float = 1.0, **members: Any) -> None:  # noqa: A002  # as in the log
        self.at_s += after_s
        body = {"type": type, "log_seq": len(self.bodies) + 1, "at_ms": round(self.at_s * 1000), **members}
        self.bodies.append(json.dumps(body).encode())

    def agent(self, name: str, **members: Any) -> None:
        """Somebody who is there, with room for three."""
        queues = ["support", "busy", "credit", "due", "pool"]
        shape: dict[str, Any] = {"queues": queues, "skills": {}, "tiers": {}, "capacity": 10, "presence": "connected"}
        shape |= {"interruptible_capacity": 3, "channels": ["*"], "status": "online", "next_status": ""}
        self.event("agent_updated", agent=name, **(shape | members))

    def status(self, name: str, status: str, **more: Any) -> None:
        members: dict[str, Any] = {"status": status, "channels": ["*"], "next_status": ""}
        self.event("agent_status_changed", agent=name, **members, **more)

    def queued(
        self, case: str, queue: str = "support", *, priority: int = 5, after_s: float = 1.0, **asks: Any
    ) -> None:
        at_ms = round((self.at_s + after_s) * 1000)
        shown = {"channel": "case", "pool": "interruptible", "cost": 1, "priority": priority, "requested_at_ms": at_ms}
        self._shown[case] = shown | asks
        self._case("case_queued", case, "waiting", queue, after_s=after_s)

    def _case(self, type: str, case: str, state: str, queue: str = "support", **members: Any) -> None:  # noqa: A002  # as in the log
        shown = self._shown[case] if state in ("waiting", "offered") else {}
        self.event(type, case=case, state=state, queue=queue, **shown, **members)

    def offered(self, case: str, agent: str, queue: str = "support", *, after_s: float = 0.0) -> None:
        self._case("case_offered", case, "offered", queue, agent=agent, state_before="waiting", after_s=after_s)

    def accepted(self, case: str, agent: str, queue: str = "support") -> None:
        members = {"agent": agent, "agent_before": agent, "state_before": "offered"}
        self._case("case_accepted", case, "active", queue, **members)

    def back(self, type: str, case: str, agent: str, queue: str = "support", **members: Any) -> None:  # noqa: A002  # as in the log
        """The case waits again."""
        self._case(type, case, "waiting", queue, agent_before=agent, **members)

    def closed(self, case: str, agent: str, queue: str = "support") -> None:
        self._case("case_closed", case, "closed", queue, agent_before=agent, state_before="active")

    def kinds(self) -> list[str]:
        return [fault.kind for fault in judge(DOCUMENT, self.bodies).faults]


@pytest.fixture
def log() -> Log:
    return Log()


def test_what_is_right_is_found_right(log: Log) -> None:
    log.agent("ana")
    log.queued("one")
    log.offered("one", "ana")
    log.queued("two")
    log.accepted("one", "ana")
    log.offered("two", "ana")
    log.back("case_declined", "two", "ana", state_before="offered")
    log.closed("one", "ana")
    found = judge(DOCUMENT, log.bodies)
    assert found.faults == []
    assert (found.offers, found.transitions) == (2, 8)


def test_a_case_that_waits_beside_somebody_with_room_is_idle(log: Log) -> None:
    log.agent("ana")
    log.queued("one")
    assert log.kinds() == ["idle_match"]


@pytest.mark.parametrize(
    "change",
    [
        {"interruptible_capacity": 0}, {"capacity": 0}, {"status": "busy"}, {"presence": "grace"},
        {"channels": ["chat"]}, {"queues": ["pool"]}, {"next_status": "offline"}, {"limits": {"case": 0}},
    ],
)  # fmt: skip
def test_nobody_is_idle_who_may_not_have_the_case(log: Log, change: dict[str, Any]) -> None:
    log.agent("ana", **change)
    log.queued("one")
    assert log.kinds() == []


@pytest.mark.parametrize("asks", [{"skills": {"german": 1}}, {"tier": "0"}, {"required_agent": "bo"}])
def test_what_the_case_asks_for_keeps_it_waiting(log: Log, asks: dict[str, Any]) -> None:
    log.agent("ana", tiers={"support": 1})
    log.agent("bo", status="busy")
    log.queued("one", **asks)
    assert log.kinds() == []


def test_who_is_kept_free_gets_nothing_but_what_that_is_for(log: Log) -> None:
    log.agent("ana")
    log.queued("light")
    log.event("agent_reserved", agent="ana", case="heavy", after_s=0)
    assert log.kinds() == []
    log.event("reservation_ended", agent="ana", case="heavy")
    assert log.kinds() == ["idle_match"]


def test_cases_in_hand_count_against_a_limit(log: Log) -> None:
    log.agent("ana", limits={"case": 1})
    log.queued("one")
    log.offered("one", "ana")
    log.accepted("one", "ana")
    log.queued("two")
    assert log.kinds() == []
    log.closed("one", "ana")
    assert log.kinds() == ["idle_match"]


def test_a_case_in_a_pull_queue_waits_rightly(log: Log) -> None:
    log.agent("ana")
    log.queued("one", "pool")
    assert log.kinds() == []


def test_a_cool_down_keeps_the_case_waiting_until_it_is_over(log: Log) -> None:
    log.agent("ana")
    log.queued("one")
    log.offered("one", "ana")
    log.back("case_declined", "one", "ana", state_before="offered")
    log.status("bo", "online", after_s=59.0)
    assert log.kinds() == []
    log.status("bo", "online", after_s=5.0)
    assert log.kinds() == ["idle_match"]


def test_the_better_case_comes_first(log: Log) -> None:
    log.agent("ana", status="busy")
    log.queued("later", priority=5)
    log.queued("urgent", priority=1)
    log.status("ana", "online")
    log.offered("later", "ana")
    assert log.kinds() == ["overtaken_case"]


@pytest.mark.parametrize(
    ("queue", "asks"),
    [
        ("credit", ({"priority": 5}, {"priority": 0})),  # a few seconds younger, fifty seconds of credit
        ("due", ({}, {"due_at_ms": 5_000_000})),
        ("due", ({"due_at_ms": 6_000_000}, {"due_at_ms": 5_000_000})),
    ],
)
def test_each_order_is_worked_out_anew(log: Log, queue: str, asks: tuple[dict[str, Any], dict[str, Any]]) -> None:
    log.agent("ana", status="busy")
    log.queued("elder", queue, **asks[0])
    log.queued("younger", queue, **asks[1])
    log.status("ana", "online")
    log.offered("elder", "ana", queue)
    assert log.kinds() == ["overtaken_case"]


def test_the_lower_rank_comes_first(log: Log) -> None:
    log.agent("ana", status="busy")
    log.queued("elder", "credit")
    log.queued("younger", "support")
    log.status("ana", "online")
    log.offered("elder", "ana", "credit")
    assert log.kinds() == ["overtaken_case"]


@pytest.mark.parametrize(
    ("returned", "place", "faults"),
    [
        ("elder", "keep", []),
        ("elder", "front", []),
        ("elder", "back", ["overtaken_case"]),
        ("younger", "keep", ["overtaken_case"]),
        ("younger", "front", []),
        ("younger", "back", ["overtaken_case"]),
    ],
)
def test_a_returned_case_stands_where_it_was_put(log: Log, returned: str, place: str, faults: list[str]) -> None:
    log.agent("bo", status="busy")
    log.agent("ana", status="busy")
    for case in ("elder", "younger"):
        log.queued(case)
    log.status("ana", "online")
    log.event("case_taken", case=returned, state="active", queue="support", agent="ana", after_s=0)
    log.status("ana", "busy", after_s=0)
    log.back("case_returned", returned, "ana", state_before="active", place=place)
    log.status("bo", "online")
    log.offered(returned, "bo")
    assert log.kinds() == faults


def two_agents(log: Log, **of_the_first: Any) -> None:
    log.agent("first", **of_the_first)
    log.agent("second")


def test_the_longest_idle_comes_first(log: Log) -> None:
    two_agents(log)
    log.queued("one")
    log.offered("one", "second")
    assert log.kinds() == ["overtaken_agent"]


def test_the_lower_tier_comes_first(log: Log) -> None:
    two_agents(log, tiers={"support": 1})
    log.queued("one")
    log.offered("one", "first")
    assert log.kinds() == ["overtaken_agent"]


def test_a_queue_may_choose_by_load(log: Log) -> None:
    two_agents(log)
    log.queued("one")
    log.offered("one", "first")
    log.accepted("one", "first")
    log.queued("two", "busy")
    log.offered("two", "first", "busy")
    assert log.kinds() == ["overtaken_agent"]


def test_who_ended_work_goes_to_the_end_of_the_idle_line(log: Log) -> None:
    two_agents(log)
    log.queued("one")
    log.offered("one", "first")
    log.accepted("one", "first")
    log.closed("one", "first")
    log.queued("two")
    log.offered("two", "first")
    assert log.kinds() == ["overtaken_agent"]


def test_whom_the_same_instant_set_free_is_not_compared(log: Log) -> None:
    two_agents(log)
    log.status("first", "busy")
    log.queued("one")
    log.status("first", "online", after_s=0.0)
    log.offered("one", "second")
    assert log.kinds() == []


@pytest.mark.parametrize("asks", [{"skills": {"german": 2}}, {"cost": 4}, {"preferred_agent": "bo"}])
def test_whoever_gets_a_case_must_be_fit_for_it(log: Log, asks: dict[str, Any]) -> None:
    log.agent("bo", status="busy")
    log.agent("ana", skills={"german": 1})
    log.queued("one", **asks)
    log.offered("one", "ana")
    assert log.kinds() == ["not_eligible"]


def test_nobody_is_offered_a_case_while_it_cools_down(log: Log) -> None:
    log.agent("ana")
    log.queued("one")
    log.offered("one", "ana")
    log.back("offer_expired", "one", "ana", state_before="offered")
    log.offered("one", "ana", after_s=59.0)
    assert log.kinds() == ["not_eligible"]
