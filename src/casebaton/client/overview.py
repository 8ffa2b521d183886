"""A whole workspace, watched live: what supervisors see."""

from collections.abc import Callable, Mapping

from casebaton.client.board import MINUTE_MS, Alert, Minute, SystemHealth
from casebaton.client.events import Changes, Event
from casebaton.client.session import Session, subscribe, tell
from casebaton.client.state import AgentOverview, QueueOverview
from casebaton.client.watch import Watch
from casebaton.wire.messages import UnwatchWorkspace, WatchWorkspace

ALERTS = 100  # that are kept once they are over
MINUTES = 60


class _Shown:
    """What has come since a beginning."""

    def __init__(self) -> None:
        self.agents: dict[str, AgentOverview] = {}
        self.queues: dict[str, QueueOverview] = {}
        self.minutes: dict[str, dict[int, Minute]] = {}
        self.alerts: dict[str, Alert] = {}
        self.alerts_untold = 0
        self.health: SystemHealth | None = None
        self.figures_since_ms = 0

    def take(self, changes: Changes) -> None:
        self.agents.update((each.agent, each) for each in changes.agents)
        self.queues.update((each.queue, each) for each in changes.queues)
        for name in changes.agents_gone:
            self.agents.pop(name, None)
        for name in changes.queues_gone:
            self.queues.pop(name, None)
        for minute in changes.minutes:
            self._take_minute(minute)
        if changes.alerts_anew or changes.begins:
            self.alerts, self.alerts_untold = {}, changes.alerts_untold
        for alert in changes.alerts:
            self.alerts.pop(alert.id, None)
            self.alerts[alert.id] = alert
        over = [alert.id for alert in self.alerts.values() if not alert.is_on]
        for name in over[: max(0, len(over) - ALERTS)]:
            del self.alerts[name]
        self.health = changes.health or self.health

    def _take_minute(self, minute: Minute) -> None:
        rows = self.minutes.setdefault(minute.queue, {})
        rows[minute.at_ms] = minute
        for at_ms in [at_ms for at_ms in rows if at_ms <= minute.at_ms - MINUTES * MINUTE_MS]:
            del rows[at_ms]


class Overview(Watch):
    """All agents and queues within the client's scope, by name; the minutes of each queue's last hour by their
    beginning (server time), alerts by id, the latest change last (`alerts_untold`: how many crossed thresholds
    are not among them), and how nodes and store are.

    After a lost connection it shows what it knew, until everything has come again: then `is_live` again.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.agents: Mapping[str, AgentOverview] = {}
        self.queues: Mapping[str, QueueOverview] = {}
        self.minutes: Mapping[str, Mapping[int, Minute]] = {}
        self.alerts: Mapping[str, Alert] = {}
        self.alerts_untold = 0
        self.health: SystemHealth | None = None
        self.figures_since_ms = 0
        self._on_change: list[Callable[[Changes], object]] = []
        self._coming = _Shown()
        self._at_end.append(subscribe(session.on_event, self._heard))

    def on_change(self, callback: Callable[[Changes], object]) -> Callable[[], None]:
        """Call back for each frame as soon as the overview shows it; the result ends it. It must not block."""
        return subscribe(self._on_change, callback)

    async def _begin(self) -> None:
        await self._session.command(WatchWorkspace(id=self._session.command_id()))

    def _farewell(self, command_id: str) -> UnwatchWorkspace:
        return UnwatchWorkspace(id=command_id)

    def _heard(self, event: Event) -> None:
        """Frames of a beginning are put together aside, so that what is known stays whole until then."""
        changes = event.changes
        if changes is None:
            return
        if changes.begins:
            self._coming = _Shown()
            self._coming.figures_since_ms = changes.figures_since_ms
        shown = self._coming
        shown.take(changes)
        if not changes.more:
            self.agents, self.queues, self.minutes, self.alerts = (
                shown.agents,
                shown.queues,
                shown.minutes,
                shown.alerts,
            )
            self.alerts_untold = shown.alerts_untold
            self.health, self.figures_since_ms, self.is_live = shown.health, shown.figures_since_ms, True
        if self.is_live:
            tell(self._on_change, changes)
            self._news.beat()
