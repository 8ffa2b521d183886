"""How many cases wait in agents' queues: counted for all of a node's agents at once, told to those whose have changed.

To follow each line would bring an agent of twenty queues all their traffic. So the node asks the store every two
seconds, for each workspace in which something has happened since, and each agent gets one frame at most of what has
changed. The more agents, the longer the rest: a node spends no more than `FRAMES_PER_S` on it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import msgspec
import structlog
from msgspec import Struct

from casebaton.errors import CasebatonError
from casebaton.node.hub import Hub
from casebaton.store.client import Answer, StoreClient
from casebaton.wire import frames

COUNT_EVERY_S = 2.0
FRAMES_PER_S = 500  # at 50 to 70 µs each it is a thirtieth of a core
AT_ONCE = 200  # queues counted by one script: some tenths of a millisecond
WOKEN_AT_ONCE = 16  # connections in one turn of the event loop: each writes a frame then

logger = structlog.get_logger()


class Counted(Struct, frozen=True):
    """The store's answer: how many wait, by queue, at `at_ms` (engine time)."""

    at_ms: int
    waiting: dict[str, int]


class Frame(Struct, frozen=True):
    """A frame's body, and the log's position that it is as of, or later."""

    position: str
    body: bytes


_read = msgspec.json.Decoder(Counted).decode


class CountWatch:
    """What one connection has not been told yet. `wake` is set when there is something to take."""

    def __init__(self, counts: "Counts", workspace: str, wake: asyncio.Event) -> None:
        self.wake = wake
        self.changed: set[str] = set()
        self._counts = counts
        self._workspace = workspace
        self._lines: _Lines | None = None

    def begin(self, answer: Answer) -> None:
        """Go on from the answer to `watch_counts`, in place of an earlier one."""
        self.stop()
        self._lines = self._counts.join(self, self._workspace, _read(answer.body).waiting)

    def keep(self, queues: Collection[str]) -> None:
        """Whatever is not among these concerns the connection no more."""
        if self._lines is not None:
            self._lines.keep(self, queues)
            self.changed.intersection_update(queues)

    def stop(self) -> None:
        """Take no more. Safe to call again."""
        if self._lines is not None:
            self._counts.leave(self, self._lines)
            self._lines = None
        self.changed.clear()

    def take(self) -> Frame | None:
        """The next frame, if there is any."""
        if self._lines is None or not self.changed:
            return None
        changed, self.changed = self.changed, set()
        return self._lines.frame(sorted(changed))


class _Lines:
    """The lines of a workspace that somebody here wants to be counted."""

    def __init__(self, workspace: str) -> None:
        self.workspace = workspace
        self.watches: dict[CountWatch, Collection[str]] = {}
        self._followers: defaultdict[str, set[CountWatch]] = defaultdict(set)
        self._waiting: dict[str, int | None] = {}
        self._at_ms = 0
        self._position: str | None = None  # of the log, before it was counted

    def add(self, watch: CountWatch, waiting: dict[str, int]) -> None:
        """Tell a watch of changes to what it knows."""
        self.watches[watch] = tuple(waiting)
        self._position = None
        for queue, count in waiting.items():
            self._followers[queue].add(watch)
            if self._waiting.setdefault(queue, count) != count:
                self._waiting[queue] = None  # whichever count is newer: the next one is told to all

    def remove(self, watch: CountWatch) -> None:
        """Tell it nothing more."""
        for queue in self.watches.pop(watch):
            self._forget(watch, queue)

    def keep(self, watch: CountWatch, queues: Collection[str]) -> None:
        """Tell it of no others."""
        before = self.watches[watch]
        self.watches[watch] = [queue for queue in before if queue in queues]
        for queue in before:
            if queue not in queues:
                self._forget(watch, queue)

    def _forget(self, watch: CountWatch, queue: str) -> None:
        followers = self._followers[queue]
        followers.discard(watch)
        if not followers:
            del self._followers[queue], self._waiting[queue]

    async def count(self, store: StoreClient, position: str | None) -> None:
        """Count anew, unless nothing has happened since. Raises CasebatonError."""
        if position == self._position:
            return
        self._position = position
        try:
            for queues in _slices(self._followers):
                answer = await store.run("count_lines", self.workspace, ("engine", "counts"), queues=",".join(queues))
                await self._take(_read(answer.body))
        except BaseException:
            self._position = None
            raise

    async def _take(self, counted: Counted) -> None:
        self._at_ms = counted.at_ms
        woken: set[CountWatch] = set()
        for queue, waiting in counted.waiting.items():
            if queue in self._followers and self._waiting[queue] != waiting:  # else it was left meanwhile
                self._waiting[queue] = waiting
                for watch in self._followers[queue]:
                    watch.changed.add(queue)
                    woken.add(watch)
        for i, watch in enumerate(woken, 1):
            watch.wake.set()
            if i % WOKEN_AT_ONCE == 0:
                await asyncio.sleep(0)  # they write now, and offers between them

    def frame(self, queues: Iterable[str]) -> Frame | None:
        """These counts as they were last, as far as they are certain."""
        waiting = {queue: count for queue in queues if (count := self._waiting[queue]) is not None}
        if not waiting:
            return None
        body = frames.encode(frames.QueuesCounted(at_ms=self._at_ms, waiting=waiting))
        return Frame(self._position or "0-0", body)


def _slices(queues: Iterable[str]) -> Iterator[list[str]]:
    names = list(queues)
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


class Counts:
    """All that are watched at a node."""

    def __init__(self, store: StoreClient, hub: Hub) -> None:
        self._store = store
        self._hub = hub
        self._lines: dict[str, _Lines] = {}
        self._is_wanted = asyncio.Event()

    def join(self, watch: CountWatch, workspace: str, waiting: dict[str, int]) -> _Lines:
        """Count these queues from now on."""
        lines = self._lines.setdefault(workspace, _Lines(workspace))
        lines.add(watch, waiting)
        self._is_wanted.set()
        return lines

    def leave(self, watch: CountWatch, lines: _Lines) -> None:
        """Nobody else may want them."""
        lines.remove(watch)
        if not lines.watches:
            del self._lines[lines.workspace]

    @property
    def pause_s(self) -> float:
        """How long it rests before it counts again."""
        return max(COUNT_EVERY_S, sum(len(lines.watches) for lines in self._lines.values()) / FRAMES_PER_S)

    async def run(self) -> None:
        """Count until cancelled."""
        while True:
            if not self._lines:
                self._is_wanted.clear()
            await self._is_wanted.wait()
            await asyncio.sleep(self.pause_s)  # bounds what it costs: see above
            await asyncio.gather(*(self._count(lines) for lines in self._lines.values()))

    async def _count(self, lines: _Lines) -> None:
        """One whose store does not answer is counted later, and holds up nobody else."""
        try:
            async with asyncio.timeout(COUNT_EVERY_S):
                await lines.count(self._store, self._hub.position(lines.workspace))
        except TimeoutError:
            logger.warning("counts_delayed", workspace=lines.workspace, error="UNAVAILABLE")
        except CasebatonError as error:
            logger.warning("counts_delayed", workspace=lines.workspace, error=error.code)
