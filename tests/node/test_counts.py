"""What agents are told of how many wait in their queues, over real sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from casebaton.node import counts
from casebaton.node.hub import Hub
from casebaton.store.client import Answer, StoreClient
from tests.node.world import RunningNode, Socket, until

ANN = ("admin", "ann")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds are long for a test."""
    monkeypatch.setattr(counts, "COUNT_EVERY_S", 0.01)


def truth(holds: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    """As `until` asks."""

    async def is_true() -> bool:
        return holds()

    return is_true


async def submit(crm: Socket, case: str, queue: str = "pool") -> None:
    assert "ok" in await crm.command("submit_case", queue=queue, subject="Printer", case=case)


async def counted(socket: Socket, **waiting: int) -> Any:
    """The event by which these counts are told."""
    while (event := await socket.event("queues_counted"))["waiting"] != waiting:
        pass
    return event


async def test_the_reply_counts_all_and_events_tell_what_has_changed(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("producer", "crm") as crm:
        await submit(crm, "c-1")
        assert (await ana.command("watch_counts"))["ok"]["waiting"] == {"support": 0, "pool": 1}
        await submit(crm, "c-2")
        event = await counted(ana, pool=2)
        assert event["at_ms"] > 0
        await submit(crm, "c-3", queue="support")
        await counted(ana, support=1)
        assert [event["seq"] for event in ana.events] == list(range(1, len(ana.events) + 1))


async def test_an_agent_hears_of_its_own_queues_and_only_while_it_watches(node: RunningNode) -> None:
    async with (
        node.signed_in("agent", "ana") as ana,
        node.signed_in("agent", "zoe") as zoe,
        node.signed_in("producer", "crm") as crm,
    ):
        await ana.command("watch_counts")
        assert (await zoe.command("watch_counts"))["ok"]["waiting"] == {}
        await submit(crm, "c-1")
        await counted(ana, pool=1)
        await ana.command("unwatch_counts")
        async with node.signed_in("agent", "bo") as bo:
            await bo.command("watch_counts")
            await submit(crm, "c-2")
            await counted(bo, pool=2)
        for socket in (ana, zoe):  # whatever came before the reply would have been told by now
            await socket.command("ping")
        assert [event["waiting"] for event in ana.events] == [{"pool": 1}]
        assert zoe.events == []


async def test_asked_again_it_tells_of_the_queues_that_are_the_agents_by_then(
    node: RunningNode, store: StoreClient
) -> None:
    async with node.signed_in("agent", "zoe") as zoe, node.signed_in("producer", "crm") as crm:
        await zoe.command("watch_counts")
        await store.run("set_agent", "acme", ANN, agent="zoe", queues="pool")
        assert (await zoe.command("watch_counts"))["ok"]["waiting"] == {"pool": 0}
        await submit(crm, "c-1")
        await counted(zoe, pool=1)


async def test_of_a_queue_that_it_has_no_more_an_agent_hears_nothing(node: RunningNode, store: StoreClient) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("producer", "crm") as crm:
        await ana.command("watch_counts")
        await store.run("set_agent", "acme", ANN, agent="ana", queues="support")
        await ana.event("agent_updated")
        await submit(crm, "c-1")
        await submit(crm, "c-2", queue="support")
        await counted(ana, support=1)
        assert not any("pool" in event.get("waiting", ()) for event in ana.events)


async def test_an_end_that_follows_at_once_is_one(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana:
        await ana.send({"type": "watch_counts", "id": "w"})
        await ana.send({"type": "unwatch_counts", "id": "u"})
        await ana.reply("u")
        assert node.node.gateway.counts._lines == {}


async def test_where_nothing_happens_nothing_is_counted(node: RunningNode, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    looks: list[str] = []
    run, look = node.node.store.run, counts.Counts._count

    async def noted(name: str, *args: Any, **fields: Any) -> Answer:
        asked.append(name)
        return await run(name, *args, **fields)

    async def looked(all_counts: counts.Counts, lines: Any) -> None:
        await look(all_counts, lines)
        looks.append(lines.workspace)

    monkeypatch.setattr(node.node.store, "run", noted)
    monkeypatch.setattr(counts.Counts, "_count", looked)
    async with node.signed_in("agent", "ana") as ana, node.signed_in("producer", "crm") as crm:
        await ana.command("watch_counts")
        await submit(crm, "c-1")
        await counted(ana, pool=1)

        async def is_quiet() -> bool:
            before, last = asked.count("count_lines"), len(looks)
            await until(truth(lambda: len(looks) >= last + 5))
            return asked.count("count_lines") == before

        await until(is_quiet)  # once all entries of the log have been read


async def test_a_connection_that_ends_is_counted_for_no_more(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana:
        await ana.command("watch_counts")
        assert node.node.gateway.counts._lines != {}

    await until(truth(lambda: node.node.gateway.counts._lines == {}))


async def test_who_steers_may_not_watch_them(node: RunningNode) -> None:
    async with node.signed_in("supervisor", "sue") as sue:
        assert (await sue.command("watch_counts"))["error"]["code"] == "FORBIDDEN"


async def test_the_more_watch_the_longer_it_rests(store: StoreClient) -> None:
    all_counts = counts.Counts(store, Hub(store))
    for _ in range(3000):
        all_counts.join(counts.CountWatch(all_counts, "acme", asyncio.Event()), "acme", {"pool": 1})
    assert all_counts.pause_s == 3000 / counts.FRAMES_PER_S
