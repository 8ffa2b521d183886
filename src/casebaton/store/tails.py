"""Follows the logs of one primary as they grow, over connections of its own.

One server answers XREAD BLOCK for all logs at once. A cluster's does not: their keys are in several slots. There each
log is read by an XREAD of its own, all in one pipeline, and only when it has grown: the server tells when, since it
tracks the keys that were read (CLIENT TRACKING) and announces the first change of each. So there too one wake-up
serves all that was written until the next read, and it comes with the commit.
"""

import asyncio
import contextlib
import math
from collections.abc import Mapping
from typing import Any, Protocol

from redis.exceptions import RedisError, ResponseError

from casebaton.errors import Unavailable
from casebaton.store.client import StoreClient
from casebaton.store.connection import ANSWER_WITHIN_S, connect, reaching
from casebaton.store.keys import log_key
from casebaton.store.line import Line
from casebaton.store.log import PAGE, Entry, read_entry
from casebaton.tasks import end

Positions = Mapping[str, str]
"""How far each workspace's log has been read."""

News = dict[str, list[Entry]]
"""By workspace, what came after its position, in order; at most a page of each."""

INVALIDATIONS = "__redis__:invalidate"


class Tail(Protocol):
    """What waits for news of many logs at once. Only one `read` at a time."""

    async def open(self) -> None:
        """Connect afresh. Raises Unavailable."""

    async def close(self) -> None:
        """Give the connections back."""

    async def read(self, positions: Positions) -> News:
        """Wait for a while for entries after each position. Raises Unavailable."""

    async def interrupt(self) -> None:
        """Let a waiting `read` end now. Raises Unavailable."""


def tail_of(store: StoreClient, url: str, *, block_ms: int) -> Tail:
    """A tail for the workspaces of the primary at this URL."""
    return TrackingTail(url, block_ms=block_ms) if store.is_cluster else BlockingTail(url, block_ms=block_ms)


def _workspace(key: bytes) -> str:
    return key.decode()[1:].partition("}")[0]


class BlockingTail:
    """One XREAD BLOCK over all logs."""

    def __init__(self, url: str, *, block_ms: int) -> None:
        self._redis = connect(url)
        self._line = Line(connect(url, timeout_s=None).connection_pool, answer_within_s=block_ms / 1000 + 10)
        self._block_ms = block_ms
        self._client_id: int | None = None

    async def open(self) -> None:
        """Connect afresh. Raises Unavailable."""
        await self.close()
        self._client_id = await self._ask("CLIENT", "ID")

    async def close(self) -> None:
        """Give the connections back."""
        self._client_id = None
        await self._line.close()
        await self._redis.connection_pool.disconnect()

    async def read(self, positions: Positions) -> News:
        """Wait for entries after each workspace's position, at most a page of each. Raises Unavailable."""
        streams = *map(log_key, positions), *positions.values()
        rows = await self._ask("XREAD", "COUNT", PAGE, "BLOCK", self._block_ms, "STREAMS", *streams) or []
        return {
            _workspace(key): [read_entry(position, *fields[1::2]) for position, fields in entries]
            for key, entries in rows
        }

    async def _ask(self, *command: str | int) -> Any:
        with reaching():
            (reply,) = await self._line.exchange([command])
            if isinstance(reply, ResponseError):
                raise reply
            return reply

    async def interrupt(self) -> None:
        """Let a waiting `read` end now, asked through another connection. Raises Unavailable."""
        if self._client_id is not None:
            with reaching():
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    await self._redis.client_unblock(self._client_id)


class TrackingTail:
    """One XREAD per log that has grown, in one pipeline.

    A log is `_quiet` from just before it is read until the server announces that it has changed. An announcement that
    is older than the read costs one read more; none can be missed, since the server begins to track as it answers.
    """

    def __init__(self, url: str, *, block_ms: int) -> None:
        self._pool = connect(url).connection_pool
        self._block_s = block_ms / 1000
        self._connections: list[Any] = []  # what is tracked, and what is told
        self._announcing: asyncio.Task[None] | None = None
        self._quiet: set[str] = set()
        self._wake = asyncio.Event()

    async def open(self) -> None:
        """Connect afresh: one connection whose reads are tracked, and one that is told of changes.

        Raises Unavailable.
        """
        await self.close()
        self._quiet.clear()
        with reaching():
            for _ in range(2):
                self._connections.append(self._pool.make_connection())
                await self._connections[-1].connect()
            _, told = self._connections
            await told.send_command("CLIENT", "ID")
            number = await told.read_response()
            await told.send_command("SUBSCRIBE", INVALIDATIONS)
            await told.read_response()
            await self._ask([("CLIENT", "TRACKING", "ON", "REDIRECT", number)])
        self._announcing = asyncio.create_task(self._hear(told), name="log-changes")

    async def close(self) -> None:
        """Give the connections back."""
        if self._announcing is not None:
            await end(self._announcing)
            self._announcing = None
        while self._connections:
            await self._connections.pop().disconnect()

    async def read(self, positions: Positions) -> News:
        """Wait for entries after each workspace's position, at most a page of each. Raises Unavailable."""
        assert self._announcing is not None
        self._wake.clear()
        if news := await self._read_grown(positions):
            return news
        waking = asyncio.create_task(self._wake.wait(), name="log-wake")
        await asyncio.wait({waking, self._announcing}, timeout=self._block_s, return_when=asyncio.FIRST_COMPLETED)
        await end(waking)
        if self._announcing.done():
            raise Unavailable("the store cannot be reached: it no longer tells of changes")
        if not self._wake.is_set():
            self._quiet.clear()  # so that a server that is gone without a word is noticed
        return await self._read_grown(positions)

    async def _read_grown(self, positions: Positions) -> News:
        grown = [workspace for workspace in positions if workspace not in self._quiet]
        self._quiet.update(grown)
        with reaching():
            answers = await self._ask(
                [("XREAD", "COUNT", PAGE, "STREAMS", log_key(name), positions[name]) for name in grown]
            )
        news = {
            name: [read_entry(position, *fields[1::2]) for position, fields in answer[0][1]]
            for name, answer in zip(grown, answers, strict=True)
            if answer
        }
        self._quiet.difference_update(name for name, entries in news.items() if len(entries) == PAGE)
        return news

    async def interrupt(self) -> None:
        """Let a waiting `read` end now."""
        self._wake.set()

    async def _ask(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Answers in order. A redis-py pipeline would not do: it may change connections, and so end the tracking."""
        if not commands:
            return []
        tracked = self._connections[0]
        await tracked.send_packed_command(tracked.pack_commands(commands))
        return [await tracked.read_response() for _ in commands]

    async def _hear(self, told: Any) -> None:
        """Take announcements until the connection ends; all keys are meant after a FLUSHALL."""
        with contextlib.suppress(RedisError, OSError):  # `read` looks whether this has ended
            while True:
                _, _, keys = await told.read_response(timeout=math.inf)
                if keys is None:
                    self._quiet.clear()
                else:
                    self._quiet.difference_update(map(_workspace, keys))
                self._wake.set()
