"""The process beside a node that writes the histories: what `serve` starts. Its exit code says how it ended."""

import asyncio
import signal
import sys

from casebaton import tasks
from casebaton.children import exit_code, obey, until_orphaned
from casebaton.errors import CasebatonError
from casebaton.history.process import write
from casebaton.settings import Settings


async def _write_until_orphaned(settings: Settings) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    telling: list[asyncio.Task[None]] = []

    def tell() -> None:
        telling.append(asyncio.create_task(until_orphaned(), name="parent"))
        telling[0].add_done_callback(lambda _: stop.set())

    try:
        await write(settings, settings.redis_url, stop, on_start=tell)
    finally:
        await tasks.end(*telling)


def main() -> int:
    """Write until the parent ends or says so."""
    order = obey()
    return exit_code(order, lambda: tasks.run(_write_until_orphaned(order.settings)), CasebatonError, OSError)


if __name__ == "__main__":
    sys.exit(main())
