from collections.abc import AsyncIterator

import pytest_asyncio

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace import document
from tests.node.world import RunningNode, run_node

DOCUMENT = """
[channels.case]
[queues.support]
[queues.pool]
mode = "pull"
[agents.ana]
queues = ["support", "pool"]
[agents.bo]
queues = ["support", "pool"]
[agents.zoe]
queues = []
"""


@pytest_asyncio.fixture
async def store(redis_url: str) -> AsyncIterator[StoreClient]:
    """The store with workspace acme: queues support (push) and pool (pull), agents ana and bo in both, zoe in none."""
    store = StoreClient(redis_url)
    await store.redis.flushall()
    await store.load()
    await workspaces.apply(store, "acme", document.parse(DOCUMENT))
    yield store
    await store.close()


@pytest_asyncio.fixture
async def node(store: StoreClient) -> AsyncIterator[RunningNode]:
    """One node."""
    async with run_node(store.url) as node:
        yield node
