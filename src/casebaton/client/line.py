"""A queue's line, watched live."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

import msgspec

from casebaton.client.agent import Agent, OwnedCase
from casebaton.client.errors import CommandRefused, ConnectionEnded, NotSent, WrongRole
from casebaton.client.events import Event
from casebaton.client.reducer import Line, View, close_line, is_thin, open_line
from casebaton.client.session import Pulse, Session, subscribe
from casebaton.client.state import Case
from casebaton.errors import OutcomeUnknown
from casebaton.wire.messages import Unwatch, WatchQueue

EARLY_EVENTS = 4096  # kept while a page is on its way; with more, the page is asked for again


class QueueLine:
    """A queue's first waiting cases, best first.

    After a lost connection it shows what it knew, until a fresh page has come: then `is_live` again.
    """

    def __init__(self, session: Session, agent: Agent | None, queue: str, limit: int) -> None:
        self.queue = queue
        self.is_live = False
        self._session = session
        self._agent = agent
        self._limit = limit
        self._line = Line(queue=queue, mode="", waiting=0, cases=(), limit=limit, position="0-0")
        self._failure: Exception | None = None
        self._is_over = False
        self._page_is_wanted = asyncio.Event()
        self._news = Pulse()
        session.on_change.append(self._view_changed)
        session.on_welcome.append(self._reconnected)
        session.on_over.append(self._session_over)
        self._page_is_wanted.set()
        self._keeping = asyncio.create_task(self._keep())

    @property
    def cases(self) -> tuple[Case, ...]:
        """The first cases of the line."""
        return self._line.cases

    @property
    def waiting(self) -> int:
        """How many cases wait in the whole line."""
        return self._line.waiting

    @property
    def mode(self) -> str:
        """Say whether the queue offers (`push`), is taken from (`pull`), or `both`."""
        return self._line.mode

    @property
    def is_paused(self) -> bool:
        """Is nothing offered or taken at present?"""
        return self._line.paused

    @property
    def is_draining(self) -> bool:
        """Does nothing new come in at present?"""
        return self._line.draining

    @property
    def is_open(self) -> bool:
        """Is it within the queue's opening hours?"""
        return self._line.open

    async def take(self, case: Case) -> OwnedCase:
        """Claim one of the cases for the client's agent."""
        if self._agent is None:
            raise WrongRole("agent", self._session.role)
        return await self._agent.take(case)

    async def __aiter__(self) -> AsyncGenerator[tuple[Case, ...], None]:
        """Yield the cases now, and whenever they changed; changes in between are left out.

        Ends with the watch or the client; raises what ended them otherwise.
        """
        seen: Line | None = None
        while True:
            if self._line is not seen:
                seen = self._line
                yield seen.cases
            elif self._failure is not None:
                raise self._failure
            elif self._is_over:
                return
            else:
                await self._news.wait()

    async def opened(self) -> "QueueLine":
        """Wait for the first page; raises what prevents it."""
        while not self.is_live:
            if self._failure is not None:
                raise self._failure
            if self._is_over:
                raise NotSent("the watch was ended")
            await self._news.wait()
        return self

    async def unwatch(self) -> None:
        """End the watch."""
        self.end()
        if self._session.state == "connected":
            await self._session.command(Unwatch(id=self._session.command_id(), queue=self.queue))

    @property
    def is_over(self) -> bool:
        """Has the watch ended?"""
        return self._is_over

    def end(self) -> None:
        """Follow no more events, and send nothing."""
        if self._is_over:
            return
        self._is_over = True
        self.is_live = False
        self._keeping.cancel()
        self._session.on_change.remove(self._view_changed)
        self._session.on_welcome.remove(self._reconnected)
        self._session.on_over.remove(self._session_over)
        self._session.show(close_line(self._session.view, self.queue))
        self._news.beat()

    # -- keeping the page fresh --------------------------------------------------------------------

    async def _keep(self) -> None:
        try:
            while True:
                await self._page_is_wanted.wait()
                self._page_is_wanted.clear()
                try:
                    await self._turn_page()
                except NotSent:
                    continue  # the next welcome wants a page
                except OutcomeUnknown:
                    self._page_is_wanted.set()
        except (CommandRefused, ConnectionEnded, msgspec.DecodeError) as failure:
            self._failure = failure
            self.end()

    async def _turn_page(self) -> None:
        early: deque[Event] = deque(maxlen=EARLY_EVENTS)
        stop = subscribe(self._session.on_event, early.append)
        try:
            command = WatchQueue(id=self._session.command_id(), queue=self.queue, limit=self._limit)
            reply = await self._session.command(command)
        finally:
            stop()
        if len(early) == EARLY_EVENTS:
            self._page_is_wanted.set()
            return
        self.is_live = True
        view = open_line(self._session.view, reply.page(), self._limit, reply.position, early)
        self._session.show(view)
        self._page_is_wanted.clear()  # a fresh page that looks thin would look so again

    def _view_changed(self, before: View, after: View) -> None:
        line = after.lines.get(self.queue)
        if line is None or line is before.lines.get(self.queue):
            return
        self._line = line
        if is_thin(line):
            self._page_is_wanted.set()
        self._news.beat()

    def _reconnected(self) -> None:
        self.is_live = False
        self._page_is_wanted.set()

    def _session_over(self) -> None:
        self._failure = self._failure or self._session.ended
        self.end()
