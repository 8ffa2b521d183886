from collections.abc import AsyncIterator

import pytest_asyncio

from casebaton.store.client import StoreClient
from tests.http.world import Api, open_api
from tests.node.conftest import store

__all__ = ["api", "store"]


@pytest_asyncio.fixture
async def api(store: StoreClient) -> AsyncIterator[Api]:
    """A node's HTTP side over workspace acme: queues support (push) and pool (pull), agents ana, bo and zoe."""
    async with open_api(store.url) as api:
        yield api
