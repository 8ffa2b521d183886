"""A connection for many calls at once: packed in C, written in one piece, without a task or a timer for each.

redis-py connects it, and reads its replies. Its own pipeline packs in Python, starts a task for each write, and a timer
for each read: together that took a third of a node's processor time.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from hiredis import pack_command
from redis.asyncio import ConnectionPool
from redis.exceptions import ResponseError

Command = tuple[Any, ...]  # of texts, bytes and numbers


class Line:
    """One connection, made when it is first needed, and again after it was lost."""

    def __init__(self, pool: ConnectionPool, *, answer_within_s: float) -> None:
        """`pool` makes the connection, which has no time-out of its own."""
        self._connection: Any = pool.make_connection()  # type: ignore[no-untyped-call]
        self._answer_within_s = answer_within_s

    async def exchange(self, commands: Sequence[Command]) -> list[Any]:
        """Send all and read their replies, in order; an error reply is a ResponseError among them.

        Raises RedisError or OSError (TimeoutError among them) when the connection is lost: which of the commands were
        carried out is unknown then. So it is when this is cancelled.
        """
        try:
            async with asyncio.timeout(self._answer_within_s):
                await self._connection.send_packed_command([pack_command(command) for command in commands], False)
                return [await self._reply() for _ in commands]
        except BaseException:
            await self._connection.disconnect(nowait=True)  # a reply that comes later would be taken for another's
            raise

    async def _reply(self) -> Any:
        try:
            return await self._connection.read_response()
        except ResponseError as error:
            return error

    async def close(self) -> None:
        """Give the connection back."""
        await self._connection.disconnect(nowait=True)
