"""Brings the history's tables to what this version knows: all steps in one transaction, by one process at a time.

The views stand on the tables, so they go before the first step and are made again after the last. A change of the
views alone is a step without tables.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from casebaton.errors import CasebatonError
from casebaton.history.database import reaching
from casebaton.history.views import VIEWS, selects_for

_LOCK = 0x6361_7365  # of PostgreSQL: whoever changes the tables of a history in this database holds it


def migrate(engine: Engine) -> bool:
    """Make or change the tables; says whether there was anything to do. `engine` is a writer's.

    Raises Unavailable, or CasebatonError `HISTORY_NEWER` when a newer version has been here.
    """
    with reaching(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        script = _script(connection)
        before, newest = _revision(connection), script.get_current_head()
        if before == newest:
            return False
        _check_known(script, before)
        for name in VIEWS if before else ():
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
        command.upgrade(_config(connection), "head")
        for name, select in selects_for(engine.dialect.name).items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {select}")
        return True


def check(engine: Engine) -> None:
    """See that the tables are those of this version, for whoever reads.

    Raises Unavailable, or CasebatonError: `HISTORY_NOT_READY` before a writer has made them or changed them,
    `HISTORY_NEWER` after a newer version has.
    """
    with reaching(engine), engine.connect() as connection:
        script = _script(connection)
        present = _revision(connection)
        if present != script.get_current_head():
            _check_known(script, present)
            raise CasebatonError("HISTORY_NOT_READY", "the history's tables are not made yet: `casebaton history` does")


def _check_known(script: ScriptDirectory, revision: str | None) -> None:
    if revision is not None and revision not in {each.revision for each in script.walk_revisions()}:
        raise CasebatonError("HISTORY_NEWER", "a newer version of Casebaton has changed the history's tables")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _script(connection: Connection) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(connection))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
