"""One agent, watched live by who supervises it."""

from collections import deque
from collections.abc import Callable, Mapping

from casebaton.client.events import Event
from casebaton.client.reducer import View, apply, from_snapshot, is_after
from casebaton.client.session import Session, subscribe, tell
from casebaton.client.state import AgentState, Case, Snapshot
from casebaton.client.watch import EARLY_EVENTS, Watch
from casebaton.wire.messages import UnwatchAgent, WatchAgent

GONE = frozenset({"agent_removed", "agent_unwatched"})


class WatchedAgent(Watch):
    """An agent with its offers and desk, as the agent itself sees them.

    After a lost connection it shows what it knew, until the agent's snapshot has come again: then `is_live` again. It
    `is_over` once the watch was ended, or the agent was removed or left the client's scope.
    """

    def __init__(self, session: Session, agent: str) -> None:
        super().__init__(session)
        self.agent = agent
        self._view = View()
        self._on_event: list[Callable[[Event], object]] = []
        self._at_end.append(subscribe(session.on_event, self._heard))

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

    def _farewell(self, command_id: str) -> UnwatchAgent:
        return UnwatchAgent(id=command_id, agent=self.agent)

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
