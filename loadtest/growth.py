"""`growth`: does a transition cost the store more when a hundred times as much is there?

A small and a large workspace stand in one store and are measured in turn, so that whatever else the machine does meets
both. In each, half of the agents are idle and half are full, with a line of cases waiting behind them.
"""

import random
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from loadtest.life import Counters
from loadtest.lives import Floor, in_batches

SEED = 41
EVENTS = 4  # of a life, whichever kind: queued, offered, accepted, closed
SKILLS = [f"skill-{number}" for number in range(5)]
DOCUMENT = document.parse(f"""
skills = {SKILLS}
[channels.case]
[plans.late]
steps = [{{after_s = 86400, alert = "late"}}]
[queues.full]
plan = "late"
[queues.idle]
plan = "late"
""")


class Half:
    """A floor in which half of the agents are full, and their cases by the agent who owns them."""

    def __init__(self, store: StoreClient, name: str, agents: int, cases: int) -> None:
        self.floor = Floor(store, name)
        self._idle = [f"idle-{number}" for number in range(agents // 2)]
        self._full = [f"full-{number}" for number in range(agents - agents // 2)]
        self._cases = cases
        self._owned: dict[str, Any] = {}
        self._chance = random.Random(SEED)

    async def fill(self) -> None:
        """Everybody comes, the full ones get a case each, and the others wait."""
        await self.floor.open(DOCUMENT)
        await self.floor.give_birth(["idle", "full"], [f"{skill}=1" for skill in SKILLS])
        skills = ",".join(f"{skill}=1" for skill in SKILLS)
        await in_batches(partial(self.floor.arrive, name, "idle", skills=skills) for name in self._idle)
        await in_batches(partial(self.floor.arrive, name, "full", skills=skills) for name in self._full)
        await in_batches(self._occupy for _ in self._full)
        await in_batches(self._wait for _ in range(self._cases))

    async def _occupy(self) -> None:
        owned = await self.floor.accept(await self._submit("full"))
        self._owned[owned["agent"]] = owned

    async def _submit(self, queue: str) -> Any:
        number = self.floor.submitted
        skills = f"{SKILLS[number % len(SKILLS)]}=1"
        return await self.floor.submit(queue, priority=self._chance.randrange(10), skills=skills)

    async def _wait(self) -> None:
        brief = await self._submit("full")
        assert brief["state"] == "waiting", f"somebody still had room for {brief['case']}"

    async def agent_waits(self) -> None:
        """A life for which somebody is ready: whoever is idle longest."""
        await self.floor.complete(await self.floor.accept(await self._submit("idle")))

    async def case_waits(self) -> None:
        """A life for which nobody is ready: any of the full agents ends work, and gets the first of the line."""
        agent = self._chance.choice(self._full)
        await self.floor.complete(self._owned[agent])
        self._owned[agent] = await self.floor.accept(await self.floor.last_offer())
        await self._wait()


async def _us(half: Half, counters: Counters, lives: int) -> float:
    """Script time of a transition, in microseconds."""
    await counters.reset()
    for _ in range(lives):
        await half.agent_waits()
        await half.case_waits()
    calls, usec = await counters.scripts()
    assert calls == 6 * lives, "something else ran, too"
    return usec / (2 * lives * EVENTS)


async def measure(
    say: Callable[[str], None], *, small: tuple[int, int], large: tuple[int, int], lives: int, rounds: int
) -> dict[str, Any]:
    """`small` and `large` are how many agents, and how many cases wait."""
    async with EmbeddedServer() as server:
        store = StoreClient(server.url)
        await store.load()
        halves = {"small": Half(store, "small", *small), "large": Half(store, "large", *large)}
        for half in halves.values():
            await half.fill()
        say(f"{large[1]} cases wait beside {large[0]} agents")
        counters = Counters(store.redis)
        rows: list[dict[str, float]] = []
        for _ in range(rounds):
            rows.append({name: await _us(half, counters, lives) for name, half in halves.items()})
            say(", ".join(f"{name} {us:.1f} us" for name, us in rows[-1].items()))
        await store.close()
    return {
        "ratio": round(statistics.median(row["large"] / row["small"] for row in rows), 3),
        "small_us": round(statistics.median(row["small"] for row in rows), 1),
        "large_us": round(statistics.median(row["large"] for row in rows), 1),
        "small": {"agents": small[0], "waiting": small[1]},
        "large": {"agents": large[0], "waiting": large[1]},
        "transitions": rounds * lives * 2 * EVENTS,
    }
