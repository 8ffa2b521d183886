"""Watching one agent, over real sockets."""

from typing import Any

from casebaton.auth import Scope
from casebaton.node import watched_agents
from casebaton.store.client import StoreClient
from tests.node.world import RunningNode, Socket

ANN = ("admin", "ann")


async def submit(crm: Socket, case: str, **fields: Any) -> None:
    assert "ok" in await crm.command("submit_case", queue="support", subject="Printer", case=case, **fields)


async def test_a_watcher_gets_the_agent_and_then_all_that_concerns_it(node: RunningNode) -> None:
    async with (
        node.online("ana") as ana, node.signed_in("producer", "crm") as crm, node.signed_in("supervisor", "sue") as sue,
    ):  # fmt: skip
        await submit(crm, "c-1")
        offer = await ana.event("case_offered", case="c-1")
        watched = (await sue.command("watch_agent", agent="ana"))["ok"]
        assert (watched["agent"]["label"], [case["case"] for case in watched["offers"]]) == ("online", ["c-1"])
        await ana.command("accept_case", case="c-1", baton=offer["baton"])
        await ana.command("set_status", status="busy")
        await sue.event("agent_status_changed", agent="ana")
        assert [event["type"] for event in sue.events] == ["case_accepted", "agent_status_changed"]


async def test_nothing_of_other_agents_comes_and_nothing_after_the_end(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.online("bo"), node.signed_in("supervisor", "sue") as sue:
        await sue.command("watch_agent", agent="ana")
        await sue.command("watch_agent", agent="zoe")
        await sue.command("unwatch_agent", agent="ana")
        await ana.command("set_status", status="busy")
        await ana.event("agent_status_changed")
        await node.node.store.run("set_agent", "acme", ANN, agent="zoe", capacity=7)
        assert (await sue.event("agent_updated"))["agent"] == "zoe"
        assert [event["agent"] for event in sue.events] == ["zoe"]


async def test_a_removed_agent_ends_the_watch_and_not_the_connection(node: RunningNode) -> None:
    async with node.signed_in("supervisor", "sue") as sue:
        await sue.command("watch_agent", agent="zoe")
        await node.node.store.run("remove_agent", "acme", ANN, agent="zoe")
        assert (await sue.event("agent_removed"))["agent"] == "zoe"
        assert (await sue.command("watch_agent", agent="zoe"))["error"]["code"] == "UNKNOWN_AGENT"
        assert set(node.node.hub._logs["acme"].topics) == {"all", "steering"}


async def test_an_agent_that_leaves_the_scope_is_seen_no_more(node: RunningNode) -> None:
    store: StoreClient = node.node.store
    async with node.socket() as sam:
        await sam.hello(node.token("supervisor", "sam", scope=Scope(("pool",), ("north",))))
        assert (await sam.command("watch_agent", agent="zoe"))["error"]["code"] == "OUT_OF_SCOPE"
        await sam.command("watch_agent", agent="bo")
        await store.run("set_agent", "acme", ANN, agent="bo", team="north", queues="support")
        assert (await sam.event("agent_updated"))["team"] == "north"
        await store.run("set_agent", "acme", ANN, agent="bo", team="south")
        gone = await sam.event("agent_unwatched")
        assert gone.keys() == {"seq", "position", "type", "agent"}
        await store.run("set_agent", "acme", ANN, agent="bo", team="north")
        await sam.command("watch_agent", agent="bo")
        await store.run("set_agent", "acme", ANN, agent="bo", capacity=7)
        assert [event["seq"] for event in (gone, await sam.event("agent_updated"))] == [2, 3]


async def test_a_connection_watches_so_many_agents_and_no_more(node: RunningNode) -> None:
    names = [f"a-{number}" for number in range(watched_agents.MOST + 1)]
    for name in names:
        await node.node.store.run("set_agent", "acme", ANN, agent=name, create=1)
    async with node.signed_in("supervisor", "sue") as sue:
        *replies, last = [await sue.command("watch_agent", agent=name) for name in names]
        assert all("ok" in reply for reply in replies)
        assert last["error"]["code"] == "TOO_MANY_WATCHES"
        assert "ok" in await sue.command("watch_agent", agent=names[0]), "the same again is no further one"
        await sue.command("unwatch_agent", agent=names[0])
        assert "ok" in await sue.command("watch_agent", agent=names[-1])
