"""`kill`: SIGKILL of the node, of its store, or of both, while commands are on their way.

The clients are not told: they lose their sockets, come back, and repeat what was not answered. In the end the store is
opened once more: the audit must find nothing, and the log must hold what was acknowledged, once.
"""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from casebaton.client import CasebatonError, CaseBrief, Client, Offer, OwnedCase
from casebaton.replay.agent import Move, SimulatedAgent
from casebaton.store import log
from loadtest.agents import client, describe, names, producer
from loadtest.journal import Asked, Journal, Told, Verdict
from loadtest.process import WORKSPACE, NodeProcess, Site, free_port
from loadtest.report import in_ms
from loadtest.until import until

QUEUE = "support"
SEED = 7
WORK_S = 0.03
DEADLINE_S = 1.5  # shorter than some outages, so that some outcomes stay unknown
LOAD_S = (0.5, 1.2)  # before each kill
RECOVERS_WITHIN_S = 30.0
TRY_AGAIN_S = 0.1
LEAST_IN_FLIGHT = 3
VICTIMS = ("node", "store", "both")


class Load:
    """Cases and agents that go on through every kill."""

    def __init__(self, crm: Client, journal: Journal, rate: float) -> None:
        self.journal = journal
        self.submitted = 0
        self._crm = crm
        self._rate = rate
        self._chance = random.Random(SEED)
        self._closed: set[str] = set()
        self._last_success_at = 0.0  # when the youngest command was asked for that has been acknowledged
        journal.on_told(self._told)

    def _told(self, told: Told, asked_at: float) -> None:
        if told == "acknowledged":
            self._last_success_at = max(self._last_success_at, asked_at)

    async def success(self) -> None:
        """Wait until a command that is asked for from now on is acknowledged."""
        now = perf_counter()
        if not await until(lambda: self._last_success_at >= now, within_s=RECOVERS_WITHIN_S):
            raise TimeoutError(f"no command was acknowledged within {RECOVERS_WITHIN_S:g} s")

    async def _submit(self, case: str) -> CaseBrief | None:
        """Submit a case, or ask for it again; None when there was no answer."""
        command = self._crm.submit(case=case, queue=QUEUE, subject="The lamp flickers")
        try:
            return await self.journal.run(Asked("submit", case), command)
        except CasebatonError:
            return None  # the journal has it

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Submit at the rate for as long as the block runs, then wait for the answers."""
        submits: set[asyncio.Task[CaseBrief | None]] = set()

        async def submit_all() -> None:
            while True:
                await asyncio.sleep(self._chance.expovariate(self._rate))
                task = asyncio.create_task(self._submit(f"c-{self.submitted}"))
                self.submitted += 1
                submits.add(task)
                task.add_done_callback(submits.discard)

        submitting = asyncio.create_task(submit_all())
        try:
            yield
        finally:
            submitting.cancel()
            await asyncio.gather(submitting, *submits, return_exceptions=True)

    async def open_cases(self) -> int:
        """How many cases that were taken in are, as far as anybody knows, not closed."""
        self._closed |= self.journal.acknowledged("complete")
        for case in self.journal.acknowledged("submit") - self._closed:
            brief = await self._submit(case)
            if brief is not None and brief.state == "closed":
                self._closed.add(case)
        return len(self.journal.acknowledged("submit") - self._closed)

    async def drained(self) -> None:
        """Wait until no case is open, as far as patience goes."""
        for _ in range(round(RECOVERS_WITHIN_S / TRY_AGAIN_S)):
            if not await self.open_cases():
                return
            await asyncio.sleep(TRY_AGAIN_S)


async def _kill(node: NodeProcess, victim: str) -> None:
    """End the victim with SIGKILL; the node brings its store back, nobody but us the node."""
    if victim in ("store", "both"):
        node.kill_store()
    if victim in ("node", "both"):
        await node.kill()
        await node.start()


def simulate(connection: Client, journal: Journal) -> SimulatedAgent:
    """An agent who accepts at once and completes soon, and whose commands are noted."""

    async def accept(offer: Offer) -> None:
        await journal.run(Asked("accept", offer.case.case, offer.case.baton), offer.accept())

    async def complete(owned: OwnedCase) -> None:
        await journal.run(Asked("complete", owned.case.case, owned.case.baton), owned.complete())

    return SimulatedAgent(
        connection,
        answer=lambda offer: Move(0, partial(accept, offer)),
        work=lambda owned: Move(WORK_S, partial(complete, owned)),
    )


async def measure(say: Callable[[str], None], *, kills: int, rate: float, agents: int) -> dict[str, Any]:
    """All kills on one data directory, one after another, then one judgement over the whole log."""
    journal = Journal()
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        site = Site(Path(directory))
        await site.apply(describe(names(agents), [QUEUE], capacity=3))
        node = NodeProcess(site, free_port())
        await node.start()
        try:
            async with AsyncExitStack() as stack:
                crm = await stack.enter_async_context(producer(site, node.base_url, deadline_s=DEADLINE_S))
                for name in names(agents):
                    connection = client(site, node.base_url, name, deadline_s=DEADLINE_S)
                    await stack.enter_async_context(simulate(connection, journal))
                load = Load(crm, journal, rate)
                in_flight, back_s = await _kill_all(say, load, node, kills)
                still_open = await load.open_cases()
        finally:
            await node.stop()
        say("auditing, and judging what was acknowledged")
        report = await site.audit()
        async with site.store() as store:
            verdict = await journal.judge(log.read_after(store.redis, WORKSPACE, "0-0"))
    return _value(load, still_open, verdict, report.violation_count, in_flight, back_s)


async def _kill_all(
    say: Callable[[str], None], load: Load, node: NodeProcess, kills: int
) -> tuple[list[int], list[float]]:
    chance = random.Random(SEED)
    in_flight, back_s = [], []
    for number in range(kills):
        victim = VICTIMS[number % len(VICTIMS)]
        async with load.running():
            await load.success()
            await asyncio.sleep(chance.uniform(*LOAD_S))
            # The blow must hit something; a kill that does not is counted as vacuous.
            await until(lambda: load.journal.in_flight >= LEAST_IN_FLIGHT, within_s=RECOVERS_WITHIN_S)
            in_flight.append(load.journal.in_flight)
            killed_at = perf_counter()
            await _kill(node, victim)
            await load.success()
            back_s.append(perf_counter() - killed_at)
        await load.drained()
        say(f"{number + 1} of {kills}: {victim}, {in_flight[-1]} in flight, back after {back_s[-1]:.2f} s")
    return in_flight, back_s


def _value(
    load: Load, still_open: int, verdict: Verdict, violations: int, in_flight: list[int], back_s: list[float]
) -> dict[str, Any]:
    return {
        "acknowledged_lost": verdict.acknowledged_lost,
        "refused_yet_done": verdict.refused_yet_done,
        "doubled": verdict.doubled,
        "unasked": verdict.unasked,
        "open": still_open,
        "vacuous": sum(count < LEAST_IN_FLIGHT for count in in_flight),
        "violations": violations,
        "kills": len(in_flight),
        "cases": load.submitted,
        "commands": dict(load.journal.told),
        "in_flight": in_flight,
        "back_ms": in_ms(back_s),
    }
