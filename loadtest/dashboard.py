"""`dashboard`: many agents change state while supervisors watch them all.

An admin's client changes the status of one agent after the other, open-loop, first while nobody watches and then beside
the supervisors: what watching costs is the difference. A change is late by the time from its instant, as the engine's
clock has it, to the frame in a supervisor's hands that shows it; store, node and clients are on one machine.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from casebaton.client import AgentOverview, CasebatonError, Changes, Client, Overview, QueueOverview
from casebaton.store import overview_pages
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.overview import Overview as FoldedOverview
from loadtest.agents import describe, names
from loadtest.process import WORKSPACE, CpuMeter, Site, run_node
from loadtest.report import in_ms
from loadtest.until import until

STATUSES = ("online", "busy")
SHOWN_WITHIN_S = 5.0

Shown = tuple[dict[str, AgentOverview], dict[str, QueueOverview]]


class Watcher:
    """One supervisor: how late it saw each change, in seconds."""

    def __init__(self, overview: Overview) -> None:
        self.overview = overview
        self.lags: list[float] = []
        self.frames = 0
        overview.on_change(self._see)

    def _see(self, changes: Changes) -> None:
        now = time.time()
        self.frames += 1
        self.lags += [now - agent.status_at_ms / 1000 for agent in changes.agents if agent.status_at_ms]


class Traffic:
    """Changes of status, one agent after the other."""

    def __init__(self, admin: Client, agents: list[str], rate: float) -> None:
        self.failures: list[str] = []
        self.count = 0
        self._admin = admin
        self._agents = agents
        self._rate = rate

    async def flow(self, seconds: float) -> None:
        """Send each when it is due, and wait for the replies."""
        began_at = perf_counter()
        async with asyncio.TaskGroup() as changes:
            for number in range(round(self._rate * seconds)):
                wait_s = began_at + number / self._rate - perf_counter()
                if wait_s > 0:
                    await asyncio.sleep(wait_s)  # an open loop: until it is due
                agent = self._agents[self.count % len(self._agents)]
                status = STATUSES[self.count // len(self._agents) % 2]
                self.count += 1
                changes.create_task(self._change(agent, status))

    async def _change(self, agent: str, status: str) -> None:
        try:
            await self._admin.set_agent(agent, status=status)
        except CasebatonError as error:
            self.failures.append(error.code)


async def calls(store: StoreClient) -> int:
    """How many commands the store has run so far, those within scripts too."""
    stats = await store.redis.info("commandstats")
    return sum(row["calls"] for row in stats.values())


async def measure(
    say: Callable[[str], None], *, agents: int, rate: float, seconds: float, supervisors: int
) -> dict[str, Any]:
    """One run on one durable node."""
    people = names(agents)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server, AsyncExitStack() as stack:
            site = Site(Path(directory), server.url, commands_per_second=10_000)
            await site.apply(describe(people, ["support"], capacity=3))
            say(f"{agents} agents")
            node = await stack.enter_async_context(run_node(site))
            store = StoreClient(server.url)
            stack.push_async_callback(store.close)
            admin = await stack.enter_async_context(client(site, node.base_url, "admin", "ann"))
            traffic = Traffic(admin, people, rate)
            cpu = CpuMeter(node=node.pid, store=server.pid, generator=os.getpid())
            alone = await _phase(traffic, cpu, store, seconds)
            say(f"{rate:g} changes/s: {alone}; now with {supervisors} supervisors")
            began_at = perf_counter()
            watchers = []
            for number in range(supervisors):
                sue = await stack.enter_async_context(client(site, node.base_url, "supervisor", f"sue-{number}"))
                watchers.append(Watcher(await sue.watch_workspace()))
                if number == 0:
                    whole_s = perf_counter() - began_at
            watched = await _phase(traffic, cpu, store, seconds)
            expected = await _fresh(store)
            await until(lambda: _wrong(watchers, expected) == 0, within_s=SHOWN_WITHIN_S, every_s=0.25)
    lags = in_ms([lag for watcher in watchers for lag in watcher.lags])
    return {
        "p50_ms": lags["p50"],
        "p99_ms": lags["p99"],
        "max_ms": lags["max"],
        "wrong": _wrong(watchers, expected),
        "failed": len(traffic.failures),
        "more_calls_per_change": round(watched["calls_per_change"] - alone["calls_per_change"], 2),
        "calls_per_change": {"alone": alone["calls_per_change"], "watched": watched["calls_per_change"]},
        "cpu_percent": {"alone": alone["cpu_percent"], "watched": watched["cpu_percent"]},
        "frames_per_s": round(sum(watcher.frames for watcher in watchers) / supervisors / seconds, 1),
        "first_whole_ms": round(whole_s * 1000),
        "rate": watched["rate"],
    }


def client(site: Site, base_url: str, role: Any, name: str) -> Client:
    """A client of this role."""
    return Client(base_url, WORKSPACE, token=site.token(role, name))


async def _phase(traffic: Traffic, cpu: CpuMeter, store: StoreClient, seconds: float) -> dict[str, Any]:
    before, asked, began_at = traffic.count, await calls(store), perf_counter()
    cpu.start()
    await traffic.flow(seconds)
    used, made = cpu.read(), traffic.count - before
    return {
        "rate": round(made / (perf_counter() - began_at)),
        "calls_per_change": round((await calls(store) - asked) / made, 2),
        "cpu_percent": used,
    }


async def _fresh(store: StoreClient) -> Shown:
    """What the engine's own indexes say, now that nothing changes, as a client reads it."""
    found = FoldedOverview()
    await overview_pages.read_all(store, WORKSPACE, found)
    shown = [found.agents, {name: queue for name, queue in found.queues.items() if queue.is_shown}]
    as_read: Shown = msgspec.json.decode(msgspec.json.encode(shown), type=Shown)
    return as_read


def _wrong(watchers: list[Watcher], expected: Shown) -> int:
    """How many agents and queues some supervisor shows otherwise than they are."""
    agents, queues = expected
    return sum(
        seen.get(name) != are.get(name)
        for watcher in watchers
        for seen, are in ((watcher.overview.agents, agents), (watcher.overview.queues, queues))
        for name in seen.keys() | are.keys()
    )
