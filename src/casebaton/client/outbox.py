"""Commands that wait for their replies."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct

from casebaton.client.errors import CommandRefused, NotSent
from casebaton.client.events import Frame, Reply
from casebaton.errors import OutcomeUnknown
from casebaton.wire.messages import CommandMessage
from casebaton.wire.surrogates import encode


class Timer(Protocol):
    """What `call_later` gives back."""

    def cancel(self) -> None:
        """Let the timer not fire."""


class Clock(Protocol):
    """The part of an event loop that tells and waits for time, in seconds."""

    def time(self) -> float:
        """Tell the time, which never goes back."""

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Timer:
        """Call back once, after `delay` seconds."""


class _Waiting(Struct):
    name: str
    payload: bytes
    reply: asyncio.Future[Reply]


class Outbox:
    """Every command that was asked and not yet answered; at most `limit`, each for at most `deadline_s`.

    What is unanswered when a connection is lost goes out again, unchanged, on the next one: the command id
    gives it one effect at most.
    """

    def __init__(self, clock: Clock, *, deadline_s: float, limit: int) -> None:
        self._clock = clock
        self._deadline_s = deadline_s
        self._limit = limit
        self._frame_bytes = 0
        self._waiting: dict[str, _Waiting] = {}
        self._unsent: dict[str, bytes] = {}
        self._has_unsent = asyncio.Event()

    async def ask(self, command: CommandMessage) -> Reply:
        """Send a command and wait for its reply.

        Raises `CommandRefused`, `NotSent` or `OutcomeUnknown`. Cancelling does not take back what was sent.
        """
        name, payload = str(type(command).__struct_config__.tag), encode(command)
        if len(payload) > self._frame_bytes:
            raise NotSent(f"{name} has {len(payload)} bytes, and the server takes {self._frame_bytes}")
        if len(self._waiting) >= self._limit:
            raise NotSent(f"{self._limit} commands are waiting for their replies")
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        why = f"no answer within {self._deadline_s:g} s"
        timer = self._clock.call_later(self._deadline_s, _fail, reply, _unknown(name, why))
        self._waiting[command.id] = _Waiting(name, payload, reply)
        self._unsent[command.id] = payload
        self._has_unsent.set()
        try:
            return await reply
        finally:
            timer.cancel()
            self._waiting.pop(command.id, None)
            self._unsent.pop(command.id, None)
            if reply.done() and not reply.cancelled():
                reply.exception()  # a wait cancelled just after the answer leaves nobody else to look at it

    async def next(self) -> bytes:
        """Wait for the next frame to send."""
        while not self._unsent:
            self._has_unsent.clear()
            await self._has_unsent.wait()
        command_id = next(iter(self._unsent))
        return self._unsent.pop(command_id)

    def reopen(self, frame_bytes: int) -> None:
        """Begin on a new connection: all that is unanswered is unsent again, in its first order."""
        self._frame_bytes = frame_bytes
        self._unsent = {command_id: each.payload for command_id, each in self._waiting.items()}
        self._has_unsent.set()

    def answer(self, frame: Frame) -> None:
        """Hand a reply to who waits for it. One that comes too late is nobody's."""
        waiting = self._waiting.get(frame.id or "")
        if waiting is None or waiting.reply.done():
            return
        if frame.error is None:
            waiting.reply.set_result(Reply(ok=frame.ok, position=frame.position))
        else:
            waiting.reply.set_exception(CommandRefused(frame.error))

    def end(self, why: str) -> None:
        """Give up all that is unanswered: no connection will follow."""
        for each in self._waiting.values():
            _fail(each.reply, _unknown(each.name, why))


def _unknown(command: str, why: str) -> OutcomeUnknown:
    return OutcomeUnknown(f"{command} may or may not have taken effect: {why}")


def _fail(reply: asyncio.Future[Reply], error: OutcomeUnknown) -> None:
    if not reply.done():
        reply.set_exception(error)
