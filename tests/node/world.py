"""Real nodes on real sockets for tests: started in this process on a free port, on the session's real server."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from casebaton.auth import Scope
from casebaton.node.node import Node, Server
from casebaton.settings import NO_HISTORY, Settings

SECRET = "a secret that only the tests know: 0123456789"
WITHIN_S = 30.0
STEP_S = 0.01
STALL_S = 0.05  # below that it is the loop's daily work

_ids = itertools.count(1)  # of one actor's commands over all of its connections


def settings(**changes: Any) -> Settings:
    """A test node's settings: a free port, no drain time, no history."""
    plain = Settings(
        auth_secret=SECRET, port=0, drain_s=0.5, origins=["http://allowed.example"], history_url=NO_HISTORY
    )
    return msgspec.structs.replace(plain, **changes)


class RunningNode:
    """A node that listens."""

    def __init__(self, node: Node, server: Server) -> None:
        self.node = node
        self.server = server

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.port}"

    def token(
        self, role: str, subject: str, *, workspace: str = "acme", ttl_s: float = 60, scope: Scope | None = None
    ) -> str:
        """A token that this node accepts."""
        return self.node.tokens.sign(workspace, role, subject, ttl_s=ttl_s, scope=scope)  # type: ignore[arg-type]  # also a role that there is not

    @asynccontextmanager
    async def socket(self, workspace: str = "acme", **options: Any) -> AsyncIterator["Socket"]:
        """An open websocket, before hello."""
        url = f"ws://127.0.0.1:{self.server.port}/v1/{workspace}/ws"
        async with connect(url, compression=None, proxy=None, **options) as raw:
            yield Socket(raw)

    @asynccontextmanager
    async def signed_in(
        self, role: str, subject: str, *, workspace: str = "acme", **options: Any
    ) -> AsyncIterator["Socket"]:
        """A websocket after hello; its welcome is in `.welcome`."""
        async with self.socket(workspace, **options) as socket:
            await socket.hello(self.token(role, subject, workspace=workspace))
            yield socket

    @asynccontextmanager
    async def online(self, agent: str, **options: Any) -> AsyncIterator["Socket"]:
        """An agent's websocket after it has gone online."""
        async with self.signed_in("agent", agent, **options) as socket:
            assert (await socket.command("set_status", status="online"))["ok"]["status"] == "online"
            yield socket


class Socket:
    """A raw websocket with verbs; frames that were not asked for yet are kept in `seen`, and all events, in
    the order in which they came, in `events`.
    """

    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw
        self.welcome: Any = None
        self.seen: list[Any] = []
        self.events: list[Any] = []

    async def send(self, frame: Any) -> None:
        """Send an object as JSON, or text and bytes as they are."""
        await self.raw.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    async def receive(self) -> Any:
        """The next frame."""
        async with asyncio.timeout(WITHIN_S):
            frame = json.loads(await self.raw.recv())
        if "seq" in frame:
            self.events.append(frame)
        return frame

    async def hello(self, token: str, protocol: int = 1) -> Any:
        """Say hello; the welcome."""
        await self.send({"type": "hello", "token": token, "protocol": protocol})
        self.welcome = await self.receive()
        return self.welcome

    async def command(self, kind: str, **fields: Any) -> Any:
        """Send a command and wait for its reply; events that come before it are kept in `seen`."""
        fields.setdefault("id", f"s-{next(_ids)}")
        await self.send({"type": kind, **fields})
        return await self.reply(fields["id"])

    async def reply(self, command_id: str | None) -> Any:
        """The reply to a command, seen already or to come."""
        while True:
            for frame in self.seen:
                if frame["type"] == "reply" and frame["id"] == command_id:
                    self.seen.remove(frame)
                    return frame
            self.seen.append(await self.receive())

    async def event(self, kind: str, **fields: Any) -> Any:
        """The first event of this kind with these fields, seen already or to come."""
        while True:
            for frame in self.seen:
                if frame["type"] == kind and fields.items() <= frame.items():
                    self.seen.remove(frame)
                    return frame
            self.seen.append(await self.receive())

    async def closed(self) -> tuple[int, str]:
        """Wait for the end; its code and reason."""
        with pytest.raises(ConnectionClosed) as ended:  # noqa: PT012  # frames may come before the end
            while True:
                self.seen.append(await self.receive())
        assert ended.value.rcvd is not None, "it broke off"
        return ended.value.rcvd.code, ended.value.rcvd.reason


@asynccontextmanager
async def run_node(redis_url: str, **changes: Any) -> AsyncIterator[RunningNode]:
    """A node that listens for as long as the block runs."""
    node = Node(settings(**changes), redis_url)
    server = Server(node)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the node ended at its start"
        await asyncio.sleep(0)
    try:
        yield RunningNode(node, server)
    finally:
        server.should_exit = True
        await serving


async def until(holds: Callable[[], Awaitable[bool]], *, within_s: float = WITHIN_S) -> None:
    """Wait for what only asking again can tell. Fails when it does not come true in time."""
    async with asyncio.timeout(within_s):
        while not await holds():  # noqa: ASYNC110  # what is waited for sets no event here
            await asyncio.sleep(0.01)


@asynccontextmanager
async def counting_stalls() -> AsyncIterator[Callable[[], float]]:
    """How many seconds this process has stood still meanwhile: what a busy machine takes from all makes nobody late."""
    stalled_s = 0.0

    async def count() -> None:
        nonlocal stalled_s
        while True:
            at = time.monotonic()
            await asyncio.sleep(STEP_S)  # how late it comes back is what is measured
            if (late_s := time.monotonic() - at - STEP_S) > STALL_S:
                stalled_s += late_s

    counting = asyncio.create_task(count())
    try:
        yield lambda: stalled_s
    finally:
        counting.cancel()
        await asyncio.wait([counting])


async def until_left(node: RunningNode, connections: int) -> None:
    """Wait until the node has so many connections."""

    async def are_left() -> bool:
        return len(node.node.gateway.connections) == connections

    await until(are_left)
