"""The process that writes histories: of all workspaces of a store, but for those that another such process writes.

A writer that fails is thrown away. The next look at the claims, 2 s later at most, begins a new one with what is
stored.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping

import structlog
from sqlalchemy import Engine

from casebaton import logs, tasks
from casebaton.errors import CasebatonError, Invalid, Unavailable
from casebaton.history.book.book import Book
from casebaton.history.claims import BEAT_EVERY_S, Claims
from casebaton.history.database import find, open_engine, place
from casebaton.history.migrate import migrate
from casebaton.history.saving import Rival
from casebaton.history.writer import LogChanged, OpenBook, Writer
from casebaton.settings import NO_HISTORY, Settings
from casebaton.store import log, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.tails import Tail, tail_of

BLOCK_MS = 1000
REST_S = 0.1  # between reads: a page is a transaction, and nobody reads a history by the millisecond
PAUSE_S = 1.0
REST_AFTER_FAULT_S = 60.0  # of a workspace whose page cannot be stored: its log is faulty, or the program

logger = structlog.get_logger()


async def write(
    settings: Settings, redis_url: str, stop: asyncio.Event, *, on_start: Callable[[], object] = lambda: None
) -> None:
    """Write the histories of the store's workspaces until `stop` is set. A database that cannot be reached is waited
    for; `on_start` is called once it was tried.

    Raises Invalid (there is none, or no driver), CasebatonError `HISTORY_NEWER`, or OSError of the data directory.
    """
    url = find(settings)
    if url is None:
        raise Invalid(f"history_url is {NO_HISTORY}: there is no history to write")
    engine = open_engine(url, is_writer=True)
    store = StoreClient(redis_url, replicas=settings.replicas)
    try:
        is_open = await _open(engine, store)
        on_start()
        while not is_open and not stop.is_set():
            await _wait(stop, BEAT_EVERY_S)
            is_open = await _open(engine, store)
        if is_open:
            logger.info("history_started", history=place(url))
            await History(store, engine).run(stop)
    finally:
        await store.close()
        engine.dispose()


async def _open(engine: Engine, store: StoreClient) -> bool:
    """Have the tables and the store's functions ready, if both can be reached."""
    try:
        await asyncio.to_thread(migrate, engine)
        await store.load()
    except Unavailable as error:
        logger.warning("history_delayed", error=error.code, reason=error.detail)
        return False
    return True


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


class History:
    """Writes what is this process's to write."""

    def __init__(
        self,
        store: StoreClient,
        engine: Engine,
        open_book: OpenBook = Book,
        *,
        claims: Claims | None = None,
        look_every_s: float = BEAT_EVERY_S,
    ) -> None:
        self.claims = claims or Claims(engine)
        self._look_every_s = look_every_s
        self._store = store
        self._engine = engine
        self._open_book = open_book
        self._writers: dict[str, Writer] = {}
        self._resting: dict[str, float] = {}  # until when, by the event loop's clock
        self._tails: dict[str, Tail] = {}  # by primary, as the next
        self._readers: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set. What was claimed is free for others then, at once."""
        try:
            while not stop.is_set():
                await self._claim()
                for reader in self._readers.values():
                    if reader.done():
                        reader.result()  # what it failed with
                await _wait(stop, self._look_every_s)
        finally:
            await tasks.end(*self._readers.values())
            for tail in self._tails.values():
                await tail.close()
        with contextlib.suppress(CasebatonError):  # others wait until the beats stand still, then
            await asyncio.to_thread(self.claims.let_go)

    async def _claim(self) -> None:
        try:
            names = await workspaces.list_workspaces(self._store)
            mine = await asyncio.to_thread(self.claims.look, names)
            await self._hold(mine & set(names))
        except CasebatonError as error:
            logger.warning("history_delayed", error=error.code, reason=error.detail)

    async def _hold(self, mine: set[str]) -> None:
        """Begin to write what is new among these, and leave what is not among them."""
        now_s = asyncio.get_running_loop().time()
        for name in self._writers.keys() - mine:
            del self._writers[name]
        new = {name for name in mine - self._writers.keys() if self._resting.get(name, 0.0) <= now_s}
        for name in new:
            self._writers[name] = Writer(self._store, self._engine, name, self.claims.writer, self._open_book)
        for url in {self._store.primary_of(name) for name in self._writers} - self._tails.keys() - {""}:
            self._tails[url] = tail_of(self._store, url, block_ms=BLOCK_MS)
            self._readers[url] = asyncio.create_task(self._read(url), name="history-reader")
        if new:
            self._changed.set()
            for tail in self._tails.values():
                await tail.interrupt()

    def _drop(self, writer: Writer) -> None:
        if self._writers.get(writer.workspace) is writer:
            del self._writers[writer.workspace]

    def _at(self, url: str) -> Mapping[str, Writer]:
        return {name: writer for name, writer in self._writers.items() if self._store.primary_of(name) == url}

    async def _read(self, url: str) -> None:
        """Read the logs of one primary. A lost connection to it is taken up again with a pause."""
        tail = self._tails[url]
        while True:
            while not self._at(url):
                self._changed.clear()
                await self._changed.wait()
            try:
                await tail.open()
                for writer in self._at(url).values():
                    writer.is_begun = False  # what was read may be lost by now
                await self._follow(url, tail)
            except CasebatonError as error:
                logger.warning("history_delayed", error=error.code, reason=error.detail)
                await asyncio.sleep(PAUSE_S)  # a store that is away is not asked without end
                with contextlib.suppress(CasebatonError):
                    await self._store.locate()

    async def _follow(self, url: str, tail: Tail) -> None:
        while writers := self._at(url):
            for writer in writers.values():
                if not writer.is_begun:
                    async with self._dropping(writer):
                        await writer.begin()
            if not (reading := {name: each for name, each in self._at(url).items() if each.is_begun}):
                continue
            news = await tail.read({name: each.position for name, each in reading.items()})
            for name, writer in reading.items():
                async with self._dropping(writer):
                    await (writer.take(news[name]) if name in news else writer.rest())
            if news and not any(len(entries) == log.PAGE for entries in news.values()):  # else there is more
                await asyncio.sleep(REST_S)

    @contextlib.asynccontextmanager
    async def _dropping(self, writer: Writer) -> AsyncIterator[None]:
        """Around what one writer does: its failures are its own, and end it."""
        try:
            yield
        except (Rival, LogChanged, CasebatonError) as error:
            logger.warning("history_interrupted", workspace=writer.workspace, reason=str(error) or type(error).__name__)
            self._drop(writer)
        except Exception as error:  # noqa: BLE001  # a fault in one log keeps no other from being read
            about = logs.about(error)
            logger.error("history_failed", workspace=writer.workspace, **about, again_in_s=REST_AFTER_FAULT_S)  # noqa: TRY400
            self._drop(writer)
            self._resting[writer.workspace] = asyncio.get_running_loop().time() + REST_AFTER_FAULT_S
