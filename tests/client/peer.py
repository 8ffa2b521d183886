"""The server's side of a conversation, spoken from a test: a real socket, a clock and a chance of the test's own."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from casebaton.client import Client
from casebaton.client.outbox import Timer

WITHIN_S = 30.0
Json = dict[str, Any]


def a_case(case: str, state: str = "waiting", **fields: Any) -> Json:
    """Make a case as a snapshot or a page shows it."""
    owner = "queue:billing" if state in ("waiting", "offered") else "agent:ana"
    known: Json = {"case": case, "state": state, "owner": owner, "queue": "billing", "channel": "case"}
    known |= {"pool": "interruptible", "cost": 1, "priority": 5, "baton": f"{case}-{state}", "revision": 1}
    known |= {"created_at_ms": 0, "requested_at_ms": 0, "queued_at_ms": 0, "state_at_ms": 0, "score": 0}
    if state != "waiting":
        known["agent"] = "ana"
    return known | {"card": {"subject": f"about {case}"}} | fields


def an_agent(**fields: Any) -> Json:
    """Make Ana as a snapshot shows her."""
    known: Json = {"agent": "ana", "name": "Ana", "team": "north", "status": "online", "status_cause": "agent"}
    known |= {"channels": ["*"], "presence": "connected", "capacity": 10, "interruptible_capacity": 3}
    known |= {"held_primary": 0, "held_interruptible": 0, "offers": 0, "missed": 0, "queues": ["billing"]}
    known |= {
        "label": "online",
        "label_before": "offline",
        "channels_before": ["*"],
        "auto_accept": False,
        "next_status": "",
    }
    return known | fields


def a_snapshot(*cases: Json) -> Json:
    """Make Ana's snapshot with these cases in her hands."""
    return {
        "agent": an_agent(),
        "offers": [case for case in cases if case["state"] == "offered"],
        "desk": [case for case in cases if case["state"] != "offered"],
        "queues": [{"queue": "billing", "mode": "both", "waiting": 0}],
        "statuses": [{"status": "lunch", "kind": "busy"}],
    }


