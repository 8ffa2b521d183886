"""`failover`: SIGKILL of the primary under load, behind Sentinels and in a cluster, with and without `replicas`.

One node serves; the store's other servers are there to take over. The node is told nothing: its commands fail, it asks
where the primary is, and repeats what was not answered. Two things are counted: how long after the promotion of a
replica a command is acknowledged again that was asked for after the kill, and which submits were acknowledged and are
not in the log. Each case is submitted once, and nobody asks for it again, so that what is lost stays lost.

On one machine replication takes microseconds, and hardly anything would ever be lost. So the primary is cut off from
its replicas for a moment before the kill: what it acknowledges alone then is lost for certain.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from msgspec import Struct
from redis.crc import key_slot

from casebaton.store import log
from casebaton.store.keys import log_key
from loadtest import deployments
from loadtest.agents import client, describe, names, producer
from loadtest.deployments import SLOTS, Deployment, Server
from loadtest.journal import Journal, Verdict
from loadtest.kill import QUEUE, Load, simulate
from loadtest.process import WORKSPACE, NodeProcess, Site, free_port

Kind = Literal["sentinel", "cluster"]

SHARDS = 3
LOAD_S = 1.0  # before the kill and after the service is back
CUT_S = 0.2  # so long before the kill replication is cut
LAG_S = 0.5  # without `replicas` nothing may be lost that was acknowledged longer than this before the kill
SETTLE_S = 1.0


class Outcome(Struct):
    """What one failover came to. Times are seconds after the kill; `lost` are seconds before it."""

    kind: Kind
    replicas: int
    failover_s: float
    back_s: float
    lost: list[float]
    acknowledged: int
    verdict: Verdict
    violations: int


@asynccontextmanager
async def _deploy(kind: Kind, directory: Path) -> AsyncIterator[Deployment]:
    """A store in which the workspace's primary has two replicas: one takes over, and one acknowledges."""
    if kind == "sentinel":
        async with deployments.sentinel(directory, replicas=2) as found:
            yield found
        return
    shard = key_slot(log_key(WORKSPACE).encode()) * SHARDS // SLOTS
    async with deployments.cluster(directory, replicas=[2 if n == shard else 1 for n in range(SHARDS)]) as found:
        yield found


async def _kill_cut_off(deployment: Deployment, victim: Server) -> float:
    """Cut the victim off from its replicas, and kill it a moment later; the instant of the kill."""
    replicas = await deployment.replicas_of(victim)
    for server in replicas:
        os.kill(server.pid, signal.SIGSTOP)
    try:
        await victim.redis.client_kill_filter(_type="replica")
        await asyncio.sleep(CUT_S)
        victim.kill()
        return perf_counter()
    finally:
        for server in replicas:
            os.kill(server.pid, signal.SIGCONT)


async def _until_taken_over(deployment: Deployment, victim: Server) -> float:
    """The instant at which a replica has been promoted."""

    async def is_another() -> bool:
        try:
            return await deployment.primary(log_key(WORKSPACE)) is not victim
        except LookupError:
            return False

    await deployments.until(is_another)
    return perf_counter()


async def measure_one(say: Callable[[str], None], kind: Kind, *, replicas: int, rate: float, agents: int) -> Outcome:
    """One failover on a store of its own."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with _deploy(kind, Path(directory)) as deployment:
            site = Site(Path(directory), deployment.url, node_settings={"replicas": replicas})
            await site.apply(describe(names(agents), [QUEUE], capacity=3))
            node = NodeProcess(site, free_port())
            await node.start()
            try:
                journal, killed_at, failover_s, back_s = await _fail_over(site, node, deployment, rate, agents)
            finally:
                await node.stop()
            report = await site.audit()
            async with site.store() as store:
                lost = await journal.lost("submit", log.read_after(store.redis, WORKSPACE, "0-0"))
                verdict = await journal.judge(log.read_after(store.redis, WORKSPACE, "0-0"))
    acknowledged = len(journal.acknowledged("submit"))
    found = [killed_at - at for at in lost]
    say(
        f"{kind}, replicas {replicas}: taken over after {failover_s:.2f} s, back after {back_s:.2f} s, "
        f"{len(lost)} of {acknowledged} acknowledged submits lost"
    )
    return Outcome(kind, replicas, failover_s, back_s, found, acknowledged, verdict, report.violation_count)


async def _fail_over(
    site: Site, node: NodeProcess, deployment: Deployment, rate: float, agents: int
) -> tuple[Journal, float, float, float]:
    journal = Journal()
    async with AsyncExitStack() as stack:
        crm = await stack.enter_async_context(producer(site, node.base_url))
        for name in names(agents):
            await stack.enter_async_context(simulate(client(site, node.base_url, name), journal))
        load = Load(crm, journal, rate)
        async with load.running():
            await load.success()
            await asyncio.sleep(LOAD_S)  # there is something to lose
            victim = await deployment.primary(log_key(WORKSPACE))
            killed_at = await _kill_cut_off(deployment, victim)
            taking_over = asyncio.create_task(_until_taken_over(deployment, victim))
            await load.success()
            back_s = perf_counter() - killed_at
            failover_s = await taking_over - killed_at
            await asyncio.sleep(LOAD_S)  # and the new primary is worked with
        await asyncio.sleep(SETTLE_S)  # the last cases are worked off
    return journal, killed_at, failover_s, back_s


async def measure(say: Callable[[str], None], *, rate: float, agents: int, times: int) -> dict[str, Any]:
    """Both kinds of stores, without and with an acknowledging replica, so many times each."""
    kinds: tuple[Kind, ...] = ("sentinel", "cluster")
    outcomes = [
        await measure_one(say, kind, replicas=replicas, rate=rate, agents=agents)
        for _ in range(times)
        for kind in kinds
        for replicas in (0, 1)
    ]
    return {
        "back_after_failover_ms": max(round((each.back_s - each.failover_s) * 1000) for each in outcomes),
        "lost_with_replicas_1": sum(len(each.lost) for each in outcomes if each.replicas),
        "lost_with_replicas_0": sum(len(each.lost) for each in outcomes if not each.replicas),
        "vacuous": sum(not each.lost for each in outcomes if not each.replicas),
        "lost_that_were_older": sum(before_s > LAG_S for each in outcomes for before_s in each.lost),
        "doubled": sum(each.verdict.doubled for each in outcomes),
        "refused_yet_done": sum(each.verdict.refused_yet_done for each in outcomes),
        "violations": sum(each.violations for each in outcomes),
        "acknowledged": sum(each.acknowledged for each in outcomes),
        "failover_ms": [round(each.failover_s * 1000) for each in outcomes],
        "back_ms": [round(each.back_s * 1000) for each in outcomes],
        "of": [f"{each.kind}, replicas {each.replicas}" for each in outcomes],
    }
