"""A report as CSV: a line for each row, for spreadsheets and whatever reads them."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from casebaton.reports.answer import Answer
from casebaton.reports.life import Life
from casebaton.reports.periods import Period
from casebaton.workspace.names import to_cell


def to_csv(answer: Answer) -> str:
    """The names of rows, then all numbers that the report knows, in its order; without what each means. A number that
    is unknown is empty. Of the period before there is nothing. Without rows it is the total.
    """
    rows = answer.rows or ([answer.total] if answer.total else [])
    numbers = [column.name for column in answer.columns]
    names = dict.fromkeys(name for row in rows for name in row if name not in numbers)
    return _lines([*names, *numbers], ([row.get(name) for name in (*names, *numbers)] for row in rows))


def life_to_csv(life: Life, zone: str) -> str:
    """A line for each moment, with the clock time in a zone. Raises Invalid for a zone that nobody knows."""
    place = Period(0, 900_000, zone)
    rows = (
        [moment.at_ms, f"{place.clock(moment.at_ms):%Y-%m-%d %H:%M:%S}", moment.after_ms, moment.event, moment.says]
        for moment in life.moments
    )
    return _lines(["at_ms", "at", "after_ms", "event", "says"], rows)


def _lines(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it: teams and subjects are anybody's
    words.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return to_cell(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value) if isinstance(value, int) else msgspec.json.encode(value).decode()
