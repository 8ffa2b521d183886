"""One actor's side of the protocol over as many sockets as it takes: hello, numbered events, commands that are repeated
under their ids until they are answered.
"""

import asyncio
import socket
from collections.abc import Callable
from random import Random
from time import perf_counter
from urllib.parse import urlsplit

from msgspec import Struct

from casebaton.wire.frames import PROTOCOL, Hello, encode
from casebaton.wire.messages import CommandMessage
from loadtest.generator.frames import Case, Frame, decode
from loadtest.generator.recorder import Recorder
from loadtest.generator.websocket import WebSocket
from loadtest.journal import Told

REPEAT_FOR_S = 10.0
REPEAT_AFTER_S = 0.2
WELCOME_WITHIN_S = 10.0
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 20.0
NOTICED_WITHIN_S = 5.0  # who reads nothing learns of its end when it reads on, behind what was on its way
UNKNOWN = "OUTCOME_UNKNOWN"

Answered = Callable[["Pending", Case], None]


class Pending(Struct):
    """A command on its way; `due_at` is the instant at which it should have been sent."""

    kind: str
    command: CommandMessage
    case: str
    baton: str
    due_at: float
    answered: Answered | None


class Entrance(Struct, frozen=True):
    """How a process reaches the nodes: their addresses, and a local one of its own, since all sockets from one address
    to one node share 28,000 ports.
    """

    nodes: list[str]
    local: str

    async def connect(self, node: int, listener: "Client") -> None:
        """Open a socket to a node. Raises OSError."""
        where = urlsplit(self.nodes[node % len(self.nodes)])
        assert where.hostname is not None
        assert where.port is not None
        plain = socket.socket()
        try:
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.bind((self.local, 0))
            loop = asyncio.get_running_loop()
            await loop.sock_connect(plain, (where.hostname, where.port))
            path = f"/v1/{listener.workspace}/ws"
            await loop.create_connection(lambda: WebSocket(listener, where.netloc, path), sock=plain)
        except BaseException:
            plain.close()
            raise


