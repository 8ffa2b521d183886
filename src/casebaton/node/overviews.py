"""One overview of each watched workspace, however many watch it, and what each of them is told of it.

An overview is begun with pages when somebody begins to watch, kept by the log's tail alone, and let go a while after
the last one has left. Beside it stands the board of the workspace, with figures and alerts, begun with the log's last
hour. Both are published a few times a second at most. A connection then takes a frame when all that it
had before has been sent: what has changed since its last one, as it is now. So a slow reader gets fewer frames, not
more of them at once; and connections of one scope that are equally far share one frame's bytes.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import structlog

from casebaton.auth import Identity, Scope
from casebaton.errors import CasebatonError, NodeFault, Unavailable
from casebaton.node import backfill, beginning
from casebaton.node.beginning import Beginning
from casebaton.node.board import Board, covers_queue
from casebaton.node.health import Health
from casebaton.node.hub import EVERYTHING, Hub
from casebaton.node.searching import CaseSearch
from casebaton.service import search
from casebaton.store import log, overview_pages
from casebaton.store.client import Answer, StoreClient
from casebaton.store.overview import AgentOverview, Item, Overview
from casebaton.store.overview_events import read_event
from casebaton.tasks import end
from casebaton.wire import frames
from casebaton.wire import messages as m
from casebaton.wire.session import POSITION_LOST, Order, order_of

PUBLISH_EVERY_S = 0.25
BOARD_EVERY_S = 0.5
LINGER_S = 10.0
AT_ONCE = 64  # entries folded in a turn of the event loop
MOST_BEHIND = 50_000  # entries that may come while pages are read

logger = structlog.get_logger()


class Frame(NamedTuple):
    """A frame's body, and the log's position that it is as of."""

    position: str
    body: bytes


class Told(NamedTuple):
    """Up to which entry, and up to which turn of the board, all was told."""

    log_seq: int
    turn: int


class _Made(NamedTuple):
    """What has changed from one state up to another; no frame when none of it concerns the scope."""

    frame: Frame | None
    until: Told


def _covers_agent(scope: Scope | None, agent: AgentOverview) -> bool:
    return scope is None or scope.covers(agent.team, (*agent.queues, *agent.queues_by_skill))


class Watch:
    """One connection's way through an overview: first all that its scope covers, then what has changed.

    `wake` is set when there may be something to take, `end` is called when it cannot go on.
    """

    __slots__ = ("_is_first", "_left", "_live", "_overviews", "_scope", "_workspace", "end", "since", "wake")

    def __init__(
        self, overviews: "Overviews", workspace: str, wake: asyncio.Event, end: Callable[[int, str], None]
    ) -> None:
        self.wake = wake
        self.end = end
        self.since: Told | None = None  # None while there is nothing to take
        self._overviews = overviews
        self._workspace = workspace
        self._live: LiveOverview | None = None
        self._scope: Scope | None = None
        self._is_first = True
        self._left = Beginning([], [], [])

    async def execute(self, command: m.WatchWorkspace | m.UnwatchWorkspace, scope: Scope | None) -> Answer:
        """Watch from the beginning, or no more. The answer to `watch_workspace` comes when the overview is whole, and
        says how many agents and queues are within the scope. Raises what prevents that.
        """
        self.stop()
        if isinstance(command, m.UnwatchWorkspace):
            return Answer("", b"{}")
        self._live = live = self._overviews.join(self, self._workspace)
        try:
            await asyncio.shield(live.is_whole)
        except BaseException:
            self.stop()
            raise
        queues, agents = live.within(scope)
        self._scope, self._is_first, self.since = scope, True, live.head
        rows = live.board.rows(scope, [name for _, name in queues])
        self._left = Beginning([*queues, *agents], live.board.alerts_within(scope), rows)
        self.wake.set()
        return Answer(live.position, b'{"agents":%d,"queues":%d}' % (len(agents), len(queues)))

    def stop(self) -> None:
        """Take no more. Safe to call again."""
        self.since, self._left = None, Beginning([], [], [])
        if self._live is not None:
            self._overviews.leave(self, self._live)
            self._live = None

    def take(self) -> Frame | None:
        """The next frame, if there is any."""
        live = self._live
        if live is None or self.since is None:
            return None
        if self._is_first or not self._left.is_over():
            return self._take_part(live)
        if self.since == live.head:
            return None
        made = live.make(self._scope, self.since)
        self.since = made.until
        return made.frame

    def _take_part(self, live: "LiveOverview") -> Frame:
        part = self._left.take()
        changes = live.describe(self._scope, part.items)
        changes.alerts += part.alerts
        live.board.describe_rows(part.rows, changes)
        if self._is_first:
            live.board.begin(self._scope, changes)
        changes.begins, changes.more = self._is_first, not self._left.is_over()
        self._is_first = False
        return live.frame(changes)


class LiveOverview:
    """A workspace's overview and board, kept up by the log's tail."""

    def __init__(
        self, workspace: str, store: StoreClient, hub: Hub, health: Health, lose: Callable[["LiveOverview"], None]
    ) -> None:
        self.workspace = workspace
        self.overview = Overview()
        self.board = Board(self.overview, health)
        self.search = CaseSearch(store, workspace, self.overview)
        self.watches: set[Watch] = set()
        self.head = Told(0, 0)  # what is published
        self.is_whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.position = "0-0"
        self._store = store
        self._hub = hub
        self._lose = lose
        self._entries: deque[log.Entry] = deque()
        self._has_news = asyncio.Event()
        self._made: dict[tuple[Scope | None, Told], _Made] = {}
        self._ahead_ms: int | None = None  # how much further the engine's clock is than this node's
        self._board_at_s = 0.0

    # -- the hub's side ----------------------------------------------------------------------------------------------

    def deliver(self, entry: log.Entry, order: Order) -> None:  # noqa: ARG002  # it has them all, in order
        """Queue the log's next entry."""
        if len(self._entries) >= MOST_BEHIND:
            self.fail(Unavailable("too much happened while the overview was begun: watch again"))
            return
        self._entries.append(entry)
        self._has_news.set()

    def end(self, code: int, reason: str) -> None:  # noqa: ARG002  # whatever it is, all have to begin anew
        """The log was cut."""
        self.fail(Unavailable(f"{reason}: watch again"))

    def fail(self, error: CasebatonError) -> None:
        """Refuse those who wait for it, or send those who have it back for a new one."""
        self._lose(self)
        if not self.is_whole.done():
            self.is_whole.set_exception(error)
            self.is_whole.exception()  # perhaps nobody waits any more
            return
        for watch in self.watches:
            watch.end(POSITION_LOST, "the overview was lost")

    # -- life --------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Begin it and keep it, until cancelled. What cannot be kept ends, and with it the watches."""
        try:
            await self._begin()
            while True:
                await self._wait_for_news(BOARD_EVERY_S)
                await self._fold()
                self._publish()
                await asyncio.sleep(PUBLISH_EVERY_S)
        except CasebatonError as error:
            logger.warning("overview_lost", workspace=self.workspace, error=error.code)
            self.fail(error)
        except Exception:  # an entry that cannot be read, or a bug: harms nothing else
            logger.exception("overview_failed", workspace=self.workspace)
            self.fail(NodeFault())
        finally:
            self._hub.remove(self)  # it may have joined after it was given up

    async def _begin(self) -> None:
        """Follow first, read then; it is whole once the log has been taken in up to the last page."""
        await self._hub.add(self)
        self._hub.subscribe(self, EVERYTHING)
        self.position = self._hub.position(self.workspace) or self.position
        self.board.govern(await overview_pages.read_rules(self._store, self.workspace))
        await backfill.read(self._store, self.workspace, self.position, self.board, self.now_ms())
        last = order_of(await overview_pages.read_all(self._store, self.workspace, self.overview))
        await self._fold()
        while order_of(self.position) < last:
            await self._has_news.wait()
            await self._fold()
        self.board.settle(self.now_ms())
        self._publish()
        self.is_whole.set_result(None)

    async def _wait_for_news(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._has_news.wait()

    async def _fold(self) -> None:
        self._has_news.clear()
        while self._entries:
            for _ in range(min(AT_ONCE, len(self._entries))):
                self.take(self._entries.popleft())
                if self.overview.is_reconfigured:  # entries wait meanwhile, as they do at the beginning
                    self.overview.is_reconfigured = False
                    await overview_pages.read_queues(self._store, self.workspace, self.overview)
                    self.board.govern(await overview_pages.read_rules(self._store, self.workspace))
            await asyncio.sleep(0)

    def take(self, entry: log.Entry) -> None:
        """Take in the log's next entry. Raises msgspec.DecodeError."""
        event = read_event(entry)
        self.board.take(event, entry)
        self.overview.take(event)
        self.search.take_entry(entry)
        self.position = entry.position
        self._hear(event.at_ms)

    def _hear(self, at_ms: int) -> None:
        """The engine's clock showed this when an entry was written. What comes late tells of a smaller difference."""
        ahead_ms = at_ms - round(time.time() * 1000)
        self._ahead_ms = ahead_ms if self._ahead_ms is None else max(ahead_ms, self._ahead_ms)

    def now_ms(self) -> int:
        """The engine's time, as far as entries have told."""
        return round(time.time() * 1000) + (self._ahead_ms or 0)

    def _publish(self) -> None:
        if time.monotonic() - self._board_at_s >= BOARD_EVERY_S:
            self._board_at_s = time.monotonic()
            self.board.publish(self.now_ms())
        head = Told(self.overview.log_seq, self.board.turn)
        if head == self.head:
            return
        self.head = head
        self._made.clear()
        told = [watch.since.log_seq for watch in self.watches if watch.since is not None]
        self.overview.forget(min(told, default=head.log_seq))
        for watch in self.watches:
            watch.wake.set()

    # -- frames ------------------------------------------------------------------------------------------------------

    def within(self, scope: Scope | None) -> tuple[list[Item], list[Item]]:
        """The queues and the agents that a scope covers, by name."""
        queues, agents = self.overview.queues, self.overview.agents
        return (
            [("queue", name) for name in sorted(queues) if queues[name].is_shown and covers_queue(scope, name)],
            [("agent", name) for name in sorted(agents) if _covers_agent(scope, agents[name])],
        )

    def make(self, scope: Scope | None, since: Told) -> _Made:
        """What has changed within a scope since then: until it is published anew, made once for all who are as
        far.
        """
        made = self._made.get((scope, since))
        if made is None:
            made = self._made[scope, since] = self._make(scope, since)
        return made

    def _make(self, scope: Scope | None, since: Told) -> _Made:
        items, seq = self._changed_after(since.log_seq)
        changes = self.describe(scope, items)
        changes.agents_gone = self._gone(scope, since.log_seq, seq)
        turn = self.board.describe(scope, since.turn, changes) if seq == self.overview.log_seq else since.turn
        changes.more = seq < self.overview.log_seq or turn < self.board.turn
        return _Made(None if changes == frames.Changes(more=changes.more) else self.frame(changes), Told(seq, turn))

    def _changed_after(self, since: int) -> tuple[list[Item], int]:
        """A part of what has changed since an entry, and the entry up to which it goes."""
        items: list[Item] = []
        last = since
        for item, seq in self.overview.changes.items():
            if seq <= since:
                continue
            if len(items) >= beginning.PART and seq > last:
                return items, last
            items.append(item)
            last = seq
        return items, self.overview.log_seq

    def describe(self, scope: Scope | None, items: list[Item]) -> frames.Changes:
        """These items as they are now, as far as they are within the scope."""
        changes = frames.Changes()
        for kind, name in items:
            if kind == "agent":
                agent = self.overview.agents.get(name)
                if agent is not None and _covers_agent(scope, agent):
                    changes.agents.append(agent)
            elif covers_queue(scope, name):
                queue = self.overview.queues[name]
                if queue.is_shown:
                    changes.queues.append(queue)
                else:
                    changes.queues_gone.append(name)
        return changes

    def _gone(self, scope: Scope | None, since: int, until: int) -> list[str]:
        """Who has left the scope between two entries: nobody is named who never was within it."""
        agents = self.overview.agents
        left = {
            was.agent for seq, was in self.overview.departures if since < seq <= until and _covers_agent(scope, was)
        }
        return sorted(name for name in left if name not in agents or not _covers_agent(scope, agents[name]))

    def frame(self, changes: frames.Changes) -> Frame:
        """The body of a frame, as of now."""
        return Frame(self.position, frames.encode(frames.WorkspaceChanged(at_ms=self.now_ms(), changes=changes)))


class Overviews:
    """The overviews of a node."""

    def __init__(self, store: StoreClient, hub: Hub, health: Health) -> None:
        self._store = store
        self._hub = hub
        self._health = health
        self._live: dict[str, tuple[LiveOverview, asyncio.Task[None]]] = {}
        self._endings: set[asyncio.Task[None]] = set()

    def join(self, watch: Watch, workspace: str) -> LiveOverview:
        """Watch a workspace; its overview may not be whole yet."""
        if workspace not in self._live:
            live = LiveOverview(workspace, self._store, self._hub, self._health, self._lose)
            self._live[workspace] = live, asyncio.create_task(live.run(), name="overview")
            self._health.is_watched = True
        live, _ = self._live[workspace]
        live.watches.add(watch)
        return live

    def leave(self, watch: Watch, live: LiveOverview) -> None:
        """Watch it no longer: somebody else may soon."""
        live.watches.discard(watch)
        if not live.watches:
            asyncio.get_running_loop().call_later(LINGER_S, self._lose_idle, live)

    async def search(self, identity: Identity, command: m.SearchCases) -> Answer:
        """Find cases that the sender may see; for who supervises an overview is begun if there is none."""
        if identity.role == "agent":
            return await search.of_agent(self._store, identity, command)
        live = self.join(watch := Watch(self, identity.workspace, asyncio.Event(), lambda *_: None), identity.workspace)
        try:
            await asyncio.shield(live.is_whole)
            return await live.search.execute(identity, command)
        finally:
            self.leave(watch, live)

    def _lose_idle(self, live: LiveOverview) -> None:
        if not live.watches:
            self._lose(live)

    def _lose(self, live: LiveOverview) -> None:
        known, task = self._live.get(live.workspace, (None, None))
        if known is live and task is not None:
            del self._live[live.workspace]
            self._health.is_watched = bool(self._live)
            self._hub.remove(live)
            ending = asyncio.create_task(end(task), name="overview-end")
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def close(self) -> None:
        """End them all."""
        for live, _ in list(self._live.values()):
            self._lose(live)
        await asyncio.gather(*self._endings)
