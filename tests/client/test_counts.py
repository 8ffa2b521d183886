"""How many wait in an agent's queues, kept by a client."""

import asyncio

import pytest

from casebaton.client import Client, QueueCounts, counts
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, Peer, a_snapshot, until

SUMMARY = {"queue": "support", "mode": "push", "waiting": 9}


async def watch(client: Client, peer: Peer, **waiting: int) -> QueueCounts:
    """Watch; the server answers with these counts."""
    watching = asyncio.create_task(client.agent().watch_counts())
    command = await peer.command()
    assert command["type"] == "watch_counts"
    await peer.reply(command, {"at_ms": 1, "waiting": waiting})
    async with asyncio.timeout(WITHIN_S):
        return await watching


def shown(client: Client) -> list[int]:
    """What the summaries say."""
    return [queue.waiting for queue in client.agent().queues]


async def connected(stage: Stage) -> tuple[Client, Peer]:
    """An agent with one queue."""
    return await stage.connected(snapshot=a_snapshot() | {"queues": [SUMMARY]})


async def test_the_summaries_follow_the_reply_and_then_the_events(stage: Stage) -> None:
    client, peer = await connected(stage)
    assert shown(client) == [9]
    watch_of_it = await watch(client, peer, support=4)
    assert (shown(client), watch_of_it.is_live) == ([4], True)
    await peer.event("queues_counted", {"at_ms": 2, "waiting": {"support": 5, "elsewhere": 1}})
    await until(client, lambda: shown(client) == [5])


async def test_it_is_asked_again_when_the_agent_was_changed_and_with_each_connection(stage: Stage) -> None:
    client, peer = await connected(stage)
    await watch(client, peer, support=4)
    await peer.event("agent_updated", {"agent": "ana", "queues": ["support"]})
    command = await peer.command()
    assert command["type"] == "watch_counts"
    await peer.reply(command, {"at_ms": 1, "waiting": {"support": 6}})
    await peer.event("config_applied", {})
    await until(client, lambda: shown(client) == [6])
    peer.drop()
    peer = await stage.returned(a_snapshot() | {"queues": [SUMMARY]})
    assert (await peer.command())["type"] == "watch_counts"


async def test_its_end_is_said(stage: Stage) -> None:
    client, peer = await connected(stage)
    counts = await watch(client, peer, support=4)
    ending = asyncio.create_task(counts.unwatch())
    command = await peer.command()
    assert command["type"] == "unwatch_counts"
    await peer.reply(command, {})
    await ending
    assert counts.is_over


async def test_an_event_that_is_newer_than_the_answer_counts_though_it_was_read_first(stage: Stage) -> None:
    client, peer = await connected(stage)
    watching = asyncio.create_task(client.agent().watch_counts())
    command = await peer.command()
    await peer.event("queues_counted", at_ms=1, waiting={"support": 3})  # of a watch before this one
    await peer.event("queues_counted", at_ms=5, waiting={"support": 5})
    await peer.reply(command, {"at_ms": 4, "waiting": {"support": 4}})
    await watching
    assert shown(client) == [5]


async def test_what_cannot_be_had_just_now_is_asked_for_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "RETRY_S", 0)
    client, peer = await connected(stage)
    watching = asyncio.create_task(client.agent().watch_counts())
    await peer.refuse(await peer.command(), "UNAVAILABLE", retryable=True)
    await peer.reply(await peer.command(), {"at_ms": 4, "waiting": {"support": 4}})
    await watching
    assert shown(client) == [4]
