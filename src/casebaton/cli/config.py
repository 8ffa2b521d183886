"""`casebaton config`: the configuration in force, its versions, and an old one again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton.cli.apply import put
from casebaton.cli.apply import show as show_found
from casebaton.cli.common import open_store, read_settings, run, store_options
from casebaton.settings import Settings
from casebaton.store import versions
from casebaton.store.effect import Effect
from casebaton.store.versions import Version
from casebaton.store.workspaces import Applied
from casebaton.workspace import document
from casebaton.workspace.document import Document

_workspace = click.option("--workspace", required=True, help="Its name.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")


@click.group()
def config() -> None:
    """The document in force, and those before it."""


@config.command()
@_workspace
@click.option("--version", "number", type=click.IntRange(1), help="One of the last 50; without it, the one in force.")
@store_options
def show(workspace: str, number: int | None, config_file: Path | None, **flags: Any) -> None:
    """Print a version's document as JSON, as `casebaton apply` takes it."""

    async def work(settings: Settings) -> tuple[Version, Document]:
        async with open_store(settings) as store:
            return await versions.read_version(store, workspace, number)

    _, found = run(work(read_settings(config_file, **flags)))
    click.echo(msgspec.json.format(document.canonical(found)))


@config.command("versions")
@_workspace
@_as_json
@store_options
def list_versions(workspace: str, as_json: bool, config_file: Path | None, **flags: Any) -> None:
    """List the last versions, newest first."""

    async def work(settings: Settings) -> list[Version]:
        async with open_store(settings) as store:
            return await versions.list_versions(store, workspace)

    found: list[Version] = run(work(read_settings(config_file, **flags)))
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for each in found:
        click.echo(f"{each.version}\t{_instant(each.at_ms)}\t{each.actor}\t{each.digest}")


def _instant(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.isoformat(timespec="seconds")


@config.command()
@click.argument("number", metavar="VERSION", type=click.IntRange(1))
@_workspace
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would change, and what would keep it out.")
@_as_json
@store_options
def rollback(number: int, workspace: str, is_dry: bool, as_json: bool, config_file: Path | None, **flags: Any) -> None:
    """Apply VERSION's document as a new version. People stay as they are."""

    async def work(settings: Settings) -> Applied | Effect:
        async with open_store(settings) as store:
            _, wanted = await versions.read_version(store, workspace, number)
            return await put(store, workspace, wanted, is_dry=is_dry)

    show_found(workspace, run(work(read_settings(config_file, **flags))), as_json=as_json)
