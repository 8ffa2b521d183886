"""One socket at a time to the server, through losses, until it is closed or refused for good."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from casebaton.client.errors import ConnectionEnded
from casebaton.client.events import Event, Frame, decode_frame, decode_snapshot, decode_type, decode_welcome
from casebaton.client.outbox import Clock, Outbox
from casebaton.client.state import Snapshot
from casebaton.wire.frames import PROTOCOL, Hello, Welcome, encode
from casebaton.wire.messages import Ping

log = logging.getLogger("casebaton.client")

ConnectionState = Literal["disconnected", "connecting", "connected"]
"""`connecting` lasts through every attempt and the waits between them; `disconnected` is before and after."""

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 20.0
# Where nobody answers there is nobody to spare: a node that starts anew is found soon, within its agents' grace. Not
# for ever, since a proxy before it may be spared, too.
SOON_DELAY_S = 2.0
SOON_ATTEMPTS = 30
STABLE_AFTER_S = 5.0
WELCOME_WITHIN_S = 10.0
CLOSE_WITHIN_S = 2.0
SILENCE_S = 15.0  # then the server is asked whether it is there
SIGN_OF_LIFE_WITHIN_S = 5.0
LARGEST_FRAME = 4 * 1024 * 1024  # a snapshot of 500 cases with full cards is an eighth of it

PROTOCOL_ERROR = 1002
LOST = 1006
POSITION_LOST = 4002
TOKEN_REFUSED = 4401
WRONG_PROTOCOL = 4406
# 403 is also how a node that stops turns newcomers away: ASGI has no other answer before a socket is accepted.
TRY_AGAIN_STATUS = frozenset({403, 408, 425, 429})


class Listener(Protocol):
    """Who is told what comes in; every call is made from the reading task and must not block."""

    def state_changed(self, state: ConnectionState) -> None:
        """Hear of a new state."""

    def welcomed(self, welcome: Welcome, snapshot: Snapshot) -> None:
        """Start afresh; `state_changed("connected")` follows."""

    def received(self, event: Event) -> None:
        """Take the next event: none is missing before it, none comes twice."""


class Random(Protocol):
    """A source of chance, such as `random.Random`."""

    def random(self) -> float:
        """Draw from [0, 1)."""

    def getrandbits(self, k: int, /) -> int:
        """Draw `k` bits."""


class Closing(NamedTuple):
    """Why a socket ended: its close code, the HTTP status that refused it, or `LOST`."""

    code: int
    reason: str

    @property
    def is_final(self) -> bool:
        """Would the next attempt end in the same way?"""
        if 400 <= self.code < 500:
            return self.code not in TRY_AGAIN_STATUS
        return self.code == PROTOCOL_ERROR or 4400 <= self.code < 4500


def back_off(attempt: int, random: Random, *, is_answered: bool) -> float:
    """Draw the full-jitter delay before an attempt (0 is the first again), in seconds. `is_answered`: did the last one
    reach a server?
    """
    longest_s = LONGEST_DELAY_S if is_answered or attempt >= SOON_ATTEMPTS else SOON_DELAY_S
    # Two to the sixth is above the longest delay, and a float does not take every power.
    return random.random() * min(longest_s, FIRST_DELAY_S * 2.0 ** min(attempt, 6))


class Connection:
    """Keep connected. Each welcome starts afresh; a gap in the events' numbers ends the socket, so that one
    comes.

    `token` is used until it is refused; then `token_provider`, if there is one, is asked once for another.
    What it raises ends the connection: only it can know whether another try makes sense.
    """

    def __init__(
        self,
        url: str,
        listener: Listener,
        outbox: Outbox,
        *,
        token: str | None,
        token_provider: Callable[[], Awaitable[str]] | None,
        clock: Clock,
        random: Random,
    ) -> None:
        self.state: ConnectionState = "disconnected"
        self._url = url
        self._listener = listener
        self._outbox = outbox
        self._token = token
        self._token_provider = token_provider
        self._token_is_fresh = False
        self._clock = clock
        self._random = random
        self._attempts = 0
        self._is_answered = False
        self._connected_at: float | None = None
        self._return_at: float | None = None
        self._seq = 0
        self._heard_at = 0.0
        self._beside: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Hold a connection until cancelled. Raises `ConnectionEnded` when no attempt can help."""
        self._become("connecting")
        try:
            while True:
                closing = await self._hold(await self._valid_token())
                delay = self._delay_after(closing)
                self._become("connecting")
                await self._pause(delay)
        finally:
            self._become("disconnected")

    def _become(self, state: ConnectionState) -> None:
        if state != self.state:
            self.state = state
            self._listener.state_changed(state)

    async def _valid_token(self) -> str:
        if self._token is None:
            assert self._token_provider is not None
            try:
                self._token = await self._token_provider()
            except Exception as failure:
                raise ConnectionEnded(TOKEN_REFUSED, "the token provider failed") from failure
            self._token_is_fresh = True
        return self._token

    def _delay_after(self, closing: Closing) -> float:
        now = self._clock.time()
        if closing.code == TOKEN_REFUSED and self._token_provider is not None and not self._token_is_fresh:
            self._token = None
            return 0.0
        if closing.is_final:
            raise ConnectionEnded(closing.code, closing.reason)
        if self._return_at is not None:
            return max(0.0, self._return_at - now)
        if self._connected_at is not None and now - self._connected_at >= STABLE_AFTER_S:
            self._attempts = 0
        self._attempts += 1
        return back_off(self._attempts - 1, self._random, is_answered=self._is_answered)

    async def _pause(self, seconds: float) -> None:
        if seconds <= 0:
            return
        over = asyncio.Event()
        timer = self._clock.call_later(seconds, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()

    # -- one socket --------------------------------------------------------------------------------

    async def _hold(self, token: str) -> Closing:
        self._connected_at = self._return_at = None
        self._is_answered = False
        try:
            socket = await connect(
                self._url,
                compression=None,
                max_size=LARGEST_FRAME,
                proxy=None,
                close_timeout=CLOSE_WITHIN_S,
                ping_interval=None,  # its pong stands behind all that is unread: see `_probe`
            )
        except InvalidStatus as refusal:
            return Closing(refusal.response.status_code, refusal.response.reason_phrase)
        except (OSError, TimeoutError, InvalidHandshake) as failure:
            return Closing(LOST, type(failure).__name__)
        self._is_answered = True
        try:
            return await self._converse(socket, token)
        except ConnectionClosed as closed:
            return _closing(closed)
        finally:
            await socket.close()

    async def _converse(self, socket: ClientConnection, token: str) -> Closing:
        await socket.send(encode(Hello(token=token, protocol=PROTOCOL)), text=True)
        try:
            async with asyncio.timeout(WELCOME_WITHIN_S):
                answer = await self._answer_to_hello(socket)
        except TimeoutError:
            return Closing(LOST, "no welcome")
        try:
            welcome = decode_welcome(answer)
            snapshot = decode_snapshot(welcome)
        except msgspec.DecodeError as mismatch:
            return Closing(PROTOCOL_ERROR, f"the server's first frame is no welcome: {mismatch}")
        if welcome.protocol != PROTOCOL:
            return Closing(WRONG_PROTOCOL, f"the server speaks protocol {welcome.protocol}")
        self._begin(welcome, snapshot)
        async with asyncio.TaskGroup() as tasks:
            self._beside = [tasks.create_task(self._write(socket)), tasks.create_task(self._probe(socket))]
            closing = await self._read(socket, tasks)
            for task in self._beside:
                task.cancel()
        return closing

    async def _answer_to_hello(self, socket: ClientConnection) -> bytes:
        while True:
            answer = await socket.recv(decode=False)
            # A refusal is said in words first; the close code that follows is what counts.
            if decode_type(answer) != "reply":
                return answer

    def _begin(self, welcome: Welcome, snapshot: Snapshot) -> None:
        self._seq = 0
        self._token_is_fresh = False
        self._connected_at = self._heard_at = self._clock.time()
        self._outbox.reopen(welcome.limits.frame_bytes)
        self._listener.welcomed(welcome, snapshot)
        self._become("connected")

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while True:
                await socket.send(await self._outbox.next(), text=True)
        except ConnectionClosed:
            return  # the reader learns it too, with the code

    async def _probe(self, socket: ClientConnection) -> None:
        """Notice a link that is dead but open. Whatever comes is a sign of life, the answer to a ping or not."""
        try:
            while True:
                asked_at = self._clock.time()
                if self._heard_at + SILENCE_S > asked_at:
                    await self._pause(self._heard_at + SILENCE_S - asked_at)
                    continue
                with contextlib.suppress(TimeoutError):  # what a dead link does not take is silence, too
                    async with asyncio.timeout(SIGN_OF_LIFE_WITHIN_S):
                        await socket.send(encode(Ping(id="ping")), text=True)
                await self._pause(SIGN_OF_LIFE_WITHIN_S)
                if self._heard_at < asked_at:
                    socket.transport.abort()  # a closing handshake would wait for an answer, too
                    return
        except ConnectionClosed:
            return  # the reader learns it too, with the code

    async def _read(self, socket: ClientConnection, tasks: asyncio.TaskGroup) -> Closing:
        while True:
            try:
                frame = decode_frame(await socket.recv(decode=False))
                self._heard_at = self._clock.time()
            except ConnectionClosed as closed:
                return _closing(closed)
            except msgspec.DecodeError as mismatch:
                return Closing(PROTOCOL_ERROR, f"a frame that cannot be read: {mismatch}")
            if frame.type == "reply":
                self._answer(frame)
            elif frame.type == "draining":
                self._listener.received(frame)
                self._beside.append(tasks.create_task(self._leave(socket, frame.reconnect_after_ms / 1000)))
            elif frame.seq != self._seq + 1:
                await socket.close(POSITION_LOST, "a gap in seq")
                return Closing(POSITION_LOST, f"event {frame.seq} came after {self._seq}")
            else:
                self._seq = frame.seq
                self._listener.received(frame)

    def _answer(self, frame: Frame) -> None:
        if frame.id is None and frame.error is not None:
            log.warning("the server could not read a command: %s", frame.error.code)
        self._outbox.answer(frame)

    async def _leave(self, socket: ClientConnection, seconds: float) -> None:
        self._return_at = self._clock.time() + seconds
        await self._pause(seconds)
        await socket.close()


def _closing(closed: ConnectionClosed) -> Closing:
    if closed.rcvd is None:
        return Closing(LOST, "the connection was lost")
    return Closing(closed.rcvd.code, closed.rcvd.reason)
