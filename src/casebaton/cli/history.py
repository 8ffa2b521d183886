"""`casebaton history`: writes what happened into SQL, as a process of its own."""

from pathlib import Path
from typing import Any

import click

from casebaton import logs
from casebaton.children import Stop
from casebaton.cli.common import Failure, expecting_errors, read_settings, run, store_options
from casebaton.errors import Invalid
from casebaton.settings import Settings
from casebaton.store.server import open_server


@click.command()
@click.option(
    "--history-url", help="postgresql://user:password@host/database; without it SQLite in the data directory."
)
@click.option("--migrate", is_flag=True, help="Only make the tables, or change them to what this version knows.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
@store_options
def history(config_file: Path | None, migrate: bool, **flags: Any) -> None:
    """Write the histories of all workspaces until SIGTERM; `serve` starts such a process by itself."""
    settings = read_settings(config_file, **flags)
    logs.configure(settings.log_level)
    if migrate:
        with expecting_errors():
            _migrate(settings)
    else:
        run(_write(settings))


# SQLAlchemy and Alembic are imported where they are needed: it takes half a second, which no other command should pay.


def _migrate(settings: Settings) -> None:
    from casebaton.history import database
    from casebaton.history.migrate import migrate as migrate_tables

    url = database.find(settings)
    if url is None:
        raise Failure("history_url is none: there is no history to write")
    engine = database.open_engine(url, is_writer=True)
    is_changed = migrate_tables(engine)
    engine.dispose()
    click.echo(f"{database.place(url)}: {'the tables are made' if is_changed else 'nothing to do'}")


async def _write(settings: Settings) -> None:
    from casebaton.history.process import write

    if not settings.redis_url:
        raise Invalid("--redis-url: say which store; the history of an embedded server is written by its node")
    async with open_server(settings) as redis_url:
        stop = Stop()
        with stop.on_signals():
            await write(settings, redis_url, stop.asked)
