"""A node deletes the function libraries that nobody has used for a day."""

import time

from casebaton.store.client import StoreClient
from casebaton.store.libraries import UNUSED_S
from tests.node.world import run_node, until


async def test_a_starting_node_deletes_what_has_been_unused_for_a_day(store: StoreClient) -> None:
    for name in ("casebaton_old", "casebaton_young"):
        code = f"#!lua name={name}\nredis.register_function('{name}', function() return 1 end)"
        await store.redis.function_load(code, replace=True)
    now = time.time()
    await store.redis.zadd("casebaton:libraries", {"casebaton_old": now - UNUSED_S - 60, "casebaton_young": now - 60})

    async def names() -> set[str]:
        return {row[1].decode() for row in await store.redis.function_list()}

    async def is_gone() -> bool:
        return "casebaton_old" not in await names()

    async with run_node(store.url) as node:
        await until(is_gone)
        assert {"casebaton_young", store.library} <= await names()

        async def is_announced() -> bool:
            return await store.redis.zscore("casebaton:libraries", node.node.store.library) is not None

        await until(is_announced)
    await store.redis.function_delete("casebaton_young")
