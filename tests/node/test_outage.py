"""The store goes away and comes back: nothing shows but a delay, or an error that says what is not known."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from tests.node.conftest import DOCUMENT
from tests.node.world import run_node, until
from tests.proxy import Proxy


@asynccontextmanager
async def durable_server(data_dir: Path) -> AsyncIterator[EmbeddedServer]:
    """A server of the test's own that keeps its data and comes back when it is killed."""
    async with EmbeddedServer(data_dir, fsync="always") as server:
        store = StoreClient(server.url)
        await store.load()
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        await store.close()
        watching = asyncio.create_task(server.watch())
        try:
            yield server
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def test_sessions_survive_the_stores_death_and_nothing_is_missed(tmp_path: Path) -> None:
    async with (
        durable_server(tmp_path) as server,
        run_node(server.url) as node,
        node.online("ana") as ana,
        node.signed_in("producer", "crm") as crm,
        node.signed_in("supervisor", "sue") as sue,
    ):
        await sue.command("watch_queue", queue="pool")
        for i in range(30):
            await crm.send({"type": "submit_case", "id": f"k-{i}", "queue": "pool", "subject": "a", "case": f"c-{i}"})
            if i == 10:
                os.kill(server.pid, signal.SIGKILL)
        replies = {f"k-{i}": await crm.reply(f"k-{i}") for i in range(30)}
        assert all("ok" in reply for reply in replies.values())
        for i in range(30):
            await sue.event("case_queued", case=f"c-{i}")
        assert [event["seq"] for event in sue.events] == list(range(1, 31))
        assert len({event["case"] for event in sue.events}) == 30
        await crm.command("submit_case", queue="support", subject="a", case="c-last")
        offer = await ana.event("case_offered", case="c-last")
        assert "ok" in await ana.command("accept_case", case="c-last", baton=offer["baton"])


async def test_after_a_cut_link_the_tail_goes_on_where_it_was(store: StoreClient) -> None:
    async with (
        Proxy(store.url) as link,
        run_node(link.url) as node,
        run_node(store.url) as other,
        node.signed_in("supervisor", "sue") as sue,
        other.signed_in("producer", "crm") as crm,
    ):
        await sue.command("watch_queue", queue="pool")
        for i in range(20):
            await crm.command("submit_case", queue="pool", subject="a", case=f"c-{i}")
            if i % 5 == 0:
                link.cut()
        await sue.event("case_queued", case="c-19")
        assert [event["case"] for event in sue.events] == [f"c-{i}" for i in range(20)]
        assert [event["seq"] for event in sue.events] == list(range(1, 21))


async def test_a_command_whose_answer_is_lost_has_one_effect(store: StoreClient) -> None:
    async with Proxy(store.url) as link, run_node(link.url) as node, node.signed_in("producer", "crm") as crm:
        link.lose_reply()
        answer = await crm.command("submit_case", queue="pool", subject="a", case="c-1")
        await link.until_lost()
        assert (answer["ok"]["case"], answer["ok"]["revision"]) == ("c-1", 1)


async def test_without_an_answer_in_time_the_outcome_is_said_to_be_unknown(store: StoreClient) -> None:
    async with Proxy(store.url) as link, run_node(link.url) as node, node.signed_in("producer", "crm") as crm:
        node.node.store._retry_for_s = 0.2
        async with link.down():
            lost = await crm.command("submit_case", queue="pool", subject="a", case="c-1", id="k-1")
            assert (lost["error"]["code"], lost["error"]["retryable"]) == ("OUTCOME_UNKNOWN", True)
        again = await crm.command("submit_case", queue="pool", subject="a", case="c-1", id="k-1")
        assert again["ok"]["revision"] == 1


async def test_whoever_leaves_during_an_outage_is_known_to_be_away_afterwards(store: StoreClient) -> None:
    async with Proxy(store.url) as link, run_node(link.url) as node, node.online("ana") as ana:
        node.node.store._retry_for_s = 0.1

        async def has_left() -> bool:
            return not node.node.gateway.connections

        async def is_away() -> bool:
            answer = await store.run("read_agent", "acme", ("supervisor", "sue"), agent="ana")
            return bool(json.loads(answer.body)["agent"]["presence"] != "connected")

        async with link.down():
            await ana.raw.close()
            await until(has_left)
            assert not await is_away()
        await until(is_away)
