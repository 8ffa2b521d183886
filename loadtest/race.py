"""`race`: many agents on two nodes take the same waiting case at the same moment."""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from casebaton.client import CommandRefused, OwnedCase, QueueLine
from casebaton.store.embedded import EmbeddedServer
from loadtest.agents import client, describe, names, producer
from loadtest.process import NodeProcess, Site, run_node
from loadtest.report import in_ms

QUEUE = "pool"
SEEN_WITHIN_S = 20.0


class Racer:
    """One agent at its queue's line."""

    def __init__(self, name: str, line: QueueLine) -> None:
        self.name = name
        self._line = line

    async def see(self, case: str) -> None:
        """Wait until the line shows the case."""
        async for cases in self._line:
            if any(each.case == case for each in cases):
                return

    async def take(self, case: str) -> OwnedCase | CommandRefused:
        """Claim it, as the line shows it."""
        shown = next(each for each in self._line.cases if each.case == case)
        try:
            return await self._line.take(shown)
        except CommandRefused as refusal:
            return refusal


class Tally:
    """What the rounds came to."""

    def __init__(self) -> None:
        self.not_one_winner = 0
        self.misinformed = 0
        self.settled_s: list[float] = []

    async def race(self, case: str, racers: list[Racer]) -> None:
        """One round; the winner completes the case afterwards."""
        async with asyncio.timeout(SEEN_WITHIN_S):
            await asyncio.gather(*(racer.see(case) for racer in racers))
        began_at = perf_counter()
        answers = await asyncio.gather(*(racer.take(case) for racer in racers))
        self.settled_s.append(perf_counter() - began_at)
        wins = [(racer.name, won) for racer, won in zip(racers, answers, strict=True) if isinstance(won, OwnedCase)]
        self.not_one_winner += len(wins) != 1
        owners = {f"agent:{name}" for name, _ in wins}
        for answer in answers:
            if isinstance(answer, CommandRefused):
                told = {answer.current.owner} if answer.current else set()
                self.misinformed += answer.code != "TAKEN" or told != owners
        for _, won in wins:
            await won.complete()


async def measure(say: Callable[[str], None], *, clients: int, rounds: int) -> dict[str, Any]:
    """All rounds on two nodes that share one durable store."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            site = Site(Path(directory), server.url)
            await site.apply(describe(names(clients), [QUEUE], capacity=3, mode="pull"))
            async with run_node(site) as first, run_node(site) as second:
                await _run(say, tally, site, (first, second), clients, rounds)
            report = await site.audit()
    return {
        "not_one_winner": tally.not_one_winner,
        "misinformed": tally.misinformed,
        "violations": report.violation_count,
        "clients": clients,
        "nodes": 2,
        "rounds": len(tally.settled_s),
        "settled_ms": in_ms(tally.settled_s),
    }


async def _run(
    say: Callable[[str], None],
    tally: Tally,
    site: Site,
    nodes: tuple[NodeProcess, NodeProcess],
    clients: int,
    rounds: int,
) -> None:
    async with AsyncExitStack() as stack:
        crm = await stack.enter_async_context(producer(site, nodes[0].base_url))
        racers = []
        for number, name in enumerate(names(clients)):
            connection = await stack.enter_async_context(client(site, nodes[number % 2].base_url, name))
            await connection.agent().set_status("online")
            racers.append(Racer(name, await connection.watch_queue(QUEUE)))
        say(f"{clients} agents on 2 nodes watch the line")
        for number in range(rounds):
            case = f"c-{number}"
            await crm.submit(case=case, queue=QUEUE, subject="The lamp flickers")
            await tally.race(case, racers)
            if number % 20 == 19:
                say(f"{number + 1} of {rounds} rounds")
