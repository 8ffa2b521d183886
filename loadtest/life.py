"""`redis_per_life`: what a whole life of a case costs the store, as the store itself counts it.

One command at a time: submit, accept, complete, each after the one before was answered. Two kinds of lives: the agent
waits for the case (submitting it matches), and the case waits for the agent (completing the one before matches). The
node's timers and lease go on meanwhile: their calls are in the figure, too, and are counted as `other_calls`.
"""

import asyncio
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from casebaton.client import Agent, Client, Offer
from casebaton.store.connection import RawRedis, connect
from casebaton.store.embedded import EmbeddedServer
from loadtest.agents import client, describe, names, producer
from loadtest.process import Site, run_node

SCRIPTS = 3  # of a life: submit, accept, complete
SAMPLED = 30  # lives whose every command is looked at by itself
OFFERED_WITHIN_S = 10.0
AGENT_SPEED = 100_000  # commands per second that the node lets its one agent send
# What the node asks beside scripts, and the measurement itself: no part of a script.
OUTSIDE = frozenset({"fcall", "info", "config|resetstat", "xread", "ping", "hello", "client|setinfo", "select"})


class Counters:
    """The store's own counters of commands."""

    def __init__(self, redis: RawRedis) -> None:
        self._redis = redis

    async def reset(self) -> None:
        """Begin to count."""
        await self._redis.config_resetstat()

    async def scripts(self) -> tuple[int, float]:
        """Since the reset: how many scripts ran, and for how many microseconds."""
        stats = await self._redis.info("commandstats")
        fcall = stats.get("cmdstat_fcall", {"calls": 0, "usec": 0})
        return int(fcall["calls"]), float(fcall["usec"])

    async def calls(self) -> int:
        """Since the reset: how many commands the scripts called."""
        stats = await self._redis.info("commandstats")
        inner = {name.removeprefix("cmdstat_"): int(row["calls"]) for name, row in stats.items()}
        return sum(calls for name, calls in inner.items() if name not in OUTSIDE)


class Bench:
    """One producer and one agent, who live case after case."""

    def __init__(self, crm: Client, agent: Agent, queues: list[str], counters: Counters) -> None:
        self._crm = crm
        self._offers = agent.offers()
        self._queues = queues
        self._submitted = 0
        self._counters = counters

    async def submit(self) -> None:
        """Submit the next case, to each queue in turn."""
        queue = self._queues[self._submitted % len(self._queues)]
        self._submitted += 1
        await self._crm.submit(queue=queue, subject="The lamp flickers", customer="Abe")

    async def offer(self) -> Offer:
        """Wait for the next offer."""
        async with asyncio.timeout(OFFERED_WITHIN_S):
            return await anext(self._offers)

    async def agent_waits(self, lives: int) -> None:
        """Live so many lives; the agent is ready before each case comes."""
        for _ in range(lives):
            await self.submit()
            owned = await (await self.offer()).accept()
            await owned.complete()

    async def case_waits(self, lives: int) -> None:
        """Live so many lives; the next case waits before the agent has completed the one before."""
        await self.submit()
        owned = await (await self.offer()).accept()
        for _ in range(lives):
            await self.submit()
            await owned.complete()
            owned = await (await self.offer()).accept()
        await owned.complete()

    async def round(self, kind: str, lives: int) -> dict[str, float]:
        """Microseconds of script time for a life, and scripts that were not a life's own."""
        await self._counters.reset()
        await getattr(self, kind)(lives)
        calls, usec = await self._counters.scripts()
        whole = lives + (kind == "case_waits")  # the one that makes the first case wait
        return {"us": usec / whole, "other_calls": calls - SCRIPTS * whole}

    async def calls_of_scripts(self) -> dict[str, int]:
        """How many commands each script calls, with and without a match in it; the medians of some lives."""
        seen: dict[str, list[int]] = defaultdict(list)

        async def count(name: str, act: Callable[[], Any]) -> Any:
            await self._counters.reset()
            found = await act()
            seen[name].append(await self._counters.calls())
            return found

        for _ in range(SAMPLED):
            await count("submit matching", self.submit)
            offer = await self.offer()
            owned = await count("accept", offer.accept)
            await count("submit", self.submit)
            await count("complete matching", owned.complete)
            owned = await (await self.offer()).accept()
            await count("complete", owned.complete)
        return {name: round(statistics.median(calls)) for name, calls in sorted(seen.items())}


KINDS = ("agent_waits", "case_waits")


async def measure(say: Callable[[str], None], *, lives: int, rounds: int) -> dict[str, Any]:
    """Both kinds of lives with the agent in 1 and in 5 queues; the objective is on the mean of both kinds."""
    value: dict[str, Any] = {"lives": lives * rounds * len(KINDS)}
    details: dict[str, Any] = {}
    for classes in (1, 5):
        found, calls, others = await _measure_classes(say, classes, lives, rounds)
        value[f"classes_{classes}_us"] = round(statistics.mean(found.values()), 1)
        details[f"classes_{classes}"] = {
            **{f"{kind}_us": round(us, 1) for kind, us in found.items()},
            "other_calls": others,
            "redis_calls": calls,
        }
    return value | details


async def _measure_classes(
    say: Callable[[str], None], classes: int, lives: int, rounds: int
) -> tuple[dict[str, float], dict[str, int], int]:
    queues = [f"queue-{number}" for number in range(classes)]
    rows: dict[str, list[float]] = defaultdict(list)
    others: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            site = Site(Path(directory), server.url, commands_per_second=AGENT_SPEED)
            await site.apply(describe(names(1), queues, capacity=1))
            redis = connect(server.url)
            async with (
                run_node(site) as node,
                producer(site, node.base_url) as crm,
                client(site, node.base_url, names(1)[0]) as connection,
            ):
                agent = connection.agent()
                await agent.set_status("online")
                bench = Bench(crm, agent, queues, Counters(redis))
                calls = await bench.calls_of_scripts()
                for _ in range(rounds):
                    for kind in KINDS:
                        row = await bench.round(kind, lives)
                        rows[kind].append(row["us"])
                        others[kind] += int(row["other_calls"])
                    say(f"{classes} classes: " + ", ".join(f"{kind} {rows[kind][-1]:.1f} us" for kind in KINDS))
            await redis.aclose()
    return {kind: statistics.median(row) for kind, row in rows.items()}, calls, others.total()
