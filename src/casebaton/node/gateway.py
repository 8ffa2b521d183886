"""The websocket endpoint: plain ASGI around the sans-I/O session."""

import asyncio
import contextlib
import functools
import random
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from casebaton.auth import Identity, Tokens
from casebaton.errors import CasebatonError, Forbidden
from casebaton.node import faults, greeting, watched_agents
from casebaton.node.counts import Counts, CountWatch
from casebaton.node.health import Health
from casebaton.node.hub import Hub
from casebaton.node.lease import Lease
from casebaton.node.outbox import Outbox
from casebaton.node.overviews import Overviews, Watch
from casebaton.node.reporting import Reporting
from casebaton.service import access, commands
from casebaton.settings import Settings
from casebaton.store import log
from casebaton.store.client import Answer, StoreClient
from casebaton.tasks import end
from casebaton.wire import frames
from casebaton.wire import messages as m
from casebaton.wire import session as wire

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

IN_FLIGHT = 64  # commands of one connection that run at once; the next frame is read when one has ended
LONGEST_SESSION_S = 30 * 86400

NOTHING = Answer("", b"{}")

logger = structlog.get_logger()


class Connection:
    """One websocket: reads frames, runs commands, and writes what its bounded outbox holds."""

    def __init__(self, gateway: "Gateway", workspace: str, receive: Receive, send: Send) -> None:
        self.workspace = workspace
        self.connection = secrets.token_hex(8)
        self._gateway = gateway
        self._receive = receive
        self._send = send
        settings = gateway.settings
        self._session = wire.Session(
            frames.Limits(
                frame_bytes=settings.frame_bytes,
                commands_per_second=settings.commands_per_second,
                connections=settings.connections_per_agent,
            ),
            heartbeat_ms=round(settings.ping_interval_s * 1000),
            clock=time.monotonic,
        )
        self._identity: Identity | None = None
        self._holds = 1  # how many snapshots or pages are being read: events wait in `_held` until they are out
        self._held: list[tuple[log.Entry, wire.Order]] = []
        self._outbox = Outbox(settings.outbox_bytes)
        self._paging = asyncio.Lock()
        self._wake = asyncio.Event()
        self._overview = Watch(gateway.overviews, workspace, self._wake, self.end)
        self._counts = CountWatch(gateway.counts, workspace, self._wake)
        self._ending = asyncio.Event()
        self._closing: wire.Close | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._expiry: asyncio.TimerHandle | None = None

    @property
    def agent(self) -> str:
        """The agent's id."""
        assert self._identity is not None
        return self._identity.subject

    # -- the hub's side: none of it waits ----------------------------------------------------------------------------

    def deliver(self, entry: log.Entry, order: wire.Order) -> None:
        """Put an event into the outbox, or hold it until the snapshot or page that it may belong to is out."""
        if self._holds:
            self._held.append((entry, order))
            if len(self._held) > log.PAGE:
                self.end(wire.POSITION_LOST, "too much happened during a snapshot")
        elif self._session.wants(entry.topics, order):
            self._pass_on(entry)

    def _pass_on(self, entry: log.Entry) -> None:
        identity = self._identity
        assert identity is not None
        leaving = watched_agents.leaving(entry, identity.scope)
        body = watched_agents.told(entry, leaving) if leaving else entry.body
        self._push(self._session.event(entry.position, body))
        if identity.role == "agent" and (queues := watched_agents.memberships(entry, identity.subject)) is not None:
            self._counts.keep(queues)
        if leaving and identity.role == "agent":
            self.end(wire.NOT_ALLOWED, "the agent was removed")
        elif leaving:
            self._unfollow(f"agent:{leaving}")

    def _release(self) -> None:
        self._holds -= 1
        if not self._holds:
            held, self._held = self._held, []
            for entry, order in held:
                self.deliver(entry, order)

    def end(self, code: int, reason: str) -> None:
        """Close soon, after what the outbox holds; a full outbox is dropped."""
        if self._closing is None:
            self._closing = wire.Close(code, reason)
            self._ending.set()
            self._wake.set()

    def drain(self, reconnect_after_ms: int) -> None:
        """Tell the client that this node stops, and close."""
        if self._session.is_open:
            self._put(self._session.draining(reconnect_after_ms))
        self.end(wire.SERVICE_RESTART, "the node is stopping")

    def _push(self, event: bytes) -> None:
        if self._closing is None:
            if not self._outbox.add_event(event):
                self.end(wire.TOO_SLOW, "the outbox is full")
            self._wake.set()

    def _put(self, frame: bytes) -> None:
        if self._closing is None:
            self._outbox.add(frame)
            self._wake.set()

    async def _answer(self, frame: bytes) -> None:
        await self._outbox.room()
        self._put(frame)

    # -- life --------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve the connection until either side ends it."""
        writer = asyncio.create_task(self._write(), name="outbox")
        reader = asyncio.create_task(self._read(), name="frames")
        ending = asyncio.create_task(self._ending.wait(), name="ending")  # a deaf client blocks both of the others
        try:
            await asyncio.wait({writer, reader, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not writer.done() and self._closing is not None:
                await asyncio.wait({writer}, timeout=self._gateway.settings.hello_timeout_s)
            await end(writer, reader, ending, *self._running)
            if self._expiry is not None:
                self._expiry.cancel()
            await asyncio.shield(self._leave())

    async def _leave(self) -> None:
        self._overview.stop()
        self._counts.stop()
        self._gateway.hub.remove(self)
        if self._identity is not None and self._expiry is not None:  # it was welcomed, and so counted
            self._gateway.health.connections[self._identity.role] -= 1
        if self._identity is not None and self._identity.role == "agent":
            await self._gateway.lease.disconnect(self)

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while frames := self._next_frames():
                await self._send({"type": "websocket.send", "frames": frames})
            if self._closing is not None:
                await self._send(
                    {"type": "websocket.close", "code": self._closing.code, "reason": self._closing.reason}
                )
                return

    def _next_frames(self) -> list[bytes]:
        """What the outbox holds; then, when nothing is left to be sent, what else has changed of what is watched."""
        frames = self._outbox.take()
        if not frames and self._closing is None and (news := self._overview.take() or self._counts.take()) is not None:
            return [self._session.event(news.position, news.body)]
        return frames

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self._gateway.settings.hello_timeout_s):
                while self._identity is None and self._closing is None:
                    if not await self._read_frame():
                        return
        except TimeoutError:
            self.end(wire.UNAUTHENTICATED, "no hello in time")
        while self._closing is None:
            if not await self._read_frame():
                return
        await asyncio.Event().wait()  # the writer ends the connection

    async def _read_frame(self) -> bool:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return False
        text = message.get("text")
        for action in self._session.receive(message.get("bytes") or b"" if text is None else text):
            match action:
                case wire.Send(frame):
                    await self._answer(frame)
                case wire.Close(code, reason):
                    self.end(code, reason)
                case wire.Authenticate(token):
                    await self._begin(token)
                case wire.Run(command):
                    await self._start(command)
        return True

    # -- hello -------------------------------------------------------------------------------------------------------

    async def _begin(self, token: str) -> None:
        try:
            identity = self._identify(token)
            await self._gateway.hub.add(self)
            snapshot, position = await self._take_snapshot(identity)
        except Exception as error:  # noqa: BLE001  # whatever it is, the client hears of it
            fault = faults.explain(error, "hello")
            self._put(self._session.refuse(None, fault))
            self.end(faults.CLOSE_FOR.get(fault.code, wire.NOT_ALLOWED), fault.code)
            return
        if identity.role == "producer":
            self._session.allow(self._gateway.settings.producer_commands_per_second)
        said = greeting.welcome(identity, snapshot, position, self._session, self._gateway.lease.node)
        self._put(self._session.welcome(said))
        self._release()
        self._expire_with(identity)
        self._gateway.health.connections[identity.role] += 1

    def _identify(self, token: str) -> Identity:
        identity = self._gateway.tokens.verify(token)
        if identity.workspace != self.workspace:
            raise Forbidden("the token is for another workspace")
        return identity

    async def _take_snapshot(self, identity: Identity) -> tuple[bytes, str]:
        """Register first, read then: what happens in between is held."""
        topics = ["all"]
        if identity.role == "agent":
            topics.append(f"agent:{identity.subject}")
            self._gateway.hub.subscribe(self, topics[1])
            self._identity = identity
            answer = await self._gateway.lease.connect(self)
            snapshot, position = answer.body, answer.position
        else:
            topics += access.steering_topics(identity)
            for topic in topics[1:]:
                self._gateway.hub.subscribe(self, topic)
            self._identity = identity
            position, seq = await log.last_position(self._gateway.store.redis, identity.workspace)
            if seq == 0:
                raise CasebatonError("NO_SUCH_WORKSPACE", f"there is no workspace {identity.workspace}")
            snapshot = b"{}"
        for topic in topics:
            self._session.follow(topic, position)
        return snapshot, position

    def _expire_with(self, identity: Identity) -> None:
        self._identity = identity
        if self._expiry is not None:
            self._expiry.cancel()
        wait = max(0.0, identity.expires_at - time.time())
        end = functools.partial(self.end, wire.UNAUTHENTICATED, "the token has expired")
        self._expiry = asyncio.get_running_loop().call_later(min(wait, LONGEST_SESSION_S), end)

    # -- commands ----------------------------------------------------------------------------------------------------

    async def _start(self, command: m.Command) -> None:
        if len(self._running) >= IN_FLIGHT:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._execute(command), name=access.name_of(command))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _execute(self, command: m.Command) -> None:
        try:
            await self._run(command)
        except Exception as error:  # noqa: BLE001  # whatever it is, the client hears of it
            await self._answer(self._session.refuse(command.id, faults.explain(error, access.name_of(command))))

    async def _run(self, command: m.Command) -> None:
        identity = self._identity
        assert identity is not None
        answer = NOTHING
        match command:
            case m.Ping():
                pass
            case m.WatchQueue() | m.WatchAgent():
                access.check(identity, command)
                async with self._paging:  # pages are large: one is read when there is room for it
                    await self._outbox.room()
                    await self._watch(identity, command)
                return
            case m.Unwatch() | m.UnwatchAgent() | m.UnwatchCounts():
                access.check(identity, command)
                async with self._paging:  # it may follow what is still being begun
                    self._unwatch(command)
            case m.WatchWorkspace() | m.UnwatchWorkspace():
                access.check(identity, command)
                async with self._paging:  # one after the other, as they came
                    answer = await self._overview.execute(command, identity.scope)
            case m.WatchCounts():
                access.check(identity, command)
                async with self._paging:  # one after the other, as they came
                    answer = await commands.count_lines(self._gateway.store, identity)
                    await self._answer(self._session.reply(command.id, answer.body, answer.position))
                    self._counts.begin(answer)  # so that what is newer comes behind the reply
                return
            case m.SearchCases():
                access.check(identity, command)
                async with self._paging:  # one at a time: it looks at many cases
                    answer = await self._gateway.overviews.search(identity, command)
            case m.ReadReport() | m.ReadLife():
                access.check(identity, command)
                answer = await self._gateway.reporting.execute(identity, command)
            case m.RefreshToken():
                self._refresh(identity, command)
            case _:
                answer = await commands.execute(self._gateway.store, identity, command)
        await self._answer(self._session.reply(command.id, answer.body, answer.position))

    async def _watch(self, identity: Identity, command: m.WatchQueue | m.WatchAgent) -> None:
        """Subscribe first, read then; what happens in between follows the page."""
        topic = f"queue:{command.queue}" if isinstance(command, m.WatchQueue) else f"agent:{command.agent}"
        if isinstance(command, m.WatchAgent):
            watched_agents.check_room(self._session, topic)
        self._gateway.hub.subscribe(self, topic)
        self._holds += 1
        try:
            answer = await self._read_page(identity, command)
            self._session.follow(topic, answer.position)
            self._put(self._session.reply(command.id, answer.body, answer.position))
        except CasebatonError:
            if not self._session.follows(topic):  # an earlier watch goes on
                self._gateway.hub.unsubscribe(self, topic)
            raise
        finally:
            self._release()

    async def _read_page(self, identity: Identity, command: m.WatchQueue | m.WatchAgent) -> Answer:
        if isinstance(command, m.WatchQueue):
            return await commands.read_line(self._gateway.store, identity, command.queue, command.limit)
        return await commands.read_agent(self._gateway.store, identity, command.agent)

    def _unwatch(self, command: m.Unwatch | m.UnwatchAgent | m.UnwatchCounts) -> None:
        match command:
            case m.Unwatch():
                self._unfollow(f"queue:{command.queue}")
            case m.UnwatchAgent():
                self._unfollow(f"agent:{command.agent}")
            case m.UnwatchCounts():
                self._counts.stop()

    def _unfollow(self, topic: str) -> None:
        self._session.unfollow(topic)
        self._gateway.hub.unsubscribe(self, topic)

    def _refresh(self, identity: Identity, command: m.RefreshToken) -> None:
        renewed = self._gateway.tokens.verify(command.token)
        if (renewed.workspace, *renewed.actor) != (identity.workspace, *identity.actor):
            raise Forbidden("$.token: the token is somebody else's, or of another scope")
        self._expire_with(renewed)


