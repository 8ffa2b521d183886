"""One of the demo's agents, who takes a while over things and does not like everything."""

import asyncio
from functools import partial
from random import SystemRandom
from typing import Self

from casebaton.client import Client, CommandRefused, NotSent, Offer, OutcomeUnknown, OwnedCase, QueueLine
from casebaton.replay.agent import Move, SimulatedAgent

THINK_S = (0.8, 6.0)
LOOK_S = (2.0, 6.0)  # between looks at a line to take from
LEFT_FOR_YOU = 4  # in such a line: only what is more than that is taken
DECLINES, MISSES = 0.07, 0.02  # shares of the offers
RETURNS, TRANSFERS = 0.05, 0.07  # shares of the cases
WRAP_UP_S = 2.0


class Person:
    """A simulated agent with chance. `work_s` is how long a case takes, on average."""

    def __init__(self, client: Client, queues: list[str], work_s: float, chance: SystemRandom) -> None:
        self._queues = queues
        self._work_s = work_s
        self._chance = chance
        self._client = client
        self._simulated = SimulatedAgent(client, answer=self._answer, work=self._work)
        self._taking: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self._simulated.__aenter__()
        lines = [await self._client.watch_queue(queue) for queue in self._queues]
        self._taking = [asyncio.create_task(self._take(line)) for line in lines if line.mode != "push"]
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._taking:
            task.cancel()
        await asyncio.gather(*self._taking, return_exceptions=True)
        await self._simulated.__aexit__(None, None, None)

    def _answer(self, offer: Offer) -> Move:
        fate = self._chance.random()
        if fate < MISSES:
            return Move(offer.remaining_s + 1, offer.accept)  # too late, unless the server was slow, too
        think_s = self._chance.uniform(*THINK_S)
        if fate < MISSES + DECLINES:
            return Move(think_s, partial(offer.decline, self._chance.choice(("busy", "not_my_field"))))
        return Move(think_s, offer.accept)

    def _work(self, owned: OwnedCase) -> Move:
        if owned.case.state == "wrapping":
            return Move(WRAP_UP_S, owned.complete)
        work_s = self._work_s * self._chance.uniform(0.4, 1.6)
        fate = self._chance.random()
        if fate < RETURNS:
            return Move(work_s, partial(owned.return_, self._chance.choice(("needs_parts", "end_of_shift"))))
        others = sorted({"support", "billing"} - {owned.case.queue})
        if fate < RETURNS + TRANSFERS and owned.case.channel == "case":
            return Move(work_s, partial(owned.transfer, self._chance.choice(others), "wrong_queue"))
        return Move(work_s, partial(owned.complete, self._chance.choice(("solved", "advised", "refunded"))))

    async def _take(self, line: QueueLine) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*LOOK_S))
            state = self._simulated.agent.state
            if (
                line.waiting <= LEFT_FOR_YOU
                or not line.cases
                or state.held_interruptible >= state.interruptible_capacity
            ):
                continue
            try:
                await line.take(line.cases[0])
            except (CommandRefused, NotSent, OutcomeUnknown):
                continue  # somebody was faster, or the server is away
