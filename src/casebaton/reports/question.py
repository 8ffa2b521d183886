"""What is asked: of which period, of what, by what, and within which scope."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from casebaton.errors import Invalid
from casebaton.reports.asked import Within
from casebaton.reports.periods import INTERVALS, Interval, Period, read_period

Dimension = Literal["queue", "channel", "priority", "skill", "agent", "team"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
Kind = Literal["measure", "cause", "what", "reason", "status", "label", "stage"]
"""What some reports have a row for by themselves."""
MOST_NAMES = 200  # of one dimension
_NAME = re.compile(r"[^\x00]{0,200}\Z")
FLAGS = ("compare", "histogram")


class Question(Struct, frozen=True, kw_only=True):
    """What a report is made of. `only` holds, by dimension, the names that count; a dimension that is not there counts
    whole. `more` is what one report alone asks for. Without `within` it is all of the workspace. `begins_ms`: when the
    history begins, if it does.
    """

    workspace: str
    period: Period
    now_ms: int
    by: tuple[Dimension | Kind, ...] = ()
    interval: Interval | None = None
    only: Mapping[Dimension, tuple[str, ...]] = {}
    compare: bool = False
    histogram: bool = False
    more: Mapping[str, str] = {}
    within: Within | None = None
    begins_ms: int | None = None

    @property
    def passed(self) -> Period:
        """What of the period is over: a running one ends now."""
        period = self.period
        is_running = period.from_ms < self.now_ms < period.until_ms
        return Period(period.from_ms, self.now_ms, period.zone) if is_running else period

    @property
    def recorded(self) -> Period:
        """What of that the history has. By it averages are made, which have no future and no unknown past in them."""
        passed, begins_ms = self.passed, self.begins_ms or 0
        is_cut = passed.from_ms < begins_ms < passed.until_ms
        return Period(begins_ms, passed.until_ms, passed.zone) if is_cut else passed

    def of(self, period: Period) -> "Question":
        """The same of another period."""
        return replace(self, period=period, compare=False)

    def each(self, *kinds: Kind) -> "Question":
        """The same with a row for each of these, too."""
        return replace(self, by=(*self.by, *kinds))

    def asks(self, *dimensions: Dimension) -> bool:
        """Does it group by one of these, or count some of its names alone?"""
        return any(dimension in self.by or dimension in self.only for dimension in dimensions)


def read_question(
    given: Mapping[str, Sequence[str]],
    *,
    workspace: str,
    now_ms: int,
    by: Sequence[Dimension],
    usual: Sequence[Dimension] = (),
    more: Sequence[str] = (),
    intervals: Sequence[Interval] = INTERVALS,
    may_compare: bool = True,
    within: Within | None = None,
) -> Question:
    """A question from a query's parameters. Raises Invalid, which names the parameter.

    `period`, or `from` and `until`; `zone`; `by` and `interval`; names of dimensions, again or with commas between;
    `compare` and `histogram`, 1 or 0. The other arguments are what the report allows: `more` are parameters of its own.
    """
    known = ("period", "from", "until", "zone", "by", "interval", *FLAGS, *by, *more)
    for name in given:
        if name not in known:
            raise Invalid(f"{name}: there is no such parameter here: expected some of {', '.join(known)}")
    named, begin, end = (_one(given, name) for name in ("period", "from", "until"))
    question = Question(
        workspace=workspace,
        period=read_period(named, begin, end, _one(given, "zone") or "UTC", now_ms),
        now_ms=now_ms,
        by=_by(given, by) if "by" in given else tuple(usual),
        interval=_interval(given, intervals),
        only={name: _names(given, name) for name in by if given.get(name)},
        compare=_flag(given, "compare"),
        histogram=_flag(given, "histogram"),
        more={name: _one(given, name) for name in more if given.get(name)},
        within=within,
    )
    if question.compare and not may_compare:
        raise Invalid("compare: there is no period before of this report")
    return question


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    if len(values) > 1:
        raise Invalid(f"{name}: say it once")
    return values[0] if values else ""


def _flag(given: Mapping[str, Sequence[str]], name: str) -> bool:
    text = _one(given, name) or "0"
    if text not in ("0", "1"):
        raise Invalid(f"{name}: expected 1 or 0")
    return text == "1"


def _words(given: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [word for text in given.get(name, ()) for word in text.split(",")]


def _by(given: Mapping[str, Sequence[str]], may_be_by: Sequence[Dimension]) -> tuple[Dimension, ...]:
    known = {str(name): name for name in may_be_by}
    words = [word for word in dict.fromkeys(_words(given, "by")) if word]
    for word in words:
        if word not in known:
            raise Invalid(f"by: expected some of {', '.join(may_be_by)}, not {word}")
    return tuple(known[word] for word in words)


def _interval(given: Mapping[str, Sequence[str]], intervals: Sequence[Interval]) -> Interval | None:
    text = _one(given, "interval")
    for interval in intervals:
        if text == interval:
            return interval
    if text:
        raise Invalid(f"interval: expected {'one of ' if intervals else 'none'}{', '.join(intervals)}")
    return None


def _names(given: Mapping[str, Sequence[str]], name: Dimension) -> tuple[str, ...]:
    # A team's name may have commas, an id has none.
    found = tuple(given[name]) if name == "team" else tuple(_words(given, name))
    if len(found) > MOST_NAMES or not all(_NAME.match(one) for one in found):
        raise Invalid(f"{name}: expected at most {MOST_NAMES} names of at most 200 characters")
    if name == "priority" and not all(re.fullmatch("[0-9]", one) for one in found):
        raise Invalid("priority: expected 0 to 9")
    return found
