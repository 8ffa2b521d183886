"""Several nodes on one port: one supervisor, which holds the port and the store, and the processes that serve.

Each worker is a node as any other, on a listening socket of its own (SO_REUSEPORT). Linux spreads new connections
evenly over such sockets; on one that is shared it wakes whoever waited last, and long-lived connections pile up with
few. A worker's socket goes with it, so nobody is sent to a worker that is not there.
"""

import asyncio
import sys

import msgspec
import structlog

from casebaton import tasks
from casebaton.children import Child, Order, Stop, exit_code, obey, until_orphaned
from casebaton.errors import CasebatonError, Invalid
from casebaton.node import histories
from casebaton.node.node import Node
from casebaton.node.serve import base_url, claim, complete
from casebaton.node.serve import serve as serve_node
from casebaton.settings import Settings
from casebaton.store.server import UnsafeStore, open_server

logger = structlog.get_logger()


def worker(number: int, settings: Settings, stop: Stop) -> Child:
    """A worker process, which serves on the settings' port."""
    return Child(__name__, Order("worker", number, settings), stop)


async def serve(settings: Settings) -> None:
    """Serve with `settings.workers` processes until SIGTERM or SIGINT, which drain them all.

    Raises what one node's `serve` raises, and LoopEnded when a worker, or who writes the histories, cannot start.
    """
    if sys.platform != "linux":
        raise Invalid("--workers: only Linux spreads connections over processes; start nodes on ports of their own")
    with claim(settings.host, settings.port) as port:
        settings = complete(msgspec.structs.replace(settings, port=port))
        stop = Stop()
        async with open_server(settings, on_loss=stop.ask) as redis_url:
            settings = msgspec.structs.replace(settings, redis_url=redis_url)
            with stop.on_signals():
                await _supervise([worker(number, settings, stop) for number in range(settings.workers)], settings, stop)


async def _supervise(workers: list[Child], settings: Settings, stop: Stop) -> None:
    children = [*workers, *histories.writing(settings, stop)]
    running = [asyncio.create_task(child.run(), name="child") for child in children]
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


async def _announce(workers: list[Child], settings: Settings) -> None:
    for each in workers:
        await each.started.wait()
    url = base_url(settings.host, settings.port)
    logger.info("workers_started", url=url, workers=len(workers), durability=settings.durability)


async def _until_orphaned(_: Node, _url: str) -> None:
    await until_orphaned()


def main() -> int:
    """A worker process. Its exit code says how it ended: 0 when it was asked to."""
    order = obey()
    serving = serve_node(order.settings, _until_orphaned, has_history=False)  # the supervisor has one for all workers
    return exit_code(order, lambda: tasks.run(serving), CasebatonError, UnsafeStore, OSError)


if __name__ == "__main__":
    sys.exit(main())
