from collections.abc import AsyncIterator

import pytest_asyncio
from hypothesis import HealthCheck, settings

from casebaton.store.embedded import EmbeddedServer
from tests.engine import Engine, open_engine

# A slow machine fails nothing, and neither does chance: the same examples each time.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_url() -> AsyncIterator[str]:
    """The URL of one real server for the whole session; it keeps nothing on disk."""
    async with EmbeddedServer() as server:
        yield server.url


@pytest_asyncio.fixture
async def engine(redis_url: str) -> AsyncIterator[Engine]:
    """A fresh workspace with queues support, billing (push), pool (pull), mixed (both), and a virtual clock."""
    async with open_engine(redis_url, "acme") as engine:
        yield engine
