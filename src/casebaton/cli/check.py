"""`casebaton check`: audit the workspaces of a store while they work."""

import json
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton import audit
from casebaton.cli.common import Failure, counted, expecting_errors, read_settings, run, store_options
from casebaton.settings import Settings
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.server import open_server
from casebaton.wire.ids import read_id


def show_progress(stage: str, done: int) -> None:
    """One line on stderr, for somebody who looks on."""
    if sys.stderr.isatty():
        click.echo(f"  {stage}: {done}", err=True)


async def _check(settings: Settings, only: str | None) -> list[audit.Report]:
    async with open_server(settings, share=True) as url:
        store = StoreClient(url)
        try:
            await store.load()
            names = [only] if only else await workspaces.list_workspaces(store)
            reports = []
            for name in names:
                click.echo(f"checking {name}", err=True)
                reports.append(await audit.check(store, name, show_progress))
            return reports
        finally:
            await store.close()


def _show(report: audit.Report) -> None:
    looked_at = ", ".join(
        counted(count, noun)
        for count, noun in ((report.cases, "case"), (report.agents, "agent"), (report.events, "event"))
    )
    found = "nothing found" if report.is_clean else counted(report.violation_count, "violation")
    click.echo(f"{report.workspace}: {looked_at}: {found}")
    for violation in report.violations:
        click.echo(f"  {violation.code} {violation.where}: expected {violation.expected}, found {violation.found}")


@click.command()
@click.option("--workspace", help="Only this one; without it, all of the store.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each workspace.")
@store_options
def check(workspace: str | None, as_json: bool, config_file: Path | None, **flags: Any) -> None:
    """Compare what is stored with what the log tells. Exit 0: nothing found; 1: violations; 2: it could not be read.

    Nodes may go on working on the store meanwhile.
    """
    settings = read_settings(config_file, **flags)
    with expecting_errors():
        only = None if workspace is None else read_id("workspace", workspace)
    if not settings.redis_url and not Path(settings.data_dir).is_dir():
        raise Failure(
            f"there is no data directory {settings.data_dir}: name one with --data-dir, or a store with --redis-url"
        )
    reports = run(_check(settings, only))
    if not reports:
        raise Failure("there is no workspace in this store: make one with `casebaton apply`")
    for report in reports:
        if as_json:
            click.echo(json.dumps(msgspec.to_builtins(report)))
        else:
            _show(report)
    if not all(report.is_clean for report in reports):
        raise SystemExit(1)
