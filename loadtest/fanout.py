"""`fanout`: what the store spends on a case while one node reads the log, and while several do.

The cases live straight on the store, at their times; each node has one client that sees every case, so that it reads
the whole log and hands on some of it. The two numbers of nodes take turns: what else the machine does meanwhile hits
both.
"""

import asyncio
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from casebaton.client import Client
from casebaton.client.line import QueueLine
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from loadtest.agents import describe, names
from loadtest.lives import Floor
from loadtest.process import WORKSPACE, Site, cpu_s, run_node
from loadtest.until import until

QUEUE = "support"
SEED = 11
AGENTS = 200
SEEN_WITHIN_S = 5.0
IN_FLIGHT = 100  # lives at once: each has its agent, with some to spare
SETTLE_S = 1.5  # a node looks every second how many nodes there are


class Round:
    """What one round came to."""

    def __init__(self, store_s: float, node_s: float, cases: int, reads_per_s: float, behind: int) -> None:
        self.us_per_case = store_s / cases * 1e6
        self.node_us_per_case = node_s / cases * 1e6
        self.cases = cases
        self.reads_per_s = reads_per_s
        self.behind = behind


class Bench:
    """The cases, and the store that pays for them."""

    def __init__(self, floor: Floor, site: Site, store_pid: int, rate: float) -> None:
        self._floor = floor
        self._site = site
        self._store_pid = store_pid
        self._rate = rate
        self._chance = random.Random(SEED)
        self._places = asyncio.Semaphore(IN_FLIGHT)

    async def _live(self) -> None:
        async with self._places:
            await self._floor.complete(await self._floor.accept(await self._floor.submit(QUEUE)))

    async def _flow(self, seconds: float) -> int:
        """Cases at their times; how many."""
        began_at, due_s, cases = perf_counter(), 0.0, 0
        async with asyncio.TaskGroup() as lives:
            while (due_s := due_s + self._chance.expovariate(self._rate)) < seconds:
                await asyncio.sleep(max(0.0, began_at + due_s - perf_counter()))  # an open loop: until it is due
                lives.create_task(self._live())
                cases += 1
        return cases

    async def _reads(self) -> int:
        stats = await self._floor.store.redis.info("commandstats")
        return int(stats.get("cmdstat_xread", {"calls": 0})["calls"])

    async def round(self, nodes: int, seconds: float) -> Round:
        """Cases for so long while so many nodes read."""
        async with self._readers(nodes) as (pids, lines):
            await asyncio.sleep(SETTLE_S)
            await self._flow(0.2)
            reads, used_s, began_at = await self._reads(), cpu_s(self._store_pid), perf_counter()
            node_s = sum(cpu_s(pid) for pid in pids)
            cases = await self._flow(seconds)
            lasted_s, used_s = perf_counter() - began_at, cpu_s(self._store_pid) - used_s
            node_s = (sum(cpu_s(pid) for pid in pids) - node_s) / nodes
            reads = await self._reads() - reads
            last = (await self._floor.submit("seen"))["case"]
            await until(lambda: all(_shows(line, last) for line in lines), within_s=SEEN_WITHIN_S)
            return Round(used_s, node_s, cases, reads / lasted_s, sum(not _shows(line, last) for line in lines))

    @asynccontextmanager
    async def _readers(self, nodes: int) -> AsyncIterator[tuple[list[int], list[QueueLine]]]:
        async with AsyncExitStack() as stack:
            pids, lines = [], []
            for number in range(nodes):
                node = await stack.enter_async_context(run_node(self._site))
                token = self._site.token("supervisor", f"sue-{number}")
                client = await stack.enter_async_context(Client(node.base_url, WORKSPACE, token=token))
                lines.append(await client.watch_queue("seen", limit=200))
                pids.append(node.pid)
            yield pids, lines


def _shows(line: QueueLine, case: str) -> bool:
    return any(each.case == case for each in line.cases)


async def measure(
    say: Callable[[str], None], *, rate: float, seconds: float, rounds: int, nodes: int
) -> dict[str, Any]:
    """So many rounds with one node and with `nodes`, in turn."""
    found: dict[int, list[Round]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            store = StoreClient(server.url)
            await store.load()
            floor = Floor(store, WORKSPACE)
            await floor.open(describe([], [QUEUE, "seen"], capacity=1))
            await floor.give_birth([QUEUE, "seen"], [""])
            for name in names(AGENTS):
                await floor.arrive(name, QUEUE)
            bench = Bench(floor, Site(Path(directory), server.url), server.pid, rate)
            for _ in range(rounds):
                for count in (1, nodes):
                    found[count].append(await bench.round(count, seconds))
                    say(f"{count} nodes: {found[count][-1].us_per_case:.0f} us of the store a case")
            await store.close()
    return _value(found, nodes)


def _value(found: dict[int, list[Round]], nodes: int) -> dict[str, Any]:
    names = {1: "1 node", nodes: f"{nodes} nodes"}
    pairs = zip(found[nodes], found[1], strict=True)
    return {
        "ratio": round(statistics.median(many.us_per_case / one.us_per_case for many, one in pairs), 3),
        "behind": sum(each.behind for rows in found.values() for each in rows),
        "node_us_per_case": {names[n]: [round(each.node_us_per_case) for each in rows] for n, rows in found.items()},
        "store_us_per_case": {names[n]: [round(each.us_per_case) for each in rows] for n, rows in found.items()},
        "cases": {names[n]: sum(each.cases for each in rows) for n, rows in found.items()},
        "reads_per_s": {
            names[n]: round(statistics.median(each.reads_per_s for each in rows)) for n, rows in found.items()
        },
    }
