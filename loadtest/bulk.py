"""`bulk`: a paused queue in which very many cases wait is resumed, with very many agents free, who take five each.

The store is filled through the engine, and a node's own timers work the line off. Beside them one client sends commands
one by one, first alone, then from the resume on until nothing is left to match. How long scripts held the store up is
what the store itself wrote down of them.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from casebaton import audit
from casebaton.node.timers import Timers
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.connection import RawRedis
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.keys import key
from casebaton.tasks import end
from casebaton.workspace import document
from loadtest.report import in_ms
from loadtest.why import WORKSPACE, commands, submit

DOCUMENT = "[channels.case]\n[queues.support]\nauto_accept = true\n[queues.other]\nmode = 'pull'\n"
ROOM = 5  # cases that an agent may own
AT_ONCE = 500
LEASE_MS = 3_600_000
ROOMS: dict[str, Any] = {"capacity": ROOM, "interruptible_capacity": ROOM}
SUE = ("supervisor", "sue")
SLOW_US = 1000  # what the store writes down
WITHIN_S = 120.0
LOOK_EVERY_S = 0.01  # at a class that is being built


async def _all(work: list[Coroutine[Any, Any, Any]]) -> None:
    for begin in range(0, len(work), AT_ONCE):
        await asyncio.gather(*work[begin : begin + AT_ONCE])


async def _free_agent(store: StoreClient, name: str) -> None:
    actor = ("agent", name)
    await store.run("set_agent", WORKSPACE, workspaces.ADMIN, agent=name, create=1, queues="support", **ROOMS)
    await store.run(
        "connect", WORKSPACE, actor, connection=f"{name}-1", node="node-a", lease_ms=LEASE_MS, limit=10
    )  # fmt: skip
    await store.run("set_status", WORKSPACE, actor, status="online", channels="*")


@asynccontextmanager
async def paused_queue(say: Callable[[str], None], cases: int, agents: int) -> AsyncIterator[StoreClient]:
    """A durable store in which so many cases wait in a paused queue of so many free agents, its timers running."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            store, others = StoreClient(server.url), StoreClient(server.url)
            await store.load()
            await workspaces.apply(store, WORKSPACE, document.parse(DOCUMENT))
            timers = asyncio.create_task(Timers(others, "node-a").run())
            await store.run("take_lease", WORKSPACE, ("engine", "node-a"), node="node-a", lease_ms=LEASE_MS)
            await store.run("pause_queue", WORKSPACE, SUE, queue="support")
            await _all([_free_agent(store, f"agent-{number:05}") for number in range(agents)])
            say(f"{agents} agents are free")
            await _all([submit(store, f"case-{number:06}", "support") for number in range(cases)])
            say(f"{cases} cases wait")
            try:
                yield store
            finally:
                await end(timers)
                await others.close()
                await store.close()


async def _until_class_is(redis: RawRedis, state: bytes) -> None:
    async with asyncio.timeout(WITHIN_S):
        while await redis.hvals(key(WORKSPACE, "classes:support")) != [state]:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(LOOK_EVERY_S)


async def _slowest_ms(redis: RawRedis) -> list[float]:
    """How long each slow script took, in milliseconds."""
    rows = await redis.slowlog_get(-1)
    return sorted((row["duration"] / 1000 for row in rows if row["command"].lower().startswith(b"fcall")), reverse=True)


async def measure(say: Callable[[str], None], *, cases: int, agents: int) -> dict[str, Any]:
    """Resume once, and see what comes of it."""
    async with paused_queue(say, cases, agents) as store:
        redis = store.redis

        await _until_class_is(redis, b"stopped")
        other = StoreClient(store.url)
        alone = asyncio.Event()
        asyncio.get_running_loop().call_later(2.0, alone.set)
        quiet = await commands(other, "quiet", alone)
        await redis.config_set("slowlog-log-slower-than", SLOW_US)
        await redis.config_set("slowlog-max-len", 100_000)
        await redis.slowlog_reset()
        over = asyncio.Event()
        beside = asyncio.create_task(commands(other, "beside", over))
        began = perf_counter()
        await store.run("resume_queue", WORKSPACE, SUE, queue="support")
        await _until_class_is(redis, b"open")
        drained_s = perf_counter() - began
        over.set()
        busy = await beside
        slow = await _slowest_ms(redis)
        matches = cases - await redis.zcard(key(WORKSPACE, "line:support"))
        await other.close()
        say(f"{matches} matches in {drained_s:.2f} s; auditing")
        report = await audit.check(store, WORKSPACE)
    return {
        "script_max_ms": round(slow[0], 2) if slow else SLOW_US / 1000,
        "drained_s_per_10000": round(drained_s * 10_000 / matches, 2),
        "commands_p99_ms": in_ms(busy)["p99"],
        "commands_alone_p99_ms": in_ms(quiet)["p99"],
        "drained_s": round(drained_s, 3),
        "matches": matches,
        "unmatched": min(cases, agents * ROOM) - matches,
        "scripts_over_1_ms": len(slow),
        "violations": report.violation_count,
    }
