"""One agent, watched by a client that supervises."""

import asyncio

import pytest

from casebaton.client import Client, CommandRefused, NotSent, WatchedAgent
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, Peer, a_case, a_snapshot, until


async def watch(client: Client, peer: Peer) -> WatchedAgent:
    """Watch Ana, who owns case `one`."""
    watching = asyncio.create_task(client.watch_agent("ana"))
    command = await peer.command()
    assert (command["type"], command["agent"]) == ("watch_agent", "ana")
    await peer.reply(command, a_snapshot(a_case("one", "active")))
    async with asyncio.timeout(WITHIN_S):
        return await watching


async def offer(peer: Peer, case: str, **fields: str) -> None:
    moved = a_case(case, "offered", state_before="waiting") | fields
    await peer.event("case_offered", moved, held=[{"agent": moved["agent"], "interruptible": 2, "offers": 1}])


async def test_it_follows_the_agents_events_and_nobody_elses(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    ana = await watch(client, peer)
    assert (list(ana.desk), list(ana.offers), ana.is_live) == (["one"], [], True)
    heard: list[str] = []
    ana.on_event(lambda event: heard.append(event.case))
    await offer(peer, "two", agent="bo")
    await offer(peer, "three")
    await until(client, lambda: list(ana.offers) == ["three"])
    assert (ana.state.held_interruptible, ana.state.offers, heard) == (2, 1, ["three"])
    assert client.view.agent is None
    assert await client.watch_agent("ana") is ana


async def test_what_came_before_the_snapshot_was_read_is_in_it_once(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    watching = asyncio.create_task(client.watch_agent("ana"))
    command = await peer.command()
    await offer(peer, "two")  # by another topic, and in the snapshot already
    await peer.reply(command, a_snapshot(a_case("one", "active")))
    await offer(peer, "three")
    ana = await watching
    await until(client, lambda: "three" in ana.offers)
    assert list(ana.offers) == ["three"]


async def test_after_a_loss_it_shows_what_it_knew_until_the_snapshot_has_come_again(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    ana = await watch(client, peer)
    peer.drop()
    peer = await stage.returned({}, role="supervisor")
    command = await peer.command()
    assert (command["type"], ana.is_live, list(ana.desk)) == ("watch_agent", False, ["one"])
    await peer.reply(command, a_snapshot())
    async with asyncio.timeout(WITHIN_S):
        await ana.opened()
    assert list(ana.desk) == []


@pytest.mark.parametrize("kind", ["agent_removed", "agent_unwatched"])
async def test_an_agent_that_is_gone_is_over(stage: Stage, kind: str) -> None:
    client, peer = await stage.connected(role="supervisor")
    ana = await watch(client, peer)
    await peer.event(kind, agent="bo")
    await peer.event(kind, agent="ana")
    await until(client, lambda: ana.is_over)
    assert list(ana.desk) == ["one"], "it shows what it knew"
    with pytest.raises(NotSent):
        await ana.opened()
    again = asyncio.create_task(client.watch_agent("ana"))
    await peer.refuse(await peer.command(), "UNKNOWN_AGENT")
    with pytest.raises(CommandRefused, match="UNKNOWN_AGENT"):
        await again


async def test_what_is_watched_no_more_stands_still(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    ana = await watch(client, peer)
    ending = asyncio.create_task(ana.unwatch())
    command = await peer.command()
    assert command["type"] == "unwatch_agent"
    await offer(peer, "two")
    await peer.reply(command)
    await ending
    assert (list(ana.offers), ana.is_over, ana.is_live) == ([], True, False)


async def test_waiting_for_a_change_ends_with_the_client(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    ana = await watch(client, peer)
    waiting = asyncio.create_task(ana.changed())
    await asyncio.sleep(0)
    await offer(peer, "two")
    await waiting
    waiting = asyncio.create_task(ana.changed())
    await asyncio.sleep(0)
    await client.close()
    await waiting
    assert ana.is_over
