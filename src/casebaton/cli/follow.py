"""`casebaton replay --follow`: the trace's own owners, and beside them what the log tells."""

import json
from collections.abc import Callable

import click
import msgspec
from msgspec import Struct

from casebaton import audit
from casebaton.cli.common import Failure
from casebaton.replay.follow import Follow, Followed
from casebaton.replay.owners import Script
from casebaton.replay.paths import Comparison, LoggedPaths, compare
from casebaton.replay.run import Sign
from casebaton.store.client import StoreClient
from casebaton.store.log import read_after
from casebaton.workspace.document import CAPACITY


class Verdict(Struct):
    """What was done, and how the paths compare."""

    followed: Followed
    comparison: Comparison
    over_capacity: int
    recorded_overrides: int

    @property
    def is_sound(self) -> bool:
        """Was all of it done, is every difference explained, and had each case one owner at a time who had room?"""
        followed = self.followed
        found = followed.acts_left or followed.double_owned or followed.lost or self.over_capacity
        return not (self.comparison.unexplained or found)


async def play(
    script: Script,
    seconds: float,
    say: Callable[[str], None],
    store: StoreClient,
    base_url: str,
    workspace: str,
    sign: Sign,
) -> Verdict:
    """Play the script and read the workspace's log."""
    followed = await Follow(script, base_url, workspace, sign).run(seconds, say)
    paths = await read_paths(store, workspace)
    return Verdict(
        followed=followed,
        comparison=compare(script.cases, paths, followed.refused),
        over_capacity=paths.over_capacity,
        recorded_overrides=paths.recorded_overrides,
    )


async def read_paths(store: StoreClient, workspace: str) -> LoggedPaths:
    """The whole log, page by page. A Failure when its beginning is no longer there."""
    paths, last_seq = LoggedPaths(CAPACITY), 0
    async for entry in read_after(store.redis, workspace, "0-0"):
        if entry.seq != last_seq + 1:
            raise Failure(f"the log lacks its entries after {last_seq}: play with more keep_log_entries")
        last_seq = entry.seq
        paths.saw(entry.body)
    return paths


def print_line(verdict: Verdict, report: audit.Report) -> None:
    """Print one line of JSON."""
    followed = msgspec.to_builtins(verdict.followed)
    whole = {
        "cases": followed.pop("cases"),
        **msgspec.to_builtins(verdict.comparison),
        "double_owned": followed.pop("double_owned"),
        "lost": followed.pop("lost"),
        "over_capacity": verdict.over_capacity,
        "recorded_overrides": verdict.recorded_overrides,
        "violations": msgspec.to_builtins(report.violations),
        **followed,
    }
    click.echo(json.dumps(whole, separators=(",", ":")))


def show(verdict: Verdict) -> None:
    """Print it in words."""
    followed, comparison = verdict.followed, verdict.comparison
    click.echo(f"{comparison.paths_equal} of {followed.cases} cases went through the trace's own hands", nl=False)
    click.echo(f", {followed.closed} closed, {followed.cancelled} cancelled")
    click.echo(", ".join(f"{kind} {count}" for kind, count in followed.acts.items()), nl=False)
    click.echo(f"; {followed.acts_left} acts left")
    for difference in comparison.explained:
        click.echo(f"  {difference.case} differs: {difference.reason}")
    for other in comparison.unexplained:
        click.echo(f"  {other.case} differs, unexplained: trace {' '.join(other.trace)}, log {' '.join(other.log)}")
    for case, refusal in followed.refused.items():
        click.echo(f"  {case} was refused {refusal}")
    click.echo(f"double owned {followed.double_owned}, lost {followed.lost}, over capacity", nl=False)
    click.echo(f" {verdict.over_capacity} and {verdict.recorded_overrides} times by recorded override")
