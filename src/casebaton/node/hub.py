"""The node's connections and the log tail that feeds them: one for each primary of the store.

A tail reads the logs of all workspaces of a primary that have a connection here, in order, and hands each entry to the
connections that follow one of its topics. When the log was cut behind it (lost data, a gap in the numbers), it drops
its workspace's connections: their clients come back for a new snapshot.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from typing import Protocol

import structlog

from casebaton.errors import CasebatonError
from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.tails import Tail, tail_of
from casebaton.tasks import end
from casebaton.wire.session import POSITION_LOST, Order, order_of

BLOCK_MS = 1000
FIRST_PAUSE_S = 0.05
REST_S = 0.001  # between reads, for each node of the store: one wake-up serves all that was written meanwhile
LONGEST_REST_S = 0.005
AT_ONCE = 16  # entries handed on before the writers get their turn: a page of them would overflow a healthy outbox
EVERYONE = "all"
EVERYTHING = "*"  # no entry names it: whoever follows it gets every one

logger = structlog.get_logger()


class Listener(Protocol):
    """What the hub needs of a connection. None of it waits."""

    workspace: str

    def deliver(self, entry: log.Entry, order: Order) -> None:
        """Take an entry that carries one of the listener's topics."""

    def end(self, code: int, reason: str) -> None:
        """Close the connection soon."""


class _Log:
    """How far a workspace's log has been read here."""

    def __init__(self, position: str, seq: int) -> None:
        self.position = position
        self.seq = seq
        self.listeners: dict[Listener, list[str]] = {}  # each with its few topics, so that one leaves without a search
        self.topics: defaultdict[str, set[Listener]] = defaultdict(set)

    def forget(self, listener: Listener, topic: str) -> None:
        """Strike a listener off a topic."""
        followers = self.topics[topic]
        followers.discard(listener)
        if not followers:
            del self.topics[topic]


class Hub:
    """All connections of a node, by workspace and topic."""

    def __init__(self, store: StoreClient) -> None:
        self._store = store
        self._logs: dict[str, _Log] = {}
        self._readers: dict[str, _Reader] = {}  # by primary
        self._changed = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None
        self.rest_s = REST_S
        self._lag_ms = 0
        store.on_moved(self._look_again)

    def share(self, nodes: int) -> None:
        """Rest longer the more nodes read: so the store's wake-ups stay about 1000 a second, whatever their number up
        to 5, and at most 200 for each further one.
        """
        self.rest_s = min(nodes * REST_S, LONGEST_REST_S)

    def take_lag(self) -> int:
        """Milliseconds from an entry's instant, as the store has it, to the end of the hand-over here: the greatest
        since the last call.
        """
        lag_ms, self._lag_ms = self._lag_ms, 0
        return lag_ms

    @property
    def listeners(self) -> list[Listener]:
        """Every connection of the node."""
        return [listener for tail in self._logs.values() for listener in tail.listeners]

    @property
    def workspaces(self) -> list[str]:
        """The workspaces with a connection here."""
        return [name for name, tail in self._logs.items() if tail.listeners]

    def position(self, workspace: str) -> str | None:
        """How far the workspace's log has been read here; None when nobody follows it."""
        tail = self._logs.get(workspace)
        return tail.position if tail else None

    async def add(self, listener: Listener) -> None:
        """Begin to tail the listener's workspace: no entry after this call's end is missed.

        It joins the tail in the same turn of the event loop in which it found or made it: a tail that nobody has
        joined goes with the next one who leaves.
        """
        tail = self._logs.get(listener.workspace)
        is_new = tail is None
        if tail is None:
            position, seq = await log.last_position(self._store.redis, listener.workspace)
            tail = self._logs.setdefault(listener.workspace, _Log(position, seq))
        tail.listeners.setdefault(listener, [])
        self.subscribe(listener, EVERYONE)
        if is_new and (reader := self._reader_of(listener.workspace)):
            reader.has_work.set()
            await reader.tail.interrupt()

    def subscribe(self, listener: Listener, topic: str) -> None:
        """Hand entries with this topic to the listener, too."""
        tail = self._logs[listener.workspace]
        if listener not in tail.topics[topic]:
            tail.topics[topic].add(listener)
            tail.listeners[listener].append(topic)

    def unsubscribe(self, listener: Listener, topic: str) -> None:
        """No longer do."""
        tail = self._logs[listener.workspace]
        if topic in tail.listeners[listener]:
            tail.listeners[listener].remove(topic)
            tail.forget(listener, topic)

    def remove(self, listener: Listener) -> None:
        """Forget a connection. The workspace's tail stays for a while: someone else is likely to come."""
        tail = self._logs.get(listener.workspace)
        if tail is None:
            return
        for topic in tail.listeners.pop(listener, ()):
            tail.forget(listener, topic)
        if not tail.listeners:
            del self._logs[listener.workspace]

    async def run(self) -> None:
        """Tail until cancelled. Ends with what one of the readers failed with."""
        running: list[asyncio.Task[None]] = []  # no TaskGroup: a reader may swallow a cancellation, which `end` repeats
        try:
            while True:
                for workspace in self._logs:
                    self._reader_of(workspace)
                for reader in self._readers.values():
                    running += reader.start(self._changed)
                await self._changed.wait()
                self._changed.clear()
                for task in running:
                    if task.done() and not task.cancelled():
                        task.result()
        finally:
            self._ending = asyncio.create_task(end(*running), name="log-tails-end")
            await asyncio.shield(self._ending)  # whoever cancels again does not wait for it, and it goes on

    async def close(self) -> None:
        """Give the tails' connections back."""
        for reader in self._readers.values():
            await reader.tail.close()

    def _look_again(self) -> None:
        """The store's primaries have changed: some readers have more to do, and others less."""
        self._changed.set()
        for reader in self._readers.values():
            reader.has_work.set()

    def _reader_of(self, workspace: str) -> "_Reader | None":
        """The reader of the workspace's primary; none while that is not known."""
        url = self._store.primary_of(workspace)
        if url and url not in self._readers:
            self._readers[url] = _Reader(self, self._store, url)
            self._changed.set()
        return self._readers.get(url)

    def positions(self, url: str) -> dict[str, str]:
        """The workspaces of one primary that are followed here, and how far each has been read."""
        mine = ((name, tail) for name, tail in self._logs.items() if self._store.primary_of(name) == url)
        return {name: tail.position for name, tail in mine}

    async def check(self, workspace: str) -> None:
        """Is what was read last still in the log? Meanwhile the last listener may leave, and the tail with it."""
        tail = self._logs.get(workspace)
        if tail is not None and tail.seq and not await log.holds(self._store.redis, workspace, tail.position, tail.seq):
            tail.position, tail.seq = await log.last_position(self._store.redis, workspace)
            self._drop(tail, "data was lost")

    async def hand_on(self, workspace: str, entries: list[log.Entry]) -> None:
        """Give entries that were read to whoever follows them."""
        tail = self._logs.get(workspace)
        if tail is None:
            return
        for i, entry in enumerate(entries):
            if i % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
            if entry.seq <= tail.seq:
                continue
            if entry.seq != tail.seq + 1:
                self._drop(tail, f"entry {entry.seq} after {tail.seq}")
            tail.position, tail.seq = entry.position, entry.seq
            order = order_of(entry.position)
            followers = set(tail.topics.get(EVERYTHING, ()))
            for topic in entry.topics:
                followers |= tail.topics.get(topic, set())
            for listener in followers:
                listener.deliver(entry, order)
        self._lag_ms = max(self._lag_ms, round(time.time() * 1000) - order_of(tail.position)[0])

    def _drop(self, tail: _Log, reason: str) -> None:
        logger.error("log_position_lost", reason=reason, connections=len(tail.listeners))
        for listener in list(tail.listeners):
            listener.end(POSITION_LOST, "the position in the log was lost")


