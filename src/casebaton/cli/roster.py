"""`casebaton roster`: who works in a workspace, out to a CSV file and in from one."""

from collections import Counter
from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton.auth import Identity
from casebaton.cli.common import open_store, read_settings, run, store_options
from casebaton.service import roster
from casebaton.service.roster import Made
from casebaton.settings import Settings
from casebaton.workspace.roster import Form, Person, to_csv

_workspace = click.option("--workspace", required=True, help="Its name.")


def _admin(workspace: str) -> Identity:
    """Whoever can run this on the store's machine may do what an admin may."""
    return Identity(workspace, "admin", "roster", float("inf"))


@click.group("roster")
def commands() -> None:
    """The agents: people are no part of the document."""


@commands.command("export")
@_workspace
@store_options
def export_csv(workspace: str, config_file: Path | None, **flags: Any) -> None:
    """Print everybody as CSV."""

    async def work(settings: Settings) -> list[Person]:
        async with open_store(settings) as store:
            return await roster.read(store, _admin(workspace))

    click.echo(to_csv(run(work(read_settings(config_file, **flags)))), nl=False)


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_workspace
@click.option("--remove-missing", is_flag=True, help="Remove the agents that FILE does not name and who hold nothing.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
@store_options
def import_csv(
    file: Path,
    workspace: str,
    remove_missing: bool,
    is_dry: bool,
    as_json: bool,
    config_file: Path | None,
    **flags: Any,
) -> None:
    """Create and change the agents that FILE names (CSV, or JSON when its name ends so). With a faulty row nothing
    changes.
    """
    form: Form = "json" if file.suffix == ".json" else "csv"
    text = file.read_bytes()

    async def work(settings: Settings) -> Made:
        async with open_store(settings) as store:
            return await roster.put(store, _admin(workspace), text, form, remove_missing=remove_missing, is_dry=is_dry)

    _show(run(work(read_settings(config_file, **flags))), as_json=as_json)


def _show(made: Made, *, as_json: bool) -> None:
    counts = Counter(outcome.done for outcome in made.results)
    if as_json:
        click.echo(msgspec.json.encode(made))
    else:
        for warning in made.warnings:
            click.echo(f"warning: {warning}", err=True)
        for outcome in made.results:
            why = f"\t{outcome.code}: {outcome.detail}" if outcome.done == "refused" else ""
            if outcome.done != "unchanged":
                click.echo(f"{outcome.agent}\t{outcome.done}{why}")
        click.echo(", ".join(f"{count} {done}" for done, count in sorted(counts.items())) or "nobody", err=True)
    if not made.is_whole:
        raise SystemExit(1)
