"""Casebaton's side over sockets: a node and its store in processes of their own, every command and event in frames."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from casebaton.auth import Role
from casebaton.workspace.document import Settings
from loadtest.agents import describe, names
from loadtest.generator.websocket import WebSocket
from loadtest.peers.engine import AT_ONCE, WITHIN_S, Offered
from loadtest.process import WORKSPACE, NodeProcess, Site, run_node

PRODUCERS = 10
SPEED = 100_000  # commands per second that the node lets one connection send
OPEN_WITHIN_S = 10.0
_REPLY = b'{"type":"reply"'
_WELCOME = b'{"type":"welcome"'
_OFFERED = b'"type":"case_offered"'
HEAD = 120  # bytes of an event within which its type stands


class Refused(Exception):
    """A command was refused, or the connection was lost: nothing that is measured here may be."""


class Link:
    """One websocket whose texts go to `on_text`."""

    _socket: WebSocket

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        self.frames = 0  # in both directions
        self._on_text = on_text
        self._is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def connect(self, port: int, path: str) -> None:
        """Open it. Raises Refused, OSError, TimeoutError."""
        host = f"127.0.0.1:{port}"
        async with asyncio.timeout(OPEN_WITHIN_S):
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: WebSocket(self, host, path), "127.0.0.1", port)
            await self._is_open

    def send(self, text: bytes) -> None:
        """Send a text."""
        self.frames += 1
        self._socket.send(text)

    def close(self) -> None:
        """Leave."""
        self._socket.abort()

    def opened(self, socket: WebSocket) -> None:
        """Hear that it is open."""
        self._socket = socket
        self._is_open.set_result(None)

    def received(self, socket: WebSocket, text: bytes) -> None:  # noqa: ARG002  # there is one
        """Hand it on."""
        self.frames += 1
        self._on_text(text)

    def closed(self, socket: WebSocket, code: int) -> None:  # noqa: ARG002  # there is one
        """Hear of the end."""
        self.lost(code)

    def lost(self, code: int) -> None:
        """Who waits for something waits in vain."""
        if not self._is_open.done():
            self._is_open.set_exception(Refused(f"the connection was closed with {code}"))


class Brief(msgspec.Struct):
    """What a reply tells of a case, if of one."""

    case: str = ""
    baton: str = ""


class Reply(msgspec.Struct):
    """An answer to one command."""

    id: str | None
    ok: Brief | None = None
    error: msgspec.Raw = msgspec.Raw()


_reply = msgspec.json.Decoder(Reply)
_offered = msgspec.json.Decoder(Offered)


class Desk(Link):
    """A producer's or an agent's connection: commands with their answers, and the offers that come in."""

    def __init__(self) -> None:
        super().__init__(self._read)
        self.offers: asyncio.Queue[Offered] = asyncio.Queue()
        self._answers: dict[str, asyncio.Future[Brief]] = {}
        self._numbers = itertools.count()
        self._welcome: asyncio.Future[Brief] = asyncio.get_running_loop().create_future()

    async def open(self, port: int, token: str) -> None:
        """Connect and say hello. Raises Refused, OSError, TimeoutError."""
        await self.connect(port, f"/v1/{WORKSPACE}/ws")
        self.send(msgspec.json.encode({"type": "hello", "token": token, "protocol": 1}))
        async with asyncio.timeout(OPEN_WITHIN_S):
            await self._welcome

    def command(self, kind: str, **fields: Any) -> "asyncio.Future[Brief]":
        """Send a command; the future is its answer, or Refused."""
        number = str(next(self._numbers))
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self.send(msgspec.json.encode({"type": kind, "id": number, **fields}))
        return answer

    async def accept(self) -> Brief:
        """Take the next offer, once it is there."""
        offered = await self.offers.get()
        return await self.command("accept_case", case=offered.case, baton=offered.baton)

    async def complete(self, owned: Brief) -> None:
        """Have done with it."""
        await self.command("complete_case", case=owned.case, baton=owned.baton)

    def _read(self, text: bytes) -> None:
        if text.startswith(_REPLY):
            reply = _reply.decode(text)
            answer = self._answers.pop(reply.id) if reply.id else self._welcome
            if reply.ok is None:
                answer.set_exception(Refused(bytes(reply.error).decode()))
            else:
                answer.set_result(reply.ok)
        elif text.startswith(_WELCOME):
            self._welcome.set_result(Brief())
        elif _OFFERED in text[:HEAD]:
            self.offers.put_nowait(_offered.decode(text))

    def lost(self, code: int) -> None:
        """Nothing more will be answered."""
        super().lost(code)
        for answer in (self._welcome, *self._answers.values()):
            if not answer.done():
                answer.set_exception(Refused(f"the connection was closed with {code}"))


class Desks:
    """A node with producers and agents at their desks."""

    def __init__(self, node: NodeProcess, producers: list[Desk], agents: list[Desk], queues: list[str]) -> None:
        self.node = node
        self.agents = agents
        self._producers = producers
        self._queues = queues
        self._left = 0
        self._ended = asyncio.Event()

    @property
    def frames(self) -> int:
        """How many frames have passed at the agents' desks, in both directions."""
        return sum(desk.frames for desk in self.agents)

    async def submit(self, cases: int) -> None:
        """So many cases, one after the other from each of a hundred producers, some to a connection."""
        numbers = iter(range(cases))
        async with asyncio.TaskGroup() as group:
            for number in range(AT_ONCE):
                group.create_task(self._submit(self._producers[number % len(self._producers)], numbers))

    async def _submit(self, desk: Desk, numbers: Iterator[int]) -> None:
        for number in numbers:
            queue = self._queues[number % len(self._queues)]
            await desk.command("submit_case", queue=queue, subject="The lamp flickers", customer="Abe")

    async def lives_per_second(self, lives: int) -> float:
        """From the first submit to the last complete. Raises Refused, TimeoutError."""
        self._left = lives
        self._ended.clear()
        began_at = perf_counter()
        async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
            working = [group.create_task(self._work(desk)) for desk in self.agents]
            await self.submit(lives)
            await self._ended.wait()
            for task in working:
                task.cancel()
        return lives / (perf_counter() - began_at)

    async def _work(self, desk: Desk) -> None:
        while True:
            await desk.complete(await desk.accept())
            self._left -= 1
            if self._left == 0:
                self._ended.set()


@asynccontextmanager
async def open_desks(directory: Path, *, classes: int, capacity: int = 1, offer_limit: int = 1) -> AsyncIterator[Desks]:
    """A hundred agents at a durable node, each in so many queues with room for so many cases."""
    queues = [f"queue-{number}" for number in range(classes)]
    site = Site(directory, commands_per_second=SPEED)
    document = describe(names(AT_ONCE), queues, capacity=capacity)
    document.workspace = Settings(offer_limit=offer_limit)
    await site.apply(document)
    async with run_node(site) as node, AsyncExitStack() as stack:

        async def open_desk(role: Role, name: str) -> Desk:
            desk = Desk()
            stack.callback(desk.close)
            await desk.open(int(node.base_url.rpartition(":")[2]), site.token(role, name))
            return desk

        producers = [await open_desk("producer", f"crm-{number}") for number in range(PRODUCERS)]
        agents = [await open_desk("agent", name) for name in names(AT_ONCE)]
        for desk in agents:
            await desk.command("set_status", status="online")
        yield Desks(node, producers, agents, queues)
