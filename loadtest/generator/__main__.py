"""`python -m loadtest.generator`: does the job that the first line on stdin names, and reports on stdout."""

import asyncio
import gc
import sys
import traceback
from time import perf_counter
from typing import Any

import msgspec
import uvloop

from loadtest.generator.job import Begin, Done, End, Job, Order, Ready, Report
from loadtest.generator.load import Load

TICK_S = 1.0
LINE_BYTES = 1 << 20
LEFT_WITHIN_S = 0.5  # the goodbyes are on their way; who does not hear them sees the sockets end

_order = msgspec.json.Decoder(Order)


def say(report: Report) -> None:
    """Report a line."""
    sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stdout.buffer.flush()


async def orders() -> asyncio.StreamReader:
    """Stdin, line by line; its end means that the harness is gone."""
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def tick(load: Load) -> None:
    """Report again and again."""
    while True:
        await asyncio.sleep(TICK_S)
        say(load.tick())


async def obey(load: Load, lines: asyncio.StreamReader) -> None:
    """Sign everybody in, run when told to begin, and return when told to end, or when nobody tells any more."""
    await load.sign_in()
    # What is there now stays: a collection of it would be a pause of the generator's, not of the server's.
    gc.collect()
    gc.freeze()
    gc.disable()
    say(Ready(load.connected))
    async with asyncio.TaskGroup() as parts:
        running: list[asyncio.Task[None]] = []
        async for line in lines:
            match _order.decode(line):
                case Begin(at):
                    running.append(parts.create_task(load.run(at)))
                case End():
                    break
        for part in running:
            part.cancel()


def note_fault(load: Load, context: dict[str, Any]) -> None:
    """An error in what the event loop calls is the generator's own fault: the run is not valid, and says so."""
    load.recorder.count("generator_faults", perf_counter())
    error = context.get("exception")
    print(context["message"], *(traceback.format_exception(error) if error else ()), sep="\n", file=sys.stderr)


async def main() -> None:
    """The whole of a generator's life."""
    lines = await orders()
    load = Load(msgspec.json.decode(await lines.readline(), type=Job))
    asyncio.get_running_loop().set_exception_handler(lambda _, context: note_fault(load, context))
    ticking = asyncio.create_task(tick(load))
    working = asyncio.create_task(obey(load, lines))
    try:
        await asyncio.wait({ticking, working}, return_when=asyncio.FIRST_COMPLETED)
        for task in (ticking, working):
            if task.done():
                task.result()
    finally:
        ticking.cancel()
        working.cancel()
        load.leave()
    await asyncio.sleep(LEFT_WITHIN_S)
    load.write()
    say(Done())


if __name__ == "__main__":
    uvloop.run(main())
