"""`casebaton replay`: a recorded service desk as live traffic, and an audit at its end."""

import contextlib
import json
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton import audit
from casebaton.auth import Role
from casebaton.cli.main import Failure, read_settings, run, store_options
from casebaton.errors import Invalid
from casebaton.node import logs
from casebaton.node.node import Node
from casebaton.node.serve import serve
from casebaton.replay import trace
from casebaton.replay.run import AT_ONCE, Outcome, Replay, describe
from casebaton.settings import Settings
from casebaton.store import workspaces

TOKEN_S = 24 * 3600


def say(line: str) -> None:
    """Progress, on stderr."""
    click.echo(line, err=True)


def _read_plan(file: Path, seconds: float) -> trace.Plan:
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            plan = trace.fit(trace.read(lines), seconds, at_once=AT_ONCE)
    except (Invalid, UnicodeDecodeError) as error:
        raise Failure(f"{file}: {error}") from error
    steps = f"{plan.count('transfer')} transfers, {plan.count('return')} returns"
    say(f"{file.name}: {plan.rows} rows, {len(plan.cases)} cases, {len(plan.queues)} queues, {steps}")
    return plan


@contextlib.contextmanager
def own_server(settings: Settings, data_dir: str | None) -> Iterator[Settings]:
    """Settings for a server beside others: a secret of its own and, unless told where, a directory that goes away."""
    settings = msgspec.structs.replace(settings, auth_secret=settings.auth_secret or secrets.token_urlsafe(48))
    if settings.redis_url or data_dir:
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="casebaton-") as directory:
        yield msgspec.structs.replace(settings, data_dir=directory)


async def _replay(settings: Settings, plan: trace.Plan) -> tuple[Outcome, audit.Report]:
    workspace = f"replay-{secrets.token_hex(3)}"
    result: list[tuple[Outcome, audit.Report]] = []

    async def play(node: Node, base_url: str) -> None:
        def sign(role: Role, subject: str) -> str:
            return node.tokens.sign(workspace, role, subject, ttl_s=TOKEN_S)

        await workspaces.apply(node.store, workspace, describe(plan))
        say(f"workspace {workspace}, durability {settings.durability}")
        outcome = await Replay(plan, base_url, workspace, sign).run(say)
        report = await audit.check(node.store, workspace)
        say(f"audit: {report.cases} live cases, {report.agents} agents, {report.events} events")
        result.append((outcome, report))

    await serve(settings, play)
    if not result:
        raise Failure("stopped before the end")
    return result[0]


def _line(outcome: Outcome, report: audit.Report) -> str:
    found = msgspec.to_builtins(outcome)
    latencies = {name: found.pop(name) for name in ("offer_ms", "accept_ms")}
    found.pop("refused")
    whole = {**found, "violations": msgspec.to_builtins(report.violations), **latencies}
    return json.dumps(whole, separators=(",", ":"))


def _show(outcome: Outcome, report: audit.Report) -> None:
    click.echo(f"{outcome.closed} of {outcome.cases} cases closed, {outcome.transfers} transfers,", nl=False)
    click.echo(f" {outcome.returns} returns, {outcome.rows_ignored} rows ignored")
    click.echo(f"double owned {outcome.double_owned}, lost {outcome.lost}, over capacity {outcome.over_capacity}")
    for name, figures in (("offer", outcome.offer_ms), ("accept", outcome.accept_ms)):
        click.echo(f"{name}: " + ", ".join(f"{quantile} {ms} ms" for quantile, ms in figures.items()))
    click.echo(f"audit: {report.violation_count} violations")
    for violation in report.violations:
        click.echo(f"  {violation.code} {violation.where}: expected {violation.expected}, found {violation.found}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--seconds", type=click.FloatRange(1, 3600), default=60, show_default=True, help="From first to last.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
@store_options
def replay(file: Path, seconds: float, as_json: bool, config_file: Path | None, **flags: Any) -> None:
    """Play the service desk's trace FILE against a server of its own, over real sockets, then audit it.

    Exit 0 when every case was closed and nothing was found; 1 otherwise.
    """
    settings = read_settings(config_file, port=0, host="127.0.0.1", drain_s=0, **flags)
    logs.configure("warning")
    plan = _read_plan(file, seconds)
    with own_server(settings, flags["data_dir"]) as settings:
        outcome, report = run(_replay(settings, plan))
    if outcome.refused:
        say(f"refused: {outcome.refused}")
    if as_json:
        click.echo(_line(outcome, report))
    else:
        _show(outcome, report)
    if not (outcome.is_sound and report.is_clean):
        raise SystemExit(1)
