"""Reads the workspaces' logs in pages. What follows them as they grow is in `tails.py`."""

from collections.abc import AsyncIterator, Mapping

import msgspec

from casebaton.store.connection import RawRedis, reaching
from casebaton.store.keys import log_key

PAGE = 1000


class Entry(msgspec.Struct, frozen=True):
    """One log entry: its position, its contiguous number, who must see it, and the event as JSON."""

    position: str
    seq: int
    topics: tuple[str, ...]
    body: bytes


def read_entry(position: bytes, to: bytes, body: bytes) -> Entry:
    """An entry by its position and the values of its two fields."""
    seq, *topics = to.decode().split()
    return Entry(position.decode(), int(seq), tuple(topics), body)


def _entry(position: bytes, fields: Mapping[bytes, bytes]) -> Entry:
    """An entry as redis-py hands it out."""
    return read_entry(position, fields[b"to"], fields[b"body"])


async def last_position(redis: RawRedis, workspace: str) -> tuple[str, int]:
    """The newest entry's position and number, `("0-0", 0)` when the log is empty."""
    with reaching():
        rows = await redis.xrevrange(log_key(workspace), count=1)
    if not rows:
        return "0-0", 0
    entry = _entry(*rows[0])
    return entry.position, entry.seq


async def oldest(redis: RawRedis, workspace: str) -> Entry | None:
    """The entry that the log begins with."""
    return await first_after(redis, workspace, "0-0")


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
    while page := await read_page(redis, workspace, position):
        for entry in page:
            yield entry
        position = page[-1].position


async def read_page(redis: RawRedis, workspace: str, position: str) -> list[Entry]:
    """The next entries after a position, a page at most. Raises Unavailable."""
    with reaching():
        rows = await redis.xrange(log_key(workspace), min=f"({position}", count=PAGE)
    return [_entry(*row) for row in rows]


def just_before(ms: int) -> str:
    """The last position that is before an instant of the store's clock."""
    return f"{ms - 1}-{2**64 - 1}"


async def begin_of(redis: RawRedis, workspace: str, from_ms: int, now_ms: int, most: int) -> int:
    """From which instant on (ms, not before `from_ms`) the log is there, and has at most so many entries.

    It asks for single entries: their numbers tell how many come after. Raises Unavailable.
    """
    _, last = await last_position(redis, workspace)
    first = await oldest(redis, workspace)
    if first is not None and first.seq > 1:  # it was trimmed
        from_ms = max(from_ms, _ms_of(first) + 1)
    entry = await first_after(redis, workspace, just_before(from_ms))
    while entry is not None and last - entry.seq >= most:
        middle_ms = (max(from_ms, _ms_of(entry)) + now_ms) // 2
        if middle_ms <= from_ms:
            return now_ms
        from_ms, entry = middle_ms, await first_after(redis, workspace, just_before(middle_ms))
    return from_ms


async def first_after(redis: RawRedis, workspace: str, position: str) -> Entry | None:
    """The entry that follows a position. Raises Unavailable."""
    with reaching():
        rows = await redis.xrange(log_key(workspace), min=f"({position}", count=1)
    return _entry(*rows[0]) if rows else None


def _ms_of(entry: Entry) -> int:
    return int(entry.position.partition("-")[0])
