from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casebaton.history import database
from casebaton.history.migrate import migrate
from casebaton.settings import Settings
from tests.history.conftest import postgresql
from tests.reports.world import Kept

__all__ = ["postgresql"]


def _opened(settings: Settings) -> Iterator[Engine]:
    url = database.find(settings)
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A history for all tests: each has a workspace of its own there."""
    yield from _opened(Settings(history_url="", data_dir=str(tmp_path_factory.mktemp("history"))))


@pytest.fixture(scope="session")
def in_postgresql(postgresql: str) -> Iterator[Engine]:
    """The same in PostgreSQL."""
    yield from _opened(Settings(history_url=postgresql))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def tables(request: pytest.FixtureRequest) -> Engine:
    """Either of them."""
    found: Engine = request.getfixturevalue(f"in_{request.param}")
    return found


@pytest.fixture
def kept(in_sqlite: Engine, tmp_path: Path) -> Kept:
    """An empty history of a workspace; what asks PostgreSQL differently is asked in `test_catalogue`."""
    return Kept(in_sqlite, tmp_path.name)
