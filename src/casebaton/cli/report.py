"""`casebaton report` and `casebaton life`: what the history amounts to, on the screen or in a file, also every day."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casebaton.cli.common import read_settings

SUFFIXES = {".csv": "csv", ".json": "json", ".txt": "text"}


def _history_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which history of which workspace."""
    options = [
        click.option("--workspace", help="Its name."),
        click.option("--config", "config_file", type=click.Path(path_type=Path), help="Settings as TOML."),
        click.option("--history-url", help="The history in PostgreSQL; without it the one in the data directory."),
        click.option("--data-dir", help="Where the embedded server keeps its data, and the history is beside it."),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), function)


# What both do imports SQLAlchemy, which no other command should wait for, nor a node keep in memory: only inside them.
@click.command()
@click.argument("name", required=False, metavar="[REPORT]")
@click.argument("parameters", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--json", "form", flag_value="json", help="JSON.")
@click.option("--csv", "form", flag_value="csv", help="CSV.")
@click.option("--out", type=click.Path(path_type=Path), help="To a file; {from}, {until}, {report} in its name.")
@click.option("--daily", metavar="HH:MM", help="Go on, and write the file every day at this time of the zone.")
@_history_options
def report(
    name: str | None,
    parameters: tuple[str, ...],
    form: str | None,
    out: Path | None,
    daily: str | None,
    workspace: str | None,
    config_file: Path | None,
    **flags: Any,
) -> None:
    """Print a REPORT; without one, which there are. Parameters are those of HTTP: docs/reports.md.

    casebaton report queues period=last_week zone=Europe/Berlin by=queue,priority --workspace W
    """
    from casebaton.cli import reporting

    if name is None:
        reporting.list_reports()
        return
    given, form = _read(parameters), form or _form_of(out)
    with reporting.open_history(read_settings(config_file, **flags)) as engine:
        ask = reporting.asking(engine, name, given, _named(workspace))
        if daily is None:
            reporting.print_report(ask, form, out)
        elif out is None:
            raise click.UsageError("--daily needs --out")
        else:
            reporting.write_daily(ask, form, out, daily, reporting.zone_of(given))


@click.command()
@click.argument("case")
@click.option("--zone", default="UTC", show_default=True, help="By whose clocks.")
@click.option("--json", "form", flag_value="json", help="JSON.")
@click.option("--csv", "form", flag_value="csv", help="CSV.")
@_history_options
def life(case: str, zone: str, form: str | None, workspace: str | None, config_file: Path | None, **flags: Any) -> None:
    """Tell what became of CASE, from its submit to its end."""
    from casebaton.cli import reporting

    with reporting.open_history(read_settings(config_file, **flags)) as engine:
        reporting.print_life(engine, _named(workspace), case, zone, form or "text")


def _named(workspace: str | None) -> str:
    if workspace is None:
        raise click.UsageError("say --workspace")
    return workspace


def _read(parameters: tuple[str, ...]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise click.UsageError(f"{parameter}: expected a parameter as in period=yesterday")
        given.setdefault(name, []).append(value)
    return given


def _form_of(out: Path | None) -> str:
    if out is not None and out.suffix not in SUFFIXES:
        raise click.UsageError(f"--out: expected a name that ends in {', '.join(SUFFIXES)}, or --csv or --json")
    return "text" if out is None else SUFFIXES[out.suffix]
