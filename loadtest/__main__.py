"""`python -m loadtest`: list the figures, or measure one."""

import sys

import click
import uvloop

from loadtest import report
from loadtest.figures import FIGURES


def say(line: str) -> None:
    """Progress, on stderr."""
    click.echo(line, err=True)


@click.group()
def main() -> None:
    """Casebaton's load figures. Everything runs on this machine, over loopback, in temporary directories."""


@main.command("list")
def list_figures() -> None:
    """Name the figures with their objectives."""
    for figure in FIGURES.values():
        click.echo(f"{figure.name:16} {figure.says}")
        click.echo(" " * 17 + ", ".join(f"{name} <= {most:g}" for name, most in figure.objective.items()))


@main.command()
@click.argument("name", type=click.Choice(list(FIGURES)))
@click.option("--long", "is_long", is_flag=True, help="Repeat it properly; takes minutes.")
def figure(name: str, is_long: bool) -> None:
    """Measure a figure: one JSON line; exit 0 when its objective is met, 1 when not."""
    found = FIGURES[name]
    value = uvloop.run(found.run(say, is_long=is_long))
    click.echo(report.line(name, value, found.objective))
    sys.exit(0 if report.is_met(value, found.objective) else 1)


if __name__ == "__main__":
    main()
