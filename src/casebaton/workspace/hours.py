"""Opening hours: a week, holidays and days of their own in a time zone, and the instants at which they open and close.

Time zones and their changes of the clock stay here; the engine knows instants only.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Meta, Struct

from casebaton.errors import Finding
from casebaton.workspace.faults import step

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# "09:00-12:30"; the end may be 24:00.
_SPAN = Meta(
    pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)\Z", description="a span such as 09:00-17:30"
)
Span = Annotated[str, _SPAN]
Spans = Annotated[list[Span], Meta(max_length=24)]
WhenClosed = Literal["wait", "refuse", "overflow"]
ClosedClock = Literal["stop", "run"]


class Hours(Struct, forbid_unknown_fields=True, kw_only=True):
    """When a queue is open, by the clocks of a place. `extra` replaces a day's hours, on holidays too."""

    zone: str
    week: dict[Day, Spans] = {}
    holidays: Annotated[list[date], Meta(max_length=1000)] = []
    extra: Annotated[dict[date, Spans], Meta(max_length=1000)] = {}

    def spans(self, day: date) -> list[str]:
        """The spans of one day."""
        if day in self.extra:
            return self.extra[day]
        return [] if day in self.holidays else self.week.get(DAYS[day.weekday()], [])


class Change(NamedTuple):
    """From this instant (ms) on it is open, or closed."""

    at_ms: int
    is_open: bool


class Line(Protocol):
    """What the checks here read of a queue."""

    hours: str | None
    when_closed: WhenClosed
    overflow: str | None


def name_of(hours: Hours) -> str:
    """What tells these hours from others: the same hours have the same name whoever writes them."""
    return hashlib.sha256(msgspec.json.encode(hours, order="sorted")).hexdigest()[:16]


def changes(hours: Hours, since_ms: int, until_ms: int) -> list[Change]:
    """What holds at `since_ms`, each change after it, and at the end what holds at `until_ms`."""
    found = [Change(since_ms, is_open=False)]
    for opens, closes in _merged(sorted(_intervals(hours, since_ms, until_ms))):
        if closes <= since_ms or opens >= until_ms:
            continue
        if opens <= since_ms:
            found = [Change(since_ms, is_open=True)]
        else:
            found.append(Change(opens, is_open=True))
        if closes < until_ms:
            found.append(Change(closes, is_open=False))
    return [*found, Change(until_ms, found[-1].is_open)]


def _intervals(hours: Hours, since_ms: int, until_ms: int) -> Iterator[tuple[int, int]]:
    zone = ZoneInfo(hours.zone)
    day = datetime.fromtimestamp(since_ms / 1000, UTC).date() - timedelta(days=2)  # a zone may be a day ahead or behind
    last = datetime.fromtimestamp(until_ms / 1000, UTC).date() + timedelta(days=2)
    while day <= last:
        for span in hours.spans(day):
            start, end = span.split("-")
            opens, closes = _instant(day, start, zone, is_end=False), _instant(day, end, zone, is_end=True)
            if opens < closes:  # a span that the clocks skip whole is none
                yield opens, closes
        day += timedelta(days=1)


def _instant(day: date, clock: str, zone: ZoneInfo, *, is_end: bool) -> int:
    """The instant at which clocks there show this. Of two, the first opens and the second closes; a time that is
    skipped counts from before the change.
    """
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    shown = datetime.combine(day, time.fromisoformat(clock), zone)
    first, second = (round(shown.replace(fold=fold).timestamp() * 1000) for fold in (0, 1))
    return max(first, second) if is_end else first


def _merged(intervals: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Intervals that touch or overlap as one."""
    whole: tuple[int, int] | None = None
    for opens, closes in intervals:
        if whole is not None and opens <= whole[1]:
            whole = whole[0], max(whole[1], closes)
            continue
        if whole is not None:
            yield whole
        whole = opens, closes
    if whole is not None:
        yield whole


@cache
def zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones())


def faults_of_hours(queues: Mapping[str, Line], hours: Mapping[str, Hours]) -> Iterator[Finding]:
    """Hours that are not there, zones that nobody knows, spans that end before they begin or overlap."""
    for name, one in hours.items():
        path = step("$.hours", name)
        if one.zone not in zones():
            yield Finding(f"{path}.zone", f"there is no time zone {one.zone}: expected a name such as Europe/Berlin")
        for day, spans in one.week.items():
            yield from _span_faults(spans, f"{path}.week.{day}")
        for day_of_its_own, spans in one.extra.items():
            yield from _span_faults(spans, step(f"{path}.extra", day_of_its_own.isoformat()))
    for name, queue in queues.items():
        path = step("$.queues", name)
        if queue.hours is not None and queue.hours not in hours:
            yield Finding(f"{path}.hours", f"there are no hours {queue.hours}")
        if queue.when_closed == "overflow" and queue.overflow is None:
            yield Finding(f"{path}.when_closed", "overflow needs a queue: say `overflow` too")


def _span_faults(spans: Collection[str], path: str) -> Iterator[Finding]:
    for i, span in enumerate(spans):
        start, end = span.split("-")
        if end <= start:
            yield Finding(f"{path}[{i}]", "must end after it begins; what goes on past midnight is two spans")
    for before, after in pairwise(sorted(spans)):
        if after[:5] < before[6:]:
            yield Finding(path, f"{before} and {after} overlap")


def warnings(hours: Mapping[str, Hours]) -> Iterator[Finding]:
    """Hours that are none."""
    for name, one in hours.items():
        if not any([*one.week.values(), *one.extra.values()]):
            yield Finding(step("$.hours", name), "never open: say `week` or `extra`")
