"""Casebaton's side without sockets: whole lives through the store client, a hundred agents at work at once.

A hundred producers submit one case after the other without waiting for its end; the log's tail tells the agents of
their offers, as it tells a node. So at first a case finds an agent who waits (submitting it matches), later an agent
finds a case that waits (completing the one before matches).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from time import perf_counter

import msgspec

from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.tails import BlockingTail
from loadtest.agents import describe, names
from loadtest.lives import Floor

AT_ONCE = 100
WITHIN_S = 60.0
BLOCK_MS = 1000
_OFFERED = b'{"type":"case_offered"'


class Offered(msgspec.Struct):
    """What its agent needs to know of an offer."""

    case: str
    baton: str
    agent: str


_offered = msgspec.json.Decoder(Offered)


class Engine:
    """One workspace, whose agents are in every of its queues: as many classes."""

    def __init__(self, store: StoreClient, classes: int) -> None:
        self.floor = Floor(store, f"classes-{classes}")
        self.queues = [f"queue-{number}" for number in range(classes)]
        self._position = "0-0"

    async def open(self) -> None:
        """Make the workspace, and let the agents come."""
        await self.floor.open(describe([], self.queues, capacity=1))
        await self.floor.give_birth(self.queues, [""])
        for agent in names(AT_ONCE):
            await self.floor.arrive(agent, ",".join(self.queues))
        self._position, _ = await log.last_position(self.floor.store.redis, self.floor.workspace)

    async def lives_per_second(self, lives: int) -> float:
        """From the first submit to the last complete. Raises TimeoutError."""
        tail = BlockingTail(self.floor.store.url, block_ms=BLOCK_MS)
        await tail.open()
        try:
            began_at = perf_counter()
            async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
                numbers = iter(range(lives))
                for _ in range(AT_ONCE):
                    group.create_task(self._submit(numbers))
                async for offered in self._offers(tail, lives):
                    group.create_task(self._work(offered))
            return lives / (perf_counter() - began_at)
        finally:
            await tail.close()

    async def _submit(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            await self.floor.submit(self.queues[number % len(self.queues)])

    async def _offers(self, tail: BlockingTail, count: int) -> AsyncIterator[dict[str, str]]:
        while count:
            for entry in (await tail.read({self.floor.workspace: self._position})).get(self.floor.workspace, []):
                self._position = entry.position
                if entry.body.startswith(_OFFERED):
                    count -= 1
                    yield msgspec.structs.asdict(_offered.decode(entry.body))

    async def _work(self, offered: dict[str, str]) -> None:
        await self.floor.complete(await self.floor.accept(offered))


@asynccontextmanager
async def engines(url: str, *classes: int) -> AsyncIterator[list[Engine]]:
    """One for each number of classes, on one store."""
    store = StoreClient(url)
    try:
        await store.load()
        found = [Engine(store, count) for count in classes]
        for engine in found:
            await engine.open()
        yield found
    finally:
        await store.close()