class Client:
    """An actor. Its kinds say in `welcomed` and `heard` what they do; none of it waits."""

    def __init__(
        self, entrance: Entrance, recorder: Recorder, chance: Random, *, workspace: str, token: str, node: int
    ) -> None:
        self.workspace = workspace
        self.recorder = recorder
        self.is_welcome = False
        self.is_over = False
        self.chance = chance
        self._entrance = entrance
        self._token = token
        self._node = node
        self._attempts = 0
        self._socket: WebSocket | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._lost_at = 0.0
        self._is_deaf = False
        self._seq = 0
        self._commands = 0
        self._pending: dict[str, Pending] = {}
        self._loop = asyncio.get_running_loop()

    # -- to be said by its kinds -------------------------------------------------------------------------------------

    def welcomed(self, frame: Frame) -> None:
        """Begin from a snapshot."""

    def heard(self, frame: Frame, at: float) -> None:
        """Take an event that came at an instant."""

    def failed(self, one: Pending, *, is_refused: bool) -> None:
        """A command was refused for good, or not answered in time."""

    # -- connections -------------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Come."""
        self._connecting = self._loop.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(WELCOME_WITHIN_S):
                await self._entrance.connect(self._node, self)
        except (OSError, TimeoutError):
            self.recorder.count("connect_failed", perf_counter())
            self._come_back()
            return
        self._deadline = self._loop.call_later(WELCOME_WITHIN_S, self._give_up)

    def _give_up(self) -> None:
        if self._socket is not None and not self.is_welcome:
            self.recorder.count("no_welcome", perf_counter())
            self._socket.abort()

    def opened(self, socket: WebSocket) -> None:
        """Say hello."""
        self._socket = socket
        socket.send(encode(Hello(token=self._token, protocol=PROTOCOL)))

    def closed(self, socket: WebSocket, code: int) -> None:  # noqa: ARG002  # there is one at a time
        """Come back, unless this was the end."""
        at = perf_counter()
        was_welcome, self.is_welcome, self._socket = self.is_welcome, False, None
        if self._deadline is not None:
            self._deadline.cancel()
        if self.is_over:
            return
        self.recorder.count(f"closed:{code}", at)
        if self._is_deaf:
            self._is_deaf = False
            self.recorder.count("cut_off", at)
        if was_welcome:
            self._lost_at = at
            self._attempts = 0
            for one in self._pending.values():
                self._told(one, "unknown")
        self._come_back()

    def _come_back(self) -> None:
        """Full jitter; each attempt at another node, since the one before may be gone."""
        if self.is_over:
            return
        delay_s = self.chance.random() * min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(self._attempts, 6))
        self._attempts += 1
        if self._attempts > 1:
            self._node += 1
        self._loop.call_later(delay_s, self._come)

    def _come(self) -> None:
        if not self.is_over:
            self.connect()

    def drop(self) -> None:
        """Lose the socket, without a word."""
        if self._socket is not None:
            self._socket.abort()

    def stop_reading(self, seconds: float) -> None:
        """Leave unread what comes in the next seconds."""
        if self._socket is not None:
            self.recorder.count("stopped_reading", perf_counter())
            self._is_deaf = True
            self._socket.stop_reading()
            self._loop.call_later(seconds, self._socket.read_on)
            self._loop.call_later(seconds + NOTICED_WITHIN_S, self._hear_again, self._socket)

    def _hear_again(self, socket: WebSocket) -> None:
        if socket is self._socket:
            self._is_deaf = False

    def leave(self) -> None:
        """Go for good; what is not answered yet stays unknown."""
        self.is_over = True
        for one in self._pending.values():
            self._told(one, "unknown")
        self._pending.clear()
        if self._connecting is not None:
            self._connecting.cancel()
        if self._socket is not None:
            self._socket.close()

    # -- frames ------------------------------------------------------------------------------------------------------

    def received(self, socket: WebSocket, text: bytes) -> None:
        """Take a frame."""
        at = perf_counter()
        frame = decode(text)
        if frame.type == "reply":
            self._take_reply(frame, at)
        elif frame.type == "welcome":
            self._begin(frame, at)
        elif frame.type == "draining":
            self._loop.call_later(frame.reconnect_after_ms / 1000, socket.close)
        elif frame.seq != self._seq + 1:
            self.recorder.count("seq_gaps", at)
            socket.abort()
        else:
            self._seq = frame.seq
            self.heard(frame, at)

    def _begin(self, frame: Frame, at: float) -> None:
        self.is_welcome = True
        self._seq = 0
        if self._deadline is not None:
            self._deadline.cancel()
        if self._lost_at:
            self.recorder.latency("back", self._lost_at, at)
            self.recorder.count("back", at)
        for command_id, one in list(self._pending.items()):
            self._repeat(command_id, one, at)
        self.welcomed(frame)

    # -- commands ----------------------------------------------------------------------------------------------------

    def next_id(self) -> str:
        """A command id that this actor has not used."""
        self._commands += 1
        return str(self._commands)

    def send(
        self,
        kind: str,
        command: CommandMessage,
        *,
        due_at: float,
        answered: Answered | None = None,
        case: str = "",
        baton: str = "",
    ) -> None:
        """Send a command, now or with the next welcome, and again until it is answered, for 10 s."""
        self._pending[command.id] = Pending(kind, command, case, baton, due_at, answered)
        if self.is_welcome:
            assert self._socket is not None
            self._socket.send(encode(command))

    def is_asking(self, case: str) -> bool:
        """Is a command on the case on its way?"""
        return any(one.case == case for one in self._pending.values())

    def _told(self, one: Pending, told: Told) -> None:
        if one.case:
            self.recorder.told(one.kind, one.case, one.baton, told)

    def _repeat(self, command_id: str, one: Pending, at: float) -> None:
        if command_id not in self._pending or not self.is_welcome:
            return
        if at - one.due_at > REPEAT_FOR_S:
            del self._pending[command_id]
            self._told(one, "unknown")
            self.recorder.count("given_up", at)
            self.failed(one, is_refused=False)
        else:
            assert self._socket is not None
            self._socket.send(encode(one.command))

    def _take_reply(self, frame: Frame, at: float) -> None:
        if frame.id is None:  # the hello was turned down; its close code follows
            return
        one = self._pending.get(frame.id)
        if one is None:  # the answer to a repetition, after the first one's
            return
        if frame.error is not None:
            self._take_refusal(frame.id, one, frame.error.code, is_retryable=frame.error.retryable, at=at)
            return
        del self._pending[frame.id]
        self._told(one, "acknowledged")
        self.recorder.latency(one.kind, one.due_at, at)
        self.recorder.count(one.kind, at)
        if one.answered is not None:
            assert frame.ok is not None
            one.answered(one, frame.ok)

    def _take_refusal(self, command_id: str, one: Pending, code: str, *, is_retryable: bool, at: float) -> None:
        self._told(one, "unknown" if code == UNKNOWN else "refused")
        self.recorder.count(f"refused:{code}", at)
        if is_retryable and at - one.due_at < REPEAT_FOR_S:
            self._loop.call_later(REPEAT_AFTER_S, self._repeat, command_id, one, at + REPEAT_AFTER_S)
        else:
            del self._pending[command_id]
            self.failed(one, is_refused=not is_retryable)
