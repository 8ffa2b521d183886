"""`casebaton demo`: a server, a sample workspace, and simulated people around an agent that is left for you."""

import asyncio
import contextlib
import json
import shlex
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from casebaton import logs
from casebaton.auth import Role
from casebaton.cli.common import read_settings, run
from casebaton.cli.replay import own_server
from casebaton.demo.appointments import CHANNEL, FIELD, window
from casebaton.demo.customers import YOURS
from casebaton.demo.play import WORKSPACE, YOU, play, sample, simulated
from casebaton.node.node import Node
from casebaton.node.serve import serve
from casebaton.settings import NO_HISTORY, Settings
from casebaton.store import workspaces

TOKEN_S = 30 * 24 * 3600
IN_SOME_DAYS = timedelta(days=5)
MOST_AGENTS = len(sample().agents) - 1

GREETING = """
Casebaton demo: {agents} simulated agents, {queues} queues (one to take from), {rate:g} cases a minute.

  1. Open     {base_url}/agent (a supervisor: {base_url}/supervisor)
  2. Sign in  workspace {workspace}, name {you}
  3. Choose   Online: the first case rings within some seconds, more follow; in the queue {pull} some wait to be taken.
              An appointment rings beside them, for hours
  4. Send     yourself a question and an appointment, as any system of yours would (docs/protocol.md has the rest):

TOKEN={token}
curl -X POST {base_url}/v1/{workspace}/cases -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: mine-1" \\
     -d '{question}'
curl -X POST {base_url}/v1/{workspace}/cases -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: mine-2" \\
     -d '{appointment}'
{reports}
Ctrl-C ends it.{kept}
"""

REPORTS = """
  5. Read     what it amounts to so far, from another shell (docs/reports.md has the rest):

{command}
"""


def _reports(settings: Settings) -> str:
    """How to read the history, by the command that runs here; nothing where there is none. A database's URL may hold a
    password: its variable is named.
    """
    if settings.history_url == NO_HISTORY:
        return ""
    command = shlex.join([str(Path(sys.argv[0]).absolute()), "report", "queues", "--workspace", WORKSPACE])
    kept = shlex.join(["--data-dir", str(Path(settings.data_dir).absolute())])
    place = '--history-url "$CASEBATON_HISTORY_URL"' if settings.history_url else kept
    return REPORTS.format(command=f"{command} {place}")


def _visit() -> dict[str, object]:
    """An appointment in some days, where the demo's own are not."""
    planned = window(datetime.now().astimezone().replace(hour=10, minute=0, second=0, microsecond=0) + IN_SOME_DAYS)
    where = {"queue": FIELD, "channel": CHANNEL, "subject": "Hang the picture", "place": "7 Mill Lane"}
    return where | {"window": {"from_ms": planned.from_ms, "until_ms": planned.until_ms}}


def _greet(base_url: str, settings: Settings, token: str, agents: int, rate: float, is_kept: bool) -> None:
    queues = sample().queues
    click.echo(
        GREETING.format(
            agents=agents,
            queues=len(queues),
            rate=rate,
            base_url=base_url,
            workspace=WORKSPACE,
            you=YOU,
            token=token,
            question=json.dumps({"queue": YOURS, "subject": "Is anybody there?", "customer": "me"}),
            appointment=json.dumps(_visit()),
            pull=next(name for name, queue in queues.items() if queue.mode == "pull"),
            reports=_reports(settings),
            kept=f" The data stay in {settings.data_dir}." if is_kept else " The data go with it.",
        )
    )


async def _demo(settings: Settings, agents: int, rate: float, is_kept: bool) -> None:
    async def live(node: Node, base_url: str) -> None:
        def sign(role: Role, subject: str) -> str:
            return node.tokens.sign(WORKSPACE, role, subject, ttl_s=TOKEN_S)

        await workspaces.apply(node.store, WORKSPACE, sample())
        playing = asyncio.create_task(play(base_url, sign, agents=agents, every_s=60 / rate))
        # Ctrl-C sends the simulated people home first: then nobody tries to come back to a server that stops.
        for stop in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(stop, playing.cancel)
        token = sign("producer", "me")
        _greet(base_url, settings, token, len(simulated(sample(), agents)), rate, is_kept)
        with contextlib.suppress(asyncio.CancelledError):
            await playing

    await serve(settings, live)


@click.command()
@click.option("--rate", type=click.FloatRange(0.1, 6000), default=20, show_default=True, help="Cases a minute.")
@click.option(
    "--agents", type=click.IntRange(0, MOST_AGENTS), default=6, show_default=True, help="How many are simulated."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--data-dir", help="Keep the data here; without it they go when the demo ends.")
def demo(rate: float, agents: int, port: int, data_dir: str | None) -> None:
    """Show a service desk at work, with an agent left for you to play."""
    settings = read_settings(
        None, port=port, host="127.0.0.1", dev=True, drain_s=0.5, data_dir=data_dir, log_level="warning"
    )
    logs.configure(settings.log_level)
    with own_server(settings, data_dir) as settings:
        run(_demo(settings, agents, rate, data_dir is not None))
    click.echo("stopped")
