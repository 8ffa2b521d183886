"""Runs the event loop, ends tasks for certain, and says when one failed."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

REPEAT_S = 0.05

logger = structlog.get_logger()


class LoopEnded(Exception):
    """A loop that a node cannot do without has ended. Only a fresh start helps."""


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end on the faster loop where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(coroutine)
    return uvloop.run(coroutine)


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks until they have ended; log what one of them failed with.

    One cancellation is not enough: `asyncio.wait_for` of Python 3.11, through which redis-py sends, swallows one that
    arrives together with its result (bpo-37658).
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=REPEAT_S)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, OSError):
            logger.error("task_failed", task=task.get_name(), exc_info=error)
