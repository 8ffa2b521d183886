"""What came to queues and what became of it, by whatever is asked."""

import pytest
from msgspec import structs

from casebaton.history.schema import live, openings, queue_quarters
from casebaton.reports import queues
from casebaton.reports.asked import Within
from casebaton.reports.groups import Groups
from casebaton.reports.periods import INTERVALS
from tests.reports.world import HOUR, MINUTE, NOW_MS, SECOND, Kept, at, quarter


@pytest.fixture
def busy(kept: Kept) -> Kept:
    """Two queues on two days."""
    kept.add(
        queue_quarters,
        {"at_ms": quarter("2026-11-25T09:00"), "arrived": 10, "owned": 7, "in_time": 6, "abandoned": 1},
        {"at_ms": quarter("2026-11-25T09:15"), "arrived": 4, "owned": 4, "in_time": 4, "skills": ",french,german,"},
        {"at_ms": quarter("2026-11-25T09:15"), "arrived": 2, "owned": 1, "short_abandoned": 1, "priority": 0},
        {"at_ms": quarter("2026-11-25T23:45"), "arrived": 3, "owned": 3, "in_time": 3, "queue": "support"},
        {"at_ms": quarter("2026-11-24T23:45"), "arrived": 5, "owned": 2, "in_time": 2, "queue": "support"},
        {"at_ms": quarter("2026-11-26T00:00"), "arrived": 100},
    )
    return kept


def _of(kept: Kept, **given: str) -> list[dict[str, object]]:
    with kept.connect() as connection:
        return queues.report(connection, kept.ask(**given)).rows


def _column(kept: Kept, name: str, **given: str) -> dict[object, object]:
    """A number of each row, by what stands before the numbers."""
    by = [*(["interval"] if "interval" in given else []), *given.get("by", "").split(",")]
    return {tuple(row[one] for one in by if one): row.get(name) for row in _of(kept, **given)}


def test_a_day_is_cut_by_the_clocks_of_the_zone(busy: Kept) -> None:
    assert _column(busy, "arrived", by="queue") == {("billing",): 16, ("support",): 3}
    assert _column(busy, "arrived", by="queue", zone="UTC") == {("billing",): 116, ("support",): 3}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("channel", {("case",): 19}),
        ("priority", {(0,): 2, (5,): 17}),
        ("skill", {("",): 15, ("french",): 4, ("german",): 4}),
        ("queue,priority", {("billing", 0): 2, ("billing", 5): 14, ("support", 5): 3}),
    ],
)
def test_rows_are_by_what_is_asked(busy: Kept, by: str, expected: dict[object, int]) -> None:
    assert _column(busy, "arrived", by=by) == expected


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("quarter_hour", {("2026-11-25 09:00",): 10, ("2026-11-25 09:15",): 6, ("2026-11-25 23:45",): 3}),
        ("half_hour", {("2026-11-25 09:00",): 16, ("2026-11-25 23:30",): 3}),
        ("hour", {("2026-11-25 09:00",): 16, ("2026-11-25 23:00",): 3}),
        ("day", {("2026-11-25",): 19}),
        ("week", {("2026-W48",): 19}),
        ("month", {("2026-11",): 19}),
        ("hour_of_day", {("09:00",): 16, ("23:00",): 3}),
        ("day_of_week", {("Wed",): 19}),
    ],
)
def test_intervals_are_by_the_clocks_there(busy: Kept, interval: str, expected: dict[object, int]) -> None:
    assert _column(busy, "arrived", interval=interval) == expected


def test_over_a_change_of_the_clocks_too(kept: Kept) -> None:
    day_of_25_hours = [quarter("2026-10-25T00:00") + hour * HOUR for hour in range(25)]
    kept.add(queue_quarters, *({"at_ms": at_ms, "arrived": 1} for at_ms in (*day_of_25_hours, at("2026-10-26"))))
    over = {"begin": "2026-10-24", "until": "2026-10-27"}
    assert _column(kept, "arrived", interval="day", **over) == {("2026-10-25",): 25, ("2026-10-26",): 1}
    hours = _of(kept, interval="hour", begin="2026-10-25", until="2026-10-26")
    assert [row["interval"] for row in hours][1:5] == [f"2026-10-25 {hour}:00" for hour in ("01", "02", "02", "03")]
    assert {row["arrived"] for row in hours} == {1}
    assert _column(kept, "arrived", interval="month", begin="2026-09-01", until="2026-12-01") == {("2026-10",): 26}
    assert _column(kept, "arrived", interval="hour_of_day", **over)[("02:00",)] == 2


