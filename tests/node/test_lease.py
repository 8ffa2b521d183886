"""A node's lease on its agents' connections: lost, regained, and never a connection too many or too few."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from casebaton.node.lease import Lease
from casebaton.store.client import Answer, StoreClient
from casebaton.wire.session import SERVICE_RESTART
from tests.engine import Engine
from tests.node.world import RunningNode

LEASE_MS = 5000


class Tab:
    """An agent's connection without a socket."""

    def __init__(self, agent: str, connection: str = "", workspace: str = "acme") -> None:
        self.workspace = workspace
        self.agent = agent
        self.connection = connection or f"{agent}-tab"
        self.ended: int | None = None

    def end(self, code: int, _reason: str) -> None:
        self.ended = code


class Interposed:
    """A store before which something happens just when a command of this name is about to run, once."""

    def __init__(self, store: StoreClient) -> None:
        self.store = store
        self.calls: list[str] = []
        self.before: dict[str, Callable[[], Awaitable[None]]] = {}

    async def run(self, name: str, *head: Any, **args: Any) -> Answer:
        self.calls.append(name)
        if name in self.before:
            await self.before.pop(name)()
        return await self.store.run(name, *head, **args)


async def presence(engine: Engine, agent: str) -> str:
    return str((await engine.agent(agent))["agent"]["presence"])


async def lapse(engine: Engine, *, slices: int = 100) -> None:
    """Let time pass without a renewal until the lease has ended, and let so many slices of its end be done."""
    for _ in range(6):
        engine.now += 1000
        await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
    for _ in range(slices):
        await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")


def a_lease(store: Any, limit: int = 10) -> Lease:
    return Lease(store, lease_ms=LEASE_MS, connections_per_agent=limit)


async def with_agents(engine: Engine, count: int) -> list[Tab]:
    names = [f"a{i:03}" for i in range(count)]
    for name in names:
        await engine.set_agent(name, create=1, queues="support", capacity=10, interruptible_capacity=3)
    return [Tab(name) for name in names]


async def test_after_a_lost_lease_every_session_is_connected_under_a_new_name(engine: Engine) -> None:
    lease, tabs = a_lease(engine.store), await with_agents(engine, 3)
    for tab in tabs:
        await lease.connect(tab)
    name = lease.node
    await lapse(engine)
    assert {await presence(engine, tab.agent) for tab in tabs} == {"grace"}
    await lease._renew("acme")
    assert lease.node != name
    assert {await presence(engine, tab.agent) for tab in tabs} == {"connected"}
    await lease._renew("acme")
    assert {await presence(engine, tab.agent) for tab in tabs} == {"connected"}


async def test_what_is_still_being_ended_of_the_old_name_does_not_end_the_new_connections(engine: Engine) -> None:
    """The engine ends a dead node's connections fifty at a time; a node may be back before it is through."""
    lease, tabs = a_lease(engine.store), await with_agents(engine, 120)
    for tab in tabs:
        await lease.connect(tab)
    await lapse(engine, slices=0)
    lost = [tab for tab in tabs if await presence(engine, tab.agent) == "grace"]
    assert 0 < len(lost) < 120, "the lease ended in slices, and not all of them are done"
    await lease._renew("acme")
    for _ in range(5):
        await engine.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
    assert {await presence(engine, tab.agent) for tab in tabs} == {"connected"}


@pytest.mark.parametrize("moment", ["disconnect", "connect"])
async def test_a_session_that_leaves_while_others_are_reconnected_is_gone_for_good(engine: Engine, moment: str) -> None:
    store = Interposed(engine.store)
    lease, [ana, bo] = a_lease(store), await with_agents(engine, 2)
    await lease.connect(ana)
    await lease.connect(bo)
    await lapse(engine)

    async def both_leave() -> None:
        await lease.disconnect(ana)
        await lease.disconnect(bo)

    store.before[moment] = both_leave
    await lease._renew("acme")
    assert [await presence(engine, tab.agent) for tab in (ana, bo)] == ["grace", "grace"]
    store.calls.clear()
    await lapse(engine)
    await lease._renew("acme")
    assert "connect" not in store.calls, "nobody is left to connect"


async def test_a_session_that_cannot_be_reconnected_is_sent_away(engine: Engine) -> None:
    lease, [ana, bo] = a_lease(engine.store, limit=1), await with_agents(engine, 2)
    await lease.connect(ana)
    await lease.connect(bo)
    await lapse(engine)
    await a_lease(engine.store, limit=1).connect(Tab(ana.agent, "elsewhere"))
    await lease._renew("acme")
    assert (ana.ended, bo.ended) == (SERVICE_RESTART, None)


async def test_when_all_leave_at_once_each_is_reported_once(engine: Engine) -> None:
    store = Interposed(engine.store)
    lease, tabs = a_lease(store), await with_agents(engine, 60)
    for tab in tabs:
        await lease.connect(tab)
    store.calls.clear()
    await asyncio.gather(*(lease.disconnect(tab) for tab in tabs))
    assert store.calls == ["disconnect"] * 60
    assert {await presence(engine, tab.agent) for tab in tabs} == {"grace"}


async def test_a_stopping_node_gives_its_lease_back_at_once(engine: Engine) -> None:
    lease, [ana] = a_lease(engine.store), await with_agents(engine, 1)
    await lease.connect(ana)
    await lease.release()
    await engine.tick()
    assert await presence(engine, "a000") == "grace"


# -- on a node -------------------------------------------------------------------------------------------------------


async def end_leases(store: StoreClient, workspace: str) -> None:
    """Let the engine's clock run ahead, second by second, until every lease of five seconds has ended."""
    now = json.loads((await store.run("read_agent", workspace, ("supervisor", "sue"), agent="ana")).body)["at_ms"]
    for second in range(1, 8):
        await store.run("advance", workspace, ("engine", "timers"), now=now + second * 1000, limit=50, silent_ms="")


async def test_a_node_that_lost_its_lease_takes_a_new_name_and_its_sessions_live_on(
    node: RunningNode, store: StoreClient
) -> None:
    name = node.node.lease.node
    async with node.online("ana") as ana, node.signed_in("producer", "crm") as crm:
        await end_leases(store, "acme")
        await ana.event("agent_presence_changed", presence="grace")
        await ana.event("agent_presence_changed", presence="connected")
        assert node.node.lease.node != name
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        offer = await ana.event("case_offered", case="c-1")
        assert (await ana.command("accept_case", case="c-1", baton=offer["baton"]))["ok"]["owner"] == "agent:ana"
