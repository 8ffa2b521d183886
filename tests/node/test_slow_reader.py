"""A client that does not read: it loses its connection, and nobody else loses anything."""

import asyncio
import itertools
import json
import socket

import pytest

from casebaton.node import protocols
from casebaton.store.client import StoreClient
from casebaton.wire.session import TOO_SLOW
from tests.node.world import WITHIN_S, RunningNode, run_node, until, until_left


def deaf_socket(port: int) -> socket.socket:
    """A connection whose kernel buffer is small, so that not reading is felt soon."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", port))
    raw.setblocking(False)
    return raw


async def until_cut_off(node: RunningNode) -> None:
    """Wait until the server has no socket left."""

    async def is_cut_off() -> bool:
        return not node.server.server_state.connections

    await until(is_cut_off)


_numbers = itertools.count()


async def flood(store: StoreClient, count: int) -> None:
    """Submit so many new cases of 1.5 KB each to the pool queue."""
    text = json.dumps({"subject": "x" * 900})
    for _ in range(0, count, 250):
        batch = [
            store.run(
                "submit_case", "acme", ("producer", "crm"), case=f"c-{next(_numbers)}", queue="pool", channel="case",
                priority=5, digest="d", card=text,
            )
            for _ in range(250)
        ]  # fmt: skip
        await asyncio.gather(*batch)


async def test_a_reader_that_is_too_slow_is_closed_and_harms_nobody(store: StoreClient) -> None:
    limit = 1 << 16
    async with run_node(store.url, outbox_bytes=limit) as node:
        raw = deaf_socket(node.server.port)
        async with (
            node.signed_in("supervisor", "deaf", sock=raw, max_queue=1) as deaf,
            node.signed_in("supervisor", "sue") as sue,
        ):
            await deaf.command("watch_queue", queue="pool")
            [slow] = [one for one in node.node.gateway.connections if one._identity and one._identity.subject == "deaf"]
            await sue.command("watch_queue", queue="pool")
            flooding = asyncio.create_task(flood(store, 6000))
            greatest = 0
            while not (flooding.done() and len(sue.events) == 6000):
                await sue.receive()
                greatest = max(greatest, slow._outbox.bytes_left)
            assert [event["seq"] for event in sue.events] == list(range(1, 6001))
            assert greatest <= limit
            assert slow._outbox.bytes_left == 0
            assert (await deaf.closed())[0] == TOO_SLOW
            assert [event["seq"] for event in deaf.events] == list(range(1, len(deaf.events) + 1))
            assert len(deaf.events) < 6000


async def test_a_reader_that_never_reads_again_is_forgotten_and_cut_off(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "CUT_OFF_S", 0.1)
    async with run_node(store.url, outbox_bytes=1 << 16, hello_timeout_s=1.0) as node:
        raw = deaf_socket(node.server.port)
        async with node.signed_in("supervisor", "deaf", sock=raw, max_queue=1, close_timeout=0.1) as deaf:
            await deaf.command("watch_queue", queue="pool")
            [slow] = node.node.gateway.connections
            async with asyncio.timeout(WITHIN_S):
                while slow._closing is None:
                    await flood(store, 250)
            assert slow._closing.code == TOO_SLOW
            await until_left(node, 0)
            assert not node.node.hub.listeners
            await until_cut_off(node)


async def test_whoever_asks_for_more_than_the_outbox_holds_gets_it_as_fast_as_it_reads(store: StoreClient) -> None:
    """Twenty pages of 250 KB each at once, and events in between: the client is busy, not slow."""
    await flood(store, 250)
    async with run_node(store.url, outbox_bytes=1 << 19) as node, node.signed_in("supervisor", "sue") as sue:
        for i in range(20):
            await sue.send({"type": "watch_queue", "id": f"w-{i}", "queue": "pool", "limit": 200})
        flooding = asyncio.create_task(flood(store, 250))
        pages = [await sue.reply(f"w-{i}") for i in range(20)]
        assert [len(page["ok"]["cases"]) for page in pages] == [200] * 20
        await flooding
        await store.run(
            "cancel_case", "acme", ("producer", "crm"), case=pages[0]["ok"]["cases"][0]["case"], baton="any"
        )
        await sue.event("case_cancelled")
        assert [event["seq"] for event in sue.events] == list(range(1, len(sue.events) + 1))


async def test_pages_that_nobody_reads_are_not_piled_up(store: StoreClient) -> None:
    limit = 1 << 16
    await flood(store, 250)
    async with run_node(store.url, outbox_bytes=limit) as node:
        raw = deaf_socket(node.server.port)
        async with (
            node.signed_in("supervisor", "deaf", sock=raw, max_queue=1, close_timeout=0.1) as deaf,
            node.signed_in("supervisor", "sue") as sue,
        ):
            page = len(json.dumps(await sue.command("watch_queue", queue="pool", limit=200)))
            [slow] = [one for one in node.node.gateway.connections if one._identity and one._identity.subject == "deaf"]
            for i in range(40):
                await deaf.send({"type": "watch_queue", "id": f"w-{i}", "queue": "pool", "limit": 200})

            async def is_full() -> bool:
                return len(slow._running) == 40 or slow._outbox.bytes_left >= limit

            await until(is_full)
            for _ in range(20):
                await sue.command("watch_queue", queue="pool", limit=200)
                assert slow._outbox.bytes_left < limit + page
            assert slow._closing is None
            assert slow._running, "they wait"
