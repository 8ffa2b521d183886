"""The log's tail: everything once, in order, and an honest end when the log was cut behind it."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest

from casebaton.node.hub import Hub, _Reader
from casebaton.store import log, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.keys import key, log_key
from casebaton.store.tails import BlockingTail
from casebaton.tasks import end
from casebaton.wire.session import POSITION_LOST, Order, order_of
from casebaton.workspace import document
from tests.node.conftest import DOCUMENT
from tests.node.world import RunningNode, run_node, until, until_left
from tests.proxy import Proxy


async def cut(store: StoreClient, workspace: str = "acme") -> None:
    """Add two entries to the log and take the first of them away before anybody can have read it."""
    stream = log_key(workspace)
    seq = int(await store.redis.hget(key(workspace, "meta"), "seq"))
    pipeline = store.redis.pipeline(transaction=True)
    for number in (seq + 1, seq + 2):
        body = json.dumps({"type": "config_applied", "log_seq": number})
        pipeline.xadd(stream, {"to": f"{number} all", "body": body})
    pipeline.hset(key(workspace, "meta"), "seq", seq + 2)
    pipeline.xtrim(stream, maxlen=1, approximate=False)
    await pipeline.execute()


async def test_a_gap_in_the_log_sends_everybody_back_for_a_new_snapshot(node: RunningNode, store: StoreClient) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("supervisor", "sue") as sue:
        await cut(store)
        assert (await ana.closed())[0] == POSITION_LOST
        assert (await sue.closed())[0] == POSITION_LOST
        assert "config_applied" not in [event["type"] for event in ana.events], "what is behind a gap is not shown"
    async with node.online("ana") as ana, node.signed_in("producer", "crm") as crm:
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        assert (await ana.event("case_offered"))["case"] == "c-1"


async def test_a_gap_in_one_workspace_harms_no_other(node: RunningNode, store: StoreClient) -> None:
    await workspaces.apply(store, "other", document.parse(DOCUMENT))
    async with node.signed_in("agent", "ana", workspace="other") as theirs, node.signed_in("agent", "ana") as ana:
        await cut(store, "other")
        assert (await theirs.closed())[0] == POSITION_LOST
        await ana.command("set_status", status="busy")
        assert (await ana.event("agent_status_changed"))["status"] == "busy"


async def test_events_stay_in_their_workspace(node: RunningNode, store: StoreClient) -> None:
    await workspaces.apply(store, "other", document.parse(DOCUMENT))
    async with (
        node.signed_in("supervisor", "sue", workspace="other") as theirs,
        node.signed_in("supervisor", "sue") as ours,
        node.signed_in("producer", "crm") as crm,
        node.signed_in("producer", "crm", workspace="other") as other_crm,
    ):
        await theirs.command("watch_queue", queue="pool")
        await ours.command("watch_queue", queue="pool")
        await crm.command("submit_case", queue="pool", subject="a", case="c-ours")
        await other_crm.command("submit_case", queue="pool", subject="a", case="c-theirs")
        await theirs.event("case_queued", case="c-theirs")
        await ours.event("case_queued", case="c-ours")
        assert [event["case"] for event in theirs.events] == ["c-theirs"]
        assert [event["case"] for event in ours.events] == ["c-ours"]


async def test_a_workspace_nobody_is_connected_to_is_not_tailed(node: RunningNode) -> None:
    async with node.signed_in("supervisor", "sue"):
        assert node.node.hub.workspaces == ["acme"]
    await until_left(node, 0)
    assert not node.node.hub.workspaces
    async with node.online("ana") as ana:
        assert (await ana.event("agent_status_changed"))["status"] == "online"


# -- who comes and goes while the hub waits ---------------------------------------------------------------------------


class Ear:
    """A connection without a socket: the numbers of the entries that it was given."""

    workspace = "acme"

    def __init__(self) -> None:
        self.heard: list[int] = []

    def deliver(self, entry: log.Entry, _order: Order) -> None:
        self.heard.append(entry.seq)

    def end(self, code: int, reason: str) -> None:
        raise AssertionError(f"ended: {code} {reason}")


async def test_whoever_joins_while_others_come_and_go_is_neither_lost_nor_deaf(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(store)
    is_waiting, go_on = asyncio.Event(), asyncio.Event()

    async def interrupt(_: Any) -> None:
        if not is_waiting.is_set():
            is_waiting.set()
            await go_on.wait()

    monkeypatch.setattr(BlockingTail, "interrupt", interrupt)
    ana, bo, cy, dee = Ear(), Ear(), Ear(), Ear()
    joining = asyncio.create_task(hub.add(ana))
    await is_waiting.wait()
    await hub.add(bo)
    hub.remove(bo)
    await hub.add(cy)
    go_on.set()
    await joining
    hub.remove(cy)
    await hub.add(dee)
    assert set(hub.listeners) == {ana, dee}
    hub.remove(dee)
    tailing = asyncio.create_task(hub.run())
    before = (await log.last_position(store.redis, "acme"))[1]
    await workspaces.apply(store, "acme", document.parse(DOCUMENT + "[queues.new]\n"))

    async def has_heard() -> bool:
        return bool(ana.heard)

    await until(has_heard)
    assert ana.heard[0] == before + 1
    await end(tailing)
    await hub.close()


async def test_whoever_leaves_while_the_positions_are_checked_harms_nobody(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await workspaces.apply(store, "other", document.parse(DOCUMENT))
    is_checking, go_on = asyncio.Event(), asyncio.Event()
    holds = log.holds

    async def slowly(*args: Any) -> bool:
        is_checking.set()
        await go_on.wait()
        return await holds(*args)

    monkeypatch.setattr(log, "holds", slowly)
    async with Proxy(store.url) as link, run_node(link.url) as node:
        async with node.signed_in("supervisor", "sue"), node.signed_in("supervisor", "sue", workspace="other"):
            link.cut()
            await is_checking.wait()
        await until_left(node, 0)
        go_on.set()
        async with node.online("ana") as ana:
            await ana.event("agent_status_changed")
        assert not any(loop.done() for loop in node.node._loops)


# -- two nodes -------------------------------------------------------------------------------------------------------


async def test_a_case_taken_in_at_one_node_rings_at_another(store: StoreClient) -> None:
    async with (
        run_node(store.url) as north,
        run_node(store.url) as south,
        north.online("ana") as ana,
        south.signed_in("producer", "crm") as crm,
    ):
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        offer = await ana.event("case_offered", case="c-1")
        assert "ok" in await ana.command("accept_case", case="c-1", baton=offer["baton"])


async def test_tabs_on_two_nodes_are_one_agent(store: StoreClient) -> None:
    async with (
        run_node(store.url) as north,
        run_node(store.url) as south,
        north.online("ana") as one,
        south.signed_in("agent", "ana") as two,
        north.signed_in("producer", "crm") as crm,
    ):
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        offer = await one.event("case_offered", case="c-1")
        assert (await two.event("case_offered", case="c-1"))["baton"] == offer["baton"]
        await two.command("accept_case", case="c-1", baton=offer["baton"])
        assert (await one.event("case_accepted", case="c-1"))["agent"] == "ana"


async def test_of_two_who_take_one_case_at_two_nodes_one_wins_and_the_other_is_told(store: StoreClient) -> None:
    async with (
        run_node(store.url) as north,
        run_node(store.url) as south,
        north.online("ana") as ana,
        south.online("bo") as bo,
        south.signed_in("producer", "crm") as crm,
    ):
        winners = set()
        for i in range(20):
            case = f"c-{i}"
            baton = (await crm.command("submit_case", queue="pool", subject="a", case=case))["ok"]["baton"]
            sockets = (ana, bo) if i % 2 else (bo, ana)
            replies = await asyncio.gather(*(one.command("take_case", case=case, baton=baton) for one in sockets))
            [won] = [reply["ok"] for reply in replies if "ok" in reply]
            [lost] = [reply["error"] for reply in replies if "error" in reply]
            assert lost["code"] == "TAKEN"
            assert lost["current"]["owner"] == won["owner"]
            winners.add(won["owner"])
            owner = ana if won["owner"] == "agent:ana" else bo
            assert "ok" in await owner.command("complete_case", case=case, baton=won["baton"])
        assert winners == {"agent:ana", "agent:bo"}


class _Ear:
    """A listener that takes everything."""

    workspace = "acme"

    def deliver(self, entry: log.Entry, order: Order) -> None: ...

    def end(self, code: int, reason: str) -> None: ...


async def test_it_tells_once_how_late_it_was_at_most(store: StoreClient) -> None:
    hub = Hub(store)
    await hub.add(_Ear())
    position, seq = await log.last_position(store.redis, "acme")
    assert hub.take_lag() == 0
    for number, late_ms in ((1, 5_000), (2, 1_000)):
        at_ms = order_of(position)[0] + number
        entry = log.Entry(f"{at_ms}-0", seq + number, ("all",), b"{}")
        await hand_on_at(hub, entry, at_ms + late_ms)
    assert (hub.take_lag(), hub.take_lag()) == (5_000, 0)


async def hand_on_at(hub: Hub, entry: log.Entry, at_ms: int) -> None:
    """Let an entry be handed on when the node's clock shows this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casebaton.node.hub.time", SimpleNamespace(time=lambda: at_ms / 1000))
        await hub.hand_on("acme", [entry])


async def test_a_reader_that_swallows_a_cancellation_holds_no_end_up(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, was_cancelled = asyncio.Event(), asyncio.Event()

    async def run(_: _Reader) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:  # as redis-py may, where a reply comes in the same moment
            was_cancelled.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(_Reader, "_run", run)
    hub = Hub(store)
    await hub.add(Ear())
    running = asyncio.create_task(hub.run())
    await began.wait()
    async with asyncio.timeout(30):
        await end(running)
    assert was_cancelled.is_set()
    await hub.close()
