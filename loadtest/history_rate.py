"""`history_rate`: does the history keep up with a node that serves 500 cases a second?

Each case is four entries of the log: it comes, rings, is accepted and ends. A node with its embedded store serves them
while the process beside it writes; ten times a second it is looked how far that is behind. Then the same log is written
into an empty database with nobody else at work: what one writer can do.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from casebaton.errors import CasebatonError
from casebaton.history import database
from casebaton.history.claims import Claims
from casebaton.history.migrate import migrate
from casebaton.history.writer import Writer
from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.embedded import running_url
from loadtest.agents import describe, names, producer, working
from loadtest.databases import Database, databases, stored_events, stored_seq
from loadtest.offer import QUEUE, WORK_S, Arrivals
from loadtest.process import WORKSPACE, NodeProcess, Site, cpu_s, run_node
from loadtest.until import until

LOOK_EVERY_S = 0.1
WITHIN_S = 120.0


async def measure(
    say: Callable[[str], None], *, rate: float, seconds: float, agents: int, kinds: tuple[str, ...]
) -> dict[str, Any]:
    """One run for each database. `behind_s`, the greatest: how long the last entry of the load waited to be stored."""
    found: dict[str, Any] = {"behind_s": 0.0, "missing": 0}
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        with databases(kinds, Path(directory) / "sqlite", say) as targets:
            for target in targets:
                value = await _with_node(say, target, Path(directory) / target.kind, rate, seconds, agents)
                found["behind_s"] = max(found["behind_s"], value["behind_s"])
                found["missing"] += value.pop("missing")
                found[target.kind] = value
        with databases(kinds, Path(directory) / "alone", say) as targets:
            for target in targets:
                found[target.kind] |= await _alone(say, target, Site(Path(directory) / target.kind))
    return found


class Watch:
    """Looks how many entries are not stored yet, until it is over."""

    def __init__(self, engine: Engine, store: StoreClient) -> None:
        self._engine = engine
        self._store = store
        self.behind: list[int] = []

    async def last(self) -> int:
        """The number of the log's last entry."""
        return (await log.last_position(self._store.redis, WORKSPACE))[1]

    async def until_stored(self, seq: int) -> None:
        """Wait until an entry is stored."""
        if not await until(lambda: stored_seq(self._engine, WORKSPACE) >= seq, within_s=WITHIN_S, every_s=0.01):
            raise TimeoutError(f"the history did not come to entry {seq} within {WITHIN_S:g} s")

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Look while the block runs."""

        async def look() -> None:
            while True:
                stored = await asyncio.to_thread(stored_seq, self._engine, WORKSPACE)
                self.behind.append(await self.last() - stored)
                await asyncio.sleep(LOOK_EVERY_S)  # a look is a query: more of them would be a load of their own

        looking = asyncio.create_task(look())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


async def _with_node(
    say: Callable[[str], None], target: Database, directory: Path, rate: float, seconds: float, agents: int
) -> dict[str, Any]:
    own: dict[str, str | int | float] = {"history_url": target.settings.history_url, "keep_log_entries": 5_000_000}
    site = Site(directory, node_settings=own)
    await site.apply(describe(names(agents), [QUEUE], capacity=3))
    arrivals = Arrivals(rate, seconds, 0.0)
    async with run_node(site) as node, producer(site, node.base_url) as crm:
        store = StoreClient(running_url(directory) or "")
        with target.reading() as engine:
            watch = Watch(engine, store)
            await until(lambda: _has_begun(engine), within_s=WITHIN_S, every_s=LOOK_EVERY_S)
            async with working(site, node.base_url, names(agents), work_s=WORK_S, on_event=arrivals.saw):
                say(f"{target.kind}: {rate:g} cases/s for {seconds:g} s")
                value = await _load(arrivals, crm, watch, node)
                await until(arrivals.is_complete, within_s=WITHIN_S)
            last = await watch.last()
            await watch.until_stored(last)
            value["missing"] = max(last - stored_events(engine, WORKSPACE)[0], 0)
        await store.close()
    return value


def _has_begun(engine: Engine) -> bool:
    try:
        with database.reaching(engine):
            return stored_seq(engine, WORKSPACE) > 0
    except (CasebatonError, DBAPIError):  # there are no tables yet
        return False


async def _load(arrivals: Arrivals, crm: Any, watch: Watch, node: NodeProcess) -> dict[str, Any]:
    first, began_at = await watch.last(), perf_counter()
    pid = _writer_pid(node)
    used_s = cpu_s(pid)
    async with watch.looking():
        await arrivals.send(crm, lambda: None)
        last, took_s = await watch.last(), perf_counter() - began_at
        asked_at = perf_counter()
        await watch.until_stored(last)
    behind = sorted(watch.behind)
    return {
        "transitions_per_s": round((last - first) / took_s),
        "behind_s": round(perf_counter() - asked_at, 2),
        "behind_entries_p50": behind[len(behind) // 2],
        "behind_entries_max": behind[-1],
        "writer_cpu": round((cpu_s(pid) - used_s) / took_s, 2),
    }


def _writer_pid(node: NodeProcess) -> int:
    """The process beside a node that writes the history."""
    children = Path(f"/proc/{node.pid}/task/{node.pid}/children").read_text().split()
    (found,) = (int(pid) for pid in children if b"casebaton.history" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return found


async def _alone(say: Callable[[str], None], target: Database, site: Site) -> dict[str, Any]:
    """Write the whole log into an empty database."""
    url = database.find(target.settings)
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    claims = Claims(engine)
    claims.look([WORKSPACE])
    async with site.store() as store:
        writer = Writer(store, engine, WORKSPACE, claims.writer)
        await writer.begin()
        began_at, began_s = perf_counter(), process_time()
        while entries := await log.read_page(store.redis, WORKSPACE, writer.position):
            await writer.take(entries)
        took_s, used_s = perf_counter() - began_at, process_time() - began_s
    engine.dispose()
    rate = round(writer.place.seq / took_s)
    say(f"{target.kind}: {writer.place.seq} entries alone, {rate} a second")
    return {"alone_per_s": rate, "alone_cpu_us": round(used_s * 1e6 / writer.place.seq, 1)}
