"""One agent, watched live by who supervises it."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping

from msgspec import DecodeError

from casebaton.client.errors import CommandRefused, ConnectionEnded, NotSent
from casebaton.client.events import Event
from casebaton.client.reducer import View, apply, from_snapshot, is_after
from casebaton.client.session import Pulse, Session, subscribe, tell
from casebaton.client.state import AgentState, Case, Snapshot
from casebaton.errors import OutcomeUnknown
from casebaton.wire.messages import UnwatchAgent, WatchAgent

EARLY_EVENTS = 4096  # kept while a snapshot is on its way; of more it is asked for again
GONE = frozenset({"agent_removed", "agent_unwatched"})


class WatchedAgent:
    """An agent with its offers and desk, as the agent itself sees them.

    After a lost connection it shows what it knew, until the agent's snapshot has come again: then `is_live` again. It
    `is_over` once the watch was ended, or the agent was removed or left the client's scope.
    """

    def __init__(self, session: Session, agent: str) -> None:
        self.agent = agent
        self.is_live = False
        self.is_over = False
        self._session = session
        self._view = View()
        self._failure: Exception | None = None
        self._on_event: list[Callable[[Event], object]] = []
        self._is_wanted = asyncio.Event()
        self._news = Pulse()
        self._stop_hearing = subscribe(session.on_event, self._heard)
        session.on_welcome.append(self._reconnected)
        session.on_over.append(self._session_over)
        self._is_wanted.set()
        self._keeping = asyncio.create_task(self._keep())

    @property
    def state(self) -> AgentState:
        """Status, presence, capacity and load, as the last event left them; there once the watch is open."""
        state = self._view.agent
        assert state is not None
        return state

    @property
    def offers(self) -> Mapping[str, Case]:
        """What rings at the agent, by case."""
        return self._view.offers

    @property
    def desk(self) -> Mapping[str, Case]:
        """What the agent owns, by case."""
        return self._view.desk

    def on_event(self, callback: Callable[[Event], object]) -> Callable[[], None]:
        """Call back for each event once it is shown; the result ends it. It must not block."""
        return subscribe(self._on_event, callback)

    async def opened(self) -> "WatchedAgent":
        """Wait for the snapshot; raises what prevents it."""
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
            await self._session.command(UnwatchAgent(id=self._session.command_id(), agent=self.agent))

    def end(self) -> None:
        """Follow no more events, and send nothing."""
        if self.is_over:
            return
        self.is_over, self.is_live = True, False
        self._keeping.cancel()
        self._stop_hearing()
        self._session.on_welcome.remove(self._reconnected)
        self._session.on_over.remove(self._session_over)
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

    async def _begin(self) -> None:
        """What happens behind the snapshot's position may be read before the snapshot is."""
        early: deque[Event] = deque(maxlen=EARLY_EVENTS)
        stop = subscribe(self._session.on_event, early.append)
        try:
            reply = await self._session.command(WatchAgent(id=self._session.command_id(), agent=self.agent))
        finally:
            stop()
        if len(early) == EARLY_EVENTS:
            self._is_wanted.set()
            return
        self._view = from_snapshot(reply.read(Snapshot), reply.position, {})
        self.is_live = True
        self._news.beat()
        for event in early:
            self._heard(event)

    def _heard(self, event: Event) -> None:
        if not self.is_live or not event.position or not is_after(event.position, self._view.position):
            return
        if event.type in GONE and event.agent == self.agent:
            self.end()
            tell(self._on_event, event)
            return
        before, self._view = self._view, apply(self._view, event)
        shown = (self._view.agent, self._view.offers, self._view.desk)
        if shown != (before.agent, before.offers, before.desk):
            tell(self._on_event, event)
            self._news.beat()

    def _reconnected(self) -> None:
        self.is_live = False
        self._is_wanted.set()

    def _session_over(self) -> None:
        self._failure = self._failure or self._session.ended
        self.end()
