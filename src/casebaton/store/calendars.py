"""Calendars: the instants at which a workspace's opening hours open and close, as the engine reads them.

A calendar is named by the hours that it comes from, and is no part of a configuration's version: it says what these
hours mean for the next 400 days, and any node may write it anew at any time. One that no configuration names any more
is not written again, and expires.
"""

from collections.abc import Mapping

import msgspec

from casebaton.store.client import StoreClient
from casebaton.store.connection import reaching
from casebaton.store.keys import key
from casebaton.workspace.hours import Hours, changes

DAY_MS = 86_400_000
AHEAD_MS = 400 * DAY_MS
RENEW_WITHIN_MS = 60 * DAY_MS
KEPT_MS = 2 * AHEAD_MS  # its last word holds beyond its end

_hours = msgspec.json.Decoder(Hours)


def _key(workspace: str, name: str) -> str:
    return key(workspace, f"calendar:{name}")


async def renew(store: StoreClient, workspace: str, hours: Mapping[str, Hours], now_ms: int) -> list[str]:
    """Write those calendars that reach less than 60 days ahead, each in one step; their names. Safe from any number of
    nodes at once. Raises Unavailable.
    """
    renewed = []
    with reaching():
        for name, one in hours.items():
            last = await store.redis.zrange(_key(workspace, name), 0, 0, desc=True, withscores=True)
            if last and last[0][1] >= now_ms + RENEW_WITHIN_MS:
                continue
            pipeline = store.redis.pipeline(transaction=True)
            pipeline.delete(_key(workspace, name))
            found = changes(one, now_ms - DAY_MS, now_ms + AHEAD_MS)
            pipeline.zadd(
                _key(workspace, name), {f"{change.at_ms}:{int(change.is_open)}": change.at_ms for change in found}
            )
            pipeline.pexpire(_key(workspace, name), KEPT_MS)
            await pipeline.execute()
            renewed.append(name)
    return renewed


async def read_hours(store: StoreClient, workspace: str) -> dict[str, Hours]:
    """The hours that the configuration in force names; those of a version that is swept away meanwhile are left out.

    Raises Unavailable.
    """
    with reaching():
        version = int(await store.redis.hget(key(workspace, "meta"), "config") or 0)
        prefix = key(workspace, f"config:{version}")
        names = sorted(name.decode() for name in await store.redis.smembers(f"{prefix}:names"))
        names = [name.removeprefix("hours:") for name in names if name.startswith("hours:")]
        rows = {name: await store.redis.hget(f"{prefix}:hours:{name}", "says") for name in names}
    return {name: _hours.decode(row) for name, row in rows.items() if row is not None}
