"""A report as text: for each row its numbers, those of the period before behind them, and what they mean."""

from collections.abc import Iterator
from typing import Any

import msgspec

from casebaton.reports.answer import Answer, Column
from casebaton.reports.groups import Row
from casebaton.reports.life import Life, length
from casebaton.reports.periods import Period


def to_text(answer: Answer) -> str:
    """The whole report; numbers that are 0 in every row, then and before, are left out."""
    return "\n".join(_lines(answer)) + "\n"


def life_to_text(life: Life, zone: str) -> str:
    """A line for each moment, with the clock time in a zone. Raises Invalid for a zone that nobody knows."""
    place = Period(0, 900_000, zone)
    lines = [f"{life.case}, by the clocks of {zone}"]
    if life.is_cut:
        lines.append("  (what came before is not told)")
    for moment in life.moments:
        after = f"+{length(moment.after_ms)}" if moment.after_ms else ""
        lines.append(f"  {place.clock(moment.at_ms):%Y-%m-%d %H:%M:%S} {after:>12}  {moment.says}")
    return "\n".join(lines) + "\n"


def _lines(answer: Answer) -> Iterator[str]:
    place = Period(answer.from_ms, answer.until_ms, answer.zone)
    begin, end = (f"{place.clock(at_ms):%Y-%m-%d %H:%M}" for at_ms in (answer.from_ms, answer.until_ms))
    yield f"{answer.report}, {begin} to {end}, {answer.zone}"
    before = answer.previous
    earlier = {} if before is None else {_names(row, answer.columns): row for row in before.rows}
    rows = [("all", answer.total, {} if before is None else before.total)] if answer.total else []
    rows += [(_title(row, answer.columns), row, earlier.get(_names(row, answer.columns), {})) for row in answer.rows]
    shown = [column for column in answer.columns if any(_is_there(row, old, column) for _, row, old in rows)]
    if answer.stored_ms is None:
        yield "Nothing of this workspace is stored yet."
    yield from _beginning(answer, place)
    if not shown:
        yield from ("", "Nothing in this period.")
        rows = []
    for title, row, old in rows:
        yield from ("", title)
        for column in (column for column in shown if column.name in row):
            compared = f"   before: {_value(old.get(column.name), column)}" if before is not None else ""
            yield f"  {column.name:24} {_value(row[column.name], column):>14}{compared}"
    for advice in answer.advice:
        yield from ("", advice.says)
    if shown:
        yield from ("", "What the numbers mean:")
        yield from (f"  {column.name}: {column.says.replace('`', '')}" for column in shown)
    yield from (note for note in ("", *answer.notes) if answer.notes)


def _beginning(answer: Answer, place: Period) -> Iterator[str]:
    """Where the history begins, when one of the two periods begins before it; what is of this moment has none."""
    first_ms = answer.from_ms if answer.previous is None else answer.previous.from_ms
    if answer.begins_ms is not None and answer.begins_ms > first_ms and answer.report != "ageing":
        yield f"The history begins {place.clock(answer.begins_ms):%Y-%m-%d %H:%M}: nothing is known of what was before."


def _is_there(row: Row, old: Row, column: Column) -> bool:
    return bool(row.get(column.name)) or bool(old.get(column.name))


def _names(row: Row, columns: tuple[Column, ...]) -> tuple[object, ...]:
    """What a row is of, but for its place in time: by it a row of the period before is found."""
    numbers = {column.name for column in columns}
    return tuple(value for name, value in row.items() if name not in numbers and name not in ("interval", "at_ms"))


def _title(row: Row, columns: tuple[Column, ...]) -> str:
    numbers = {"at_ms", *(column.name for column in columns)}
    words = [(name, str(value)) for name, value in row.items() if name not in numbers]
    return ", ".join(value if name == "interval" else f"{name} {value or '-'}" for name, value in words)


def _value(value: Any, column: Column) -> str:
    if value is None:
        return "-"
    if column.unit == "ms":
        return length(value)
    if column.unit == "share":
        return f"{value * 100:.1f} %"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if isinstance(value, int | str) else msgspec.json.encode(value).decode()
