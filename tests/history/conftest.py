from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from casebaton.history import database
from casebaton.settings import Settings
from loadtest.postgresql import NoPostgresql, run_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server; tests that ask for it skip with a sentence where there is none."""
    try:
        with run_postgresql(fsync="off") as url:
            yield url
    except NoPostgresql as error:
        pytest.skip(str(error))


@pytest.fixture
def history_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty history: SQLite, or as `on_both` says."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield Settings(data_dir=str(tmp_path))
        return
    url: str = request.getfixturevalue("postgresql")
    admin = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with admin.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    admin.dispose()
    yield Settings(history_url=url)


@pytest.fixture
def history(history_settings: Settings) -> Iterator[Engine]:
    """A writer's engine for an empty history."""
    url = database.find(history_settings)
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    yield engine
    engine.dispose()
