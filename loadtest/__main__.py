"""`python -m loadtest`: list what there is, measure a figure, run a scenario, compare two of its runs, or plan."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec
import uvloop

from loadtest import capacity, report, scenario
from loadtest.figures import FIGURES
from loadtest.harness import compare as comparison
from loadtest.harness import results
from loadtest.harness.metrics import verdict
from loadtest.harness.run import run as run_scenario
from loadtest.peers.registry import PEERS
from loadtest.peers.registry import run as run_peers
from loadtest.peers.report import is_met, line, table


def say(line: str) -> None:
    """Progress, on stderr."""
    click.echo(line, err=True)


@click.group()
def main() -> None:
    """Casebaton's load figures and scenarios. Everything runs here, over loopback, in temporary directories."""


@main.command("list")
def list_all() -> None:
    """Name the figures and the scenarios with their objectives."""
    click.echo("Figures, one number of interest each: python -m loadtest figure NAME\n")
    for figure in FIGURES.values():
        click.echo(f"{figure.name:16} {figure.says}")
        click.echo(" " * 17 + ", ".join(f"{name} <= {most:g}" for name, most in figure.objective.items()))
    click.echo(
        "\nScenarios, a whole load each: python -m loadtest run NAME. The laws (docs/load.md) must hold in all.\n"
    )
    for name in scenario.names():
        found = scenario.load(scenario.find(name))
        click.echo(f"{name:16} {found.says}")
        limits = [f"{metric} <= {most:g}" for metric, most in found.at_most.items()]
        limits += [f"{metric} >= {least:g}" for metric, least in found.at_least.items()]
        click.echo(" " * 17 + ", ".join(limits))


@main.command()
@click.argument("name", type=click.Choice(list(FIGURES)))
@click.option("--long", "is_long", is_flag=True, help="Repeat it properly; takes minutes.")
def figure(name: str, is_long: bool) -> None:
    """Measure a figure: one JSON line; exit 0 when its objective is met, 1 when not.

    One that this machine cannot measure is skipped: a sentence on stderr, no line, exit 0.
    """
    found = FIGURES[name]
    try:
        value = uvloop.run(found.run(say, is_long=is_long))
    except report.Skipped as skipped:
        say(f"skipped: {skipped}")
        return
    click.echo(report.line(name, value, found.objective))
    sys.exit(0 if report.is_met(value, found.objective) else 1)


@main.command()
@click.argument("name", metavar="SCENARIO")
@click.option("--long", "is_long", is_flag=True, help="Lay the scenario's table `long` over it.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=results.DIRECTORY, show_default=True)
def run(name: str, is_long: bool, out: Path) -> None:
    """Run a scenario, by its name or from a file: exit 0 when its objectives are met, 1 when not.

    What was measured is kept in a directory of its own below DIR; stdout names it. The last line on stderr is the
    verdict.
    """
    try:
        found = scenario.load(scenario.find(name), is_long=is_long)
    except scenario.ScenarioFault as fault:
        raise click.UsageError(str(fault)) from fault
    result = uvloop.run(run_scenario(found, say))
    for missed in result.missed:
        say(f"missed: {missed}")
    click.echo(results.keep(result, out))
    say(f"{found.name}: {verdict(result.missed)}")
    sys.exit(0 if result.is_met else 1)


@main.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
def compare(old: Path, new: Path) -> None:
    """Compare two runs of one scenario: exit 0 when nothing is worse than its figure tolerates, 1 when something is."""
    try:
        before, after = results.read(old), results.read(new)
        found = list(comparison.differences(before, after))
    except (results.ResultFault, comparison.Incomparable) as fault:
        raise click.UsageError(str(fault)) from fault
    click.echo(comparison.table(found))
    for caution in comparison.cautions(before, after):
        say(caution)
    sys.exit(1 if any(one.is_worse for one in found) else 0)


@main.command()
@click.argument("names", nargs=-1, type=click.Choice(list(PEERS)))
@click.option(
    "--rounds", default=5, type=click.IntRange(1, 100), show_default=True, help="How often each side is measured."
)
def peers(names: tuple[str, ...], rounds: int) -> None:
    """Measure Casebaton and its peers in turn: one JSON object; exit 0 when all ratios are met, 1 when not.

    A peer that this machine does not have is skipped, and the output says so.
    """
    outcomes = uvloop.run(run_peers(say, [PEERS[name] for name in names or PEERS], rounds=rounds))
    say(table(outcomes))
    click.echo(line(outcomes))
    sys.exit(0 if is_met(outcomes) else 1)


def _assumptions(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each thing that is assumed of a centre."""
    for field in reversed(msgspec.structs.fields(capacity.Centre)):
        if not field.required:
            least = click.IntRange(min=1) if field.type is int else click.FloatRange(min=0)
            name = "--" + field.name.replace("_", "-")
            command = click.option(name, type=least, default=field.default, show_default=True)(command)
    return command


@main.command()
@click.option(
    "--agents", type=click.IntRange(min=1), multiple=True, required=True, help="On the roster; a column each."
)
@_assumptions
def plan(agents: tuple[int, ...], **assumed: Any) -> None:
    """Say what a centre needs, as Markdown, from the measured costs; docs/capacity.md says what the options mean."""
    click.echo(capacity.plan_table([capacity.Centre(agents=count, **assumed) for count in agents]))


@main.command()
def costs() -> None:
    """Show the measured costs that `plan` reckons with, as Markdown."""
    click.echo(capacity.costs_table())


if __name__ == "__main__":
    main()
