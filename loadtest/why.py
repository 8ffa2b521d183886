"""`why`: how long an answer takes at many agents, and what others notice of it.

The store is filled through the engine. Then one client asks why again and again, while another sends commands one by
one: first alone, then beside the asking, so that both kinds are measured in the same run.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from casebaton.auth import Identity
from casebaton.service import why
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from loadtest.report import in_ms

WORKSPACE = "load"
DOCUMENT = "[channels.case]\n[queues.support]\n[queues.other]\nmode = 'pull'\n"
AT_ONCE = 500
SUE = Identity(WORKSPACE, "supervisor", "sue", expires_at=0)


@asynccontextmanager
async def filled_store(say: Callable[[str], None], agents: int) -> AsyncIterator[StoreClient]:
    """A durable store with so many agents, all offline, and the waiting case `one`."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            store = StoreClient(server.url)
            await store.load()
            await workspaces.apply(store, WORKSPACE, document.parse(DOCUMENT))
            fields: dict[str, Any] = {"create": 1, "capacity": 10, "interruptible_capacity": 3, "queues": "support"}
            for begin in range(0, agents, AT_ONCE):
                names = [f"agent-{number:05}" for number in range(begin, min(agents, begin + AT_ONCE))]
                await asyncio.gather(
                    *(store.run("set_agent", WORKSPACE, workspaces.ADMIN, agent=name, **fields) for name in names)
                )
            say(f"{agents} agents")
            await submit(store, "one", "support")
            yield store
            await store.close()


async def submit(store: StoreClient, case: str, queue: str) -> None:
    """One plain case."""
    fields: dict[str, Any] = {
        "case": case,
        "queue": queue,
        "channel": "case",
        "priority": 5,
        "digest": case,
        "card": "{}",
    }
    await store.run("submit_case", WORKSPACE, ("producer", "crm"), command_id=f"s-{case}", **fields)


async def commands(store: StoreClient, prefix: str, until: asyncio.Event) -> list[float]:
    """Submit cases to a queue of nobody, one after the other; the seconds each took."""
    took: list[float] = []
    while not until.is_set():
        began = perf_counter()
        await submit(store, f"{prefix}-{len(took)}", "other")
        took.append(perf_counter() - began)
        await asyncio.sleep(0.001)
    return took


async def measure(say: Callable[[str], None], *, agents: int, times: int) -> dict[str, Any]:
    """Ask so many times about one case that so many agents might get."""
    async with filled_store(say, agents) as store:
        other = StoreClient(store.url)
        alone = asyncio.Event()
        asyncio.get_running_loop().call_later(2.0, alone.set)
        quiet = await commands(other, "quiet", alone)
        over = asyncio.Event()
        beside = asyncio.create_task(commands(other, "beside", over))
        answers: list[float] = []
        for _ in range(times):
            began = perf_counter()
            found = await why.explain(store, SUE, "one")
            answers.append(perf_counter() - began)
            assert sum(found.counts.values()) == agents
        over.set()
        busy = await beside
        await other.close()
    say(f"{times} answers, {len(busy)} commands beside them")
    return {
        "answer_p50_ms": in_ms(answers)["p50"],
        "commands_p99_ms": in_ms(busy)["p99"],
        "commands_alone_p99_ms": in_ms(quiet)["p99"],
        "answer_max_ms": in_ms(answers)["max"],
        "agents": agents,
    }
