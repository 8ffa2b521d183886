"""Timers: somebody always fires them, in time, whoever is silent and whoever has gone home."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest_asyncio

from casebaton.node.timers import weight
from casebaton.store import log, workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace import document
from tests.node.conftest import DOCUMENT
from tests.node.world import RunningNode, counting_stalls, run_node, until

LATE_MS = 1000  # invariant: a timer acts within one second of its time


@pytest_asyncio.fixture
async def ringing_shortly(store: StoreClient) -> AsyncIterator[StoreClient]:
    """The store, with a channel whose offers ring for a second."""
    await workspaces.apply(
        store, "acme", document.parse(DOCUMENT.replace("[channels.case]", "[channels.case]\nring_s = 1"))
    )
    yield store


@pytest_asyncio.fixture
async def stalled_s() -> AsyncIterator[Callable[[], float]]:
    """How many seconds this process has stood still in the test."""
    async with counting_stalls() as stalled_s:
        yield stalled_s


async def submit(node: RunningNode, case: str) -> Any:
    """Submit a case that is offered at once; the offer's event."""
    async with node.signed_in("producer", "crm") as crm:
        assert (await crm.command("submit_case", queue="support", subject="a", case=case))["ok"]["state"] == "offered"
    entries = [entry async for entry in log.read_after(node.node.store.redis, "acme", "0-0")]
    return [event for event in map(read, entries) if event["type"] == "case_offered"][-1]


def read(entry: log.Entry) -> Any:
    return json.loads(entry.body)


def test_every_node_agrees_on_who_is_responsible_and_the_work_is_spread() -> None:
    nodes, names = ["a", "b", "c"], [f"w-{i}" for i in range(300)]
    counts = dict.fromkeys(nodes, 0)
    for name in names:
        counts[max(nodes, key=lambda node: weight(node, name))] += 1
    assert all(60 < count < 140 for count in counts.values())


async def test_an_offer_nobody_answers_expires_in_time(
    ringing_shortly: StoreClient, stalled_s: Callable[[], float]
) -> None:
    async with run_node(ringing_shortly.url) as node, node.online("ana") as ana:
        offered = await submit(node, "c-1")
        expired = await ana.event("offer_expired", case="c-1")
        assert 0 <= expired["at_ms"] - offered["deadline_at_ms"] <= LATE_MS + stalled_s() * 1000


async def test_deadlines_fire_when_all_sockets_are_closed(
    ringing_shortly: StoreClient, stalled_s: Callable[[], float]
) -> None:
    async with run_node(ringing_shortly.url) as node:
        async with node.online("ana"):
            offered = await submit(node, "c-1")
        entries: list[Any] = []

        async def is_back() -> bool:
            found = log.read_after(ringing_shortly.redis, "acme", "0-0")
            entries[:] = [
                event for event in [read(entry) async for entry in found] if event.get("state_before") == "offered"
            ]
            return bool(entries)

        await until(is_back)
        assert not node.node.gateway.connections
        [revoked] = entries
        assert (revoked["type"], revoked["state"], revoked["reason"]) == ("offer_revoked", "waiting", "agent_lost")
        assert 0 <= revoked["at_ms"] - offered["deadline_at_ms"] <= LATE_MS + stalled_s() * 1000


async def test_when_the_responsible_nodes_timers_stand_still_a_rival_takes_over(
    ringing_shortly: StoreClient, stalled_s: Callable[[], float]
) -> None:
    async with (
        run_node(ringing_shortly.url) as north,
        run_node(ringing_shortly.url) as south,
        south.online("ana") as ana,
    ):

        async def both_know_each_other() -> bool:
            return all(
                len(node.node.timers._nodes) == 2 and "acme" in node.node.timers._tasks for node in (north, south)
            )

        await until(both_know_each_other)
        [responsible] = [node for node in (north, south) if node.node.timers._is_responsible("acme")]
        responsible.node.timers._tasks["acme"].cancel()
        offered = await submit(south, "c-1")
        expired = await ana.event("offer_expired", case="c-1")
        assert 0 <= expired["at_ms"] - offered["deadline_at_ms"] <= LATE_MS + stalled_s() * 1000


async def test_a_workspace_that_is_created_later_is_served_too(
    ringing_shortly: StoreClient, stalled_s: Callable[[], float]
) -> None:
    async with run_node(ringing_shortly.url) as node:
        text = DOCUMENT.replace("[channels.case]", "[channels.case]\nring_s = 1")
        await workspaces.apply(ringing_shortly, "later", document.parse(text))
        async with (
            node.signed_in("agent", "ana", workspace="later") as ana,
            node.signed_in("producer", "crm", workspace="later") as crm,
        ):
            await ana.command("set_status", status="online")
            await crm.command("submit_case", queue="support", subject="a", case="c-1")
            offered = await ana.event("case_offered", case="c-1")
            expired = await ana.event("offer_expired", case="c-1")
            assert 0 <= expired["at_ms"] - offered["deadline_at_ms"] <= LATE_MS + stalled_s() * 1000
