"""Watching a workspace: who sees what of it, how often, and what that asks of the store."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from casebaton.auth import Scope
from casebaton.client import AgentOverview, Client, QueueOverview
from casebaton.node import beginning, overviews
from casebaton.node.health import Health
from casebaton.node.hub import EVERYTHING
from casebaton.node.overviews import LiveOverview, Told
from casebaton.store import log, overview_pages, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.keys import key, log_key
from casebaton.store.overview import Overview
from casebaton.tasks import end
from casebaton.wire.session import POSITION_LOST, order_of
from casebaton.workspace import document
from tests.node.conftest import DOCUMENT
from tests.node.test_hub import cut
from tests.node.test_slow_reader import deaf_socket
from tests.node.world import WITHIN_S, RunningNode, Socket, until

ANN = ("admin", "ann")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "PUBLISH_EVERY_S", 0.01)
    monkeypatch.setattr(overviews, "BOARD_EVERY_S", 0.01)


class Screen:
    """What one supervisor knows of the workspace."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.agents: dict[str, Any] = {}
        self.queues: dict[str, Any] = {}
        self.frames: list[Any] = []

    async def watch(self) -> Any:
        """Ask, and read up to the end of the beginning; the answer."""
        reply = await self.socket.command("watch_workspace")
        await self.next()
        return reply["ok"]

    async def next(self) -> None:
        """Take in frames up to one after which nothing belongs to it any more."""
        is_over = False
        while not is_over:
            changes = (await self.socket.event("workspace_changed"))["changes"]
            is_over = not changes.get("more")
            self.frames.append(changes)
            if changes.get("begins"):
                self.agents, self.queues = {}, {}
            self.agents |= {agent["agent"]: agent for agent in changes.get("agents", [])}
            self.queues |= {queue["queue"]: queue for queue in changes.get("queues", [])}
            for name in changes.get("agents_gone", []):
                self.agents.pop(name, None)
            for name in changes.get("queues_gone", []):
                del self.queues[name]

    async def shows(self, agent: str, **fields: Any) -> None:
        """Wait until it shows this of an agent."""
        while not fields.items() <= self.agents.get(agent, {}).items():
            await self.next()

    async def shows_queue(self, queue: str, **fields: Any) -> None:
        """Wait until it shows this of a queue."""
        while not fields.items() <= self.queues.get(queue, {}).items():
            await self.next()


@asynccontextmanager
async def screen(node: RunningNode, subject: str = "sue", scope: Scope | None = None) -> AsyncIterator[Screen]:
    """A supervisor who watches."""
    async with node.socket() as socket:
        await socket.hello(node.token("supervisor", subject, scope=scope))
        found = Screen(socket)
        await found.watch()
        yield found


async def fresh(store: StoreClient) -> tuple[Any, Any]:
    """All agents and queues as they are, as JSON shows them."""
    overview = Overview()
    await overview_pages.read_all(store, "acme", overview)
    found = json.loads(msgspec.json.encode([overview.agents, overview.queues]))
    return found[0], found[1]


