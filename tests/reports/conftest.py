from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casebaton.history import database
from casebaton.history.schema import metadata
from casebaton.settings import Settings
from tests.history.conftest import postgresql
from tests.reports.world import Kept

__all__ = ["postgresql"]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A history of either kind, for all tests of reports: each has a workspace of its own."""
    if request.param == "sqlite":
        settings = Settings(data_dir=str(tmp_path_factory.mktemp("history")))
    else:
        settings = Settings(history_url=request.getfixturevalue("postgresql"))
    url = database.find(settings)
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def kept(tables: Engine, tmp_path: Path) -> Kept:
    """An empty history of a workspace."""
    return Kept(tables, tmp_path.name)
