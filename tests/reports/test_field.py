"""Appointments: acceptance, arrival in time, stages, and why they could not be completed."""

from itertools import pairwise

import pytest

from casebaton.history.schema import reasons, stages, visits
from casebaton.reports.answer import Answer
from casebaton.reports.field import report
from tests.reports.world import HOUR, MINUTE, Kept, at, quarter

FIELD = {"queue": "field", "channel": "appointment"}


def _appointment(kept: Kept, case: str, arrival: str, end: str, *, agent: str = "tom", window: bool = True) -> None:
    """Planned from ten to twelve, on the way for half an hour, at work for one; the end is said an hour after."""
    came = at(f"2026-11-25T{arrival}")
    moments = [came + minutes * MINUTE for minutes in (-180, -120, -30, 0, 60)]
    names = ("scheduled", "dispatched", "travelling", "in_progress", end)
    for (stage, following), (began_ms, ended_ms) in zip(pairwise(names), pairwise(moments), strict=True):
        times = {"began_at_ms": began_ms, "ended_at_ms": ended_ms}
        kept.add(
            stages, {"stage": stage, "next_stage": following, **times, **FIELD}, case_id=case, visit=1, agent=agent
        )
    planned = {"window_from_ms": at("2026-11-25T10:00"), "window_until_ms": at("2026-11-25T12:00")} if window else {}
    instants = dict.fromkeys(("created_at_ms", "requested_at_ms", "arrived_at_ms", "target_ms", "open_wait_ms"), 0)
    kept.add(visits, {"case_id": case, "visit": 1, **instants, "ended_at_ms": came + HOUR, **planned}, **FIELD)


@pytest.fixture
def served(kept: Kept) -> Kept:
    _appointment(kept, "a-1", "09:50", "completed")
    _appointment(kept, "a-2", "10:00", "completed", agent="uwe")
    _appointment(kept, "a-3", "12:00", "cannot_complete")
    _appointment(kept, "a-4", "12:30", "cannot_complete")
    _appointment(kept, "a-5", "11:00", "completed", window=False)
    when = {"at_ms": quarter("2026-11-25T13:00"), "what": "cannot_complete", "agent": "tom", "team": "", **FIELD}
    kept.add(
        reasons,
        {**when, "reason": "nobody_home", "count": 2},
        {**when, "reason": "busy", "what": "declined", "count": 9},
    )
    kept.add_durations("response_accepted", "2026-11-25T08:00", HOUR, 2 * HOUR, **FIELD)
    kept.add_durations("response_accepted", "2026-11-25T08:00", 1, 1, 1, channel="chat", queue="field")
    return kept


def _ask(kept: Kept, **given: str) -> Answer:
    with kept.connect() as connection:
        return report(connection, kept.ask(**given))


def test_arrivals_are_early_within_the_window_or_late(served: Kept) -> None:
    [row] = _ask(served, by="queue").rows
    assert [row[name] for name in ("arrived", "early", "in_window", "late")] == [4, 1, 1, 2]
    assert row["on_time_share"] == 0.5
    assert row["lateness_mean_ms"] == 15 * MINUTE


def test_stages_have_their_lengths(served: Kept) -> None:
    total = _ask(served).total
    assert total["scheduled_mean_ms"] == HOUR
    assert total["dispatched_mean_ms"] == 90 * MINUTE
    assert total["travelling_mean_ms"] == 30 * MINUTE
    assert HOUR <= total["in_progress_p99_ms"] <= HOUR * 17 / 16


def test_how_they_ended_and_why_not(served: Kept) -> None:
    [row] = _ask(served, by="queue").rows
    assert (row["completed"], row["cannot_complete"], row["cannot_complete_share"]) == (3, 2, 0.4)
    assert row["reasons"] == {"nobody_home": 2}


def test_acceptance_is_of_the_channels_that_have_stages(served: Kept) -> None:
    assert _ask(served).total["acceptance_mean_ms"] == 90 * MINUTE


def test_by_agent_there_is_all_but_acceptance(served: Kept) -> None:
    found = _ask(served, by="agent")
    tom, uwe = found.rows
    assert (tom["arrived"], tom["late"], uwe["in_window"], tom["reasons"]) == (3, 2, 1, {"nobody_home": 2})
    assert not any(name.startswith("acceptance") for row in (tom, uwe, found.total) for name in row)
    assert "reasons" not in uwe
