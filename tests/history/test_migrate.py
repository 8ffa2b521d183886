"""The history's tables: made and changed by one process at a time, checked by whoever reads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from casebaton.errors import CasebatonError
from casebaton.history import database
from casebaton.history.migrate import check, migrate
from casebaton.history.schema import metadata
from casebaton.history.views import VIEWS
from casebaton.settings import Settings
from tests.history.kinds import on_both

pytestmark = on_both


def test_the_migrations_make_the_tables_that_the_schema_names_and_the_views(history: Engine) -> None:
    assert migrate(history)
    with history.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert set(inspect(connection).get_view_names()) == set(VIEWS)


def test_a_second_migration_finds_nothing_to_do(history: Engine) -> None:
    migrate(history)
    assert not migrate(history)
    check(history)


def test_of_many_who_migrate_at_once_one_does(history_settings: Settings) -> None:
    url = database.find(history_settings)
    assert url is not None
    engines = [database.open_engine(url, is_writer=True) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(migrate, engines)) == [False, False, False, True]
    for engine in engines:
        engine.dispose()


def test_whoever_reads_is_told_that_the_tables_are_not_there(history: Engine) -> None:
    with pytest.raises(CasebatonError, match="HISTORY_NOT_READY"):
        check(history)


def test_a_history_of_a_newer_version_is_left_alone(history: Engine) -> None:
    migrate(history)
    with history.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (check, migrate):
        with pytest.raises(CasebatonError, match="HISTORY_NEWER"):
            use(history)
