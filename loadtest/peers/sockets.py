"""The socket side: the node's accept, from frame to reply, beside a bare echo of as long a frame.

A hundred connections each send the next frame when the one before is answered. Behind an echo there is nothing; behind
an accept there are a token's rights, a script, the disk, the log's tail, and an event beside the reply.
"""

import asyncio
import importlib.metadata
import importlib.util
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from loadtest.peers.child import child
from loadtest.peers.desks import Brief, Desk, Desks, Link, open_desks
from loadtest.peers.engine import AT_ONCE, WITHIN_S
from loadtest.peers.ratios import Found, Missing, Side, alternate, ratio
from loadtest.process import cpu_s
from loadtest.until import until

OFFERS = 10  # that ring at each agent before it accepts them one by one
FRAMES_OF_ACCEPT = 3  # the command, its reply, its event
ECHOES = 10  # trips to the echo for each of the node's, so that both take about as long
ECHO_WITHIN_S = 10.0
FRAME = b'{"type":"accept_case","id":"1000","case":"0198c0de-0000-7000-8000-000000000000","baton":"pTtu82E6eeDb-TTc.2"}'


class Trips(Struct):
    """What some round trips took: seconds by the clock, of the server's processor; frames in both directions."""

    count: int = 0
    seconds: float = 0
    cpu_s: float = 0
    frames: int = 0

    def __float__(self) -> float:
        """Round trips a second."""
        return self.count / self.seconds

    @property
    def frames_per_cpu_s(self) -> float:
        """How many frames the server reads and writes in a second of its processor."""
        return self.frames / self.cpu_s


class Stopwatch:
    """Adds to some trips what happens between `start` and `pause` on the clock, and until `stop` on the processor."""

    def __init__(self, pid: int) -> None:
        self.trips = Trips()
        self._pid = pid
        self._at = 0.0
        self._used = 0.0

    def start(self) -> None:
        """Begin."""
        self._at, self._used = perf_counter(), cpu_s(self._pid)

    def pause(self, count: int) -> None:
        """So many trips are over."""
        self.trips.count += count
        self.trips.seconds += perf_counter() - self._at

    def stop(self, frames: int) -> None:
        """So many frames have passed, and nothing more is due."""
        self.trips.frames += frames
        self.trips.cpu_s += cpu_s(self._pid) - self._used


async def in_turn(times: int, acts: list[Callable[[], Awaitable[object]]]) -> None:
    """Each of them so often, one time after the other; all of them at once. Raises TimeoutError."""

    async def repeat(act: Callable[[], Awaitable[object]]) -> None:
        for _ in range(times):
            await act()

    async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
        for act in acts:
            group.create_task(repeat(act))


class Caller:
    """One connection to an echo."""

    def __init__(self) -> None:
        self.link = Link(self._hear)
        self._answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def call(self) -> None:
        """Send the frame, and hear it."""
        self._answer = asyncio.get_running_loop().create_future()
        self.link.send(FRAME)
        await self._answer

    def _hear(self, text: bytes) -> None:
        assert text == FRAME, "the echo is another"
        self._answer.set_result(None)


async def echo_trips(pid: int, callers: list[Caller], trips: int) -> Trips:
    """So many round trips to an echo."""
    watch = Stopwatch(pid)
    watch.start()
    await in_turn(trips // len(callers), [caller.call for caller in callers])
    watch.pause(trips)
    watch.stop(2 * trips)
    return watch.trips


async def accept_trips(desks: Desks, trips: int) -> Trips:
    """So many accepts, each of an offer that rings already; submitting and completing do not count."""
    watch = Stopwatch(desks.node.pid)
    at_once = OFFERS * len(desks.agents)
    for _ in range(trips // at_once):
        await desks.submit(at_once)
        await _see(lambda: all(desk.offers.qsize() == OFFERS for desk in desks.agents))
        owned: list[tuple[Desk, Brief]] = []
        due = desks.frames + FRAMES_OF_ACCEPT * at_once
        watch.start()
        await in_turn(OFFERS, [partial(_accept, desk, owned) for desk in desks.agents])
        watch.pause(at_once)
        await _see(partial(_has_passed, desks, due))
        watch.stop(FRAMES_OF_ACCEPT * at_once)
        await asyncio.gather(*(desk.complete(case) for desk, case in owned))
    return watch.trips


async def _accept(desk: Desk, owned: list[tuple[Desk, Brief]]) -> None:
    owned.append((desk, await desk.accept()))


def _has_passed(desks: Desks, frames: int) -> bool:
    return desks.frames == frames


async def _see(is_so: Callable[[], bool]) -> None:
    if not await until(is_so, within_s=WITHIN_S):
        raise TimeoutError("the events that were due did not come")


@asynccontextmanager
async def open_echo(server: str) -> AsyncIterator[Callable[[int], Awaitable[Trips]]]:
    """A bare echo with a hundred connections: what makes so many trips to it."""
    async with child(sys.executable, "-m", "loadtest.peers.echo", server) as process, AsyncExitStack() as stack:
        port = int(await process.line(within_s=ECHO_WITHIN_S))
        callers = [Caller() for _ in range(AT_ONCE)]
        for caller in callers:
            await caller.link.connect(port, "/")
            stack.callback(caller.link.close)
        yield partial(echo_trips, process.pid, callers)


async def measure(say: Callable[[str], None], *, server: str, rounds: int, trips: int) -> Found:
    """The node's round trips over the echo's: how many a second, and frames by a second of the server's processor."""
    if importlib.util.find_spec(server) is None:
        raise Missing(f"there is no {server}: pip install --require-hashes -r requirements-peers.txt")
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with (
            open_echo(server) as echo,
            open_desks(Path(directory), classes=1, capacity=OFFERS, offer_limit=OFFERS) as desks,
        ):
            sides: dict[str, Side[Trips]] = {
                server: partial(echo, ECHOES * trips),
                "node": partial(accept_trips, desks, trips),
            }
            rows = await alternate(say, sides, rounds)
    work = [{name: each.frames_per_cpu_s for name, each in row.items()} for row in rows]
    say(f"frames by a second of processor: {', '.join(f'{name} {figure:,.0f}' for name, figure in work[-1].items())}")
    ratios = {"round_trips": ratio(rows, "node", server), "frames_per_cpu_s": ratio(work, "node", server)}
    return Found(ratios, {server: importlib.metadata.version(server)})
