"""Waiting for what nobody announces."""

import asyncio
import math
from collections.abc import Callable
from time import perf_counter


async def until(is_so: Callable[[], bool], *, within_s: float, every_s: float = 0.002) -> bool:
    """Look again and again, for so long at most; did it come about?"""
    for _ in range(math.ceil(within_s / every_s)):
        if is_so():
            return True
        await asyncio.sleep(every_s)
    return is_so()


async def sleep_until(at: float) -> None:
    """Sleep until an instant of `perf_counter`."""
    await asyncio.sleep(max(0.0, at - perf_counter()))
