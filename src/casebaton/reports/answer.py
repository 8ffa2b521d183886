"""What a report answers: rows of numbers, and beside each number's name what it means."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from casebaton.reports.advice import Advice
from casebaton.reports.groups import Row
from casebaton.reports.histogram import PERCENTILES, Histogram
from casebaton.reports.question import Question


class Column(Struct, frozen=True):
    """A number's name, in what it is counted, and what it means; names of other numbers stand between backticks there.
    Units are `ms`, `share` (from 0 to 1), `at_ms` (an instant), `erlangs`, or what is counted.
    """

    name: str
    unit: str
    says: str


class Previous(Struct, frozen=True, kw_only=True):
    """The same of the period before; of one that was over before the history began nothing is known: no rows, and an
    empty total.
    """

    from_ms: int
    until_ms: int
    rows: list[Row]
    total: Row


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report over a period, as of an instant; a period that is running ends there. A row has the names by which it
    was asked, and numbers; one that is unknown, as a share of nothing, is left out. Rows in which nothing was are left
    out, too. What happened after `stored_ms` the history does not have yet, and nothing from before `begins_ms`.
    """

    report: str
    from_ms: int
    until_ms: int
    zone: str
    as_of_ms: int
    stored_ms: int | None = None
    begins_ms: int | None = None
    columns: tuple[Column, ...]
    rows: list[Row]
    total: Row
    previous: Previous | None = None
    notes: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()


def known(numbers: Mapping[str, Any]) -> Row:
    """A row of the numbers that are known."""
    return {name: value for name, value in numbers.items() if value is not None}


def lengths(name: str, histogram: Histogram) -> Row:
    """Mean and percentiles of lengths of time."""
    found = {f"{name}_mean_ms": whole_ms(histogram.mean_ms)}
    return found | {f"{name}_p{percent}_ms": histogram.percentile(percent) for percent in PERCENTILES}


def length_columns(name: str, title: str, says: str) -> tuple[Column, ...]:
    """What they mean."""
    mean = Column(f"{name}_mean_ms", "ms", f"{title}: {says}. The mean.")
    at_most = (Column(f"{name}_p{n}_ms", "ms", f"{title}: {n} % took at most this.") for n in PERCENTILES)
    return mean, *at_most


def whole_ms(value: float | None) -> int | None:
    """A length of time without the fractions that nobody has measured."""
    return None if value is None else round(value)


def answer(
    report: str,
    question: Question,
    columns: Iterable[Column],
    rows: list[Row],
    total: Row,
    *,
    notes: Iterable[str] = (),
    previous: "Answer | None" = None,
) -> Answer:
    """Put an answer together."""
    period = question.passed
    beside = None
    if previous is not None:
        is_known = previous.until_ms > (question.begins_ms or 0)
        beside = Previous(
            from_ms=previous.from_ms,
            until_ms=previous.until_ms,
            rows=previous.rows if is_known else [],
            total=previous.total if is_known else {},
        )
    return Answer(
        report=report,
        from_ms=period.from_ms,
        until_ms=period.until_ms,
        zone=period.zone,
        as_of_ms=question.now_ms,
        columns=tuple(columns),
        rows=rows,
        total=total,
        previous=beside,
        notes=tuple(notes),
    )
