"""The loop that writes calendars on."""

import asyncio

from casebaton.node.calendars import Calendars
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.keys import key
from casebaton.workspace import document
from tests.node.world import until

DOCUMENT = """
[channels.case]
[queues.support]
hours = "office"
[hours.office]
zone = "Etc/UTC"
week = {mon = ["09:00-17:00"]}
"""


async def test_a_missing_calendar_is_written(redis_url: str) -> None:
    store = StoreClient(redis_url)
    await store.redis.flushall()
    await store.load()
    for workspace in ("acme", "zeta"):
        await workspaces.apply(store, workspace, document.parse(DOCUMENT))
    [name] = await store.redis.keys(key("zeta", "calendar:*"))
    await store.redis.delete(name)
    loop = asyncio.create_task(Calendars(store).run())

    async def is_there() -> bool:
        return bool(await store.redis.zcard(name) > 50)

    await until(is_there)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    await store.close()
