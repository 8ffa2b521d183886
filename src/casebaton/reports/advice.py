"""Where more agents would be enough, in plain words."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from casebaton.reports.periods import Part, Period


class Need(NamedTuple):
    """So many agents are missing in a queue in an interval, the `place`th of the period."""

    queue: str
    place: int
    part: Part
    missing: int
    goal: float
    within_ms: int


class Advice(Struct, frozen=True):
    """So many more agents from one clock time to another would be enough for the goal; `says` is all of it in words."""

    queue: str
    more: int
    begins: str
    ends: str
    says: str


def advise(needs: Iterable[Need], period: Period, step_ms: int) -> list[Advice]:
    """One for each run of intervals in which as many are missing; the most first. An interval has `step_ms`."""
    found = [_advice(run, period, step_ms) for run in _runs(needs)]
    return sorted(found, key=lambda advice: (-advice.more, advice.queue, advice.begins))


def _runs(needs: Iterable[Need]) -> Iterator[list[Need]]:
    ordered = enumerate(sorted(needs, key=lambda need: (need.queue, need.place)))
    for _, run in groupby(ordered, key=lambda item: (item[1].queue, item[1].missing, item[1].place - item[0])):
        yield [need for _, need in run]


def _advice(run: list[Need], period: Period, step_ms: int) -> Advice:
    first, last = run[0], run[-1]
    begins, ends = _clock(first.part, period, 0), _clock(last.part, period, step_ms)
    day = "" if first.part.at_ms is None else f"on {period.clock(first.part.at_ms):%Y-%m-%d} "
    agents = "1 more agent" if first.missing == 1 else f"{first.missing} more agents"
    goal = f"{first.goal * 100:g} % within {_length(first.within_ms)}"
    says = f"{first.queue}: {agents} {day}from {begins} to {ends} would bring {goal}."
    return Advice(first.queue, first.missing, day.removeprefix("on ") + begins, ends, says)


def _clock(part: Part, period: Period, after_ms: int) -> str:
    if part.at_ms is None:
        return f"{part.key + bool(after_ms):02}:00"
    shown = period.clock(part.at_ms + after_ms)
    return "24:00" if after_ms and (shown.hour, shown.minute) == (0, 0) else f"{shown:%H:%M}"


def _length(ms: int) -> str:
    for unit_ms, name in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min")):
        if ms >= 2 * unit_ms and ms % unit_ms == 0:
            return f"{ms // unit_ms} {name}"
    return f"{ms / 1000:g} s"
