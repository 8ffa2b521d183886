"""A node's end: drained with notice, or killed without."""

import asyncio
import gc
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from casebaton.errors import Unavailable
from casebaton.node.node import Node, Server
from casebaton.node.serve import COLLECT_AFTER, complete, serve
from casebaton.settings import Settings
from casebaton.store import embedded, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServerError
from casebaton.tasks import LoopEnded
from casebaton.wire.session import SERVICE_RESTART, TOO_MANY_CONNECTIONS
from casebaton.workspace import document
from tests.node.conftest import DOCUMENT
from tests.node.world import WITHIN_S, RunningNode, Socket, counting_stalls, run_node, settings, until

# -- drained ---------------------------------------------------------------------------------------------------------


async def test_a_stopping_node_tells_its_clients_and_another_one_carries_on(store: StoreClient) -> None:
    async with run_node(store.url) as south, south.signed_in("producer", "crm") as crm:
        async with run_node(store.url) as north, north.online("ana") as ana:
            await crm.command("submit_case", queue="support", subject="a", case="c-1")
            offer = await ana.event("case_offered", case="c-1")
            north.server.should_exit = True
            assert 0 <= (await ana.event("draining"))["reconnect_after_ms"] <= 500
            assert await ana.closed() == (SERVICE_RESTART, "the node is stopping")
        async with south.signed_in("agent", "ana") as ana:
            snapshot = ana.welcome["snapshot"]
            assert [case["baton"] for case in snapshot["offers"]] == [offer["baton"]], "it still rings"
            assert snapshot["agent"]["status"] == "online"
            accepted = await ana.command("accept_case", case="c-1", baton=offer["baton"])
            assert accepted["ok"]["owner"] == "agent:ana"


async def test_a_draining_node_takes_no_new_connection_and_says_it_is_not_ready(node: RunningNode) -> None:
    async with node.socket() as silent:
        await node.node.drain()
        assert (await silent.closed())[0] == SERVICE_RESTART
    with pytest.raises(InvalidStatus) as caught:
        async with node.socket():
            pass
    assert caught.value.response.status_code == 503
    async with httpx2.AsyncClient(timeout=WITHIN_S) as client:
        assert (await client.get(f"{node.base_url}/readyz")).status_code == 503
        assert (await client.get(f"{node.base_url}/livez")).status_code == 200


async def test_what_was_sent_before_the_end_is_still_answered(node: RunningNode, store: StoreClient) -> None:
    async with node.signed_in("producer", "crm") as crm:
        for i in range(50):
            await crm.send({"type": "submit_case", "id": f"k-{i}", "queue": "pool", "subject": "a", "case": f"c-{i}"})
        await crm.reply("k-49")
        draining = asyncio.create_task(node.node.drain())
        await crm.closed()
        await draining
        answered = [frame for frame in crm.seen if frame["type"] == "reply"]
        assert len(answered) == 49
        page = await store.run("read_line", "acme", ("supervisor", "sue"), queue="pool", after="", limit=200)
        assert json.loads(page.body)["waiting"] == 50


# -- broken ----------------------------------------------------------------------------------------------------------


def broken(*_: Any) -> Any:
    raise ZeroDivisionError("a bug")


@pytest.mark.parametrize("part", ["_look_around", "_is_responsible"])
async def test_when_a_loop_ends_the_node_sends_its_clients_elsewhere_and_ends(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """One of the timers' own, or one of a single workspace."""
    async with run_node(store.url) as node, node.online("ana") as ana:
        monkeypatch.setattr(node.node.timers, part, broken)
        assert (await ana.closed())[0] == SERVICE_RESTART
        await until_ended(node)
        assert node.node.failed_loop == "Timers"


async def until_ended(node: RunningNode) -> None:
    async def has_ended() -> bool:
        return not node.server.servers[0].is_serving()

    await until(has_ended)


@pytest.mark.parametrize(("host", "at"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "[::1]")])
def test_the_nodes_own_page_may_connect(host: str, at: str) -> None:
    completed = complete(Settings(host=host, port=8000, auth_secret="s" * 32))
    assert completed.origins == [f"http://{at}:8000", "http://localhost:8000"]


async def test_a_store_that_does_not_take_the_library_is_an_error_and_no_traceback(
    store: StoreClient, caplog: pytest.LogCaptureFixture
) -> None:
    await store.redis.acl_setuser("reader", enabled=True, nopass=True, keys=["*"], commands=["+info"])
    with pytest.raises(Unavailable, match="does not take the function library"):
        await Server(Node(settings(), store.url.replace("unix://", "unix://reader:@"))).serve()
    assert not caplog.records


