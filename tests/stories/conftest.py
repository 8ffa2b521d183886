from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.engine import Engine, open_engine
from tests.stories.nodes import through_two_nodes


@pytest_asyncio.fixture(params=["engine", "two nodes"])
async def engine(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Engine]:
    """The workspace of `tests.engine` by two hands: the engine itself, and two nodes in turn."""
    async with open_engine(redis_url, "acme") as engine:
        if request.param == "engine":
            yield engine
        else:
            with pytest.MonkeyPatch.context() as patch:
                async with through_two_nodes(engine, patch) as hands:
                    yield hands
