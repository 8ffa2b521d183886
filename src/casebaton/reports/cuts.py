"""A period's intervals, and what counts, as SQL: the same expressions for SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, case, false, func, literal, or_

from casebaton.history.schema import BLOCK_MS, QUARTER_MS
from casebaton.reports.periods import DAY_MS, HOUR_MS, STEPS_MS, THURSDAY, Interval, Part, Period, parts
from casebaton.reports.question import Dimension, Question

Condition = ColumnElement[bool]
At = ColumnElement[int]
ALIGNED: tuple[Interval, ...] = ("day", "week", "month", "day_of_week")  # on midnights, further apart than a block
PLAIN: dict[Dimension, str] = {"queue": "queue", "channel": "channel", "agent": "agent", "team": "team"}


def key_of(at: At, period: Period, interval: Interval) -> At:
    """The key of the interval to which an instant belongs, as `parts` numbers it."""
    shown = at + _offset(at, period)
    if interval in STEPS_MS:
        step_ms = STEPS_MS[interval]
        return shown // step_ms * step_ms - _offset(at, period)
    if interval == "hour_of_day":
        return shown // HOUR_MS % 24
    day = shown // DAY_MS
    if interval == "day_of_week":
        return (day + THURSDAY) % 7
    if interval == "week":
        return (day + THURSDAY) // 7
    return day if interval == "day" else _month(at, parts(period, "month"))


def _offset(at: At, period: Period) -> At:
    *earlier, last = period.segments
    ends = [segment.from_ms for segment in period.segments[1:]]
    if not earlier:
        return literal(last.offset_ms)
    return case(
        *((at < end, literal(segment.offset_ms)) for segment, end in zip(earlier, ends, strict=True)),
        else_=literal(last.offset_ms),
    )


def _month(at: At, months: Sequence[Part]) -> At:
    if len(months) == 1:
        return literal(months[0].key)
    starts = [month.at_ms for month in months[1:]]
    return case(
        *((at < start, literal(month.key)) for month, start in zip(months[:-1], starts, strict=True)),
        else_=literal(months[-1].key),
    )


class Cover(NamedTuple):
    """By which rows of a table of quarters and of one of blocks a period is covered, each instant once.

    `blocks` are from the first up to, but not including, the last, but for those in `cut`, in which an interval begins;
    `quarters` are all others. Without blocks `quarters` is the period itself.
    """

    blocks: tuple[int, int] | None
    cut: tuple[int, ...]
    quarters: tuple[int, ...]

    def of_blocks(self, at: At) -> Condition:
        """The condition for rows of blocks."""
        if self.blocks is None:
            return false()
        first, last = self.blocks
        whole = and_(at >= first, at < last)
        return and_(whole, at.not_in(self.cut)) if self.cut else whole

    def of_quarters(self, at: At, period: Period) -> Condition:
        """The condition for rows of quarters."""
        if self.blocks is None:
            return inside(at, period)
        return at.in_(self.quarters)


def cover(period: Period, interval: Interval | None, *, has_blocks: bool = True) -> Cover:
    """Cover a period with as few rows as may be; by quarters alone when no blocks tell what is asked."""
    first, last = -(-period.from_ms // BLOCK_MS) * BLOCK_MS, period.until_ms // BLOCK_MS * BLOCK_MS
    if not has_blocks or first >= last or (interval is not None and interval not in ALIGNED):
        return Cover(None, (), ())
    begins = parts(period, "day") if interval is not None else []
    at = [part.at_ms for part in begins if part.at_ms is not None and first < part.at_ms < last]
    cut = tuple(start // BLOCK_MS * BLOCK_MS for start in at if start % BLOCK_MS)
    quarters = [*range(period.from_ms, first, QUARTER_MS), *range(last, period.until_ms, QUARTER_MS)]
    for block in cut:
        quarters += range(block, block + BLOCK_MS, QUARTER_MS)
    return Cover((first, last), cut, tuple(quarters))


def inside(at: At, period: Period) -> Condition:
    """Within the period."""
    return and_(at >= period.from_ms, at < period.until_ms)


# -- what counts -----------------------------------------------------------------------------------------------------


def counting(table: FromClause, question: Question) -> Condition:
    """The rows that count: of the workspace, of the names that are asked for, within the scope. Raises ValueError for a
    dimension that the table does not have.
    """
    conditions: list[Condition] = [table.c.workspace == question.workspace]
    for dimension, names in question.only.items():
        conditions.append(_names(table, dimension, names))
    if question.within is not None:
        conditions.append(_scope(table, question.within.queues, question.within.teams))
    return and_(*conditions)


def _names(table: FromClause, dimension: Dimension, names: Iterable[str]) -> Condition:
    if dimension == "priority":
        return table.c.priority.in_([int(name) for name in names])
    if dimension == "skill":
        # Not LIKE, which takes capitals for small letters in SQLite alone.
        return or_(*(func.replace(table.c.skills, f",{name},", "") != table.c.skills for name in names))
    if PLAIN[dimension] not in table.c:
        raise ValueError(dimension)
    return table.c[PLAIN[dimension]].in_(list(names))


def _scope(table: FromClause, queues: Iterable[str], teams: Iterable[str]) -> Condition:
    """Of a queue, or of a team, of the scope: as far as the table tells of either."""
    found = []
    if "queue" in table.c:
        found.append(table.c.queue.in_(list(queues)))
    if "team" in table.c:
        found.append(table.c.team.in_(list(teams)))
    return or_(*found) if found else false()


def columns_of(table: FromClause, question: Question, at: At | None) -> list[ColumnElement[Any]]:
    """What a question groups by: the interval's key first, if there is one, then its dimensions."""
    found: list[ColumnElement[Any]] = []
    if question.interval is not None and at is not None:
        found.append(key_of(at, question.period, question.interval).label("part"))
    return found + [table.c["skills" if name == "skill" else name] for name in question.by]
