"""`casebaton replay`: a recorded service desk as live traffic, and an audit at its end."""

import contextlib
import json
import secrets
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click
import msgspec

from casebaton import audit, logs
from casebaton.auth import Role
from casebaton.cli import follow
from casebaton.cli.common import Failure, read_settings, run, store_options
from casebaton.errors import Invalid
from casebaton.node.node import Node
from casebaton.node.serve import serve
from casebaton.replay import owners, trace
from casebaton.replay.follow import describe as describe_script
from casebaton.replay.run import AT_ONCE, Outcome, Replay, Sign, describe
from casebaton.settings import Settings
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace.document import Document

TOKEN_S = 24 * 3600
T = TypeVar("T")
Play = Callable[[StoreClient, str, str, Sign], Awaitable[T]]
"""Plays on a store's workspace that is served at an address; what came of it."""


def say(line: str) -> None:
    """Progress, on stderr."""
    click.echo(line, err=True)


def _read_plan(file: Path, seconds: float) -> trace.Plan:
    with reading(file) as lines:
        plan = trace.fit(trace.read(lines), seconds, at_once=AT_ONCE)
    steps = f"{plan.count('transfer')} transfers, {plan.count('return')} returns"
    say(f"{file.name}: {plan.rows} rows, {len(plan.cases)} cases, {len(plan.queues)} queues, {steps}")
    return plan


@contextlib.contextmanager
def reading(file: Path) -> Iterator[TextIO]:
    """A trace's lines. What is wrong with them is a Failure that names the file."""
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            yield lines
    except (Invalid, UnicodeDecodeError) as error:
        raise Failure(f"{file}: {error}") from error


@contextlib.contextmanager
def own_server(settings: Settings, data_dir: str | None) -> Iterator[Settings]:
    """Settings for a server beside others: a secret of its own and, unless told where, a directory that goes away."""
    settings = msgspec.structs.replace(settings, auth_secret=settings.auth_secret or secrets.token_urlsafe(48))
    if settings.redis_url or data_dir:
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="casebaton-") as directory:
        yield msgspec.structs.replace(settings, data_dir=directory)


async def _play_on(settings: Settings, document: Document, play: Play[T]) -> tuple[T, audit.Report]:
    """Serve a workspace of its own, play on it, and audit it."""
    workspace = f"replay-{secrets.token_hex(3)}"
    result: list[tuple[T, audit.Report]] = []

    async def run_on(node: Node, base_url: str) -> None:
        def sign(role: Role, subject: str) -> str:
            return node.tokens.sign(workspace, role, subject, ttl_s=TOKEN_S)

        await workspaces.apply(node.store, workspace, document)
        say(f"workspace {workspace}, durability {settings.durability}")
        outcome = await play(node.store, base_url, workspace, sign)
        report = await audit.check(node.store, workspace)
        say(f"audit: {report.cases} live cases, {report.agents} agents, {report.events} events")
        result.append((outcome, report))

    await serve(settings, run_on)
    if not result:
        raise Failure("stopped before the end")
    return result[0]


def _line(outcome: Outcome, report: audit.Report) -> str:
    found = msgspec.to_builtins(outcome)
    latencies = {name: found.pop(name) for name in ("offer_ms", "accept_ms")}
    found.pop("refused")
    whole = {**found, "violations": msgspec.to_builtins(report.violations), **latencies}
    return json.dumps(whole, separators=(",", ":"))


def _show(outcome: Outcome) -> None:
    click.echo(f"{outcome.closed} of {outcome.cases} cases closed, {outcome.transfers} transfers,", nl=False)
    click.echo(f" {outcome.returns} returns, {outcome.rows_ignored} rows ignored")
    click.echo(f"double owned {outcome.double_owned}, lost {outcome.lost}, over capacity {outcome.over_capacity}")
    for name, figures in (("offer", outcome.offer_ms), ("accept", outcome.accept_ms)):
        click.echo(f"{name}: " + ", ".join(f"{quantile} {ms} ms" for quantile, ms in figures.items()))


def _show_audit(report: audit.Report) -> None:
    click.echo(f"audit: {report.violation_count} violations")
    for violation in report.violations:
        click.echo(f"  {violation.code} {violation.where}: expected {violation.expected}, found {violation.found}")


def _replay(settings: Settings, file: Path, seconds: float, as_json: bool) -> bool:
    plan = _read_plan(file, seconds)

    async def play(_: StoreClient, base_url: str, workspace: str, sign: Sign) -> Outcome:
        return await Replay(plan, base_url, workspace, sign).run(say)

    outcome: Outcome
    report: audit.Report
    outcome, report = run(_play_on(settings, describe(plan), play))
    if outcome.refused:
        say(f"refused: {outcome.refused}")
    if as_json:
        click.echo(_line(outcome, report))
    else:
        _show(outcome)
        _show_audit(report)
    return outcome.is_sound and report.is_clean


def _follow(settings: Settings, file: Path, seconds: float, as_json: bool) -> bool:
    with reading(file) as lines:
        script = owners.pace(owners.read(lines), seconds)
    say(f"{file.name}: {script.rows} rows, {len(script.cases)} cases, {len(script.queues)} queues, {script.acts} acts")
    play = partial(follow.play, script, seconds, say)
    verdict: follow.Verdict
    report: audit.Report
    verdict, report = run(_play_on(settings, describe_script(script), play))
    if as_json:
        follow.print_line(verdict, report)
    else:
        follow.show(verdict)
        _show_audit(report)
    return verdict.is_sound and report.is_clean


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--seconds", type=click.FloatRange(1, 3600), default=60, show_default=True, help="From first to last.")
@click.option("--follow", "is_followed", is_flag=True, help="Give every case to the trace's own owners, and compare.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
@store_options
def replay(
    file: Path, seconds: float, is_followed: bool, as_json: bool, config_file: Path | None, **flags: Any
) -> None:
    """Play the service desk's trace FILE against a server of its own, over real sockets, then audit it.

    The engine chooses who gets a case. With --follow everybody takes what the trace gave them, and each case's owners
    as the log tells them are compared with the trace's.

    Exit 0 when every case was closed (with --follow: every difference is explained) and nothing was found; 1 otherwise.
    """
    settings = read_settings(config_file, port=0, host="127.0.0.1", drain_s=0, **flags)
    logs.configure("warning")
    play = _follow if is_followed else _replay
    with own_server(settings, flags["data_dir"]) as settings:
        is_sound = play(settings, file, seconds, as_json)
    if not is_sound:
        raise SystemExit(1)
