"""What the log and the history do not have in common.

The store may lose the end of a log that is stored here already (a failover). Entries that come then bear numbers that
were given before. So the history goes on counting: from there on an entry's number here (`seq`) is the log's own plus
the length of everything that was lost before, and no number comes twice.
"""

import asyncio
from collections.abc import Iterable, Iterator

from msgspec import Struct
from sqlalchemy import Connection, Engine, select

from casebaton.history.database import reaching
from casebaton.history.saving import Gap, Place
from casebaton.history.schema import events, gaps
from casebaton.store import log
from casebaton.store.connection import RawRedis

TRIMMED, LOST = "trimmed", "lost"


class Fork(Struct, frozen=True):
    """Where the history goes on in a log that has lost entries: after `position`; `gaps` are those lost, in order."""

    position: str
    gaps: list[Gap]


class Numbers(Struct, frozen=True):
    """How the log's numbers and the history's go together: `spans` are those that were lost, first and last."""

    spans: tuple[tuple[int, int], ...] = ()

    @property
    def lost(self) -> int:
        """How many entries were lost so far."""
        return sum(last - first + 1 for first, last in self.spans)

    def after(self, gaps: Iterable[Gap]) -> "Numbers":
        """When these are lost, too."""
        return Numbers(tuple(sorted((*self.spans, *((gap.from_seq, gap.until_seq) for gap in gaps)))))

    def unlost(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """What of these is not among the lost: a later loss may reach back before an earlier one."""
        for lost_first, lost_last in (span for span in self.spans if span[1] >= first):
            if first < lost_first:
                yield first, lost_first - 1
            first = lost_last + 1
        yield first, last

    def seq_of(self, number: int) -> int:
        """Under which number the entry that the log has under this one is stored."""
        lost = self.lost
        for first, last in reversed(self.spans):
            if number + lost > last:
                break
            lost -= last - first + 1
        return number + lost


def read_numbers(connection: Connection, workspace: str) -> Numbers:
    """As the gaps of a workspace tell."""
    found = (
        select(gaps.c.from_seq, gaps.c.until_seq)
        .where(gaps.c.workspace == workspace, gaps.c.what == LOST)
        .order_by(gaps.c.from_seq)
    )
    return Numbers(tuple((row.from_seq, row.until_seq) for row in connection.execute(found)))


class Losses:
    """Looks for what a log has lost."""

    def __init__(self, redis: RawRedis, engine: Engine, workspace: str) -> None:
        self._redis = redis
        self._engine = engine
        self._workspace = workspace

    async def find(self, place: Place, numbers: Numbers) -> Fork | None:
        """Where to go on, if the log has lost entries that are stored up to `place`.

        None when it has lost nothing: it may still begin later, because it was trimmed, as the numbers will tell.
        Raises Unavailable.
        """
        last = place.seq - numbers.lost
        if last == 0 or await log.holds(self._redis, self._workspace, place.position, last):
            return None
        oldest = await log.oldest(self._redis, self._workspace)
        if oldest is not None and oldest.seq > last:
            return None
        position, common = await self._last_in_common(0 if oldest is None else oldest.seq - 1, last, numbers)
        lost = numbers.unlost(numbers.seq_of(common) + 1, place.seq)
        return Fork(position, [Gap(begin, end, place.at_ms, LOST) for begin, end in lost])

    async def _last_in_common(self, before: int, last: int, numbers: Numbers) -> tuple[str, int]:
        """The last entry that is both in the log and stored, by its position and number: what was lost is an end, so
        halving finds it.
        """
        position, common, lacking = "0-0", before, last
        while lacking - common > 1:
            middle = (common + lacking) // 2
            found = await asyncio.to_thread(self._position, numbers.seq_of(middle))
            if found is not None and await log.holds(self._redis, self._workspace, found, middle):
                position, common = found, middle
            else:
                lacking = middle
        return position, common

    def _position(self, seq: int) -> str | None:
        with reaching(self._engine), self._engine.connect() as connection:
            found = connection.execute(
                select(events.c.position).where(events.c.workspace == self._workspace, events.c.seq == seq)
            )
            return found.scalar_one_or_none()
