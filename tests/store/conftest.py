from collections.abc import AsyncIterator

import pytest_asyncio

from tests.engine import open_engine
from tests.store.soundness import WatchedEngine, assert_log_sound


@pytest_asyncio.fixture
async def watched(redis_url: str) -> AsyncIterator[WatchedEngine]:
    """A fresh workspace as `engine` has it, its state checked after every command and its log at the end."""
    async with open_engine(redis_url, "acme") as engine:
        watched = WatchedEngine(engine.store, engine.workspace)
        yield watched
        await assert_log_sound(watched)
