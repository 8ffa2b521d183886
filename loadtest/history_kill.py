"""`history_kill`: SIGKILL of the process that writes the history, again and again, while cases go on.

Two such processes run; the one that writes is killed at a random moment, the other takes over, and a new one begins. In
the end every entry of the log must be stored once, and the sums must be those of the log.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from casebaton.history import database
from casebaton.history.migrate import migrate
from casebaton.history.schema import agent_quarters, events, queue_quarters
from casebaton.settings import PREFIX
from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace.document import Channel, Document, Queue
from loadtest.databases import Database, databases, stored_events, stored_seq, writer_of
from loadtest.lives import Floor
from loadtest.until import until

SEED = 11
HANDS = 8  # cases at once, each by an agent of its own
LOOK_EVERY_S = 0.02
WITHIN_S = 60.0
LIVES_S = (0.05, 0.6)  # of a writer, from its first page on
MEANS = "history_kill"


class Traffic:
    """Cases from their coming to their end, straight on the store, at a rate."""

    def __init__(self, store: StoreClient, rate: float) -> None:
        self._floor = Floor(store, MEANS)
        self._pause_s = HANDS / rate
        self._chance = random.Random(SEED)

    async def open(self) -> None:
        """Agents, each in a queue of its own."""
        queues = {f"queue-{number}": Queue() for number in range(HANDS)}
        await self._floor.open(Document(channels={"case": Channel()}, queues=queues))
        for number in range(HANDS):
            await self._floor.arrive(f"agent-{number}", f"queue-{number}")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Cases come for as long as the block runs; those that have come end."""
        stop = asyncio.Event()

        async def work(queue: str) -> None:
            while not stop.is_set():
                await asyncio.sleep(self._chance.expovariate(1 / self._pause_s))  # cases come at random
                offered = await self._floor.submit(queue)
                await self._floor.complete(await self._floor.accept(offered))

        hands = [asyncio.create_task(work(f"queue-{number}")) for number in range(HANDS)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*hands)


class Writers:
    """The processes that write, by the name that `progress` has of them."""

    def __init__(self, target: Database, redis_url: str) -> None:
        self._target = target
        self._redis_url = redis_url
        self._running: dict[str, Process] = {}

    async def start(self) -> None:
        """One more; returns once it has said its name."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "loadtest.history_writer", self._redis_url, self._target.settings.data_dir),
            stdin=DEVNULL,
            stdout=PIPE,
            env={**os.environ, f"{PREFIX}HISTORY_URL": self._target.settings.history_url},
        )
        assert process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            self._running[(await process.stdout.readline()).decode().strip()] = process

    async def kill(self, name: str) -> None:
        """End the one that writes with SIGKILL."""
        process = self._running.pop(name)
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        """End all with SIGTERM."""
        for process in self._running.values():
            process.terminate()
        await asyncio.gather(*(process.wait() for process in self._running.values()))


async def measure(say: Callable[[str], None], *, kills: int, rate: float, kinds: tuple[str, ...]) -> dict[str, Any]:
    """All kills on one database after the other; `missing`, `doubled` and `wrong_sums` are those of all."""
    found: dict[str, Any] = {"missing": 0, "doubled": 0, "wrong_sums": 0, "vacuous": 0}
    with (
        tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory,
        databases(kinds, Path(directory), say) as targets,
    ):
        for target in targets:
            async with EmbeddedServer(Path(directory) / f"store-{target.kind}", fsync="always") as server:
                value = await _measure_one(say, target, server.url, kills, rate)
            for name in ("missing", "doubled", "wrong_sums", "vacuous"):
                found[name] += value.pop(name)
            found[target.kind] = value
    return found


async def _measure_one(
    say: Callable[[str], None], target: Database, redis_url: str, kills: int, rate: float
) -> dict[str, Any]:
    url = database.find(target.settings)
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    engine.dispose()
    store = StoreClient(redis_url)
    writers = Writers(target, redis_url)
    try:
        await store.load()
        traffic = Traffic(store, rate)
        await traffic.open()
        with target.reading() as reading:
            for _ in range(2):
                await writers.start()
            async with traffic.running():
                vacuous = await _kill_all(say, target.kind, reading, writers, kills)
            _, last = await log.last_position(store.redis, MEANS)
            if not await until(lambda: stored_seq(reading, MEANS) >= last, within_s=WITHIN_S, every_s=LOOK_EVERY_S):
                raise TimeoutError(f"the history has not come to the log's end within {WITHIN_S:g} s")
            entries = [entry async for entry in log.read_after(store.redis, MEANS, "0-0")]
            return {**_judge(reading, entries), "vacuous": vacuous, "kills": kills, "entries": len(entries)}
    finally:
        await writers.stop()
        await store.close()


async def _kill_all(say: Callable[[str], None], kind: str, engine: Engine, writers: Writers, kills: int) -> int:
    """Kill whoever writes, so many times, each after it has stored something; how many had not."""
    chance = random.Random(SEED)
    vacuous = 0
    for number in range(kills):
        before = stored_seq(engine, MEANS)
        moved = await until(lambda: stored_seq(engine, MEANS) > before, within_s=WITHIN_S, every_s=LOOK_EVERY_S)  # noqa: B023  # it is awaited at once
        vacuous += not moved
        await asyncio.sleep(chance.uniform(*LIVES_S))  # so that the kill hits it anywhere in its work
        await writers.kill(writer_of(engine, MEANS))
        await writers.start()
        say(f"{kind}: {number + 1} of {kills}, {stored_seq(engine, MEANS)} entries stored")
    return vacuous


def _judge(engine: Engine, entries: list[log.Entry]) -> dict[str, int]:
    """What the tables lack or have twice, by the log."""
    count, first, last = stored_events(engine, MEANS)
    numbers = {entry.seq for entry in entries}
    with engine.connect() as connection:
        stored = set(connection.execute(select(events.c.seq).where(events.c.workspace == MEANS)).scalars())
        sums = {
            column.name: int(connection.execute(select(func.sum(column))).scalar_one())
            for column in (queue_quarters.c.arrived, queue_quarters.c.accepted, queue_quarters.c.closed)
        }
        handled = int(connection.execute(select(func.sum(agent_quarters.c.handled))).scalar_one())
    told = Counter(json.loads(entry.body)["type"] for entry in entries)
    expected = {"arrived": told["case_queued"], "accepted": told["case_accepted"], "closed": told["case_closed"]}
    wrong = sum(sums[name] != number for name, number in expected.items()) + (handled != told["case_closed"])
    return {
        "missing": len(numbers - stored) + (first != 1) + (last != len(entries)),
        "doubled": count - len(stored) + len(stored - numbers),
        "wrong_sums": wrong,
    }
