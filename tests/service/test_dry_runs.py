"""How many dry runs of a node wait for the one that is worked out."""

import asyncio

import pytest

from casebaton.errors import Unavailable
from casebaton.service.configuration import MOST_WAITING, _DryRuns


async def test_of_more_than_some_that_wait_the_next_is_refused_and_whoever_leaves_makes_room() -> None:
    dry_runs, done = _DryRuns(), []

    async def one(number: int) -> None:
        async with dry_runs.turn():
            done.append(number)

    async with dry_runs.turn():
        waiting = [asyncio.create_task(one(number)) for number in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="16 dry runs wait already"):
            await one(-1)
        waiting[3].cancel()
        await asyncio.sleep(0)
        later = asyncio.create_task(one(99))
        await asyncio.sleep(0)
        assert done == []
    await asyncio.gather(*waiting, later, return_exceptions=True)
    assert done == [*range(3), *range(4, MOST_WAITING), 99]
    await one(100)