async def test_serving_ends_with_the_loop_that_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_it(node: Node, _: str) -> None:
        monkeypatch.setattr(node.timers, "_look_around", broken)
        await asyncio.Event().wait()

    with pytest.raises(LoopEnded, match="Timers"):
        async with asyncio.timeout(WITHIN_S):
            await serve(settings(data_dir=str(tmp_path)), break_it)


@pytest.fixture
def _own_pace() -> Iterator[None]:
    """This process's own pace of collection, afterwards."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("_own_pace")
async def test_what_a_node_starts_with_is_no_garbage_and_full_collections_are_rare(tmp_path: Path) -> None:
    seen: list[tuple[tuple[int, int, int], int]] = []

    async def look(_: Node, _url: str) -> None:
        seen.append((gc.get_threshold(), gc.get_freeze_count()))

    async with asyncio.timeout(WITHIN_S):
        await serve(settings(data_dir=str(tmp_path)), look)
    ((threshold, frozen),) = seen
    assert threshold == COLLECT_AFTER
    assert frozen > 10_000


async def test_serving_ends_with_an_embedded_server_that_keeps_dying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LONGEST_PAUSE", 0.01)

    async def break_it(_: Node, _url: str) -> None:
        (journal,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
        journal.write_bytes(b"this is no journal\r\n" * 100)
        os.kill(int((tmp_path / "server.lock").read_text()), signal.SIGKILL)
        await asyncio.Event().wait()

    with pytest.raises(EmbeddedServerError, match="died 11 times within a minute"):
        async with asyncio.timeout(3 * WITHIN_S):
            await serve(settings(data_dir=str(tmp_path)), break_it)


# -- killed ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def victim(redis_url: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A node in another process, and its port."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.node.victim", redis_url, stdout=asyncio.subprocess.PIPE, cwd=root
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(WITHIN_S):
            port = int(await process.stdout.readline())
        yield process, port
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_nodes_offers_are_back_in_line_soon_and_others_get_them(store: StoreClient) -> None:
    """Within the lease (here two seconds) and five more: one is grace, and a timer may be a second late."""
    await workspaces.apply(store, "acme", document.parse(DOCUMENT + "[workspace]\ngrace_s = 1\n"))
    async with (
        run_node(store.url) as node,
        node.signed_in("producer", "crm") as crm,
        victim(store.url) as (process, port),
        connect(f"ws://127.0.0.1:{port}/v1/acme/ws", proxy=None) as raw,
    ):
        ana = Socket(raw)
        await ana.hello(node.token("agent", "ana"))
        await ana.command("set_status", status="online")
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        offer = await ana.event("case_offered", case="c-1")
        await ana.command("accept_case", case="c-1", baton=offer["baton"])
        await crm.command("submit_case", queue="support", subject="b", case="c-2")
        await ana.event("case_offered", case="c-2")
        async with node.online("bo") as bo, counting_stalls() as stalled_s:
            process.kill()
            killed_at = time.monotonic()
            assert (await bo.event("case_offered", case="c-2"))["agent"] == "bo"
            assert time.monotonic() - killed_at < 2 + 5 + stalled_s()
        async with node.signed_in("agent", "ana") as back:
            assert [case["case"] for case in back.welcome["snapshot"]["desk"]] == ["c-1"], "what she owned she owns"


async def test_a_killed_nodes_tabs_are_welcome_elsewhere_once_its_lease_has_ended(store: StoreClient) -> None:
    """Until then they count, and the newcomers are told to come back, not to stay away."""
    async with (
        run_node(store.url, connections_per_agent=1) as node,
        victim(store.url) as (process, port),
        connect(f"ws://127.0.0.1:{port}/v1/acme/ws", proxy=None) as raw,
    ):
        await Socket(raw).hello(node.token("agent", "ana"))
        process.kill()
        answers = []

        async def is_welcome() -> bool:
            async with node.socket() as ana:
                answers.append(await ana.hello(node.token("agent", "ana")))
                return answers[-1]["type"] == "welcome" or (await ana.closed())[0] != TOO_MANY_CONNECTIONS

        await until(is_welcome)
        assert answers[0]["error"]["code"] == "TOO_MANY_CONNECTIONS"
        assert answers[-1]["type"] == "welcome"
