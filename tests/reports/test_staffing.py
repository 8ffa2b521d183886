"""Is it staffed?"""

import pytest

from casebaton.errors import Invalid
from casebaton.history.schema import agent_quarters, agent_time, events, live, openings, progress, queue_quarters
from casebaton.reports.advice import Need, advise
from casebaton.reports.answer import Answer
from casebaton.reports.erlang import Traffic, outlook, servers_for
from casebaton.reports.periods import Part
from casebaton.reports.staffing import report
from tests.reports.world import HOUR, MINUTE, SECOND, Kept, at, quarter

QUARTER = 15 * MINUTE


def _ask(kept: Kept, **given: str) -> Answer:
    with kept.connect() as connection:
        return report(connection, kept.ask(**given))


def _online(kept: Kept, agents: int, begin: str, quarters: int, *, idle: float = 0.0, first: int = 0) -> None:
    """So many agents are online from then on, a part of the time with nothing in hand."""
    kept.add(
        agent_time,
        *(
            {
                "at_ms": quarter(begin) + n * QUARTER,
                "agent": f"a-{a}",
                "total_ms": QUARTER,
                "idle_ms": round(idle * QUARTER),
            }
            for n in range(quarters)
            for a in range(first, first + agents)
        ),
        label="online",
        status="online",
    )


@pytest.fixture
def centre(kept: Kept) -> Kept:
    """A hundred calls of three minutes in half an hour from 10:00 on; twelve agents who work for this queue alone."""
    kept.add(
        queue_quarters,
        *({"at_ms": quarter(f"2026-11-25T10:{m}"), "arrived": 50, "owned": 50, "in_time": 30} for m in ("00", "15")),
    )
    kept.add_durations("handle", "2026-11-25T11:00", *[180 * SECOND] * 100)
    kept.add(
        agent_quarters,
        *({"at_ms": quarter("2026-11-25T10:15"), "agent": f"a-{n}", "active_ms": 25 * MINUTE} for n in range(12)),
    )
    _online(kept, 12, "2026-11-25T10:00", 2)
    kept.add(live, {"kind": "queue", "name": "billing", "state": "open", "target_ms": 20 * SECOND, "record": b""})
    return kept


def test_what_is_needed_is_what_erlang_c_says(centre: Kept) -> None:
    [row] = _ask(centre, interval="half_hour").rows
    assert row["load"] == 10
    assert (row["agents"], row["needed"], row["missing"], row["spare"]) == (12, 14, 2, 0)
    assert row["expected"] == pytest.approx(outlook(Traffic(100 / 1800, 180), 12, 20).level, abs=1e-4)
    assert (row["level"], row["within_ms"], row["handle_mean_ms"], row["model"]) == (0.6, 20_000, 180_000, "C")
    assert row["at_once"] == 1


def test_and_is_said_in_words_with_what_it_assumes(centre: Kept) -> None:
    found = _ask(centre, interval="quarter_hour")
    assert [advice.says for advice in found.advice] == [
        "billing: 2 more agents on 2026-11-25 from 10:00 to 10:30 would bring 80 % within 20 s."
    ]
    assert any("exponential" in note for note in found.notes)


def test_another_goal_and_another_time_can_be_asked_for(centre: Kept) -> None:
    [row] = _ask(centre, interval="half_hour", goal="0.95", within_s="60").rows
    assert row["needed"] == servers_for(Traffic(100 / 1800, 180), 0.95, 60)
    assert _ask(centre, interval="half_hour", goal="0.3", within_s="600").rows[0]["spare"] == 1


def test_with_measured_patience_it_is_erlang_a(centre: Kept) -> None:
    centre.add_durations("first_owner", "2026-11-25T10:00", *[10 * SECOND] * 90)
    centre.add_durations("patience", "2026-11-25T10:00", *[30 * SECOND] * 10)
    [row] = _ask(centre, interval="half_hour").rows
    assert (row["model"], row["patience_ms"]) == ("A", 120 * SECOND)
    assert row["needed"] == servers_for(Traffic(100 / 1800, 180, 120), 0.8, 20) == 12
    assert row["missing"] == 0


def test_few_who_left_tell_nothing_of_patience(centre: Kept) -> None:
    centre.add_durations("patience", "2026-11-25T10:00", *[30 * SECOND] * 4)
    assert _ask(centre, interval="half_hour").rows[0]["model"] == "C"


def test_who_works_for_two_queues_counts_for_each_by_its_share(centre: Kept) -> None:
    centre.add(
        agent_quarters,
        {"at_ms": quarter("2026-11-25T17:00"), "agent": "a-0", "active_ms": 75 * MINUTE, "queue": "support"},
    )
    assert _ask(centre, interval="half_hour", queue="billing").rows[0]["agents"] == 11.25


