"""`casebaton apply`: make a document a workspace's structure and roster."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton.cli.main import expecting_errors, read_settings, run, store_options
from casebaton.settings import Settings
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.server import open_server
from casebaton.wire.ids import read_id
from casebaton.workspace import document


async def _apply(settings: Settings, workspace: str, wanted: document.Document) -> workspaces.Applied:
    async with open_server(settings, share=True) as url:
        store = StoreClient(url)
        try:
            await store.load()
            return await workspaces.apply(store, workspace, wanted)
        finally:
            await store.close()


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--workspace", help="Its name; without it, the file's name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
@store_options
def apply(file: Path, workspace: str | None, as_json: bool, config_file: Path | None, **flags: Any) -> None:
    """Check FILE as a whole, then put it in force. Safe to repeat; a broken file changes nothing."""
    settings = read_settings(config_file, **flags)
    with expecting_errors():
        name = read_id("workspace", file.stem if workspace is None else workspace)
        wanted = document.read(file)
    applied = run(_apply(settings, name, wanted))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(applied)))
    else:
        changed = "changed" if applied.structure_changed else "as it was"
        click.echo(f"version {applied.version} is in force, structure {changed}, {applied.agents} agents")
