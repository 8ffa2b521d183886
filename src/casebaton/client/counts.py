"""How many cases wait in the agent's queues, kept up to date."""

import asyncio

from casebaton.client.errors import CommandRefused
from casebaton.client.events import Event
from casebaton.client.reducer import count
from casebaton.client.session import Session, subscribe
from casebaton.client.state import Counts
from casebaton.client.watch import Watch
from casebaton.wire.messages import UnwatchCounts, WatchCounts

RETRY_S = 5.0


class QueueCounts(Watch):
    """While it is live, the summaries of the agent's queues say how many wait now, to some seconds."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._heard_at_ms: dict[str, tuple[int, int]] = {}  # by queue, while an answer is on its way: when, how many
        self._at_end.append(subscribe(session.on_event, self._heard))

    async def _begin(self) -> None:
        """An event that was sent after the answer may be read before it, as may one of an earlier watch. Of the same
        millisecond either may be newer: the node tells such a count once more.
        """
        self._heard_at_ms.clear()
        try:
            reply = await self._session.command(WatchCounts(id=self._session.command_id()))
        except CommandRefused as refused:
            if not refused.retryable:
                raise
            await asyncio.sleep(RETRY_S)  # only a picture is missing meanwhile
            self._is_wanted.set()
            return
        counts = reply.read(Counts)
        newer = {queue: waiting for queue, (at_ms, waiting) in self._heard_at_ms.items() if at_ms >= counts.at_ms}
        self._session.show(count(self._session.view, counts.waiting | newer))
        self.is_live = True
        self._news.beat()

    def _farewell(self, command_id: str) -> UnwatchCounts:
        return UnwatchCounts(id=command_id)

    def _heard(self, event: Event) -> None:
        """Of other queues it is asked anew."""
        agent = self._session.view.agent
        if event.waiting is not None:
            self._heard_at_ms.update({queue: (event.at_ms, waiting) for queue, waiting in event.waiting.items()})
            self._news.beat()
        elif event.type == "agent_updated" and agent is not None and event.agent == agent.agent:
            self._is_wanted.set()
