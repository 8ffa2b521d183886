"""Periods and what they are cut into, by the clocks of a place.

Everything here is on quarter hours, where every zone's midnight and every change of its clocks is, but for the end of a
period of which only what has passed counts. Pure.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from casebaton.errors import Invalid
from casebaton.history.schema import QUARTER_MS
from casebaton.workspace.hours import zones

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
MOST_DAYS = 1100  # of a period
MOST_INTERVALS = 5000
Interval = Literal["quarter_hour", "half_hour", "hour", "day", "week", "month", "hour_of_day", "day_of_week"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
STEPS_MS: dict[Interval, int] = {"quarter_hour": QUARTER_MS, "half_hour": 2 * QUARTER_MS, "hour": HOUR_MS}
CYCLES: tuple[Interval, ...] = ("hour_of_day", "day_of_week")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
THURSDAY = 3  # the weekday of day 0
# Between these instants (1970 and 2200) a period lies: its clocks, and the period before it, can be told.
FIRST_MS, LAST_MS = 0, 7_258_118_400_000
LAST_DAYS = ("last_7_days", "last_28_days", "last_30_days")
NAMED = ("today", "yesterday", "this_week", "last_week", "this_month", "last_month", *LAST_DAYS)
_INSTANT = re.compile(r"[0-9]{9,15}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\Z")


class Segment(NamedTuple):
    """From this instant on clocks are so far ahead of UTC."""

    from_ms: int
    offset_ms: int


class Period:
    """From an instant (ms) up to, but not including, another, in a time zone."""

    def __init__(self, from_ms: int, until_ms: int, zone: str) -> None:
        """Raises Invalid when it is empty, longer than 1,100 days, or in a zone that nobody knows."""
        if zone not in zones():
            raise Invalid(f"zone: there is no time zone {zone}: expected a name such as Europe/Berlin")
        if from_ms >= until_ms:
            raise Invalid("until: expected an instant after from")
        if until_ms - from_ms > MOST_DAYS * DAY_MS:
            raise Invalid(f"from: a period has at most {MOST_DAYS} days")
        self.from_ms, self.until_ms = from_ms, until_ms
        self.zone = zone
        self._zone = ZoneInfo(zone)

    def clock(self, at_ms: int) -> datetime:
        """What clocks show at an instant."""
        return datetime.fromtimestamp(at_ms / 1000, self._zone)

    def instant(self, shown: datetime) -> int:
        """When clocks show this: the first time, and when it is skipped, the time before the change counts."""
        return round(shown.replace(tzinfo=self._zone, fold=0).timestamp() * 1000)

    def midnight(self, day: date) -> int:
        """When a day begins."""
        return self.instant(datetime.combine(day, time()))

    @cached_property
    def segments(self) -> list[Segment]:
        """The period in parts between which the clocks are changed, the first from its beginning on."""
        found = [Segment(self.from_ms, self._offset_ms(self.from_ms))]
        for at_ms in [*range(self.from_ms, self.until_ms, DAY_MS)[1:], self.until_ms - 1]:
            if self._offset_ms(at_ms) != found[-1].offset_ms:
                changed_ms = self._change(found[-1], at_ms)
                found.append(Segment(changed_ms, self._offset_ms(changed_ms)))
        return found

    def _offset_ms(self, at_ms: int) -> int:
        offset = self.clock(at_ms).utcoffset()
        assert offset is not None
        return round(offset.total_seconds() * 1000)

    def _change(self, before: Segment, late_ms: int) -> int:
        """The first quarter hour with another offset, which `late_ms` has."""
        early_ms, late_ms = before.from_ms, late_ms - late_ms % QUARTER_MS
        while late_ms - early_ms > QUARTER_MS:
            middle_ms = (early_ms + late_ms) // 2 // QUARTER_MS * QUARTER_MS
            if self._offset_ms(middle_ms) == before.offset_ms:
                early_ms = middle_ms
            else:
                late_ms = middle_ms
        return late_ms

    def previous(self) -> "Period":
        """The one to set beside it: as many calendar months before when it is whole months, else the same clock times
        as many days before as it touches.
        """
        begin, end = self.clock(self.from_ms), self.clock(self.until_ms)
        if _is_month(begin) and _is_month(end):
            months = (end.year - begin.year) * 12 + end.month - begin.month
            return self._moved(_months_before(begin, months), begin)
        last = self.clock(self.until_ms - 1)
        days = timedelta(days=(last.date() - begin.date()).days + 1)
        return self._moved(begin - days, end - days)

    def _moved(self, begin: datetime, end: datetime) -> "Period":
        return Period(self.instant(begin), self.instant(end), self.zone)


def _is_month(shown: datetime) -> bool:
    return (shown.day, shown.time()) == (1, time())


def _months_before(shown: datetime, months: int) -> datetime:
    year, month = divmod(shown.year * 12 + shown.month - 1 - months, 12)
    return shown.replace(year=year, month=month + 1)


class Part(NamedTuple):
    """An interval of a period: its key as SQL works it out, how it is called by the clocks there, its beginning within
    the period (None for what comes round), and for how long it lasts there.
    """

    key: int
    name: str
    at_ms: int | None
    length_ms: int


def parts(period: Period, interval: Interval) -> list[Part]:
    """What the period is cut into, in order; first and last may be cut short. Raises Invalid for more than 5,000."""
    if interval in CYCLES:
        return _cycles(period, interval)
    found = _parts(period, interval)
    if len(found) > MOST_INTERVALS:
        raise Invalid(f"interval: the period has more than {MOST_INTERVALS} of them: ask for longer ones")
    return found


def pieces(period: Period, interval: Interval | None) -> list[Part]:
    """The same in order of time: what comes round stands there each time, under its name."""
    if interval is None:
        return [Part(0, "", period.from_ms, period.until_ms - period.from_ms)]
    if interval not in CYCLES:
        return parts(period, interval)
    names = {part.key: part.name for part in parts(period, interval)}
    found = []
    for part in _parts(period, _finer(interval)):
        key = _cycle_key(period, interval, part)
        found.append(part._replace(key=key, name=names[key]))
    return found


def _finer(interval: Interval) -> Interval:
    return "hour" if interval == "hour_of_day" else "day"


def _cycle_key(period: Period, interval: Interval, part: Part) -> int:
    assert part.at_ms is not None
    shown = period.clock(part.at_ms)
    return shown.hour if interval == "hour_of_day" else shown.weekday()


def _parts(period: Period, interval: Interval) -> list[Part]:
    starts = [
        (key, _name(period, interval, at_ms), max(at_ms, period.from_ms)) for key, at_ms in _starts(period, interval)
    ]
    ends = [at_ms for *_, at_ms in starts[1:]] + [period.until_ms]
    return [Part(key, name, at_ms, end - at_ms) for (key, name, at_ms), end in zip(starts, ends, strict=True)]


def _starts(period: Period, interval: Interval) -> Iterator[tuple[int, int]]:
    """Keys and beginnings of all intervals that the period touches."""
    if interval in STEPS_MS:
        yield from _steps(period, STEPS_MS[interval])
        return
    day = period.clock(period.from_ms).date()
    key = None
    while (at_ms := period.midnight(day)) < period.until_ms:
        if (found := day_key(day, interval)) != key:
            key = found
            yield key, at_ms
        day += timedelta(days=1)


def _steps(period: Period, step_ms: int) -> Iterator[tuple[int, int]]:
    """Within each segment, by the clocks there: an hour that is shown twice is two."""
    ends = [segment.from_ms for segment in period.segments[1:]] + [period.until_ms]
    for segment, end_ms in zip(period.segments, ends, strict=True):
        shown_ms = segment.from_ms + segment.offset_ms
        for at_ms in range(shown_ms // step_ms * step_ms - segment.offset_ms, end_ms, step_ms):
            is_cut = segment is not period.segments[0]  # by a change of the clocks
            yield at_ms, max(at_ms, segment.from_ms) if is_cut else at_ms


def day_key(day: date, interval: Interval) -> int:
    """The number of the interval to which a day belongs: days since 1970, weeks since the Monday before, months."""
    number = day.toordinal() - date(1970, 1, 1).toordinal()
    if interval == "week":
        return (number + THURSDAY) // 7
    return day.year * 12 + day.month - 1 if interval == "month" else number


def _name(period: Period, interval: Interval, at_ms: int) -> str:
    shown = period.clock(at_ms)
    if interval in STEPS_MS:
        return f"{shown:%Y-%m-%d %H:%M}"
    if interval == "week":
        year, week, _ = shown.isocalendar()
        return f"{year}-W{week:02}"
    return f"{shown:%Y-%m}" if interval == "month" else f"{shown:%Y-%m-%d}"


def _cycles(period: Period, interval: Interval) -> list[Part]:
    lengths: dict[int, int] = {}
    for part in _parts(period, _finer(interval)):
        key = _cycle_key(period, interval, part)
        lengths[key] = lengths.get(key, 0) + part.length_ms
    return [Part(key, _cycle_name(interval, key), None, lengths[key]) for key in sorted(lengths)]


def _cycle_name(interval: Interval, key: int) -> str:
    return f"{key:02}:00" if interval == "hour_of_day" else WEEKDAYS[key]


# -- as people say it ------------------------------------------------------------------------------------------------


def read_period(named: str, begin: str, end: str, zone: str, now_ms: int) -> Period:
    """A period by its name, or by its two ends: a day, a day with a clock time, or an instant in milliseconds.

    It begins on the quarter hour before and ends on the one after. Without an end it lasts until now, without anything
    it is today. Raises Invalid.
    """
    place = Period(0, QUARTER_MS, zone)
    if named and (begin or end):
        raise Invalid("period: say either this or from and until")
    if named and named not in NAMED:
        raise Invalid(f"period: expected one of {', '.join(NAMED)}")
    if named or not begin:
        if end:
            raise Invalid("from: say it, too, when you say until")
        from_ms, until_ms = _named(place, named or "today", now_ms)
    else:
        from_ms, until_ms = _read_end(place, "from", begin), _read_end(place, "until", end) if end else now_ms
    for name, at_ms in (("from", from_ms), ("until", until_ms)):
        if not FIRST_MS <= at_ms <= LAST_MS:
            raise Invalid(f"{name}: expected an instant from 1970 to 2200")
    return Period(from_ms // QUARTER_MS * QUARTER_MS, -(-until_ms // QUARTER_MS) * QUARTER_MS, zone)


def _read_end(place: Period, name: str, text: str) -> int:
    try:
        if _INSTANT.match(text):
            return int(text)
        if _DAY.match(text):
            return place.midnight(date.fromisoformat(text))
        if _CLOCK.match(text):
            return place.instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{name}: there is no day or time {text}") from error
    raise Invalid(f"{name}: expected a day (2026-11-01), a time there (2026-11-01T09:30), or milliseconds")


def _named(place: Period, name: str, now_ms: int) -> tuple[int, int]:
    today = place.clock(now_ms).date()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    now_ms += 1  # a period that began in this very instant is not empty
    if name in LAST_DAYS:
        return place.midnight(today - timedelta(days=int(name.split("_")[1]))), place.midnight(today)
    begin, end = {
        "today": (today, None),
        "yesterday": (today - timedelta(days=1), today),
        "this_week": (monday, None),
        "last_week": (monday - timedelta(days=7), monday),
        "this_month": (first, None),
        "last_month": ((first - timedelta(days=1)).replace(day=1), first),
    }[name]
    return place.midnight(begin), now_ms if end is None else place.midnight(end)
