"""Long work on a whole document, in a thread: one piece of a node at a time, so that two never take memory at once."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from casebaton.store.client import StoreClient

T = TypeVar("T")

_turns: WeakKeyDictionary[StoreClient, asyncio.Lock] = WeakKeyDictionary()


async def in_thread(store: StoreClient, work: Callable[..., T], *args: object) -> T:
    """What the work returns, or raises, once those before it are done.

    A thread cannot be cancelled: whoever leaves does not wait for it, but the next one's does not begin before it ends.
    """
    turn = _turns.setdefault(store, asyncio.Lock())
    await turn.acquire()
    running = asyncio.get_running_loop().run_in_executor(None, work, *args)
    running.add_done_callback(lambda _: turn.release())
    return await asyncio.shield(running)
