"""Who writes the histories: a process of its own beside the node, so that SQL costs no case a millisecond."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import msgspec

from casebaton.children import Child, Order, Stop
from casebaton.settings import NO_HISTORY, Settings

WRITER = "casebaton.history"  # above it in no layer: it is run, not imported


def writing(settings: Settings, stop: Stop) -> list[Child]:
    """The process that writes, unless there shall be no history. The settings name the store by its URL."""
    return [] if settings.history_url == NO_HISTORY else [Child(WRITER, Order("history", 0, settings), stop)]


@contextlib.asynccontextmanager
async def beside(settings: Settings, redis_url: str, *, on_end: Callable[[], None]) -> AsyncIterator[None]:
    """Let it write for as long as the block runs. When it cannot start, `on_end` is called, and the block's end raises
    LoopEnded.
    """
    stop = Stop()
    children = writing(msgspec.structs.replace(settings, redis_url=redis_url), stop)
    running = [asyncio.create_task(child.run(), name="history") for child in children]
    for task in running:
        task.add_done_callback(lambda _: on_end())
    try:
        yield
    finally:
        stop.ask()
        await asyncio.gather(*running)
