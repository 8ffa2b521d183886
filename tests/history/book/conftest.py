from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.engine import open_engine
from tests.history.book.reading import Shelf, read_all
from tests.history.lives import Lives
from tests.history.recount import Recount
from tests.node.conftest import node, store

__all__ = ["node", "store"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lives(redis_url: str) -> AsyncIterator[Lives]:
    """Ten thousand events."""
    async with open_engine(redis_url, "lives") as engine:
        lives = Lives(engine, seed=1)
        await lives.play(10_000)
        yield lives


@pytest.fixture(scope="session")
def whole(lives: Lives) -> Shelf:
    """What they amount to."""
    return read_all(lives.entries, lives.levels)


@pytest.fixture(scope="session")
def counted(lives: Lives) -> Recount:
    """The same, counted anew."""
    return Recount(lives.entries, lives.levels)
