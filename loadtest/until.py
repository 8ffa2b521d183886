"""Waiting for what nobody announces."""

import asyncio
import math
from collections.abc import Callable


async def until(is_so: Callable[[], bool], *, within_s: float, every_s: float = 0.002) -> bool:
    """Look again and again, for so long at most; did it come about?"""
    for _ in range(math.ceil(within_s / every_s)):
        if is_so():
            return True
        await asyncio.sleep(every_s)
    return is_so()
