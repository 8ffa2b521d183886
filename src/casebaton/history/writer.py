"""One workspace's history: takes its log in, page by page, and stores what each amounts to exactly once.

All that it goes on with is stored with the page. So a writer that failed in any way is thrown away, and another one
begins with what is stored.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

import structlog
from sqlalchemy import Engine, select

from casebaton.history.book.batch import Batch, Row
from casebaton.history.book.book import Book
from casebaton.history.book.events import BookEvent, read_event
from casebaton.history.database import empty_wal, identity, reaching
from casebaton.history.erasing import CUSTOMER_ERASED, cases_of
from casebaton.history.losses import TRIMMED, Losses, Numbers, read_numbers
from casebaton.history.saving import Gap, Page, Place, Rival, save
from casebaton.history.schema import live, progress
from casebaton.store import checkpoint
from casebaton.store.client import StoreClient
from casebaton.store.figures import Levels
from casebaton.store.fold import Fold
from casebaton.store.log import Entry
from casebaton.store.overview_pages import read_levels
from casebaton.store.retention import HISTORY
from casebaton.store.roster import read_people

_ACTOR = ("engine", "history")
# For so long a history that has stopped keeps its log from being trimmed; after that the store's memory comes first.
KEEP_MS = 24 * 3_600_000
MARK_EVERY_S = 5.0
MARK_IDLE_EVERY_S = 3600.0

logger = structlog.get_logger()


class AnyBook(Protocol):
    """What is asked of a `Book`."""

    def configure(self, levels: Levels) -> None:
        """Count by these from now on."""

    def anchor(self, fold: Fold, at_ms: int, teams: Mapping[str, str]) -> None:
        """Entries are missing: this is how all was before the next one, which is of this instant."""

    def take(self, event: BookEvent) -> None:
        """The next event."""

    def flush(self) -> Batch:
        """What the events since the last call amount to."""


OpenBook = Callable[[Iterable[tuple[str, str, bytes]]], AnyBook]
"""Opens a book with the records of what is under way: kind, name, record."""


class LogChanged(Exception):
    """The log is not the one that was read before: what is stored must be compared with it."""


class Writer:
    """The history of one workspace, written by this process alone. `begin` comes first, and again after the connection
    to the store was lost; after an error nothing does.
    """

    def __init__(
        self, store: StoreClient, engine: Engine, workspace: str, name: str, open_book: OpenBook = Book
    ) -> None:
        """`name` is the process's in `progress`."""
        self.workspace = workspace
        self.place = Place()
        self.position = self.place.position  # after which the log is to be read
        self.is_begun = False
        self._store = store
        self._engine = engine
        self._name = name
        self._reader = HISTORY + identity(engine.url)
        self._open_book = open_book
        self._book: AnyBook | None = None
        self._numbers = Numbers()
        self._lost: list[Gap] = []  # what the log has lost, until it is stored with the next page
        self._config = -1
        self._levels: dict[int, Levels] = {}
        self._marked = ""
        self._marked_at = -MARK_IDLE_EVERY_S
        self._has_old_words = True  # in SQLite's log; whoever wrote before may have left them there

    async def begin(self) -> None:
        """Take up what is stored, and compare it with the log. Raises Unavailable or Rival."""
        await asyncio.to_thread(self._load)
        self._lost = []
        self.position = self.place.position
        fork = await Losses(self._store.redis, self._engine, self.workspace).find(self.place, self._numbers)
        if fork is not None:
            self.position, self._lost = fork.position, fork.gaps
            self._numbers = self._numbers.after(fork.gaps)
            spans = [(gap.from_seq, gap.until_seq) for gap in fork.gaps]
            logger.error("history_log_lost", workspace=self.workspace, entries=spans)
        await self.mark()
        self.is_begun = True

    async def take(self, entries: Sequence[Entry]) -> None:
        """Store the next entries of the log. Raises Unavailable, Rival or LogChanged, or what a fault in the log, the
        book or the tables leads to: then nothing was stored, or all of it.
        """
        events = [read_event(entry) for entry in entries]
        await self._learn({event.config for event in events})
        # Whoever is erased is looked up among all that came before.
        cuts = [i for i, event in enumerate(events) if event.type == CUSTOMER_ERASED and i > 0]
        for start, end in pairwise([0, *cuts, len(events)]):
            await self._take_part(entries[start:end], events[start:end])
        if cuts or events[0].type == CUSTOMER_ERASED or self._now() - self._marked_at >= MARK_EVERY_S:
            await self.mark()  # so that the log loses at once what was erased
        await self._forget()

    async def _take_part(self, entries: Sequence[Entry], events: Sequence[BookEvent]) -> None:
        first = entries[0].seq + self._numbers.lost
        gaps = list(self._lost)
        if first > self.place.seq + 1 or gaps:
            skipped = await self._anchor(entries[0].seq, events[0].at_ms)
            entries, events = entries[skipped:], events[skipped:]
            if first + skipped > self.place.seq + 1:
                gaps.append(Gap(self.place.seq + 1, first + skipped - 1, self.place.at_ms, TRIMMED))
        if events and events[0].type == CUSTOMER_ERASED:
            await self._erase(events[0])
        if entries:
            await asyncio.to_thread(self._take, entries, events, gaps)
            self._lost = []

    async def _erase(self, event: BookEvent) -> None:
        """Erase what the store still has of the customer's ended cases: only here it is known which they are."""

        def ended() -> list[str]:
            with reaching(self._engine), self._engine.connect() as connection:
                return cases_of(connection, self.workspace, event.customer_key)

        key, at_ms = event.customer_key, event.at_ms
        for case in await asyncio.to_thread(ended):
            await self._store.run("erase_case", self.workspace, _ACTOR, case=case, customer_key=key, erased_at=at_ms)

    async def _anchor(self, seq: int, at_ms: int) -> int:
        """Tell the book how all was before the log's entry `seq`. Returns how many entries, from that one on, are told
        by this: the log begins with the one that the checkpoint is at.
        """
        assert self._book is not None
        people = await read_people(self._store, self.workspace, _ACTOR)
        async with checkpoint.open_fold(self._store, self.workspace) as reading:
            await reading.follow(seq - 1)
            fold = reading.fold
        self._book.anchor(fold, at_ms, {name: person.team for name, person in people.items()})
        return max(fold.log_seq - seq + 1, 0)

    async def rest(self) -> None:
        """There is nothing to store. Raises Unavailable."""
        await self._forget()
        since_s = self._now() - self._marked_at
        if since_s >= MARK_IDLE_EVERY_S or (self._marked != self.position and since_s >= MARK_EVERY_S):
            await self.mark()

    async def _forget(self) -> None:
        """Have what was erased leave the database's own log as well, as soon as no reader goes by it."""
        if self._has_old_words:
            self._has_old_words = not await asyncio.to_thread(empty_wal, self._engine)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def mark(self) -> None:
        """Let the log be trimmed up to what is stored, and no further."""
        position = self.position if self.place.seq else ""
        await checkpoint.mark_reader(self._store, self.workspace, self._reader, position, keep_ms=KEEP_MS)
        self._marked, self._marked_at = self.position, self._now()

    async def _learn(self, versions: set[int]) -> None:
        """Read by what is counted under these versions of the configuration; of one that is forgotten: as before."""
        for version in sorted(versions - self._levels.keys()):
            levels = await read_levels(self._store, self.workspace, version)
            self._levels[version] = levels or self._levels.get(self._config) or Levels({}, 0)

    def _load(self) -> None:
        with reaching(self._engine), self._engine.begin() as connection:
            row = connection.execute(select(progress).where(progress.c.workspace == self.workspace)).one()
            if row.writer != self._name:
                raise Rival
            self.place = Place(row.position, row.seq, row.at_ms)
            self._numbers = read_numbers(connection, self.workspace)
            under_way = select(live.c.kind, live.c.name, live.c.record).where(live.c.workspace == self.workspace)
            self._book = self._open_book((each.kind, each.name, each.record) for each in connection.execute(under_way))

    def _take(self, entries: Sequence[Entry], events: Sequence[BookEvent], gaps: Sequence[Gap]) -> None:
        assert self._book is not None
        rows: list[Row] = []
        seq, lost = gaps[-1].until_seq if gaps else self.place.seq, self._numbers.lost
        for entry, event in zip(entries, events, strict=True):
            event.log_seq = entry.seq + lost
            if event.log_seq != seq + 1:
                raise LogChanged
            if event.config != self._config:
                self._book.configure(self._levels[event.config])
                self._config = event.config
            self._book.take(event)
            rows.append(_row(entry, event))
            seq = event.log_seq
        if gaps:
            spans = [(gap.what, gap.from_seq, gap.until_seq) for gap in gaps]
            logger.error("history_lacks_entries", workspace=self.workspace, entries=spans)
        after = Place(entries[-1].position, seq, events[-1].at_ms)
        erasing = [event for event in events if event.erased or event.type == CUSTOMER_ERASED]
        page = Page(self.place, after, rows, self._book.flush(), gaps, erasing)
        with reaching(self._engine), self._engine.begin() as connection:
            save(connection, self.workspace, self._name, page)
        self._has_old_words |= bool(erasing)
        self.place, self.position = page.after, page.after.position


def _row(entry: Entry, event: BookEvent) -> Row:
    return {
        "seq": event.log_seq,
        "position": entry.position,
        "at_ms": event.at_ms,
        "type": event.type,
        "case_id": event.case,
        "agent": event.agent,
        "queue": event.queue,
        "body": entry.body.decode(),
    }
