"""Processes of our own beside this one: started again when they end, and never left behind.

A child reads an order from its stdin, tells that it has started, and then every second that its loop turns. Its stdin
ends when its parent does.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import msgspec
import structlog

from casebaton import logs, tasks
from casebaton.settings import Settings
from casebaton.tasks import LoopEnded

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 60.0  # who lived for so long is started again as if for the first time
END_WITHIN_S = 10.0  # beyond the drain: uvicorn's 5 s and the lease's 2 s, and some
BEAT_EVERY_S = 1.0
SILENT_AFTER_S = 5.0  # as a lease lasts by default: the store takes its connections for lost by then
READY = b"ready\n"
BEAT = b"."

logger = structlog.get_logger()


class Order(msgspec.Struct):
    """What a child reads as the first line of its stdin."""

    kind: str
    number: int
    settings: Settings


class Stop:
    """`asked`: drain and end. `urged`: end at once."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.urged = asyncio.Event()

    def ask(self) -> None:
        """Drain and end."""
        self.asked.set()

    def interrupt(self) -> None:
        """As Ctrl-C does: the first time drain and end, the second time end at once."""
        if self.asked.is_set():
            self.urged.set()
        self.asked.set()

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT stop inside the block."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.ask)
        loop.add_signal_handler(signal.SIGINT, self.interrupt)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            loop.remove_signal_handler(signal.SIGINT)


class Child:
    """A child process, started again whenever it ends."""

    def __init__(self, module: str, order: Order, stop: Stop) -> None:
        """`module` is run; its main calls `obey`."""
        self.started = asyncio.Event()
        self._module = module
        self._order = order
        self._stop = stop

    async def run(self) -> None:
        """Keep it running until it is stopped. Raises LoopEnded when it does not even start the first time."""
        pause = FIRST_PAUSE_S
        while not self._stop.asked.is_set():
            began_at = monotonic()
            code = await self._live()
            if self._stop.asked.is_set():
                return
            if not self.started.is_set():
                name = f"{self._order.kind} {self._order.number}"
                raise LoopEnded(f"{name} ended with {code} at its start: the log says why")
            if monotonic() - began_at > STEADY_AFTER_S:
                pause = FIRST_PAUSE_S
            self._say("ended", code=code, again_in_s=pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.asked.wait()
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _say(self, what: str, **details: Any) -> None:
        logger.error(f"{self._order.kind}_{what}", **{self._order.kind: self._order.number}, **details)

    async def _live(self) -> int:
        """One process from its start to its end; its exit code."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the parent alone
        )
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(self._order) + b"\n")
        ended = asyncio.create_task(process.wait(), name="child-ended")
        asked = asyncio.create_task(self._stop.asked.wait(), name="stop-asked")
        hearing = asyncio.create_task(self._hear(process), name="child-ready")
        try:
            await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.terminate()
                await self._await_end(process, ended)
            return await ended
        finally:
            if not ended.done():  # cancelled
                process.kill()
            await tasks.end(ended, asked, hearing)
            process.stdin.close()

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        """Notice that it serves; end it when it hangs: its socket would go on getting its share of the connections.

        Silence counts when it lasts for two waits in a row: the first may be the parent's own, which was stopped itself
        and finds the time over before it can read.
        """
        assert process.stdout is not None
        if await process.stdout.readline() != READY:
            return
        self.started.set()
        silences = 0
        while silences < 2:
            try:
                async with asyncio.timeout(SILENT_AFTER_S):
                    if not await process.stdout.read(1024):
                        return
                silences = 0
            except TimeoutError:
                silences += 1
        self._say("hangs", silent_s=2 * SILENT_AFTER_S)
        process.kill()

    async def _await_end(self, process: asyncio.subprocess.Process, ended: "asyncio.Task[int]") -> None:
        """Let it drain, unless it takes too long or somebody urges."""
        urged = asyncio.create_task(self._stop.urged.wait(), name="stop-urged")
        within_s = self._order.settings.drain_s + END_WITHIN_S
        await asyncio.wait({ended, urged}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            self._say("killed")
            process.kill()
        await tasks.end(urged)


def obey() -> Order:
    """In a child: read the order, and log as it says."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    logs.configure(order.settings.log_level)
    structlog.contextvars.bind_contextvars(**{order.kind: order.number})
    return order


async def until_orphaned() -> None:
    """In a child: tell the parent that it has started and that its loop turns, until the parent ends."""
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    os.set_blocking(sys.stdout.fileno(), False)
    os.write(sys.stdout.fileno(), READY)
    while not orders.at_eof():
        with contextlib.suppress(BlockingIOError, BrokenPipeError):  # it has much to read, or has just ended
            os.write(sys.stdout.fileno(), BEAT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_EVERY_S):
                await orders.read()


def exit_code(order: Order, work: Callable[[], object], *expected: type[Exception]) -> int:
    """Do a child's work. 0: it was asked to end; 1: a loop ended, and a fresh start helps; 2: what was expected."""
    try:
        work()
    except LoopEnded as error:
        logger.error(f"{order.kind}_failed", reason=str(error))  # noqa: TRY400  # the sentence says it all
        return 1
    except expected as error:
        logger.error(f"{order.kind}_failed", reason=str(error))  # noqa: TRY400  # so does this one
        return 2
    return 0
