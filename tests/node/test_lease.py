"""A node's lease on its agents' connections: lost, regained, and never a connection too many or too few."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from casebaton.errors import OutcomeUnknown, Refused
from casebaton.node.lease import Lease
from casebaton.store.client import Answer, StoreClient
from casebaton.wire.session import SERVICE_RESTART
from tests.engine import Engine
from tests.node.world import RunningNode, run_node, until
from tests.proxy import Proxy

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


def held_by(lease: Lease, workspace: str = "acme") -> str:
    """The present name of a workspace's lease."""
    return lease._tenures[workspace].name


async def with_agents(engine: Engine, count: int) -> list[Tab]:
    names = [f"a{i:03}" for i in range(count)]
    for name in names:
        await engine.set_agent(name, create=1, queues="support", capacity=10, interruptible_capacity=3)
    return [Tab(name) for name in names]


async def test_after_a_lost_lease_every_session_is_connected_under_a_new_name(engine: Engine) -> None:
    lease, tabs = a_lease(engine.store), await with_agents(engine, 3)
    for tab in tabs:
        await lease.connect(tab)
    name = held_by(lease)
    await lapse(engine)
    assert {await presence(engine, tab.agent) for tab in tabs} == {"grace"}
    await lease.renew()
    assert held_by(lease) != name
    assert {await presence(engine, tab.agent) for tab in tabs} == {"connected"}
    await lease.renew()
    assert {await presence(engine, tab.agent) for tab in tabs} == {"connected"}


async def test_what_is_still_being_ended_of_the_old_name_does_not_end_the_new_connections(engine: Engine) -> None:
    """The engine ends a dead node's connections fifty at a time; a node may be back before it is through."""
    lease, tabs = a_lease(engine.store), await with_agents(engine, 120)
    for tab in tabs:
        await lease.connect(tab)
    await lapse(engine, slices=0)
    lost = [tab for tab in tabs if await presence(engine, tab.agent) == "grace"]
    assert 0 < len(lost) < 120, "the lease ended in slices, and not all of them are done"
    await lease.renew()
    for _ in range(5):
        await engine.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
    assert {await presence(engine, tab.agent) for tab in tabs} == {"connected"}


@pytest.mark.parametrize("moment", ["take_lease", "connect"])
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
    await lease.renew()
    assert [await presence(engine, tab.agent) for tab in (ana, bo)] == ["grace", "grace"]
    store.calls.clear()
    await lapse(engine)
    await lease.renew()
    assert "connect" not in store.calls, "nobody is left to connect"


async def test_a_lost_lease_is_lost_also_when_a_newcomer_is_the_first_to_find_out(engine: Engine) -> None:
    lease, [ana, bo] = a_lease(engine.store), await with_agents(engine, 2)
    await lease.connect(ana)
    name = held_by(lease)
    await lapse(engine)
    await lease.connect(bo)
    assert held_by(lease) != name
    await lease.renew()
    assert [await presence(engine, tab.agent) for tab in (ana, bo)] == ["connected", "connected"]


async def test_a_lease_that_is_lost_while_a_newcomer_connects_is_taken_again_under_another_name(engine: Engine) -> None:
    store = Interposed(engine.store)
    lease, [ana, bo] = a_lease(store), await with_agents(engine, 2)
    await lease.connect(ana)

    async def lose_it() -> None:
        await lapse(engine)
        await lease.renew()

    store.before["connect"] = lose_it
    await lease.connect(bo)
    assert {await presence(engine, tab.agent) for tab in (ana, bo)} == {"connected"}
    await lapse(engine)
    await lease.renew()
    assert {await presence(engine, tab.agent) for tab in (ana, bo)} == {"connected"}, (
        "each is known once, by the present name"
    )


async def test_a_lease_that_cannot_be_kept_is_not_tried_for_ever(engine: Engine) -> None:
    class Forgetful(Interposed):
        async def run(self, name: str, *head: Any, **args: Any) -> Answer:
            if name == "connect":
                await lapse(engine)
            return await super().run(name, *head, **args)

    store = Forgetful(engine.store)
    lease, [ana] = a_lease(store), await with_agents(engine, 1)
    with pytest.raises(Refused, match="LEASE_LOST"):
        await lease.connect(ana)
    assert store.calls == ["take_lease", "connect"] * 3


