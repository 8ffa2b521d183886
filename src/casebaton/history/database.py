"""Where the history is: SQLite in the data directory, PostgreSQL by URL, or nowhere; and how it is reached.

Whoever writes takes the lock at the beginning of a transaction (SQLite: BEGIN IMMEDIATE), whoever reads never waits for
a writer (WAL, MVCC). What is committed is on disk.
"""

import contextlib
import hashlib
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from casebaton import data_dir
from casebaton.errors import Invalid, Unavailable
from casebaton.settings import NO_HISTORY, Settings

FILE = "history.db"
BUSY_S = 10.0  # how long a writer of SQLite waits for another one
CONNECT_WITHIN_S = 5
# PostgreSQL ends by itself what takes longer, and a dead connection is noticed: nobody waits for ever.
_POSTGRESQL = {
    "connect_timeout": CONNECT_WITHIN_S,
    "tcp_user_timeout": 15_000,
    "application_name": "casebaton",
    "options": "-c statement_timeout=60000 -c lock_timeout=30000 -c timezone=UTC",
}
_DAMAGED = {name: f"it is no database, or damaged ({name})" for name in ("SQLITE_NOTADB", "SQLITE_CORRUPT")}


def find(settings: Settings) -> URL | None:
    """The history's URL; None when there shall be none."""
    if settings.history_url == NO_HISTORY:
        return None
    if not settings.history_url:
        return URL.create("sqlite", database=str(Path(settings.data_dir) / FILE))
    url = make_url(settings.history_url)
    return url.set(drivername="postgresql+psycopg")


def place(url: URL) -> str:
    """Where it is, for people: without password and options."""
    return url.set(query={}).render_as_string(hide_password=True)


def identity(url: URL) -> str:
    """A short name of the database itself, the same for all who write there: of a file also the machine's."""
    parts = [url.get_backend_name(), url.host, url.port, url.database, url.query.get("host")]
    if url.get_backend_name() == "sqlite":
        parts = [socket.gethostname(), str(Path(url.database or "").resolve())]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def open_engine(url: URL, *, is_writer: bool = False) -> Engine:
    """An engine for the history; it connects at the first use. Raises Invalid when the driver is not installed or does
    not know an option of the URL, OSError when the data directory cannot be used.
    """
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, is_writer=is_writer)
    try:
        engine = create_engine(
            url, connect_args=_POSTGRESQL, pool_pre_ping=True, pool_size=4, pool_timeout=10, hide_parameters=True
        )
    except ModuleNotFoundError as error:
        raise Invalid("a history in PostgreSQL needs psycopg: pip install 'casebaton[postgresql]'") from error
    _check_options(engine)
    engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows in a statement: a third faster than one by one
    return engine


def _check_options(engine: Engine) -> None:
    from psycopg import ProgrammingError  # not everybody has it
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**{name: str(value) for name, value in engine.url.query.items()})
    except ProgrammingError as error:
        raise Invalid(f"history_url: {str(error).strip()}") from error


def _open_sqlite(url: URL, *, is_writer: bool) -> Engine:
    assert url.database is not None
    with data_dir.using(Path(url.database).parent):
        if not Path(url.database).exists():
            Path(url.database).touch(mode=0o600)  # customers' words are for nobody else; SQLite's other files follow it
        engine = create_engine(url, connect_args={"timeout": BUSY_S}, hide_parameters=True)
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where Python's module guesses
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def empty_wal(engine: Engine) -> bool:
    """Have SQLite's write-ahead log, in which old pages stand, written into the file and emptied; is it? Not while a
    reader goes by it. PostgreSQL recycles its own. Raises Unavailable.
    """
    if engine.dialect.name != "sqlite":
        return True
    with reaching(engine), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")  # it would keep everybody else waiting meanwhile
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(is_busy, *_)] = cursor.fetchall()
        except sqlite3.OperationalError as error:
            raise _unavailable(engine, error.sqlite_errorname) from error
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}")
    return not is_busy


@contextmanager
def reaching(engine: Engine) -> Iterator[None]:
    """Around statements: what the database or the way to it fails with becomes Unavailable; its words may quote rows,
    so they stay out.
    """
    try:
        yield
    except PoolTimeout as error:
        raise _unavailable(engine, type(error).__name__) from error
    except DBAPIError as error:
        name = getattr(error.orig, "sqlite_errorname", None) or type(error.orig).__name__
        is_passing = isinstance(error, (OperationalError, InterfaceError)) and name != "SQLITE_ERROR"
        if not is_passing and name not in _DAMAGED and not error.connection_invalidated:
            raise  # the statement is wrong
        raise _unavailable(engine, _DAMAGED.get(name, name)) from error


def _unavailable(engine: Engine, name: str) -> Unavailable:
    return Unavailable(f"the history at {place(engine.url)} cannot be used: {name}")
