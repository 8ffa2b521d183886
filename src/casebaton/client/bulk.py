"""The same command on many cases: one after the other, each with its own result."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from casebaton.client.errors import CommandRefused

Item = TypeVar("Item")
T = TypeVar("T")


async def each(
    items: Iterable[Item], command: Callable[[Item], Awaitable[T]], *, per_second: int
) -> list[T | CommandRefused]:
    """Run a command per item, no faster than the connection may; a refusal is that item's result and harms no other.

    Raises what ends or clouds all of it: NotSent, OutcomeUnknown, ConnectionEnded.
    """
    return [await _unhurried(item, command, per_second) for item in items]


async def _unhurried(item: Item, command: Callable[[Item], Awaitable[T]], per_second: int) -> T | CommandRefused:
    while True:
        try:
            return await command(item)
        except CommandRefused as refused:
            if refused.code != "TOO_FAST":
                return refused
        await asyncio.sleep(1 / per_second)  # this one was not run: the connection's second is used up
