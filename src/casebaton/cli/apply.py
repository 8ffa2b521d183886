"""`casebaton apply`: make a document a workspace's structure, and its agents what it says of them."""

from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton.cli.common import counted, expecting_errors, open_store, read_settings, run, store_options
from casebaton.errors import Finding
from casebaton.store import effect, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.effect import Change, Effect
from casebaton.store.workspaces import ADMIN, Applied, Asked
from casebaton.wire.ids import read_id
from casebaton.workspace import document


async def put(store: StoreClient, workspace: str, wanted: document.Document, *, is_dry: bool) -> Applied | Effect:
    """Put the document in force, or only tell what that would do."""
    if is_dry:
        return await effect.preview(store, workspace, wanted, Asked(ADMIN))
    return await workspaces.apply(store, workspace, wanted)


def show(workspace: str, found: Applied | Effect, *, as_json: bool) -> None:
    """Say what came into force, or what would change; exit 1 when something was or would be refused."""
    if isinstance(found, Effect):
        _show_effect(workspace, found, as_json=as_json)
    else:
        _show_applied(workspace, found, as_json=as_json)


def _show_applied(workspace: str, applied: Applied, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(applied))
    else:
        changed = "changed" if applied.structure_changed else "as it was"
        agents = counted(applied.agents, "agent")
        click.echo(f"{workspace}: version {applied.version} is in force, structure {changed}, {agents}")
        for agent in applied.refused:
            click.echo(f"refused: {agent.agent}: {agent.code}: {agent.detail}", err=True)
        _warn(applied.warnings)
    if applied.refused:
        raise SystemExit(1)


def _show_effect(workspace: str, found: Effect, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        changes = "it would stay" if found.is_unchanged else "another would take its place"
        is_new = not found.version
        present = "a new workspace would be made" if is_new else f"version {found.version} is in force: {changes}"
        click.echo(f"{workspace}: {present}")
        for change in found.structure:
            click.echo(f"  {_told(change)}")
        click.echo("agents: " + ", ".join(f"{count} {done}" for done, count in found.agents.items()))
        for refusal in found.refusals:
            click.echo(f"refused: {refusal}")
        _warn(found.warnings)
    if found.refusals:
        raise SystemExit(1)


def _told(change: Change) -> str:
    name = f"{change.section}.{change.name}" if change.name else change.section
    fields = [f"{field} {before} -> {after}" for field, (before, after) in change.fields.items()]
    touched = [
        told
        for told, count in (
            (f"{change.waiting} waiting", change.waiting),
            (counted(change.agents, "agent"), change.agents),
            (f"{counted(change.classes, 'class', 'classes')} built anew", change.classes),
        )
        if count
    ]
    return f"{name} {change.change}: {', '.join(fields + touched)}" if fields + touched else f"{name} {change.change}"


def _warn(warnings: list[Finding] | tuple[Finding, ...]) -> None:
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--workspace", help="Its name; without it, the file's name.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would change, and what would keep it out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
@store_options
def apply(
    file: Path, workspace: str | None, is_dry: bool, as_json: bool, config_file: Path | None, **flags: Any
) -> None:
    """Check FILE (TOML, or JSON when its name ends so) as a whole, then put it in force. Safe to repeat; a faulty file
    changes nothing.
    """
    settings = read_settings(config_file, **flags)
    with expecting_errors():
        name = read_id("workspace", file.stem if workspace is None else workspace)
        wanted = document.read(file)

    async def work() -> Applied | Effect:
        async with open_store(settings) as store:
            return await put(store, name, wanted, is_dry=is_dry)

    show(name, run(work()), as_json=as_json)
