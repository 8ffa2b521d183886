"""How many cases wait in the agent's queues, kept up to date."""

from casebaton.client.events import Event
from casebaton.client.reducer import count
from casebaton.client.session import Session, subscribe
from casebaton.client.state import Counts
from casebaton.client.watch import Watch
from casebaton.wire.messages import UnwatchCounts, WatchCounts


class QueueCounts(Watch):
    """While it is live, the summaries of the agent's queues say how many wait now, to some seconds."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._at_end.append(subscribe(session.on_event, self._heard))

    async def _begin(self) -> None:
        reply = await self._session.command(WatchCounts(id=self._session.command_id()))
        self._session.show(count(self._session.view, reply.read(Counts).waiting))
        self.is_live = True
        self._news.beat()

    def _farewell(self, command_id: str) -> UnwatchCounts:
        return UnwatchCounts(id=command_id)

    def _heard(self, event: Event) -> None:
        """Of other queues it is asked anew."""
        agent = self._session.view.agent
        if event.waiting is not None:
            self._news.beat()
        elif event.type == "agent_updated" and agent is not None and event.agent == agent.agent:
            self._is_wanted.set()
