"""One way of watching: asked for at once and with each connection, until it is ended or refused."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self

from msgspec import DecodeError

from casebaton.client.errors import CommandRefused, ConnectionEnded, NotSent
from casebaton.client.session import Pulse, Session
from casebaton.errors import OutcomeUnknown
from casebaton.wire.messages import CommandMessage

EARLY_EVENTS = 4096  # kept while what is watched is on its way; of more it is asked for again


class Watch(ABC):
    """Something watched live.

    After a lost connection it shows what it knew, until all of it has come again: then `is_live` again. It `is_over`
    once it was ended, by either side.
    """

    def __init__(self, session: Session) -> None:
        self.is_live = False
        self.is_over = False
        self._session = session
        self._failure: Exception | None = None
        self._is_wanted = asyncio.Event()
        self._news = Pulse()
        self._at_end: list[Callable[[], object]] = [
            lambda: session.on_welcome.remove(self._reconnected),
            lambda: session.on_over.remove(self._session_over),
        ]
        session.on_welcome.append(self._reconnected)
        session.on_over.append(self._session_over)
        self._is_wanted.set()
        self._keeping = asyncio.create_task(self._keep())

    @abstractmethod
    async def _begin(self) -> None:
        """Ask for it, and take in what is answered. `NotSent` waits for the next welcome, `OutcomeUnknown` asks again,
        a refusal ends the watch.
        """

    @abstractmethod
    def _farewell(self, command_id: str) -> CommandMessage:
        """Say that it is watched no longer."""

    async def opened(self) -> Self:
        """Wait until it is live; raises what prevents it."""
        while not self.is_live:
            if self._failure is not None:
                raise self._failure
            if self.is_over:
                raise NotSent("the watch was ended")
            await self._news.wait()
        return self

    async def changed(self) -> None:
        """Wait for the next change; raises what ended the watch."""
        if not self.is_over:
            await self._news.wait()
        if self._failure is not None:
            raise self._failure

    async def unwatch(self) -> None:
        """End the watch."""
        self.end()
        if self._session.state == "connected":
            await self._session.command(self._farewell(self._session.command_id()))

    def end(self) -> None:
        """Follow it no longer, and send nothing."""
        if self.is_over:
            return
        self.is_over, self.is_live = True, False
        self._keeping.cancel()
        for let_go in self._at_end:
            let_go()
        self._news.beat()

    async def _keep(self) -> None:
        try:
            while True:
                await self._is_wanted.wait()
                self._is_wanted.clear()
                try:
                    await self._begin()
                except NotSent:
                    continue  # the next welcome asks again
                except OutcomeUnknown:
                    self._is_wanted.set()
        except (CommandRefused, ConnectionEnded, DecodeError) as failure:
            self._failure = failure
            self.end()

    def _reconnected(self) -> None:
        self.is_live = False
        self._is_wanted.set()

    def _session_over(self) -> None:
        self._failure = self._failure or self._session.ended
        self.end()
