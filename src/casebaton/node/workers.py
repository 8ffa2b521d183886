"""Several nodes on one port: one supervisor, which holds the port and the store, and the processes that serve.

Each worker is a node as any other, on a listening socket of its own (SO_REUSEPORT). Linux spreads new connections
evenly over such sockets; on one that is shared it wakes whoever waited last, and long-lived connections pile up with
few. A worker's socket goes with it, so nobody is sent to a worker that is not there.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import msgspec
import structlog

from casebaton import tasks
from casebaton.errors import CasebatonError, Invalid
from casebaton.node import logs
from casebaton.node.node import Node
from casebaton.node.serve import base_url, claim, complete
from casebaton.node.serve import serve as serve_node
from casebaton.settings import Settings
from casebaton.store.server import UnsafeStore, open_server
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
    """What a worker reads as the first line of its stdin. Its stdin ends when the supervisor does."""

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


class Worker:
    """One worker process, started again whenever it ends."""

    def __init__(self, number: int, settings: Settings, stop: Stop) -> None:
        self.started = asyncio.Event()
        self._number = number
        self._settings = settings
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
                raise LoopEnded(f"worker {self._number} ended with {code} at its start: the log says why")
            if monotonic() - began_at > STEADY_AFTER_S:
                pause = FIRST_PAUSE_S
            logger.error("worker_ended", worker=self._number, code=code, again_in_s=pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.asked.wait()
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _live(self) -> int:
        """One process from its start to its end; its exit code."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone
        )
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(Order(self._number, self._settings)) + b"\n")
        ended = asyncio.create_task(process.wait(), name="worker-ended")
        asked = asyncio.create_task(self._stop.asked.wait(), name="stop-asked")
        hearing = asyncio.create_task(self._hear(process), name="worker-ready")
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

        Silence counts when it lasts for two waits in a row: the first may be the supervisor's own, which was stopped
        itself and finds the time over before it can read.
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
        logger.error("worker_hangs", worker=self._number, silent_s=2 * SILENT_AFTER_S)
        process.kill()

    async def _await_end(self, process: asyncio.subprocess.Process, ended: "asyncio.Task[int]") -> None:
        """Let it drain, unless it takes too long or somebody urges."""
        urged = asyncio.create_task(self._stop.urged.wait(), name="stop-urged")
        within_s = self._settings.drain_s + END_WITHIN_S
        await asyncio.wait({ended, urged}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            logger.error("worker_killed", worker=self._number)
            process.kill()
        await tasks.end(urged)


async def serve(settings: Settings) -> None:
    """Serve with `settings.workers` processes until SIGTERM or SIGINT, which drain them all.

    Raises what one node's `serve` raises, and LoopEnded when a worker cannot start.
    """
    if sys.platform != "linux":
        raise Invalid("--workers: only Linux spreads connections over processes; start nodes on ports of their own")
    with claim(settings.host, settings.port) as port:
        settings = complete(msgspec.structs.replace(settings, port=port))
        stop = Stop()
        async with open_server(settings, on_loss=stop.ask) as redis_url:
            settings = msgspec.structs.replace(settings, redis_url=redis_url)
            with stop.on_signals():
                await _supervise([Worker(number, settings, stop) for number in range(settings.workers)], settings, stop)


async def _supervise(workers: list[Worker], settings: Settings, stop: Stop) -> None:
    running = [asyncio.create_task(worker.run(), name="worker") for worker in workers]
    announcing = asyncio.create_task(_announce(workers, settings), name="announce")
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
        stop.ask()  # one did not start: the others end, too
        await asyncio.wait(running)
    finally:
        await tasks.end(announcing, *(task for task in running if not task.done()))
    failures = [error for task in running if (error := task.exception())]
    if failures:
        raise failures[0]


async def _announce(workers: list[Worker], settings: Settings) -> None:
    for worker in workers:
        await worker.started.wait()
    url = base_url(settings.host, settings.port)
    logger.info("workers_started", url=url, workers=len(workers), durability=settings.durability)


async def _until_orphaned(_: Node, _url: str) -> None:
    """Tell the supervisor that this worker listens and that its loop turns, until the supervisor ends."""
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


def main() -> int:
    """A worker process. Its exit code says how it ended: 0 when it was asked to."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    logs.configure(order.settings.log_level)
    structlog.contextvars.bind_contextvars(worker=order.number)
    try:
        tasks.run(serve_node(order.settings, _until_orphaned))
    except LoopEnded as error:
        logger.error("worker_failed", reason=str(error))  # noqa: TRY400  # the sentence says it all
        return 1
    except (CasebatonError, UnsafeStore, OSError) as error:
        logger.error("worker_failed", reason=str(error))  # noqa: TRY400
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
