from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from loadtest.peers.postgres.claims import CARD, MOVES, open_claims
from loadtest.peers.postgres.server import connect, run_postgres
from loadtest.peers.ratios import Missing


@pytest.fixture
async def directory() -> AsyncIterator[str]:
    """The socket of a PostgreSQL of the test's own."""
    async with AsyncExitStack() as stack:
        try:
            found = await stack.enter_async_context(run_postgres())
        except Missing as missing:
            pytest.skip(str(missing))
        yield found


async def test_every_case_goes_through_its_four_moves_and_leaves_nobody_loaded(directory: str) -> None:
    async with open_claims(directory, classes=5) as claims:
        assert await claims.lives_per_second(200) > 0
    connection = await connect(directory)
    states = await connection.fetch("SELECT state, count(*) FROM cases GROUP BY state")
    lives = await connection.fetch("SELECT array_agg(type ORDER BY seq) AS types FROM events GROUP BY id")
    loads = await connection.fetchval("SELECT sum(load) FROM agents")
    await connection.close()
    assert [tuple(row) for row in states] == [("closed", 200)]
    assert {tuple(row["types"]) for row in lives} == {("case_queued", "case_offered", "case_accepted", "case_closed")}
    assert loads == 0


async def test_the_claim_takes_the_least_loaded_agent_with_room_in_the_queue(directory: str) -> None:
    async with open_claims(directory, classes=1):
        connection = await connect(directory)
        await connection.execute("UPDATE agents SET load = 1 WHERE agent <> 'agent-7'")
        await connection.execute("UPDATE agents SET capacity = 3 WHERE agent IN ('agent-7', 'agent-8')")
        await connection.execute("INSERT INTO agents VALUES ('elsewhere', '{queue-9}', 3)")
        for case in ("c-1", "c-2", "c-3"):
            await connection.fetchrow(MOVES["submit"], case, "queue-0", CARD)
        offered = [tuple(await connection.fetchrow(MOVES["offer"]))[:2] for _ in range(3)]
        assert offered[0] == ("c-1", "agent-7")
        assert {offered[1][0], offered[2][0]} == {"c-2", "c-3"}
        assert {offered[1][1], offered[2][1]} == {"agent-7", "agent-8"}
        await connection.close()


async def test_a_stale_baton_moves_nothing(directory: str) -> None:
    async with open_claims(directory, classes=1):
        connection = await connect(directory)
        await connection.fetchrow(MOVES["submit"], "c-1", "queue-0", CARD)
        offered = await connection.fetchrow(MOVES["offer"])
        assert await connection.fetchrow(MOVES["accept"], *offered) is not None
        assert await connection.fetchrow(MOVES["accept"], *offered) is None
        assert await connection.fetchrow(MOVES["complete"], *offered) is None
        await connection.close()
