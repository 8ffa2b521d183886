"""Periods by the clocks of a place, what they are cut into, and the one before."""

from datetime import UTC, datetime

import pytest

from casebaton.errors import Invalid
from casebaton.history.schema import QUARTER_MS
from casebaton.reports.periods import HOUR_MS, INTERVALS, Interval, Period, parts, read_period

BERLIN, NEPAL = "Europe/Berlin", "Asia/Kathmandu"


def at(text: str) -> int:
    """An instant by its UTC clock."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW_MS = at("2026-11-26T10:07:00")


def read(named: str = "", begin: str = "", end: str = "", zone: str = BERLIN) -> tuple[int, int]:
    period = read_period(named, begin, end, zone, NOW_MS)
    return period.from_ms, period.until_ms


@pytest.mark.parametrize(
    ("named", "begin", "end"),
    [
        ("", "2026-11-25T23:00", "2026-11-26T10:15"),
        ("today", "2026-11-25T23:00", "2026-11-26T10:15"),
        ("yesterday", "2026-11-24T23:00", "2026-11-25T23:00"),
        ("this_week", "2026-11-22T23:00", "2026-11-26T10:15"),
        ("last_week", "2026-11-15T23:00", "2026-11-22T23:00"),
        ("this_month", "2026-10-31T23:00", "2026-11-26T10:15"),
        ("last_month", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("last_7_days", "2026-11-18T23:00", "2026-11-25T23:00"),
        ("last_28_days", "2026-10-28T23:00", "2026-11-25T23:00"),
        ("last_30_days", "2026-10-26T23:00", "2026-11-25T23:00"),
    ],
)
def test_a_period_has_a_name(named: str, begin: str, end: str) -> None:
    assert read(named) == (at(begin), at(end))


def test_or_two_ends_by_the_clocks_there() -> None:
    assert read(begin="2026-11-01", end="2026-11-02") == (at("2026-10-31T23:00"), at("2026-11-01T23:00"))
    assert read(begin="2026-11-01T09:20", end="2026-11-01T12:01") == (at("2026-11-01T08:15"), at("2026-11-01T11:15"))
    assert read(begin=str(at("2026-11-01T08:15"))) == (at("2026-11-01T08:15"), at("2026-11-26T10:15"))
    assert read(begin="2026-11-01", zone=NEPAL)[0] == at("2026-10-31T18:15")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"named": "someday"}, "period: "),
        ({"named": "today", "begin": "2026-11-01"}, "period: "),
        ({"end": "2026-11-01"}, "from: "),
        ({"begin": "2026-13-01"}, "from: there is no day"),
        ({"begin": "first"}, "from: expected"),
        ({"begin": "2026-11-02", "end": "2026-11-01"}, "until: "),
        ({"begin": "2020-01-01"}, "from: a period has at most"),
        ({"begin": "0001-01-01", "end": "0001-02-01"}, "from: expected an instant from 1970 to 2200"),
        ({"begin": "9999-12-31", "end": "9999-12-31T23:59"}, "from: expected an instant from 1970 to 2200"),
        ({"begin": "900000000000000", "end": "900000000900000"}, "from: expected an instant from 1970 to 2200"),
        ({"begin": "2199-12-01", "end": "2200-01-02"}, "until: expected an instant from 1970 to 2200"),
        ({"zone": "Mars/Olympus"}, "zone: there is no time zone Mars/Olympus"),
    ],
)
def test_what_is_no_period_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(**given)
    assert refused.value.detail.startswith(says)


def _lengths(begin: str, end: str, interval: Interval, zone: str = BERLIN) -> list[tuple[str, float]]:
    period = read_period("", begin, end, zone, NOW_MS)
    found = parts(period, interval)
    assert sum(part.length_ms for part in found) == period.until_ms - period.from_ms
    return [(part.name, part.length_ms / HOUR_MS) for part in found]


def test_days_have_23_24_or_25_hours() -> None:
    assert _lengths("2026-10-24", "2026-10-27", "day") == [("2026-10-24", 24), ("2026-10-25", 25), ("2026-10-26", 24)]
    assert _lengths("2026-03-29", "2026-03-30", "day") == [("2026-03-29", 23)]


def test_an_hour_that_clocks_show_twice_is_two_and_one_that_they_skip_is_none() -> None:
    autumn = _lengths("2026-10-25T01:00", "2026-10-25T04:00", "hour")
    assert autumn == [(f"2026-10-25 {hour}:00", 1) for hour in ("01", "02", "02", "03")]
    spring = _lengths("2026-03-29T01:00", "2026-03-29T04:00", "hour")
    assert spring == [("2026-03-29 01:00", 1), ("2026-03-29 03:00", 1)]


def test_weeks_and_months_are_cut_short_by_the_period() -> None:
    assert _lengths("2026-11-26", "2026-12-08", "week") == [("2026-W48", 96), ("2026-W49", 168), ("2026-W50", 24)]
    assert _lengths("2026-01-30", "2026-03-02", "month") == [("2026-01", 48), ("2026-02", 672), ("2026-03", 24)]


def test_hours_of_the_day_and_days_of_the_week_come_round() -> None:
    hours = _lengths("2026-10-24", "2026-10-26", "hour_of_day")
    assert dict(hours)["02:00"] == 3
    assert dict(hours)["09:00"] == 2
    assert _lengths("2026-11-22T12:00", "2026-11-30", "day_of_week") == [
        *(("Mon", 24), ("Tue", 24), ("Wed", 24), ("Thu", 24), ("Fri", 24), ("Sat", 24), ("Sun", 36)),
    ]


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_zone_on_the_quarter_hour_is_cut_on_it(interval: Interval) -> None:
    period = read_period("", "2026-11-01", "2026-11-03T09:30", NEPAL, NOW_MS)
    assert period.from_ms % HOUR_MS == QUARTER_MS
    assert sum(part.length_ms for part in parts(period, interval)) == period.until_ms - period.from_ms


def test_a_year_of_quarter_hours_is_refused() -> None:
    with pytest.raises(Invalid, match="interval: "):
        _lengths("2025-11-01", "2026-11-01", "quarter_hour")


@pytest.mark.parametrize(
    ("begin", "end", "before"),
    [
        ("2026-11-25", "2026-11-26", ("2026-11-23T23:00", "2026-11-24T23:00")),
        ("2026-11-18", "2026-11-25", ("2026-11-10T23:00", "2026-11-17T23:00")),
        ("2026-11-25T10:00", "2026-11-25T12:00", ("2026-11-24T09:00", "2026-11-24T11:00")),
        ("2026-10-26", "2026-10-27", ("2026-10-24T22:00", "2026-10-25T23:00")),
        ("2026-03-01", "2026-04-01", ("2026-01-31T23:00", "2026-02-28T23:00")),
        ("2026-10-01", "2027-01-01", ("2026-06-30T22:00", "2026-09-30T22:00")),
    ],
)
def test_the_period_before_shows_the_same_clocks(begin: str, end: str, before: tuple[str, str]) -> None:
    period = read_period("", begin, end, BERLIN, NOW_MS).previous()
    assert (period.from_ms, period.until_ms) == (at(before[0]), at(before[1]))


def test_segments_are_between_two_changes_of_the_clocks() -> None:
    year = Period(at("2026-01-01T00:00"), at("2027-01-01T00:00"), BERLIN)
    assert [(segment.from_ms, segment.offset_ms // HOUR_MS) for segment in year.segments] == [
        (at("2026-01-01T00:00"), 1),
        (at("2026-03-29T01:00"), 2),
        (at("2026-10-25T01:00"), 1),
    ]
