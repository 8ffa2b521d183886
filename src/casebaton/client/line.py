"""A queue's line, watched live."""

from collections import deque
from collections.abc import AsyncGenerator

from casebaton.client.agent import Agent, OwnedCase
from casebaton.client.errors import WrongRole
from casebaton.client.events import Event
from casebaton.client.reducer import Line, View, close_line, is_thin, open_line
from casebaton.client.session import Session, subscribe
from casebaton.client.state import Case
from casebaton.client.watch import EARLY_EVENTS, Watch
from casebaton.wire.messages import Unwatch, WatchQueue


class QueueLine(Watch):
    """A queue's first waiting cases, best first.

    After a lost connection it shows what it knew, until a fresh page has come: then `is_live` again.
    """

    def __init__(self, session: Session, agent: Agent | None, queue: str, limit: int) -> None:
        super().__init__(session)
        self.queue = queue
        self._agent = agent
        self._limit = limit
        self._line = Line(queue=queue, mode="", waiting=0, cases=(), limit=limit, position="0-0")
        session.on_change.append(self._view_changed)
        self._at_end += [lambda: session.on_change.remove(self._view_changed), self._close]

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
            elif self.is_over:
                return
            else:
                await self._news.wait()

    def _farewell(self, command_id: str) -> Unwatch:
        return Unwatch(id=command_id, queue=self.queue)

    def _close(self) -> None:
        self._session.show(close_line(self._session.view, self.queue))

    async def _begin(self) -> None:
        early: deque[Event] = deque(maxlen=EARLY_EVENTS)
        stop = subscribe(self._session.on_event, early.append)
        try:
            command = WatchQueue(id=self._session.command_id(), queue=self.queue, limit=self._limit)
            reply = await self._session.command(command)
        finally:
            stop()
        if len(early) == EARLY_EVENTS:
            self._is_wanted.set()
            return
        self.is_live = True
        view = open_line(self._session.view, reply.page(), self._limit, reply.position, early)
        self._session.show(view)
        self._is_wanted.clear()  # a fresh page that looks thin would look so again

    def _view_changed(self, before: View, after: View) -> None:
        line = after.lines.get(self.queue)
        if line is None or line is before.lines.get(self.queue):
            return
        self._line = line
        if is_thin(line):
            self._is_wanted.set()
        self._news.beat()
