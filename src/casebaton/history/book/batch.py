"""What some entries of the log amount to: rows to insert, numbers to add, and what is under way after them."""

from collections import defaultdict
from typing import Any

from msgspec import Struct

from casebaton.history import schema
from casebaton.history.book.quarters import block_of, quarter_of
from casebaton.history.buckets import bucket_of

Row = dict[str, Any]
"""A row of a table by its columns, without the workspace."""

Sums = dict[tuple[Any, ...], dict[str, int]]
"""What to add to which columns, by the values of the table's key columns after the workspace."""

Live = dict[tuple[str, str], Row | None]
"""By kind and name the row of what is under way; None: it has ended."""


class Batch(Struct):
    """The tables are named as in the schema; a table without rows or sums may be missing."""

    rows: dict[str, list[Row]]
    sums: dict[str, Sums]
    live: Live


class Tally:
    """Collects rows and sums."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        self.sums: defaultdict[str, Sums] = defaultdict(dict)

    def clear(self) -> None:
        """Begin anew."""
        self.rows.clear()
        self.sums.clear()

    def row(self, table: str, **columns: Any) -> None:
        """One more row."""
        self.rows[table].append(columns)

    def add(self, table: str, key: tuple[Any, ...], **columns: int) -> None:
        """Add to columns of the row with this key."""
        sums = self.sums[table].get(key)
        if sums is None:
            self.sums[table][key] = columns
            return
        for column, by in columns.items():
            sums[column] = sums.get(column, 0) + by

    def length(self, measure: str, at_ms: int, work: tuple[Any, ...], ms: int) -> None:
        """One more length of time of a measure, which ended at an instant."""
        ms = max(ms, 0)  # a producer may say that a case was created later than now
        bucket = bucket_of(ms)
        self.add("durations", (measure, quarter_of(at_ms), *work, bucket), count=1, total_ms=ms)
        self.add("duration_blocks", (measure, block_of(at_ms), *work[:2], bucket), count=1, total_ms=ms)


_LIVE = {
    column.name: None if column.nullable else ""
    for column in schema.live.columns
    if column.name not in ("workspace", "kind", "name", "priority", "record")
}


def live_row(row: Row | None) -> Row | None:
    """The row of something under way with all its columns, so that rows of several kinds can be written together."""
    return None if row is None else {**_LIVE, "priority": -1, **row}
