"""A whole workspace, watched live: what supervisors see."""

import asyncio
from collections.abc import Callable, Mapping

from msgspec import DecodeError

from casebaton.client.errors import CommandRefused, ConnectionEnded, NotSent
from casebaton.client.events import Changes, Event
from casebaton.client.session import Pulse, Session, subscribe, tell
from casebaton.client.state import AgentOverview, QueueOverview
from casebaton.errors import OutcomeUnknown
from casebaton.wire.messages import UnwatchWorkspace, WatchWorkspace


class Overview:
    """All agents and queues within the client's scope, by name.

    After a lost connection it shows what it knew, until everything has come again: then `is_live` again.
    """

    def __init__(self, session: Session) -> None:
        self.agents: Mapping[str, AgentOverview] = {}
        self.queues: Mapping[str, QueueOverview] = {}
        self.is_live = False
        self.is_over = False
        self._on_change: list[Callable[[Changes], object]] = []
        self._coming: tuple[dict[str, AgentOverview], dict[str, QueueOverview]] = ({}, {})
        self._session = session
        self._failure: Exception | None = None
        self._is_wanted = asyncio.Event()
        self._news = Pulse()
        self._stop_hearing = subscribe(session.on_event, self._heard)
        session.on_welcome.append(self._reconnected)
        session.on_over.append(self._session_over)
        self._is_wanted.set()
        self._keeping = asyncio.create_task(self._keep())

    def on_change(self, callback: Callable[[Changes], object]) -> Callable[[], None]:
        """Call back for each frame as soon as the overview shows it; the result ends it. It must not block."""
        return subscribe(self._on_change, callback)

    async def opened(self) -> "Overview":
        """Wait until everything has come; raises what prevents it."""
        while not self.is_live:
            if self._failure is not None:
                raise self._failure
            if self.is_over:
                raise NotSent("the watch was ended")
            await self._news.wait()
        return self

    async def changed(self) -> None:
        """Wait for the next frame; raises what ended the watch."""
        if not self.is_over:
            await self._news.wait()
        if self._failure is not None:
            raise self._failure

    async def unwatch(self) -> None:
        """End the watch."""
        self.end()
        if self._session.state == "connected":
            await self._session.command(UnwatchWorkspace(id=self._session.command_id()))

    def end(self) -> None:
        """Take in no more frames, and send nothing."""
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
                    await self._session.command(WatchWorkspace(id=self._session.command_id()))
                except NotSent:
                    continue  # the next welcome asks again
                except OutcomeUnknown:
                    self._is_wanted.set()
        except (CommandRefused, ConnectionEnded, DecodeError) as failure:
            self._failure = failure
            self.end()

    def _heard(self, event: Event) -> None:
        """Frames of a beginning are put together aside, so that what is known stays whole until then."""
        changes = event.changes
        if changes is None:
            return
        if changes.begins:
            self._coming = ({}, {})
        agents, queues = self._coming
        agents.update((each.agent, each) for each in changes.agents)
        queues.update((each.queue, each) for each in changes.queues)
        for name in changes.agents_gone:
            agents.pop(name, None)
        for name in changes.queues_gone:
            queues.pop(name, None)
        if not changes.more:
            self.agents, self.queues, self.is_live = agents, queues, True
        if self.is_live:
            tell(self._on_change, changes)
            self._news.beat()

    def _reconnected(self) -> None:
        self.is_live = False
        self._is_wanted.set()

    def _session_over(self) -> None:
        self._failure = self._failure or self._session.ended
        self.end()