class Peer:
    """One connection as the server sees it. Positions are `1-1`, `1-2`, … over all of a test's connections."""

    def __init__(self, socket: ServerConnection, position: Callable[[], str]) -> None:
        self.hello: Json = {}
        self._socket = socket
        self._position = position
        self._seq = itertools.count(1)
        self._is_done = asyncio.Event()

    async def serve(self) -> None:
        """Keep the connection until the test or the client ends it."""
        closed = asyncio.create_task(self._socket.wait_closed())
        done = asyncio.create_task(self._is_done.wait())
        await asyncio.wait((closed, done), return_when=asyncio.FIRST_COMPLETED)
        closed.cancel()
        done.cancel()

    async def welcome(self, snapshot: Json | None = None, **fields: Any) -> str:
        """Answer the hello; gives the snapshot's position."""
        welcome = {"type": "welcome", "protocol": 1, "workspace": "demo", "role": "agent", "subject": "ana"}
        limits = {"frame_bytes": 4096, "commands_per_second": 50, "connections": 10}
        position = self._position()
        welcome |= {"server_time_ms": 1_000_000, "heartbeat_ms": 10_000, "limits": limits, "position": position}
        await self.say(welcome | {"snapshot": a_snapshot() if snapshot is None else snapshot} | fields)
        return position

    async def command(self) -> Json:
        """Wait for the client's next frame."""
        async with asyncio.timeout(WITHIN_S):
            frame: Json = msgspec.json.decode(await self._socket.recv())
            return frame

    async def reply(self, command: Json, ok: Json | None = None, position: str | None = None) -> str:
        """Accept a command; gives the reply's position."""
        position = position or self._position()
        await self.say({"type": "reply", "id": command["id"], "ok": ok or {}, "position": position})
        return position

    async def refuse(self, command: Json, code: str, **fault: Any) -> None:
        """Refuse a command."""
        error = {"code": code, "detail": "no", "retryable": False} | fault
        await self.say({"type": "reply", "id": command["id"], "error": error})

    async def event(self, kind: str, case: Json | None = None, **fields: Any) -> str:
        """Send the next event; gives its position."""
        position = fields.pop("position", None) or self._position()
        event = {"type": kind, "seq": next(self._seq), "position": position, "at_ms": 0, "cause": "test"}
        await self.say(event | (case or {}) | fields)
        return position

    async def say(self, frame: Json) -> None:
        """Send any frame."""
        await self._socket.send(msgspec.json.encode(frame).decode())

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection with a code."""
        await self._socket.close(code, reason)

    def drop(self) -> None:
        """Lose the connection without a word."""
        self._socket.transport.abort()

    async def closed(self) -> int | None:
        """Wait for the client to leave; gives its close code."""
        async with asyncio.timeout(WITHIN_S):
            await self._socket.wait_closed()
            return self._socket.close_code

    def finish(self) -> None:
        """Let the server be stopped."""
        self._is_done.set()


class Script:
    """A listening server whose connections the test answers one by one."""

    def __init__(self) -> None:
        self.statuses: list[HTTPStatus] = []
        self._arrivals: asyncio.Queue[Peer] = asyncio.Queue()
        self._peers: list[Peer] = []
        self._positions = itertools.count(1)
        self._server: Server | None = None
        self.port = 0

    def position(self) -> str:
        """Give the next place in the log."""
        return f"1-{next(self._positions)}"

    async def start(self, port: int = 0) -> None:
        self._server = await serve(
            self._handle, "127.0.0.1", port, compression=None, process_request=self._refuse_or_not
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        for peer in self._peers:
            peer.finish()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def peer(self) -> Peer:
        """Wait for the next connection that said hello."""
        async with asyncio.timeout(WITHIN_S):
            return await self._arrivals.get()

    def has_arrival(self) -> bool:
        """Has somebody connected whom the test has not looked at?"""
        return not self._arrivals.empty()

    def _refuse_or_not(self, connection: ServerConnection, request: Request) -> Response | None:  # noqa: ARG002
        if not self.statuses:
            return None
        return connection.respond(self.statuses.pop(0), "not now\n")

    async def _handle(self, socket: ServerConnection) -> None:
        peer = Peer(socket, self.position)
        peer.hello = await peer.command()
        self._peers.append(peer)
        self._arrivals.put_nowait(peer)
        await peer.serve()


@asynccontextmanager
async def listening() -> AsyncIterator[Script]:
    """Run a server on a free port of the loopback."""
    script = Script()
    await script.start()
    try:
        yield script
    finally:
        await script.stop()


class _Alarm:
    def __init__(self, at: float, delay: float, fire: Callable[[], object]) -> None:
        self.at = at
        self.delay = delay
        self.fire = fire
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = 100.0
        self._alarms: list[_Alarm] = []
        self._set = asyncio.Event()

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Timer:
        alarm = _Alarm(self._now + delay, delay, lambda: callback(*args))
        self._alarms.append(alarm)
        self._set.set()
        return alarm

    async def waits(self, delay: float) -> None:
        """Wait until somebody waits for so many seconds."""
        async with asyncio.timeout(WITHIN_S):
            while not any(alarm.delay == delay for alarm in self._pending()):
                self._set.clear()
                await self._set.wait()

    def advance(self, seconds: float) -> None:
        """Move on, and fire what is due."""
        self._now += seconds
        due = [alarm for alarm in self._pending() if alarm.at <= self._now]
        self._alarms = [alarm for alarm in self._pending() if alarm.at > self._now]
        for alarm in due:
            alarm.fire()

    def _pending(self) -> list[_Alarm]:
        return [alarm for alarm in self._alarms if not alarm.is_cancelled]


class EvenChance:
    """Always the middle; ids count up."""

    def __init__(self) -> None:
        self._bits = itertools.count(1)

    def random(self) -> float:
        return 0.5

    def getrandbits(self, _k: int, /) -> int:
        return next(self._bits)


async def until(client: Client, is_so: Callable[[], bool]) -> None:
    """Wait until something is so, looking whenever the client hears anything."""
    news = asyncio.Event()

    def look(_: object) -> None:
        news.set()

    stops = (client.on_event(look), client.on_state(look))
    try:
        async with asyncio.timeout(WITHIN_S):
            while not is_so():
                news.clear()
                await news.wait()
    finally:
        for stop in stops:
            stop()