class _Reader:
    """Reads the logs of one primary for the hub, whichever workspaces it has just now."""

    def __init__(self, hub: Hub, store: StoreClient, url: str) -> None:
        self.tail: Tail = tail_of(store, url, block_ms=BLOCK_MS)
        self.has_work = asyncio.Event()
        self._hub = hub
        self._store = store
        self._url = url
        self._checked: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self, ended: asyncio.Event) -> list[asyncio.Task[None]]:
        """Begin to run, unless it does already: its task, at whose end the event is set."""
        if self._task is not None:
            return []
        self._task = asyncio.create_task(self._run(), name="log-tail")
        self._task.add_done_callback(lambda _: ended.set())
        return [self._task]

    async def _run(self) -> None:
        """Read until cancelled. A lost connection to the store is taken up again with a pause."""
        pause = FIRST_PAUSE_S
        while True:
            await self._positions()  # a primary that nobody needs may be gone
            try:
                await self.tail.open()
                self._checked.clear()
                pause = FIRST_PAUSE_S
                await self._follow()
            except CasebatonError as error:
                logger.warning("log_tail_lost", error=error.code)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)
                with contextlib.suppress(CasebatonError):
                    await self._store.locate()

    async def _positions(self) -> dict[str, str]:
        """What there is to read, once there is something."""
        while not (positions := self._hub.positions(self._url)):
            self.has_work.clear()
            await self.has_work.wait()
        return positions

    async def _follow(self) -> None:
        while True:
            positions = await self._positions()
            unchecked, self._checked = positions.keys() - self._checked, set(positions)
            for workspace in unchecked:  # new to this connection: what was read may be lost
                await self._hub.check(workspace)
            if unchecked:
                continue  # somebody may have come or gone meanwhile
            news = await self.tail.read(positions)
            for workspace, entries in news.items():
                await self._hub.hand_on(workspace, entries)
            if news and not any(len(entries) == log.PAGE for entries in news.values()):  # else there is more
                await asyncio.sleep(self._hub.rest_s)
