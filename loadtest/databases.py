"""The databases that a history is measured in: SQLite, and PostgreSQL where it can be started."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select

from casebaton.history import database
from casebaton.history.schema import events, progress
from casebaton.settings import Settings
from loadtest.postgresql import NoPostgresql, run_postgresql


class Database:
    """An empty database for one history."""

    def __init__(self, kind: str, directory: Path, history_url: str = "") -> None:
        self.kind = kind
        self.settings = Settings(data_dir=str(directory), history_url=history_url)

    @contextmanager
    def reading(self) -> Iterator[Engine]:
        """An engine that reads, for as long as the block runs."""
        url = database.find(self.settings)
        assert url is not None
        engine = database.open_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def databases(kinds: Sequence[str], directory: Path, say: Callable[[str], None]) -> Iterator[list[Database]]:
    """One of each kind, for as long as the block runs; without the one that cannot be started, which is said."""
    found = [Database("sqlite", directory)] if "sqlite" in kinds else []
    if "postgresql" not in kinds:
        yield found
        return
    try:
        with run_postgresql() as url:
            yield [*found, Database("postgresql", directory, url)]
    except NoPostgresql as error:
        say(f"without PostgreSQL: {error}")
        yield found


def stored_seq(engine: Engine, workspace: str) -> int:
    """The number of the last entry that is stored."""
    with engine.connect() as connection:
        found = connection.execute(select(progress.c.seq).where(progress.c.workspace == workspace)).scalar()
    return found or 0


def writer_of(engine: Engine, workspace: str) -> str:
    """Which process writes."""
    with engine.connect() as connection:
        found = connection.execute(select(progress.c.writer).where(progress.c.workspace == workspace)).scalar()
    return found or ""


def stored_events(engine: Engine, workspace: str) -> tuple[int, int, int]:
    """How many events are stored, the first number and the last."""
    with engine.connect() as connection:
        found = select(func.count(), func.min(events.c.seq), func.max(events.c.seq))
        count, first, last = connection.execute(found.where(events.c.workspace == workspace)).one()
    return int(count), int(first or 0), int(last or 0)
