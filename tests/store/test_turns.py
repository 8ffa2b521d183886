"""Long work in a thread: one piece at a time, whoever leaves."""

import asyncio
import contextlib
import threading

import pytest

from casebaton.store.client import StoreClient
from casebaton.store.turns import in_thread


async def test_work_begins_when_what_was_begun_before_has_ended_even_if_nobody_waits_for_it() -> None:
    store = StoreClient("redis://127.0.0.1:1")
    begun, may_end, ended = threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        may_end.wait()
        ended.append("first")

    leaving = asyncio.create_task(in_thread(store, first))
    await asyncio.to_thread(begun.wait)
    leaving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leaving
    waiting = asyncio.create_task(in_thread(store, ended.append, "never"))
    second = asyncio.create_task(in_thread(store, lambda: [*ended, "second"]))
    await asyncio.sleep(0)
    waiting.cancel()  # before its turn
    may_end.set()
    assert await second == ["first", "second"]
    await store.close()


async def test_what_fails_leaves_the_turn_to_the_next() -> None:
    store = StoreClient("redis://127.0.0.1:1")
    with pytest.raises(ValueError, match="no number"):
        await in_thread(store, int, "no number")
    assert await in_thread(store, int, "5") == 5
    await store.close()