async def test_many_newcomers_take_one_lease(engine: Engine) -> None:
    store = Interposed(engine.store)
    lease, tabs = a_lease(store), await with_agents(engine, 20)
    await asyncio.gather(*(lease.connect(tab) for tab in tabs))
    assert sorted(store.calls) == ["connect"] * 20 + ["take_lease"]


async def test_a_lease_that_holds_nobody_is_let_go_and_who_comes_then_gets_another(engine: Engine) -> None:
    store = Interposed(engine.store)
    lease, [ana] = a_lease(store), await with_agents(engine, 1)
    await lease.connect(ana)
    name = held_by(lease)
    await lease.renew()
    await lease.disconnect(ana)
    await lease.renew()
    await lease.renew()
    assert store.calls == ["take_lease", "connect", "renew", "disconnect"]
    await lease.connect(ana)
    assert held_by(lease) != name
    assert await presence(engine, ana.agent) == "connected"


async def test_who_was_refused_leaves_like_everybody_else(engine: Engine) -> None:
    """The answer to a connect may be lost: only a disconnect makes sure."""
    store = Interposed(engine.store)
    lease, [ana] = a_lease(store), await with_agents(engine, 1)

    async def lose_the_answer() -> None:
        await engine.connect_to(held_by(lease), ana.agent, ana.connection)
        raise OutcomeUnknown("the store did not answer")

    store.before["connect"] = lose_the_answer
    with pytest.raises(OutcomeUnknown):
        await lease.connect(ana)
    assert await presence(engine, ana.agent) == "connected"
    await lease.disconnect(ana)
    assert await presence(engine, ana.agent) == "grace"


async def test_a_connect_that_is_run_after_its_disconnect_is_ended_too(engine: Engine) -> None:
    store = Interposed(engine.store)
    lease, [ana] = a_lease(store), await with_agents(engine, 1)

    async def be_overtaken() -> None:
        name = held_by(lease)
        await lease.disconnect(ana)
        await engine.connect_to(name, ana.agent, ana.connection)
        raise OutcomeUnknown("the store did not answer")

    store.before["connect"] = be_overtaken
    with pytest.raises(OutcomeUnknown):
        await lease.connect(ana)
    assert await presence(engine, ana.agent) == "grace"


async def test_a_session_that_cannot_be_reconnected_is_sent_away(engine: Engine) -> None:
    lease, [ana, bo] = a_lease(engine.store, limit=1), await with_agents(engine, 2)
    await lease.connect(ana)
    await lease.connect(bo)
    await lapse(engine)
    await a_lease(engine.store, limit=1).connect(Tab(ana.agent, "elsewhere"))
    await lease.renew()
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
    async with node.online("ana") as ana, node.signed_in("producer", "crm") as crm:
        name = held_by(node.node.lease)
        await end_leases(store, "acme")
        await ana.event("agent_presence_changed", presence="grace")
        await ana.event("agent_presence_changed", presence="connected")
        assert held_by(node.node.lease) != name
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        offer = await ana.event("case_offered", case="c-1")
        assert (await ana.command("accept_case", case="c-1", baton=offer["baton"]))["ok"]["owner"] == "agent:ana"


async def test_a_hello_during_an_outage_does_not_bring_the_lost_lease_back(store: StoreClient) -> None:
    """One node cannot reach the store, another can, so that time goes on and the first one's lease ends."""

    async def presence_is(agent: str, wanted: str) -> bool:
        answer = await store.run("read_agent", "acme", ("supervisor", "sue"), agent=agent)
        return bool(json.loads(answer.body)["agent"]["presence"] == wanted)

    async with (
        Proxy(store.url) as link,
        run_node(link.url, lease_ms=1000) as cut_off,
        run_node(store.url),
        cut_off.online("ana") as ana,
        cut_off.socket() as late,
    ):
        async with link.down():
            await until(lambda: presence_is("ana", "grace"))
            hello = asyncio.create_task(late.hello(cut_off.token("agent", "bo")))

            async def is_on_its_way() -> bool:
                return len(cut_off.node.lease._tenures["acme"].sessions) == 2

            await until(is_on_its_way)
        assert (await hello)["type"] == "welcome"
        await until(lambda: presence_is("ana", "connected"))
        assert await presence_is("bo", "connected")
        await ana.event("agent_presence_changed", presence="connected")
