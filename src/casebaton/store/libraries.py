"""Which function libraries the store holds, and which of them nobody uses any more.

Every version of the engine's Lua text is a library of its own, so that nodes of different versions work side by side.
A node says which one it uses when it looks for those that nobody does. Deleting one too early would cost nothing but a
delay: who misses its functions loads them again.
"""

from redis.exceptions import ResponseError

from casebaton.store.client import StoreClient
from casebaton.store.connection import RawRedis, reaching
from casebaton.store.keys import LIBRARIES

UNUSED_S = 24 * 3600
PREFIX = "casebaton_"


async def forget_unused(store: StoreClient, now: float) -> list[str]:
    """Say that our own library is in use, and delete those that nobody has used for a day, from every primary; their
    names. One that is seen for the first time begins its day now. Safe from any number of nodes at once. Raises
    Unavailable.
    """
    with reaching():
        held = [(redis, await _names(redis)) for redis in store.primaries]
        names = sorted({name for _, of_one in held for name in of_one} - {store.library})
        pipeline = store.redis.pipeline(transaction=False)
        pipeline.zadd(LIBRARIES, {store.library: now})
        for name in names:
            pipeline.zadd(LIBRARIES, {name: now}, nx=True)
            pipeline.zscore(LIBRARIES, name)
        used_at = (await pipeline.execute())[2::2]
        unused = [name for name, at in zip(names, used_at, strict=True) if float(at) < now - UNUSED_S]
        for name in unused:
            for redis, of_one in held:
                if name in of_one:
                    await _delete(redis, name)
            await store.redis.zrem(LIBRARIES, name)
    return unused


async def _names(redis: RawRedis) -> set[str]:
    return {row[1].decode() for row in await redis.function_list(library=f"{PREFIX}*")}


async def _delete(redis: RawRedis, name: str) -> None:
    try:
        await redis.function_delete(name)
    except ResponseError as error:
        if "not found" not in str(error):  # another node may have been first
            raise
