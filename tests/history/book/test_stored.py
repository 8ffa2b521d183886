"""Both databases hold what the raw log gives when it is counted anew, page by page, with another book for each."""

from typing import Any

from sqlalchemy import Engine, insert, select

from casebaton.history.book.batch import Batch
from casebaton.history.book.book import Book
from casebaton.history.migrate import migrate
from casebaton.history.saving import Page, Place, save
from casebaton.history.schema import live, metadata, progress
from tests.history.book.reading import Shelf, assert_same, read_into
from tests.history.lives import Lives
from tests.history.recount import Recount

ENTRIES, PAGE = 2_000, 700


def stored(history: Engine) -> Shelf:
    """What is in the tables."""
    shelf = Shelf()
    with history.connect() as connection:
        for table in metadata.sorted_tables:
            rows: list[dict[str, Any]] = [dict(row) for row in connection.execute(select(table)).mappings()]
            keys = [column.name for column in table.primary_key.columns][1:]
            names = [column.name for column in table.columns][1:]
            if "at_ms" not in keys:
                shelf.rows[table.name] = [{name: row[name] for name in names} for row in rows]
                continue
            counts = [name for name in names if name not in keys]
            sums = {tuple(row[key] for key in keys): {name: row[name] for name in counts} for row in rows}
            shelf.put(Batch({}, {table.name: sums}, {}))
    for name in ("events", "live", "progress", "gaps", "erasures", "fragments"):
        shelf.rows.pop(name)
    return shelf


def records(history: Engine) -> list[tuple[str, str, bytes]]:
    """What a book goes on with."""
    with history.connect() as connection:
        return [tuple(row) for row in connection.execute(select(live.c.kind, live.c.name, live.c.record))]


def test_tables_hold_what_the_log_gives_when_it_is_counted_anew(lives: Lives, history: Engine) -> None:
    migrate(history)
    entries, before = lives.entries[:ENTRIES], Place()
    with history.begin() as connection:
        row = {"workspace": "w", "position": before.position, "seq": 0, "at_ms": 0, "writer": "me"}
        connection.execute(insert(progress), row)
    for start in range(0, ENTRIES, PAGE):
        book = Book(records(history))
        page = entries[start : start + PAGE]
        read_into(book, page, lives.levels)
        after = Place(page[-1].position, page[-1].seq, 1)
        with history.begin() as connection:
            save(connection, "w", "me", Page(before, after, batch=book.flush()))
        before = after
    assert_same(stored(history), Recount(entries, lives.levels))
