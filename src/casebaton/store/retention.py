"""Which entries may leave a log: those that are too many; with a history, those that it has stored and that are old;
and what was told of a customer before its erasure.
"""

from msgspec import Struct

from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.connection import reaching
from casebaton.store.events import LogEvent, read_event
from casebaton.store.keys import key

HISTORY = "history:"  # begins the names of the readers that store the log for good, each in a database of its own


class Keep(Struct, frozen=True):
    """What a log keeps: so many entries at least, but with a history none that is older than so many seconds."""

    entries: int
    seconds: int | None = None


class Due(Struct, frozen=True):
    """What may go: entries up to number `last_seq`, those up to position `erased`, and those of before `before_ms`
    (engine time); but of a workspace with histories none behind `stored`, which is None without one.
    """

    last_seq: int
    erased: tuple[int, int]
    before_ms: int
    stored: tuple[int, int] | None

    def covers(self, position: str, event: LogEvent) -> bool:
        """May this entry go?"""
        place = order(position)
        if self.stored is not None and place > self.stored:
            return False
        is_old = self.stored is not None and event.at_ms < self.before_ms
        return is_old or event.log_seq <= self.last_seq or place <= self.erased


def order(position: str) -> tuple[int, int]:
    """A position as it compares."""
    ms, _, number = position.partition("-")
    return int(ms), int(number)


async def read_due(store: StoreClient, workspace: str, keep: Keep) -> Due:
    """What may leave a log by now. Raises Unavailable."""
    _, last_seq = await log.last_position(store.redis, workspace)
    with reaching():
        clock, erased = await store.redis.hmget(key(workspace, "meta"), ["clock", "erased"])
    now_ms = int(clock or 0)
    stored = await _stored(store, workspace, now_ms)
    before_ms = 0 if keep.seconds is None else now_ms - keep.seconds * 1000
    return Due(
        last_seq - keep.entries, order((erased or b"0-0").decode()), before_ms, order(stored) if stored else None
    )


async def _stored(store: StoreClient, workspace: str, now_ms: int) -> str | None:
    """How far all histories have come, as they say; None without one, or when all have been silent for too long."""
    with reaching():
        marks = await store.redis.hgetall(key(workspace, "readers"))
    stored = []
    for reader, mark in marks.items():
        position, _, until_ms = mark.decode().partition(" ")
        if reader.decode().startswith(HISTORY) and int(until_ms) >= now_ms:
            stored.append(position)
    return min(stored, key=order, default=None)


async def history_lag_ms(store: StoreClient, workspace: str) -> int | None:
    """How old the first entry is that the history has not stored, by engine time: 0 when it has stored all, None
    without one. Raises Unavailable.
    """
    with reaching():
        now_ms = int(await store.redis.hget(key(workspace, "meta"), "clock") or 0)
    stored = await _stored(store, workspace, now_ms)
    if stored is None:
        return None
    entry = await log.first_after(store.redis, workspace, stored)
    return 0 if entry is None else max(now_ms - read_event(entry).at_ms, 0)