async def test_a_supervisor_sees_all_that_there_is_and_then_what_changes(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm, node.online("ana") as ana, node.socket() as socket:
        await socket.hello(node.token("supervisor", "sue"))
        sue = Screen(socket)
        assert await sue.watch() == {"agents": 3, "queues": 2}
        assert list(sue.agents) == ["ana", "bo", "zoe"]
        assert (sue.agents["ana"]["label"], sue.agents["ana"]["presence"]) == ("online", "connected")
        assert sue.queues["pool"] == {"queue": "pool", "mode": "pull", "service_level_ms": 20_000}
        submitted = await crm.command("submit_case", queue="pool", subject="Printer", case="c-1")
        await sue.shows_queue("pool", waiting=1)
        assert sue.queues["pool"]["oldest_at_ms"] > 0
        await ana.command("take_case", case="c-1", baton=submitted["ok"]["baton"])
        await sue.shows("ana", active=1, held_interruptible=1)
        await sue.shows_queue("pool", active=1)
        assert (sue.agents, sue.queues) == await fresh(node.node.store)
        assert [event["seq"] for event in socket.events] == list(range(1, len(socket.events) + 1))


async def test_a_frame_has_only_what_changed_and_each_once(node: RunningNode) -> None:
    async with node.online("ana") as ana, screen(node) as sue:
        for status in ("busy", "offline", "online") * 5 + ("busy",):
            await ana.command("set_status", status=status)
        await sue.shows("ana", label="busy")
        for frame in (frame for frame in sue.frames[1:] if "health" not in frame):
            assert [agent["agent"] for agent in frame["agents"]] == ["ana"]
            assert "queues" not in frame


async def test_all_who_watch_share_one_overview_and_those_of_one_scope_its_frames(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[Scope | None, Told]] = []
    make = LiveOverview._make

    def count(live: LiveOverview, scope: Scope | None, since: Told) -> Any:
        made.append((scope, since))
        return make(live, scope, since)

    monkeypatch.setattr(LiveOverview, "_make", count)
    pool = Scope(("pool",))
    async with (
        node.online("ana") as ana, screen(node, "s1") as s1, screen(node, "s2") as s2,
        screen(node, "s3", pool) as s3, screen(node, "s4", pool) as s4,
    ):  # fmt: skip
        assert len({watch for live, _ in node.node.gateway.overviews._live.values() for watch in live.watches}) == 4
        await ana.command("set_status", status="busy")
        for each in (s1, s2, s3, s4):
            await each.shows("ana", label="busy")
        assert len(made) == len(set(made)), "nothing was made twice"
        assert {scope for scope, _ in made} == {None, pool}


async def test_a_change_asks_nothing_of_the_store(node: RunningNode, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = StoreClient.run

    async def note(store: StoreClient, name: str, *args: Any, **options: Any) -> Any:
        asked.append(name)
        return await run(store, name, *args, **options)

    monkeypatch.setattr(StoreClient, "run", note)
    async with node.online("ana") as ana, screen(node) as sue:
        assert asked.count("read_hands") == 1
        async with screen(node, "sam") as sam:
            for status in ("busy", "online", "busy"):
                await ana.command("set_status", status=status)
                await sue.shows("ana", label=status)
                await sam.shows("ana", label=status)
        reads = [name for name in asked if name.startswith("read_")]
        assert (reads.count("read_hands"), reads.count("read_waits"), reads.count("read_queues")) == (1, 2, 1)
        assert len(reads) == 4


async def test_the_python_client_shows_the_same(node: RunningNode) -> None:
    async with (
        node.online("ana") as ana,
        Client(node.base_url, "acme", token=node.token("supervisor", "sue")) as client,
    ):
        overview = await client.watch_workspace()
        await ana.command("set_status", status="busy")
        while overview.agents["ana"].label != "busy":
            await overview.changed()
        agents, queues = await fresh(node.node.store)
        assert {name: msgspec.convert(agent, AgentOverview) for name, agent in agents.items()} == overview.agents
        assert {name: msgspec.convert(queue, QueueOverview) for name, queue in queues.items()} == overview.queues


# -- scope -----------------------------------------------------------------------------------------------------------


async def test_with_a_scope_there_are_its_queues_their_members_and_its_teams(node: RunningNode) -> None:
    store = node.node.store
    await store.run("set_agent", "acme", ANN, agent="bo", team="north", queues="support")
    async with screen(node, "sam", Scope(("pool",))) as sam, screen(node, "tom", Scope((), ("north",))) as tom:
        assert (list(sam.agents), list(sam.queues)) == (["ana"], ["pool"])
        assert (list(tom.agents), list(tom.queues)) == (["bo"], [])
        async with screen(node, "nobody", Scope()) as nobody:
            assert (nobody.agents, nobody.queues) == ({}, {})


async def test_whoever_comes_into_a_scope_is_seen_and_whoever_leaves_it_is_gone(node: RunningNode) -> None:
    store = node.node.store
    async with screen(node, "sam", Scope(("pool",), ("north",))) as sam, screen(node) as sue:
        await store.run("set_agent", "acme", ANN, agent="zoe", team="north")
        await sam.shows("zoe", team="north")
        await store.run("set_agent", "acme", ANN, agent="ana", queues="support")
        while "ana" in sam.agents:
            await sam.next()
        await sue.shows("ana", queues=["support"])
        await store.run("remove_agent", "acme", ANN, agent="bo")
        while "bo" in sam.agents:
            await sam.next()
        while "bo" in sue.agents:
            await sue.next()
        assert [frame["agents_gone"] for frame in sue.frames if "agents_gone" in frame] == [["bo"]]


async def test_nobody_outside_a_scope_is_ever_named(node: RunningNode) -> None:
    store = node.node.store
    async with screen(node, "tom", Scope((), ("north",))) as tom, screen(node) as sue:
        await store.run("set_agent", "acme", ANN, agent="ana", queues="support", team="south")
        await store.run("set_agent", "acme", ANN, agent="bo", queues="-")
        await store.run("remove_agent", "acme", ANN, agent="zoe")
        await store.run("pause_queue", "acme", ANN, queue="pool")
        await sue.shows_queue("pool", paused=True)
        await store.run("set_agent", "acme", ANN, agent="bo", team="north")
        await tom.shows("bo", team="north")
        told = json.dumps([event for event in tom.socket.events if event["type"] == "workspace_changed"])
        assert not [name for name in ('"ana"', '"zoe"', '"pool"') if name in told]


# -- how it goes on --------------------------------------------------------------------------------------------------


async def test_a_large_workspace_comes_in_parts(node: RunningNode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning, "PART", 2)
    store = node.node.store
    async with screen(node) as sue:
        assert [len(frame.get("agents", [])) for frame in sue.frames] == [0, 2, 1]
        assert [frame.get("begins", False) for frame in sue.frames] == [True, False, False]
        assert (sue.agents, sue.queues) == await fresh(store)
        names = [f"agent-{number}" for number in range(9)]
        calls = (store.run("set_agent", "acme", ANN, agent=name, create=1, queues="support") for name in names)
        await asyncio.gather(*calls)
        while not set(names) <= sue.agents.keys():
            await sue.next()
        assert max(len(frame.get("agents", [])) for frame in sue.frames) == 2
        assert (sue.agents, sue.queues) == await fresh(store)


async def test_another_configuration_shows_its_queues(node: RunningNode) -> None:
    store = node.node.store
    async with screen(node) as sue:
        await workspaces.apply(store, "acme", document.parse(f"{DOCUMENT}[queues.extra]\nmode = 'both'\n"))
        await sue.shows_queue("extra", mode="both")
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        while "extra" in sue.queues:
            await sue.next()
        assert sue.agents.keys() == {"ana", "bo", "zoe"}


async def test_whoever_watches_no_more_is_told_nothing_more(node: RunningNode) -> None:
    async with node.online("ana") as ana, screen(node) as sue, screen(node, "sam") as sam:
        assert (await sue.socket.command("unwatch_workspace"))["ok"] == {}
        assert (await sue.socket.command("unwatch_workspace"))["ok"] == {}
        before = len(sue.socket.events)
        await ana.command("set_status", status="busy")
        await sam.shows("ana", label="busy")
        await sue.socket.command("unwatch", queue="pool")
        assert len(sue.socket.events) == before
        await sue.watch()
        assert sue.frames[-1]["begins"]
        assert sue.agents["ana"]["label"] == "busy"


async def test_an_overview_that_nobody_watches_is_let_go(node: RunningNode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "LINGER_S", 0.05)

    async def is_let_go() -> bool:
        return not node.node.gateway.overviews._live

    async with screen(node):
        assert node.node.gateway.overviews._live.keys() == {"acme"}
    async with screen(node) as again:
        assert again.agents.keys() == {"ana", "bo", "zoe"}
    await until(is_let_go)
    assert not node.node.hub.listeners


async def test_a_gap_in_the_log_brings_a_new_overview(node: RunningNode) -> None:
    async with screen(node) as sue:
        await cut(node.node.store)
        assert (await sue.socket.closed())[0] == POSITION_LOST
    async with screen(node) as sue, node.online("ana"):
        await sue.shows("ana", label="online")
        assert (sue.agents, sue.queues) == await fresh(node.node.store)


async def test_an_entry_that_cannot_be_read_ends_the_overview_and_nothing_else(node: RunningNode) -> None:
    store = node.node.store
    async with node.online("ana") as ana, screen(node) as sue:
        seq = await store.redis.hincrby(key("acme", "meta"), "seq", 1)
        await store.redis.xadd(log_key("acme"), {"to": f"{seq} nobody", "body": "nonsense"})
        assert (await sue.socket.closed())[0] == POSITION_LOST
        await ana.command("set_status", status="busy")
        await ana.event("agent_status_changed", status="busy")


async def test_what_is_too_far_behind_is_refused_and_may_be_asked_again(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_all, may_go_on = overview_pages.read_all, asyncio.Event()

    async def slowly(*args: Any) -> str:
        await may_go_on.wait()
        return await read_all(*args)

    monkeypatch.setattr(overview_pages, "read_all", slowly)
    monkeypatch.setattr(overviews, "MOST_BEHIND", 1)
    async with node.signed_in("supervisor", "sue") as sue, node.online("ana") as ana:
        await until(_has_read_all(node))  # what is handed on from now on is what happens below
        await sue.send({"type": "watch_workspace", "id": "w-1"})
        await until(_is_followed(node))
        await ana.command("set_status", status="busy")
        await ana.command("set_status", status="online")
        error = (await sue.reply("w-1"))["error"]
        assert (error["code"], error["retryable"]) == ("UNAVAILABLE", True)
        may_go_on.set()
        assert "ok" in await sue.command("watch_workspace")


class _StillHub:
    """A hub that hands nothing on by itself."""

    def __init__(self, position: str) -> None:
        self._position = position

    async def add(self, _: Any) -> None: ...

    def subscribe(self, _: Any, topic: str) -> None:
        assert topic == EVERYTHING

    def position(self, _: str) -> str:
        return self._position

    def remove(self, _: Any) -> None: ...


async def test_it_is_whole_once_the_log_has_come_to_the_last_page(store: StoreClient) -> None:
    position, _ = await log.last_position(store.redis, "acme")
    await store.run("set_agent", "acme", ANN, agent="ana", capacity=7)
    await store.run("set_agent", "acme", ANN, agent="bo", capacity=7)
    first, second = [entry async for entry in log.read_after(store.redis, "acme", position)]
    hub: Any = _StillHub(position)  # all that it uses of a hub
    live = LiveOverview("acme", store, hub, Health(store, hub, "n"), lambda _: None)
    running = asyncio.create_task(live.run())

    async def has_the_first() -> bool:
        return live.position == first.position

    live.deliver(first, order_of(first.position))
    await until(has_the_first)
    assert not live.is_whole.done()
    live.deliver(second, order_of(second.position))
    await asyncio.wait_for(live.is_whole, WITHIN_S)
    assert (live.position, live.head.log_seq) == (second.position, second.seq)
    await end(running)


def _has_read_all(node: RunningNode) -> Any:
    async def has_read_all() -> bool:
        last, _ = await log.last_position(node.node.store.redis, "acme")
        return node.node.hub.position("acme") == last

    return has_read_all


def _is_followed(node: RunningNode) -> Any:
    async def is_followed() -> bool:
        return any(isinstance(listener, LiveOverview) for listener in node.node.hub.listeners)

    return is_followed


async def test_a_slow_reader_gets_fewer_frames_and_the_same_in_the_end(node: RunningNode) -> None:
    store = node.node.store
    names = [f"agent-{number:03}" for number in range(200)]
    await asyncio.gather(*(store.run("set_agent", "acme", ANN, agent=name, create=1, name="x" * 200) for name in names))
    raw = deaf_socket(node.server.port)
    async with node.socket(sock=raw, max_queue=1) as socket, screen(node) as sue:
        await socket.hello(node.token("supervisor", "slow"))
        slow = Screen(socket)
        await slow.watch()
        [connection] = [
            one for one in node.node.gateway.connections if one._identity and one._identity.subject == "slow"
        ]
        missed, capacity = 0, 20
        while missed < 10:  # at first the kernel takes what the reader does not
            capacity += 1
            changes = (store.run("set_agent", "acme", ANN, agent=name, capacity=capacity) for name in names)
            await asyncio.gather(*changes)
            told = connection._overview.since
            await sue.shows(names[-1], capacity=capacity)
            missed = missed + 1 if told == connection._overview.since else 0
            assert connection._outbox.bytes_left == 0
        await slow.shows(names[-1], capacity=capacity)
        assert slow.agents == sue.agents
        assert len(slow.frames) < len(sue.frames)
