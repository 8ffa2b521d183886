"""What agents did, and where their time went."""

import pytest

from casebaton.history.schema import agent_quarters, agent_time, offers, ownerships
from casebaton.reports import statuses
from casebaton.reports.agents import report
from casebaton.reports.answer import Answer
from casebaton.reports.asked import Within
from tests.reports.world import MINUTE, SECOND, Kept, at, quarter

ANA = {"agent": "ana", "team": "north"}
BO = {"agent": "bo", "team": "south"}


def _ask(kept: Kept, **given: str) -> Answer:
    with kept.connect() as connection:
        return report(connection, kept.ask(**{"by": "agent", **given}))


@pytest.fixture
def working(kept: Kept) -> Kept:
    """Ana works in two queues, one quarter of it full; Bo misses everything."""
    nine, ten = quarter("2026-11-25T09:00"), quarter("2026-11-25T10:00")
    kept.add(
        agent_quarters,
        {"at_ms": nine, **ANA, "accepted": 3, "declined": 1, "response_ms": 8 * SECOND, "handled": 2, "handed_on": 1,
         "shared": 1, "active_ms": 300 * SECOND, "wrap_up_ms": 60 * SECOND, "away_ms": 30 * SECOND, "parked_ms": 9000},
        {"at_ms": ten, **ANA, "queue": "support", "taken": 1, "handled": 1, "active_ms": 70 * SECOND},
        {"at_ms": ten, **BO, "missed": 2, "revoked": 4, "response_ms": 60 * SECOND},
    )  # fmt: skip
    online = {"label": "online", "status": "online"}
    kept.add(
        agent_time,
        {"at_ms": nine, **ANA, **online, "total_ms": 15 * MINUTE, "idle_ms": 3 * MINUTE, "full_ms": 5 * MINUTE,
         "full_interruptible_ms": 6 * MINUTE, "gone_ms": MINUTE, "held_primary_ms": 20 * MINUTE,
         "held_interruptible_ms": 10 * MINUTE, "capacity_ms": 60 * MINUTE, "interruptible_capacity_ms": 40 * MINUTE},
        {"at_ms": ten, **ANA, "label": "lunch", "status": "busy", "total_ms": 10 * MINUTE, "held_primary_ms": 999_999},
        {"at_ms": ten, **ANA, "label": "lunch", "status": "offline", "total_ms": 5 * MINUTE, "gone_ms": 1},
        {"at_ms": ten, **BO, "label": "not_responding", "status": "not_responding", "total_ms": 15 * MINUTE},
    )  # fmt: skip
    return kept


def test_work_is_counted_and_averaged_by_stint(working: Kept) -> None:
    ana, bo = _ask(working).rows
    assert {name: ana[name] for name in ("accepted", "declined", "taken", "handled", "handed_on", "shared")} == {
        "accepted": 3,
        "declined": 1,
        "taken": 1,
        "handled": 3,
        "handed_on": 1,
        "shared": 1,
    }
    assert ana["handle_mean_ms"] == (300 + 60 - 30 + 70) * SECOND // 4
    assert ana["response_mean_ms"] == 2 * SECOND
    assert (ana["missed_share"], bo["missed_share"], bo["revoked"]) == (0, 1, 4)
    assert "handle_mean_ms" not in bo


def test_time_is_by_status_and_occupancy_is_of_the_online_time(working: Kept) -> None:
    ana, bo = _ask(working).rows
    assert (ana["online_ms"], ana["busy_ms"], ana["offline_ms"]) == (15 * MINUTE, 10 * MINUTE, 5 * MINUTE)
    assert bo["not_responding_ms"] == 15 * MINUTE
    assert (ana["full_ms"], ana["idle_ms"], ana["gone_ms"]) == (5 * MINUTE, 3 * MINUTE, MINUTE)
    assert ana["working_share"] == 0.8
    assert (ana["occupancy"], ana["occupancy_primary"], ana["occupancy_interruptible"]) == (0.5, 1 / 3, 0.25)
    assert not {"occupancy", "working_share"} & bo.keys()


def test_by_queue_there_is_the_work_alone(working: Kept) -> None:
    found = _ask(working, by="agent,queue")
    assert [(row["agent"], row["queue"], row["handled"]) for row in found.rows] == [
        *(("ana", "billing", 2), ("ana", "support", 1), ("bo", "billing", 0)),
    ]
    assert not any("online_ms" in row for row in (*found.rows, found.total))
    assert "online_ms" not in {column.name for column in found.columns}
    assert "online_ms" not in _ask(working, queue="support").total


def test_teams_are_sums_and_so_is_everybody(working: Kept) -> None:
    found = _ask(working, by="team")
    assert [(row["team"], row["missed"]) for row in found.rows] == [("north", 0), ("south", 2)]
    assert found.total["online_ms"] == 15 * MINUTE
    assert _ask(working, team="south").total["accepted"] == 0


def test_few_agents_by_name_have_percentiles(working: Kept) -> None:
    for seconds, answer in ((1, "accepted"), (2, "declined"), (30, "expired"), (500, "revoked")):
        working.add(
            offers,
            {"answered_at_ms": at("2026-11-25T09:00"), "answer": answer, "response_ms": seconds * SECOND},
            **ANA, case_id="c-1", visit=1, is_transfer=False, offered_at_ms=0,
        )  # fmt: skip
    stint = {"began_at_ms": 0, "ended_at_ms": at("2026-11-25T09:00"), "case_id": "c-1", "visit": 1, "is_shared": False}
    times = {"active_ms": 300 * SECOND, "parked_ms": 77 * SECOND, "wrap_up_ms": 30 * SECOND, "away_ms": 30 * SECOND}
    working.add(ownerships, {**stint, **times, **ANA}, {**stint, **times, **BO, "active_ms": 0})
    [ana] = _ask(working, agent="ana").rows
    assert (ana["response_p50_ms"], ana["response_mean_ms"]) == (2 * SECOND, 11 * SECOND)
    assert 300 * SECOND <= ana["stint_p99_ms"] < 320 * SECOND
    assert "response_p50_ms" not in _ask(working).rows[0]


def test_within_a_scope_are_its_teams_and_the_work_of_its_queues(working: Kept) -> None:
    with working.connect() as connection:
        found = report(connection, working.ask_within(Within(queues=("support",), teams=("south",)), by="agent"))
    ana, bo = found.rows
    assert (ana["taken"], ana["accepted"], ana["online_ms"], bo["missed"]) == (1, 0, 0, 2)


def test_statuses_are_told_by_the_name_that_was_chosen(working: Kept) -> None:
    with working.connect() as connection:
        found = statuses.report(connection, working.ask(by="agent"))
    assert [(row["agent"], row["status"], row["label"], row["total_ms"] // MINUTE) for row in found.rows] == [
        *(("ana", "busy", "lunch", 10), ("ana", "offline", "lunch", 5), ("ana", "online", "online", 15)),
        ("bo", "not_responding", "not_responding", 15),
    ]
    assert found.total["total_ms"] == 45 * MINUTE
