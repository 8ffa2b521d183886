"""The claim loop that a team would write on PostgreSQL: `FOR UPDATE SKIP LOCKED`, and a row per move.

Each move is one transaction in one prepared statement, so one round trip. A claimer takes the first waiting case that
no other claimer has locked and the least loaded agent with room in its queue; it rests until something has changed that
may let it find a match. That is less than Casebaton does: an agent or case that is locked at that moment is passed
over, nothing rings for a limited time, a command sent twice runs twice, and nobody is told of anything.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from loadtest.agents import names
from loadtest.peers.engine import AT_ONCE, WITHIN_S
from loadtest.peers.postgres.server import connect

SCHEMA = (Path(__file__).parent / "schema.sql").read_text()
CONNECTIONS = 64  # fastest of 16, 32, 48, 64 and 100
CLAIMERS = 12  # fastest of 2, 4, 6, 8, 12 and 16
CARD = '{"subject":"The lamp flickers","customer":"Abe"}'
MOVES = {
    "submit": """
        WITH moved AS (
          INSERT INTO cases (id, queue, priority, state, card) VALUES ($1, $2, 5, 'waiting', $3) RETURNING id, baton
        )
        INSERT INTO events (type, id, baton) SELECT 'case_queued', id, baton FROM moved RETURNING id""",
    "offer": """
        WITH head AS MATERIALIZED (
          SELECT id, queue FROM cases WHERE state = 'waiting'
          ORDER BY priority, created_at LIMIT 1 FOR UPDATE SKIP LOCKED
        ), turn AS MATERIALIZED (
          SELECT agent FROM agents WHERE load < capacity AND queues @> ARRAY[(SELECT queue FROM head)]
          ORDER BY load, idle_at LIMIT 1 FOR UPDATE SKIP LOCKED
        ), loaded AS (
          UPDATE agents SET load = load + 1 FROM turn WHERE agents.agent = turn.agent
        ), moved AS (
          UPDATE cases SET state = 'offered', agent = turn.agent, baton = gen_random_uuid()
          FROM head, turn WHERE cases.id = head.id RETURNING cases.id, cases.agent, cases.baton
        )
        INSERT INTO events (type, id, agent, baton) SELECT 'case_offered', id, agent, baton FROM moved
        RETURNING id, agent, baton""",
    "accept": """
        WITH moved AS (
          UPDATE cases SET state = 'active', baton = gen_random_uuid()
          WHERE id = $1 AND agent = $2 AND baton = $3 AND state = 'offered' RETURNING id, agent, baton
        )
        INSERT INTO events (type, id, agent, baton) SELECT 'case_accepted', id, agent, baton FROM moved
        RETURNING id, agent, baton""",
    "complete": """
        WITH moved AS (
          UPDATE cases SET state = 'closed', baton = gen_random_uuid()
          WHERE id = $1 AND agent = $2 AND baton = $3 AND state = 'active' RETURNING id, agent, baton
        ), loaded AS (
          UPDATE agents SET load = load - 1, idle_at = clock_timestamp() FROM moved WHERE agents.agent = moved.agent
        )
        INSERT INTO events (type, id, agent, baton) SELECT 'case_closed', id, agent, baton FROM moved
        RETURNING id, agent, baton""",
}


class Pool:
    """Connections with every move prepared. asyncpg's own pool costs its caller twice as much."""

    def __init__(self) -> None:
        self._connections: list[Any] = []
        self._free: list[dict[str, Any]] = []
        self._room = asyncio.Semaphore(0)

    async def open(self, directory: str, size: int) -> None:
        """Connect and prepare."""
        for _ in range(size):
            connection = await connect(directory)
            self._connections.append(connection)
            self._free.append({name: await connection.prepare(text) for name, text in MOVES.items()})
            self._room.release()

    async def close(self) -> None:
        """Let all connections go."""
        for connection in self._connections:
            await connection.close()

    async def move(self, name: str, *args: Any) -> Any:
        """One transaction; the row that it answers, or None when it did nothing."""
        async with self._room:
            prepared = self._free.pop()
            try:
                return await prepared[name].fetchrow(*args)
            finally:
                self._free.append(prepared)


class Claims:
    """The whole loop, with as many agents as the engine has, each in every queue."""

    def __init__(self, pool: Pool, queues: list[str]) -> None:
        self._pool = pool
        self._queues = queues
        self._submitted = 0
        self._unclaimed = 0
        self._change = asyncio.Event()

    async def lives_per_second(self, lives: int) -> float:
        """From the first submit to the last complete. Raises TimeoutError."""
        self._unclaimed = lives
        began_at = perf_counter()
        async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
            numbers = iter(range(self._submitted, self._submitted + lives))
            self._submitted += lives
            for _ in range(AT_ONCE):
                group.create_task(self._submit(numbers))
            for _ in range(CLAIMERS):
                group.create_task(self._claim(group))
        return lives / (perf_counter() - began_at)

    async def _submit(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            await self._pool.move("submit", f"c-{number}", self._queues[number % len(self._queues)], CARD)
            self._change.set()

    async def _claim(self, group: asyncio.TaskGroup) -> None:
        while self._unclaimed:
            self._change.clear()  # whatever changes from here on, this claimer or a later one sees
            offered = await self._pool.move("offer")
            if offered is not None:
                self._unclaimed -= 1
                group.create_task(self._work(offered))
            elif self._unclaimed:
                await self._change.wait()
        self._change.set()  # the other claimers are at their end, too

    async def _work(self, offered: Any) -> None:
        owned = await self._pool.move("accept", *offered)
        assert owned is not None, "an offer was lost"
        closed = await self._pool.move("complete", *owned)
        assert closed is not None, "a case was lost"
        self._change.set()


@asynccontextmanager
async def open_claims(directory: str, *, classes: int) -> AsyncIterator[Claims]:
    """The tables, the agents and the connections."""
    queues = [f"queue-{number}" for number in range(classes)]
    connection = await connect(directory)
    await connection.execute(SCHEMA)
    rows = [(agent, queues, 1) for agent in names(AT_ONCE)]
    await connection.executemany("INSERT INTO agents (agent, queues, capacity) VALUES ($1, $2, $3)", rows)
    await connection.close()
    pool = Pool()
    try:
        await pool.open(directory, CONNECTIONS)
        yield Claims(pool, queues)
    finally:
        await pool.close()