class Gateway:
    """Accepts websockets from allowed origins and keeps their connections."""

    def __init__(
        self,
        store: StoreClient,
        hub: Hub,
        lease: Lease,
        tokens: Tokens,
        settings: Settings,
        health: Health,
        reporting: Reporting,
    ) -> None:
        self.store = store
        self.reporting = reporting
        self.hub = hub
        self.health = health
        self.overviews = Overviews(store, hub, health)
        self.counts = Counts(store, hub)
        self.lease = lease
        self.tokens = tokens
        self.settings = settings
        self.connections: set[Connection] = set()
        self.is_draining = False
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def allows(self, scope: Scope) -> bool:
        """An exact Origin list; none at all is a program's connection, which carries its token in the hello."""
        origin = dict(scope["headers"]).get(b"origin")
        return origin is None or origin.decode("latin-1") in self.settings.origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI endpoint."""
        await receive()  # websocket.connect
        if self.is_draining:
            await send({"type": "websocket.http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
            await send({"type": "websocket.http.response.body", "body": b"the node is stopping"})
            return
        if not self.allows(scope):
            await send({"type": "websocket.close", "code": 1008, "reason": "this origin is not allowed"})  # HTTP 403
            return
        await send({"type": "websocket.accept"})
        connection = Connection(self, scope["path_params"]["workspace"], receive, send)
        self.connections.add(connection)
        self._is_empty.clear()
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)
            if not self.connections:
                self._is_empty.set()

    async def drain(self, spread_s: float) -> None:
        """Take no new connections, send the present ones elsewhere, and wait at most `spread_s` for them to go."""
        self.is_draining = self.health.is_draining = True
        for connection in list(self.connections):
            connection.drain(round(random.uniform(0, spread_s * 1000)))  # noqa: S311  # to spread, not to hide
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(spread_s):
                await self._is_empty.wait()