def test_who_is_there_and_works_for_nobody_counts_nowhere(centre: Kept) -> None:
    _online(centre, 5, "2026-11-25T10:00", 2, first=100)
    assert _ask(centre, interval="half_hour").rows[0]["agents"] == 12


def test_several_cases_at_once_need_fewer_agents(centre: Kept) -> None:
    assert _ask(centre, interval="half_hour", at_once="3").rows[0]["needed"] == 5
    centre.add(
        agent_time,
        *(
            {"at_ms": quarter("2026-11-25T12:00"), "agent": f"a-{n}", "total_ms": QUARTER, "idle_ms": QUARTER}
            for n in range(12)
        ),
        label="online",
        status="online",
    )
    centre.add(
        agent_quarters,
        *({"at_ms": quarter("2026-11-25T10:00"), "agent": f"a-{n}", "active_ms": 35 * MINUTE} for n in range(12)),
    )
    assert _ask(centre, interval="half_hour").rows[0]["at_once"] == 2


def test_hours_of_the_day_are_an_average_day(centre: Kept) -> None:
    found = _ask(centre, begin="2026-11-24", until="2026-11-26", interval="hour_of_day").rows
    assert [(row["interval"], row["arrived"], row["load"], row["agents"]) for row in found] == [("10:00", 50, 2.5, 3)]


def test_a_closed_queue_needs_nobody_and_half_an_open_hour_counts_half(centre: Kept) -> None:
    closed = {"is_open": False, "began_at_ms": at("2026-11-25T10:15"), "ended_at_ms": at("2026-11-25T11:00")}
    centre.add(openings, closed)
    early, late = _ask(centre, interval="quarter_hour").rows
    assert (early["load"], "needed" in late, late["arrived"]) == (10, False, 50)
    assert _ask(centre, interval="half_hour").rows[0]["load"] == 20


def test_nothing_is_said_of_a_queue_in_which_nothing_was_ever_closed(kept: Kept) -> None:
    kept.add(queue_quarters, {"at_ms": quarter("2026-11-25T10:00"), "arrived": 50})
    [row] = _ask(kept, interval="half_hour").rows
    assert "needed" not in row
    assert row["arrived"] == 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("goal", "1"),
        ("goal", "80"),
        ("within_s", "x"),
        ("at_once", "0.5"),
        ("within_s", "nan"),
        ("at_once", "1_0"),
        ("goal", "\u0660.5"),
    ],
)
def test_what_is_no_number_is_named(kept: Kept, name: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"{name}: expected a number"):
        _ask(kept, **{name: value})


def test_runs_of_the_same_need_are_one_advice_and_the_largest_comes_first(kept: Kept) -> None:
    day = kept.ask().period
    parts = [Part(hour, f"{hour:02}:00", None, HOUR) for hour in range(24)]
    missing = {9: 1, 10: 2, 11: 2, 14: 1, 15: 1, 23: 3}
    needs = [Need("billing", hour, parts[hour], count, 0.9, 120_000) for hour, count in missing.items()]
    assert [advice.says for advice in advise(needs, day, HOUR)] == [
        "billing: 3 more agents from 23:00 to 24:00 would bring 90 % within 2 min.",
        "billing: 2 more agents from 10:00 to 12:00 would bring 90 % within 2 min.",
        "billing: 1 more agent from 09:00 to 10:00 would bring 90 % within 2 min.",
        "billing: 1 more agent from 14:00 to 16:00 would bring 90 % within 2 min.",
    ]


def test_what_is_not_over_and_what_came_before_the_history_says_nothing(centre: Kept) -> None:
    centre.add(progress, {"position": "2-0", "seq": 2, "at_ms": quarter("2026-11-25T10:15") + MINUTE, "writer": "w"})
    assert [row["interval"] for row in _ask(centre, interval="quarter_hour").rows] == ["2026-11-25 10:00"]
    first = {"seq": 1, "position": "1-0", "at_ms": quarter("2026-11-25T10:00") + MINUTE, "type": "case_queued"}
    centre.add(events, {**first, "body": "{}"})
    assert _ask(centre, interval="quarter_hour").rows == []


def test_nobody_is_advised_where_the_level_was_reached_or_is_expected(centre: Kept) -> None:
    assert _ask(centre, interval="half_hour", goal="0.6").advice == ()  # so many were in time
    [row] = _ask(centre, interval="half_hour", goal="0.62").rows
    assert row["level"] < 0.62 <= row["expected"]
    assert row["missing"] == 0


def test_between_whole_numbers_of_servers_the_level_is_between_theirs(centre: Kept) -> None:
    [row] = _ask(centre, interval="half_hour", at_once="1.04").rows  # 12.48 servers
    low, high = (outlook(Traffic(100 / 1800, 180), servers, 20).level for servers in (12, 13))
    assert row["expected"] == pytest.approx(low + 0.48 * (high - low), abs=1e-4)
