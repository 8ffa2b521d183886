"""Walks over everything that is stored of one workspace. For the audit alone: SCAN reads the keys of all workspaces."""

from collections.abc import AsyncIterator

from casebaton.store.client import StoreClient
from casebaton.store.connection import reaching
from casebaton.store.keys import key

COUNT = 1000


async def scan_nouns(store: StoreClient, workspace: str) -> AsyncIterator[tuple[str, str]]:
    """Every key as (noun, id), such as ("case", "c-1") or ("line", "billing").

    What is there all the while comes at least once; what comes or goes meanwhile may be missing or come twice.
    """
    prefix = key(workspace, "")
    with reaching():
        async for found in store.redis.scan_iter(f"{prefix}*", count=COUNT):
            noun, _, name = found.decode().removeprefix(prefix).partition(":")
            yield noun, name


async def scan_members(store: StoreClient, workspace: str, noun: str, name: str) -> AsyncIterator[str]:
    """The members of one sorted set, under the same promise."""
    with reaching():
        async for member, _ in store.redis.zscan_iter(key(workspace, f"{noun}:{name}"), count=COUNT):
            yield member.decode()
