"""Opening hours become instants: weeks, holidays, days of their own, and the nights on which clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebaton.errors import Invalid
from casebaton.workspace import document
from casebaton.workspace.hours import DAYS, Hours, changes, name_of

SMALL = '[channels.case]\n[queues.support]\nhours = "office"\n'
OFFICE = '[hours.office]\nzone = "Europe/Berlin"\n'
BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


def shown(hours: Hours, first: str, last: str) -> list[str]:
    """The changes within the days, as clocks there show them."""
    found = changes(hours, ms(f"{first} 00:00"), ms(f"{last} 00:00"))[1:-1]
    at = [datetime.fromtimestamp(change.at_ms / 1000, BERLIN) for change in found]
    return [
        f"{when:%d %H:%M%z} {'opens' if change.is_open else 'closes'}" for when, change in zip(at, found, strict=True)
    ]


def daily(*spans: str) -> Hours:
    return Hours(zone="Europe/Berlin", week={day: list(spans) for day in DAYS})


def test_a_week_has_its_days_and_a_day_its_spans() -> None:
    hours = Hours(zone="Europe/Berlin", week={"mon": ["09:00-12:00", "13:00-17:30"], "wed": ["08:00-09:00"]})
    assert shown(hours, "2026-12-07", "2026-12-14") == [
        "07 09:00+0100 opens", "07 12:00+0100 closes", "07 13:00+0100 opens", "07 17:30+0100 closes",
        "09 08:00+0100 opens", "09 09:00+0100 closes",
    ]  # fmt: skip


def test_a_holiday_is_closed_and_a_day_of_its_own_wins_over_both() -> None:
    text = (
        SMALL
        + OFFICE
        + (
            'week = {thu = ["09:00-17:00"], fri = ["09:00-17:00"]}\nholidays = ["2026-12-24", 2026-12-25]\n'
            'extra = {"2026-12-24" = ["09:00-12:00"]}\n'
        )
    )
    hours = document.parse(text).hours["office"]
    assert shown(hours, "2026-12-24", "2026-12-27") == ["24 09:00+0100 opens", "24 12:00+0100 closes"]
    assert shown(hours, "2026-12-31", "2027-01-01") == ["31 09:00+0100 opens", "31 17:00+0100 closes"]


def test_clocks_that_go_forward_and_back_keep_the_hours_that_they_show() -> None:
    hours = daily("09:00-17:00")
    assert shown(hours, "2026-03-28", "2026-03-30") == [
        "28 09:00+0100 opens", "28 17:00+0100 closes", "29 09:00+0200 opens", "29 17:00+0200 closes",
    ]  # fmt: skip
    assert shown(hours, "2026-10-25", "2026-10-26") == ["25 09:00+0100 opens", "25 17:00+0100 closes"]


def test_an_hour_that_comes_twice_is_open_from_its_first_to_its_second() -> None:
    assert shown(daily("02:30-02:45"), "2026-10-25", "2026-10-26") == ["25 02:30+0200 opens", "25 02:45+0100 closes"]


def test_an_hour_that_is_skipped_counts_from_before_the_change() -> None:
    assert shown(daily("01:00-02:30"), "2026-03-29", "2026-03-30") == ["29 01:00+0100 opens", "29 03:30+0200 closes"]
    assert shown(daily("02:30-03:00"), "2026-03-29", "2026-03-30") == []


def test_open_around_the_clock_is_one_span() -> None:
    assert changes(daily("00:00-24:00"), 1000, 900_000_000) == [(1000, True), (900_000_000, True)]
    assert shown(daily("22:00-24:00", "00:00-02:00"), "2026-12-01", "2026-12-02") == [
        "01 02:00+0100 closes", "01 22:00+0100 opens",
    ]  # fmt: skip


def test_the_first_says_what_holds_and_the_last_how_far_it_reaches() -> None:
    hours = daily("09:00-17:00")
    noon, midnight = ms("2026-12-01 12:00"), ms("2026-12-02 00:00")
    assert changes(hours, noon, midnight) == [(noon, True), (ms("2026-12-01 17:00"), False), (midnight, False)]
    assert changes(hours, midnight - 1000, midnight) == [(midnight - 1000, False), (midnight, False)]


@given(
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
    ),
    spans=st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda one: one[0] < one[1]), max_size=3),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001  # made one below
)
def test_at_any_instant_it_is_open_when_clocks_there_show_so(
    zone: str, spans: list[tuple[int, int]], start: datetime
) -> None:
    hours = Hours(zone=zone, week={day: [f"{a:02}:00-{b:02}:00" for a, b in spans] for day in DAYS})
    since = start.replace(tzinfo=UTC, minute=30, second=0, microsecond=0)
    found = changes(hours, round(since.timestamp() * 1000), round((since + timedelta(days=9)).timestamp() * 1000))
    assert [one.at_ms for one in found] == sorted(one.at_ms for one in found)
    assert all(before.is_open != after.is_open for before, after in pairwise(found[:-1]))
    for hour in range(8 * 24):
        at = since + timedelta(hours=hour)
        local = at.astimezone(ZoneInfo(zone))
        near = {(at + timedelta(hours=shift)).astimezone(ZoneInfo(zone)).utcoffset() for shift in (-3, 0, 3)}
        if len(near) > 1:
            continue  # around a change of the clock the examples above say what holds
        is_open = [one.is_open for one in found if one.at_ms <= at.timestamp() * 1000][-1]
        assert is_open == any(a <= local.hour < b for a, b in spans)


def test_the_same_hours_have_the_same_name_and_others_another() -> None:
    one = document.parse(SMALL + OFFICE + 'week = {mon = ["09:00-12:00"], tue = []}\n').hours["office"]
    same = document.parse(SMALL + OFFICE + 'week = {tue = [], mon = ["09:00-12:00"]}\n').hours["office"]
    other = document.parse(SMALL + OFFICE + 'week = {mon = ["09:00-12:30"], tue = []}\n').hours["office"]
    assert name_of(one) == name_of(same) != name_of(other)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", r"\$\.queues\.support\.hours: there are no hours office"),
        ('[hours.office]\nzone = "Europe/Bonn"\n', r"\$\.hours\.office\.zone: there is no time zone Europe/Bonn"),
        (OFFICE + 'week = {mon = ["9:00-12:00"]}\n', r"\.week\.mon\[0\]: Expected a span such as 09:00-17:30"),
        (OFFICE + 'week = {mon = ["24:00-24:00"]}\n', r"\.week\.mon\[0\]"),
        (OFFICE + 'week = {monday = []}\n', r"week"),
        (OFFICE + 'week = {mon = ["12:00-12:00"]}\n', r"\$\.hours\.office\.week\.mon\[0\]: must end after it begins"),
        (OFFICE + 'week = {mon = ["09:00-12:00", "11:00-13:00"]}\n', r"mon: 09:00-12:00 and 11:00-13:00 overlap"),
        (OFFICE + 'extra = {"2026-12-24" = ["12:00-09:00"]}\n', r"\.extra\.2026-12-24\[0\]: must end after"),
        (OFFICE + 'extra = {"24.12." = []}\n', r"extra"),
        (OFFICE + 'holidays = ["2026-02-30"]\n', r"holidays\[0\]"),
        (OFFICE + '[queues.b]\nwhen_closed = "overflow"\n', r"\$\.queues\.b\.when_closed: overflow needs a queue"),
        (OFFICE + '[queues.b]\nclosed_clock = "slow"\n', r"\.closed_clock"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_path(text: str, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(SMALL + text)
