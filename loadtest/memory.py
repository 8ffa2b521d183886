"""`memory`: what the store holds after a day, with a history.

A day on a virtual clock: cases come, are accepted and end, a history stores it all, and the log is trimmed as a node
does it every so often. At its end nothing may be left of the cases, and of the log the last hour. Then what single
cases cost: waiting, owned, and closed but kept for reopening.

A record expires by the store's own clock, which knows nothing of the virtual one: so closed cases are kept for a second
on both, and the figure waits for that at the end.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from casebaton.history import database
from casebaton.history.claims import Claims
from casebaton.history.migrate import migrate
from casebaton.history.writer import Writer
from casebaton.settings import Settings
from casebaton.store import checkpoint, log, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.keys import key, log_key
from casebaton.store.retention import Keep
from casebaton.workspace.document import Channel, Document, Queue
from casebaton.workspace.document import Settings as Rules
from loadtest.lives import Floor

BEGIN_MS = 2_000_000_000_000  # later than the store's own clock
DAY_MS = 86_400_000
KEEP_S = 3600  # of the log
KEEP_ENTRIES = 200_000
REOPEN_S = 1.0
TRIM_EVERY_MS = 600_000
OF_CASES = ("case", "card", "data", "notes", "cooling", "customer", "wait", "line", "held")
ENTRIES_PER_CASE = 4
SPARE = 2 * ENTRIES_PER_CASE  # the case that runs, and the entry that the checkpoint is at
QUEUE, AWAY = "support", "nobody"  # one whose agents are there, one without
EXPIRED_AFTER_S = 1.5


class Day(Floor):
    """A workspace on a virtual clock."""

    def __init__(self, store: StoreClient, reopen_s: float) -> None:
        super().__init__(store, "memory")
        self.now = BEGIN_MS
        self._rules = Rules(reopen_s=reopen_s, retention_s=1)

    async def run(self, name: str, actor: tuple[str, str], **args: Any) -> Any:
        """Run one command now."""
        return await super().run(name, actor, now=self.now, **args)

    async def begin(self, agents: int) -> None:
        """The document is in force and the agents are there."""
        document = Document(workspace=self._rules, channels={"case": Channel()}, queues={QUEUE: Queue(), AWAY: Queue()})
        await workspaces.apply(self.store, self.workspace, document, now=self.now)
        await self.run("take_lease", ("engine", "node-a"), node="node-a", lease_ms=10**9)
        for number in range(agents):
            await self.arrive(f"agent-{number}", QUEUE)

    async def keys(self) -> dict[str, int]:
        """Bytes of the workspace's keys by kind, as the store counts them."""
        names = [name async for name in self.store.redis.scan_iter(key(self.workspace, "*"), count=1000)]
        pipeline = self.store.redis.pipeline(transaction=False)
        for name in names:
            pipeline.memory_usage(name, samples=0)
        found: Counter[str] = Counter()
        for name, size in zip(names, await pipeline.execute(), strict=True):
            found[name.decode().partition("}:")[2].partition(":")[0]] += size or 0
        return dict(found)

    async def used(self) -> int:
        """Bytes of all of them but the log."""
        return sum(size for kind, size in (await self.keys()).items() if kind != "log")


class Books:
    """A history of the workspace, written now and then."""

    def __init__(self, directory: Path) -> None:
        url = database.find(Settings(data_dir=str(directory)))
        assert url is not None
        self.engine = database.open_engine(url, is_writer=True)
        migrate(self.engine)
        self._claims = Claims(self.engine)
        self._writer: Writer | None = None

    async def write(self, day: Day) -> None:
        """Store what the log has by now, and say so."""
        self._claims.look([day.workspace])
        if self._writer is None:
            self._writer = Writer(day.store, self.engine, day.workspace, self._claims.writer)
            await self._writer.begin()
        while entries := await log.read_page(day.store.redis, day.workspace, self._writer.position):
            await self._writer.take(entries)
        await self._writer.mark()


async def measure(say: Callable[[str], None], *, cases: int, agents: int, samples: int) -> dict[str, Any]:
    """A day with so many cases, evenly spread; then what single cases cost, by so many of each kind."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer() as server:
            store = StoreClient(server.url)
            await store.load()
            found = await _day(say, Day(store, REOPEN_S), Books(Path(directory)), cases, agents)
            await store.redis.flushall()
            await store.load()
            found |= await _samples(Day(store, 7 * 86_400.0), samples)
            await store.close()
    return found


async def _day(say: Callable[[str], None], day: Day, books: Books, cases: int, agents: int) -> dict[str, Any]:
    await day.begin(agents)
    before, trimmed_at = await day.keys(), day.now
    for number in range(cases):
        await day.complete(await day.accept(await day.submit(QUEUE)))
        day.now += DAY_MS // cases
        if day.now - trimmed_at >= TRIM_EVERY_MS:
            trimmed_at = day.now
            await _trim(day, books)
        if number % 1000 == 999:
            say(f"{number + 1} of {cases} cases")
    await asyncio.sleep(EXPIRED_AFTER_S)  # keys expire by the server's own clock, which is not the day's
    await _trim(day, books)
    entries, after = await day.store.redis.xlen(log_key(day.workspace)), await day.keys()
    return {
        "cases": cases,
        "left_of_cases_bytes": sum(after.get(kind, 0) for kind in OF_CASES),
        "log_entries": entries,
        "log_beyond_keep": max(entries - ENTRIES_PER_CASE * cases * KEEP_S * 1000 // DAY_MS - SPARE, 0),
        "before_bytes": before,
        "after_bytes": after,
    }


async def _trim(day: Day, books: Books) -> None:
    """As node and history do it."""
    await books.write(day)
    await checkpoint.advance_checkpoint(day.store, day.workspace, Keep(KEEP_ENTRIES, KEEP_S))


async def _samples(day: Day, samples: int) -> dict[str, int]:
    """Bytes of one more case of each kind, without the log: everything that the workspace's keys grow by."""
    await day.begin(1)
    found, sizes = {}, [await day.used()]
    for _ in range(samples):
        await day.submit(AWAY)
    sizes.append(await day.used())
    await day.run("set_agent", ("supervisor", "sue"), agent="agent-0", capacity=10_000, interruptible_capacity=10_000)
    sizes[-1] = await day.used()
    owned = [await day.accept(await day.submit(QUEUE)) for _ in range(samples)]
    sizes.append(await day.used())
    for each in owned:
        await day.complete(each)
    sizes.append(await day.used())
    found["waiting_case_bytes"] = (sizes[1] - sizes[0]) // samples
    found["owned_case_bytes"] = (sizes[2] - sizes[1]) // samples
    found["closed_case_bytes"] = (sizes[3] - sizes[1]) // samples
    return found
