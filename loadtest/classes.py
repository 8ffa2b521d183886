"""`classes`: what a life costs the store by the number of classes that its agent can take cases of.

A workspace has a thousand classes of work, by queue and required skill; of one queue's hundred an agent can take as
many as it has skills. Half of the lives have the agent waiting for the case, half the case for the agent.
"""

import statistics
from collections.abc import Callable
from typing import Any

from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from loadtest.life import Counters
from loadtest.lives import Floor

QUEUES = [f"queue-{number}" for number in range(10)]
SKILLS = [f"skill-{number}" for number in range(100)]
DOCUMENT = document.parse(f"skills = {SKILLS}\n[channels.case]\n" + "".join(f"[queues.{queue}]\n" for queue in QUEUES))


class Lives:
    """One agent with so many classes, living case after case, each of the next class."""

    def __init__(self, floor: Floor, classes: int) -> None:
        self._floor = floor
        self._classes = classes
        self._agent = f"agent-{classes}"

    async def _submit(self) -> Any:
        return await self._floor.submit(QUEUES[0], skills=f"{SKILLS[self._floor.submitted % self._classes]}=1")

    async def come(self) -> None:
        """Be ready."""
        skills = ",".join(f"{skill}=1" for skill in SKILLS[: self._classes])
        await self._floor.arrive(self._agent, QUEUES[0], skills=skills)

    async def go(self) -> None:
        """Leave the floor to the next one."""
        await self._floor.choose_status(self._agent, "offline")

    async def us(self, counters: Counters, lives: int) -> float:
        """Script time of a life, in microseconds: the mean of both kinds."""
        floor = self._floor
        await counters.reset()
        for _ in range(lives):
            await floor.complete(await floor.accept(await self._submit()))
        owned = await floor.accept(await self._submit())
        for _ in range(lives):
            await self._submit()
            await floor.complete(owned)
            owned = await floor.accept(await floor.last_offer())
        await floor.complete(owned)
        calls, usec = await counters.scripts()
        whole = 2 * lives + 1
        assert calls == 3 * whole, "something else ran, too"
        return usec / whole


async def measure(say: Callable[[str], None], *, counts: list[int], lives: int, rounds: int) -> dict[str, Any]:
    """The median of some rounds for each number of classes, the numbers in turn."""
    async with EmbeddedServer() as server:
        store = StoreClient(server.url)
        await store.load()
        floor = Floor(store, "load")
        await floor.open(DOCUMENT)
        classes = await floor.give_birth(QUEUES, [f"{skill}=1" for skill in SKILLS])
        say(f"{classes} classes")
        counters = Counters(store.redis)
        rows: dict[int, list[float]] = {count: [] for count in counts}
        for _ in range(rounds):
            for count in counts:
                agent = Lives(floor, count)
                await agent.come()
                rows[count].append(await agent.us(counters, lives))
                await agent.go()
            say(", ".join(f"{count}: {row[-1]:.0f} us" for count, row in rows.items()))
        await store.close()
    table = {count: round(statistics.median(row), 1) for count, row in rows.items()}
    return {
        **{f"classes_{count}_us": us for count, us in table.items()},
        "classes": classes,
        "lives": rounds * (2 * lives + 1) * len(counts),
    }