@pytest.mark.parametrize(
    ("only", "arrived"),
    [
        ({"queue": "support"}, 3),
        ({"queue": "support,billing"}, 19),
        ({"priority": "0"}, 2),
        ({"skill": "german"}, 4),
        ({"skill": "germ"}, 0),
        ({"skill": "frenc_"}, 0),
        ({"skill": "French"}, 0),
        ({"channel": "chat"}, 0),
    ],
)
def test_only_what_is_named_counts(busy: Kept, only: dict[str, str], arrived: int) -> None:
    with busy.connect() as connection:
        assert queues.report(connection, busy.ask(**only)).total["arrived"] == arrived


def test_within_a_scope_only_its_queues_count(busy: Kept) -> None:
    with busy.connect() as connection:
        question = busy.ask_within(Within(queues=("support",), teams=("north",)), by="queue")
        assert [row["queue"] for row in queues.report(connection, question).rows] == ["support"]
        assert queues.report(connection, busy.ask_within(Within())).total["arrived"] == 0


def test_another_workspace_is_another_history(busy: Kept) -> None:
    other = Kept(busy.engine, f"{busy.workspace}-other")
    assert _of(other, by="queue") == []


# -- service level -----------------------------------------------------------------------------------------------------


def _waiting(case: str, arrived: str, overdue_open_ms: int, queue: str = "billing") -> dict[str, object]:
    return {
        "kind": "case",
        "name": case,
        "state": "waiting",
        "record": b"",
        "queue": "elsewhere",
        "arrived_at_ms": at(arrived),
        "arrived_queue": queue,
        "arrived_priority": 5,
        "overdue_open_ms": overdue_open_ms,
    }


def test_the_level_is_in_time_by_owned_abandoned_and_overdue(busy: Kept) -> None:
    busy.add(
        live,
        {"kind": "queue", "name": "billing", "state": "open", "shut_ms": HOUR, "target_ms": 20 * SECOND, "record": b""},
        _waiting("c-1", "2026-11-25T09:01", NOW_MS - HOUR - 1),
        _waiting("c-2", "2026-11-25T09:02", NOW_MS - HOUR),
        _waiting("c-3", "2026-11-24T09:00", 0),
    )
    [billing, _] = _of(busy, by="queue")
    assert (billing["overdue"], billing["unowned"]) == (1, 2)
    assert billing["level"] == 10 / (12 + 1 + 1)
    assert billing["abandoned_share"] == 2 / 16
    assert billing["target_ms"] == 20 * SECOND


def test_while_a_queue_is_closed_nothing_there_becomes_overdue(busy: Kept) -> None:
    closed_at = at("2026-11-25T18:00")
    queue = {"kind": "queue", "name": "billing", "state": "closed", "since_ms": closed_at, "shut_ms": 0, "record": b""}
    late = _waiting("c-1", "2026-11-25T09:01", closed_at - 1)
    busy.add(live, queue, late, _waiting("c-2", "2026-11-25T09:02", closed_at))
    assert _of(busy, by="queue")[0]["overdue"] == 1


def test_shares_of_nothing_are_left_out(kept: Kept) -> None:
    kept.add(queue_quarters, {"at_ms": quarter("2026-11-25T09:00"), "arrived": 1, "cancelled": 1})
    [row] = _of(kept, by="queue")
    assert not {"level", "missed_share", "first_owner_p50_ms"} & row.keys()
    assert row["unowned"] == 0


# -- times ------------------------------------------------------------------------------------------------------------


