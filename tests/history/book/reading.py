"""Reads logs into books, and puts what they give side by side with what was counted anew."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from casebaton.history.book.batch import Batch
from casebaton.history.book.book import Book
from casebaton.history.book.events import read_event
from casebaton.store.figures import Levels
from casebaton.store.log import Entry
from tests.history.recount import Recount

Comparable = dict[str, Any]


class Shelf:
    """What a book has given so far, added up as a database does."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.sums: defaultdict[str, defaultdict[Any, defaultdict[str, int]]]
        self.sums = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
        self.live: dict[tuple[str, str], dict[str, Any]] = {}

    def put(self, batch: Batch) -> None:
        """A page more."""
        for table, rows in batch.rows.items():
            self.rows[table] += rows
        for table, sums in batch.sums.items():
            for key, counts in sums.items():
                for column, count in counts.items():
                    self.sums[table][key][column] += count
        for name, row in batch.live.items():
            if row is None:
                self.live.pop(name, None)
            else:
                self.live[name] = row

    @property
    def records(self) -> list[tuple[str, str, bytes]]:
        """What a book goes on with."""
        return [(kind, name, row["record"]) for (kind, name), row in self.live.items()]


def read_into(book: Book, entries: Iterable[Entry], levels: Mapping[int, Levels]) -> None:
    """Let a book take some entries in."""
    for entry in entries:
        event = read_event(entry)
        if event.type == "config_applied":
            book.configure(levels[json.loads(entry.body)["config"]])
        book.take(event)


def read_all(entries: Iterable[Entry], levels: Mapping[int, Levels], book: Book | None = None) -> Shelf:
    """What entries amount to that are read at once, by an empty book or this one."""
    book, shelf = book or Book(), Shelf()
    read_into(book, entries, levels)
    shelf.put(book.flush())
    return shelf


def comparable(found: Shelf | Recount, until_ms: int) -> tuple[Comparable, Comparable]:
    """Rows and sums by table, in an order, without zeros; of agents' time the quarters before an instant."""
    rows = {table: sorted(map(_text, rows)) for table, rows in found.rows.items() if rows}
    sums = {
        table: {key: kept for key, counts in sums.items() if (kept := _kept(counts))}
        for table, sums in found.sums.items()
    }
    times = {key: counts for key, counts in sums.pop("agent_time", {}).items() if key[0] < until_ms}
    return rows, sums | {"agent_time": times}


def _kept(counts: Mapping[str, int]) -> dict[str, int]:
    return {column: count for column, count in counts.items() if count}


def _text(row: Mapping[str, Any]) -> str:
    told = dict(row)
    if isinstance(told.get("waited"), str):
        told["waited"] = json.loads(told["waited"])
    return json.dumps(told, sort_keys=True)


def assert_same(shelf: Shelf, recount: Recount) -> None:
    """The book has given what is counted anew, table by table."""
    (rows, sums), (other_rows, other_sums) = (comparable(each, recount.until_ms) for each in (shelf, recount))
    assert rows.keys() == other_rows.keys()
    assert sums.keys() == other_sums.keys()
    for table in rows:
        assert rows[table] == other_rows[table], table
    for table in sums:
        assert sums[table] == other_sums[table], table
