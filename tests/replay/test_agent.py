import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from casebaton.client import Client, NotSent, Offer, OwnedCase
from casebaton.replay.agent import Move, SimulatedAgent
from loadtest.until import until
from tests.node.world import RunningNode

WITHIN_S = 30


def producer(node: RunningNode) -> Client:
    return Client(node.base_url, "acme", token=node.token("producer", "crm"))


def simulate(node: RunningNode, answer: Callable[[Offer], Move], work: Callable[[OwnedCase], Move]) -> SimulatedAgent:
    return SimulatedAgent(Client(node.base_url, "acme", token=node.token("agent", "ana")), answer=answer, work=work)


async def submitted(crm: Client) -> None:
    """Submit as soon as the producer is connected again, too."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            try:
                await crm.submit(queue="support", subject="lamp")
            except NotSent:
                await asyncio.sleep(0)
            else:
                return


def accept(offer: Offer) -> Move:
    return Move(0, offer.accept)


def complete(owned: OwnedCase) -> Move:
    return Move(0, owned.complete)


class Heard:
    """Waits for a kind of event on a client."""

    def __init__(self, client: Client, kind: str) -> None:
        self._came = asyncio.Event()
        client.on_event(lambda event: self._came.set() if event.type == kind else None)

    async def wait(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            await self._came.wait()


async def test_accepts_and_completes_what_it_is_offered(node: RunningNode) -> None:
    async with producer(node) as crm, simulate(node, accept, complete) as ana:
        closed = Heard(ana.client, "case_closed")
        await crm.submit(queue="support", subject="lamp")
        await closed.wait()


async def test_declines_when_told_to(node: RunningNode) -> None:
    def decline(offer: Offer) -> Move:
        return Move(0, partial(offer.decline, "busy"))

    async with producer(node) as crm, simulate(node, decline, complete) as ana:
        declined = Heard(ana.client, "case_declined")
        await crm.submit(queue="support", subject="lamp")
        await declined.wait()


async def test_goes_on_after_its_node_dropped_it(node: RunningNode) -> None:
    async with producer(node) as crm, simulate(node, accept, complete) as ana:
        closed = Heard(ana.client, "case_closed")
        back = asyncio.Event()
        ana.client.on_state(lambda state: back.set() if state == "connected" else None)
        for connection in list(node.node.gateway.connections):
            connection.end(4000, "a test drops it")
        async with asyncio.timeout(WITHIN_S):
            await back.wait()
        await submitted(crm)
        await closed.wait()


async def test_counts_refusals_and_leaves_it_at_that(node: RunningNode) -> None:
    async def too_late(offer: Offer, crm: Client) -> None:
        await crm.cancel(offer.case.case, "withdrawn")
        await offer.accept()

    async with producer(node) as crm:

        def answer(offer: Offer) -> Move:
            return Move(0, partial(too_late, offer, crm))

        async with simulate(node, answer, complete) as ana:
            gone = Heard(ana.client, "case_cancelled")
            await crm.submit(queue="support", subject="lamp")
            await gone.wait()
            await until(lambda: bool(ana.refused), within_s=WITHIN_S)
    assert ana.refused.total() == 1


async def test_an_error_in_its_orders_is_raised_at_the_end(node: RunningNode) -> None:
    asked = asyncio.Event()

    def answer(offer: Offer) -> Move:
        asked.set()
        raise ValueError(offer.case.queue)

    async with producer(node) as crm:
        ana = simulate(node, answer, complete)
        await ana.__aenter__()
        await crm.submit(queue="support", subject="lamp")
        async with asyncio.timeout(WITHIN_S):
            await asked.wait()
        with pytest.raises(ValueError, match="support"):
            await ana.__aexit__(None, None, None)
