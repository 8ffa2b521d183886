"""A page of the log on its way into the tables: what it amounts to, and how far it leads, in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Table, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from casebaton.history.book.batch import Batch, Row
from casebaton.history.book.events import BookEvent
from casebaton.history.erasing import erase
from casebaton.history.schema import events, gaps, live, metadata, progress


class Place(Struct, frozen=True):
    """How far the history is: the position of the last entry that is stored, its number here, and its instant."""

    position: str = "0-0"
    seq: int = 0
    at_ms: int = 0


class Gap(Struct, frozen=True):
    """Entries that the history lacks (`trimmed`), or that it has and the log has lost (`lost`)."""

    from_seq: int
    until_seq: int
    at_ms: int
    what: str


class Page(Struct):
    """What is stored at once: the entries as rows of `events`, what they amount to, gaps before them, and those of the
    entries that tell of an erasure.
    """

    before: Place
    after: Place
    events: list[Row] = []
    batch: Batch | None = None
    gaps: Sequence[Gap] = ()
    erasing: Sequence[BookEvent] = ()


class Rival(Exception):
    """Another process has stored since, or has taken over: what this one goes by is out of date. Nothing was stored."""


def save(connection: Connection, workspace: str, writer: str, page: Page) -> None:
    """Store a page, exactly once: it leads on from where it began, or nowhere. Raises Rival."""
    step = (
        update(progress)
        .where(
            progress.c.workspace == workspace,
            progress.c.position == page.before.position,
            progress.c.seq == page.before.seq,
            progress.c.writer == writer,
        )
        .values(position=page.after.position, seq=page.after.seq, at_ms=page.after.at_ms, beats=progress.c.beats + 1)
    )
    if connection.execute(step).rowcount != 1:
        raise Rival
    if page.gaps:
        _replace(connection, gaps, workspace, [_row(gap) for gap in page.gaps])
    if page.events:
        connection.execute(insert(events), [{"workspace": workspace, **row} for row in page.events])
    if page.batch is not None:
        _save_batch(connection, workspace, page.batch)
    erase(connection, workspace, page.erasing)


def _save_batch(connection: Connection, workspace: str, batch: Batch) -> None:
    for name, rows in batch.rows.items():
        _replace(connection, metadata.tables[name], workspace, rows)
    for name, sums in batch.sums.items():
        _add(connection, metadata.tables[name], workspace, sums)
    _replace(
        connection,
        live,
        workspace,
        [{"kind": kind, "name": name, **row} for (kind, name), row in batch.live.items() if row is not None],
    )
    gone: defaultdict[str, list[str]] = defaultdict(list)
    for (kind, name), row in batch.live.items():
        if row is None:
            gone[kind].append(name)
    for kind, names in gone.items():
        connection.execute(
            delete(live).where(live.c.workspace == workspace, live.c.kind == kind, live.c.name.in_(names))
        )


def _replace(connection: Connection, table: Table, workspace: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; one whose key is there already takes its place."""
    if not rows:
        return
    columns = [column for column in table.columns if not column.primary_key]
    blank = {column.name: _blank(column) for column in columns}
    statement = _upsert(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={column.name: statement.excluded[column.name] for column in columns},
    )
    connection.execute(statement, [{"workspace": workspace, **blank, **row} for row in rows])


def _add(
    connection: Connection, table: Table, workspace: str, sums: Mapping[tuple[Any, ...], Mapping[str, int]]
) -> None:
    """Add to the rows of these keys, which are made when they are not there."""
    if not sums:
        return
    keys = [column.name for column in table.primary_key.columns][1:]
    counts = [column.name for column in table.columns if not column.primary_key]
    zeros = dict.fromkeys(counts, 0)
    statement = _upsert(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in counts},
    )
    # In the order of the keys: of two who add to the same rows neither waits for the other in a circle.
    rows = [
        {"workspace": workspace, **dict(zip(keys, key, strict=True)), **zeros, **added}
        for key, added in sorted(sums.items())
    ]
    connection.execute(statement, rows)


def _upsert(connection: Connection, table: Table) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _blank(column: Any) -> Any:
    """What stands in a column that a row does not name."""
    if column.nullable or column.server_default is None:
        return None
    return 0 if column.server_default.arg == "0" else ""


def _row(gap: Gap) -> Row:
    return {"from_seq": gap.from_seq, "until_seq": gap.until_seq, "at_ms": gap.at_ms, "what": gap.what}
