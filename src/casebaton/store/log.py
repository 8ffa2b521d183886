"""Reads the workspaces' logs: from a position on (`tail`) and in pages (the audit)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
from redis.exceptions import ResponseError

from casebaton.store.client import RawRedis, connect, reaching
from casebaton.store.keys import log_key
from casebaton.store.line import Line

PAGE = 1000


class Entry(msgspec.Struct, frozen=True):
    """One log entry: its position, its contiguous number, who must see it, and the event as JSON."""

    position: str
    seq: int
    topics: tuple[str, ...]
    body: bytes


def _entry(position: bytes, fields: Mapping[bytes, bytes]) -> Entry:
    return _read(position, fields[b"to"], fields[b"body"])


def _read(position: bytes, to: bytes, body: bytes) -> Entry:
    seq, *topics = to.decode().split()
    return Entry(position.decode(), int(seq), tuple(topics), body)


class Tail:
    """A connection of its own that waits for news of many logs at once."""

    def __init__(self, url: str, *, block_ms: int) -> None:
        self._line = Line(connect(url, timeout_s=None).connection_pool, answer_within_s=block_ms / 1000 + 10)
        self._block_ms = block_ms
        self._client_id: int | None = None

    async def open(self) -> None:
        """Connect afresh. Raises Unavailable."""
        await self.close()
        self._client_id = await self._ask("CLIENT", "ID")

    async def close(self) -> None:
        """Give the connection back."""
        self._client_id = None
        await self._line.close()

    async def read(self, positions: Mapping[str, str]) -> dict[str, list[Entry]]:
        """Wait for entries after each workspace's position, at most a page of each. Raises Unavailable."""
        streams = *(log_key(workspace) for workspace in positions), *positions.values()
        rows = await self._ask("XREAD", "COUNT", PAGE, "BLOCK", self._block_ms, "STREAMS", *streams) or []
        return {
            key.decode()[1:].partition("}")[0]: [_read(position, to, body) for position, (_, to, _, body) in entries]
            for key, entries in rows
        }

    async def _ask(self, *command: str | int) -> Any:
        with reaching():
            (reply,) = await self._line.exchange([command])
            if isinstance(reply, ResponseError):
                raise reply
            return reply

    async def interrupt(self, through: RawRedis) -> None:
        """Let a waiting `read` end now, asked through another connection. Raises Unavailable."""
        if self._client_id is not None:
            with reaching():
                await through.client_unblock(self._client_id)


async def last_position(redis: RawRedis, workspace: str) -> tuple[str, int]:
    """The newest entry's position and number, `("0-0", 0)` when the log is empty."""
    with reaching():
        rows = await redis.xrevrange(log_key(workspace), count=1)
    if not rows:
        return "0-0", 0
    entry = _entry(*rows[0])
    return entry.position, entry.seq


async def read_last(redis: RawRedis, workspace: str, count: int) -> list[Entry]:
    """The newest entries, oldest first."""
    with reaching():
        rows = await redis.xrevrange(log_key(workspace), count=count)
    return [_entry(*row) for row in reversed(rows)]


async def holds(redis: RawRedis, workspace: str, position: str, seq: int) -> bool:
    """Is the very entry that was read last still in the log? False after data was lost behind us."""
    with reaching():
        rows = await redis.xrange(log_key(workspace), min=position, max=position, count=1)
    return bool(rows) and _entry(*rows[0]).seq == seq


async def read_after(redis: RawRedis, workspace: str, position: str) -> AsyncIterator[Entry]:
    """All entries after a position, in pages, up to the present end. Raises Unavailable."""
    while True:
        with reaching():
            rows = await redis.xrange(log_key(workspace), min=f"({position}", count=PAGE)
        if not rows:
            return
        for row in rows:
            entry = _entry(*row)
            position = entry.position
            yield entry