def test_times_to_the_first_owner_are_percentiles_and_a_mean(busy: Kept) -> None:
    busy.add_durations("first_owner", "2026-11-25T09:00", *[second * SECOND for second in range(1, 101)])
    busy.add_durations("first_owner", "2026-11-25T23:45", 400, queue="support")
    busy.add_durations("first_owner", "2026-11-26T00:15", 999_000)
    busy.add_durations("handle", "2026-11-25T12:00", 60_000, 120_000)
    [billing, support] = _of(busy, by="queue")
    assert billing["first_owner_mean_ms"] == 50_500
    assert 50_000 <= billing["first_owner_p50_ms"] < 53_200  # type: ignore[operator]
    assert support["first_owner_p99_ms"] == 400
    assert billing["handle_mean_ms"] == 90_000


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_quarters_and_blocks_cover_a_period_once(kept: Kept, zone: str) -> None:
    """A length of time at every quarter hour of four days, the 25-hour one among them."""
    first, begin, end = (at(text, zone) for text in ("2026-10-23T00:00", "2026-10-24T00:15", "2026-10-26T17:45"))
    quarters = range(first, first + 100 * HOUR, 15 * MINUTE)
    for at_ms in quarters:
        kept.add_durations("handle", at_ms, (at_ms - first) // MINUTE * SECOND)
    inside = [(at_ms - first) // MINUTE * SECOND for at_ms in quarters if begin <= at_ms < end]
    for interval in ("", *INTERVALS):
        with kept.connect() as connection:
            groups = Groups(
                kept.ask(interval=interval, begin="2026-10-24T00:15", until="2026-10-26T17:45", zone=zone, by="queue")
            )
            groups.measure(connection, ("handle",))
        found = groups.total.histograms["handle"]
        assert (found.count, found.total_ms) == (len(inside), sum(inside))
        counts = [group.histograms["handle"].count for _, group in sorted(groups.of.items())]
        assert counts == ([part.length_ms // (15 * MINUTE) for part in groups.parts] or [len(inside)])


def test_open_time_is_the_interval_less_the_spans_in_which_the_queue_was_closed(busy: Kept) -> None:
    busy.add(
        openings,
        {"began_at_ms": at("2026-11-24T18:00"), "ended_at_ms": at("2026-11-25T08:30"), "is_open": False},
        {"began_at_ms": at("2026-11-25T08:30"), "ended_at_ms": at("2026-11-25T18:00"), "is_open": True},
    )
    since_ms = at("2026-11-25T18:00")
    busy.add(live, {"kind": "queue", "name": "billing", "state": "closed", "since_ms": since_ms, "record": b""})
    assert _column(busy, "open_ms", by="queue") == {("billing",): 9.5 * HOUR, ("support",): 24 * HOUR}
    busy.add(queue_quarters, {"at_ms": quarter("2026-11-25T08:15"), "arrived": 1})
    assert _column(busy, "open_ms", by="queue", interval="hour_of_day", queue="billing") == {
        ("08:00", "billing"): HOUR / 2,
        ("09:00", "billing"): HOUR,
    }


def test_the_period_before_stands_beside_it(busy: Kept) -> None:
    with busy.connect() as connection:
        found = queues.report(connection, busy.ask(by="queue", compare="1"))
    assert found.previous is not None
    assert found.previous.rows == [
        found.previous.rows[0] | {"queue": "support", "arrived": 5, "owned": 2, "level": 1.0}
    ]
    assert (found.previous.from_ms, found.previous.until_ms) == (at("2026-11-24"), at("2026-11-25"))


def test_every_number_has_its_meaning_beside_it(busy: Kept) -> None:
    with busy.connect() as connection:
        found = queues.report(connection, busy.ask(by="queue", interval="day"))
    named = {column.name for column in found.columns}
    for row in found.rows:
        assert row.keys() - {"interval", "at_ms", "queue"} <= named
    assert all(structs.astuple(column)[2].endswith(".") for column in found.columns)


@pytest.mark.parametrize(
    "asked", [{"period": "today"}, {"begin": "2026-11-26"}, {"begin": "2026-11-26", "until": "2026-11-28"}]
)
def test_a_period_that_is_running_has_no_minute_of_the_future(kept: Kept, asked: dict[str, str]) -> None:
    kept.add(queue_quarters, {"at_ms": quarter("2026-11-26T10:45"), "waiting_ms": 11 * HOUR})
    with kept.connect() as connection:
        found = queues.report(connection, kept.ask(by="queue", **asked))
        cut = queues.report(connection, kept.ask(by="queue", interval="day", **asked))
    assert (found.until_ms, found.as_of_ms) == (NOW_MS, NOW_MS)
    assert [(row["waiting"], row["open_ms"]) for row in (*found.rows, *cut.rows)] == [(1, 11 * HOUR)] * 2
    assert found.total["waiting"] == 1


@pytest.mark.parametrize("interval", ["day", "hour_of_day"])
def test_what_was_before_the_history_began_is_no_part_of_an_average(kept: Kept, interval: str) -> None:
    kept.add(queue_quarters, {"at_ms": quarter("2026-11-26T10:45"), "waiting_ms": 10 * MINUTE})
    begins_ms = at("2026-11-26T10:50")
    with kept.connect() as connection:
        asked = structs.replace(kept.ask(by="queue", period="today"), begins_ms=begins_ms)
        found = queues.report(connection, asked)
        cut = queues.report(connection, structs.replace(asked, interval=interval))
    assert (found.from_ms, found.total["waiting"]) == (at("2026-11-26"), 1)
    assert [(row["waiting"], row["open_ms"]) for row in (*found.rows, *cut.rows)] == [(1, 10 * MINUTE)] * 2


def test_what_was_stored_by_a_clock_that_is_ahead_counts_too(kept: Kept) -> None:
    kept.add(queue_quarters, {"at_ms": quarter("2026-11-26T11:00"), "arrived": 2, "waiting_ms": 15 * MINUTE})
    [row] = _of(kept, by="queue", interval="quarter_hour", period="today")
    assert (row["arrived"], row["waiting"]) == (2, 1)


def test_a_period_that_has_not_begun_is_whole(kept: Kept) -> None:
    assert kept.ask(begin="2026-11-27", until="2026-11-28").passed.until_ms == at("2026-11-28")
