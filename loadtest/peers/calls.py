"""The store's own limit: the commands that a life's scripts call, played back by functions that do nothing else.

One life is recorded as the store runs it: an agent waits, a case is submitted, accepted and completed. What the three
scripts called, with its arguments, becomes three functions, and the store's own benchmark calls each as often.
"""

import asyncio
import csv
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from casebaton.store.connection import RawRedis
from casebaton.store.embedded import EmbeddedServer
from loadtest.lives import Floor
from loadtest.peers.engine import AT_ONCE, WITHIN_S, Engine, engines
from loadtest.peers.ratios import Found, Missing, alternate, ratio

CLASSES = 5
TOOLS = ("valkey-benchmark", "redis-benchmark")
_ARGUMENT = re.compile(r'"(?:[^"\\]|\\.)*"')  # as MONITOR prints it, which is how Lua writes it, too
_END = '"ECHO"'


def tool() -> str:
    """The store's benchmark. Raises Missing."""
    found = next(filter(None, map(shutil.which, TOOLS)), None)
    if found is None:
        raise Missing(f"there is no {' or '.join(TOOLS)}: apt-get install redis-tools")
    return found


async def record(floor: Floor, queue: str) -> list[list[str]]:
    """What each of a life's scripts calls: its arguments as Lua writes them, one string for each call."""
    reader, writer = await asyncio.open_unix_connection(floor.store.url.removeprefix("unix://"), limit=1 << 20)
    writer.write(b"MONITOR\r\n")
    await reader.readline()
    await floor.complete(await floor.accept(await floor.submit(queue)))
    await floor.store.redis.echo("end")
    scripts: list[list[str]] = []
    async with asyncio.timeout(WITHIN_S):
        while (words := _ARGUMENT.findall(line := (await reader.readline()).decode()))[0].upper() != _END:
            if words[0].upper() == '"FCALL"':
                scripts.append([])
            elif " lua] " in line:
                scripts[-1].append(", ".join(words))
    writer.close()
    await writer.wait_closed()
    return scripts


def library(scripts: list[list[str]]) -> str:
    """Functions `bare_0`, `bare_1` … that make those calls."""
    bodies = ["".join(f"  redis.call({call})\n" for call in calls) for calls in scripts]
    registered = [f"redis.register_function('bare_{i}', function()\n{body}end)\n" for i, body in enumerate(bodies)]
    return "#!lua name=bare\n" + "".join(registered)


class Bare:
    """The played back scripts of one life, on a store of their own."""

    def __init__(self, benchmark: str, url: str, scripts: int) -> None:
        self._command = [benchmark, "-s", url.removeprefix("unix://"), "-c", "1", "-P", str(AT_ONCE), "--csv"]
        self._scripts = scripts

    async def lives_per_second(self, lives: int) -> float:
        """A hundred calls at once on one connection, as the store client sends them; one script after the other."""
        seconds = 0.0
        for number in range(self._scripts):
            call = ["-n", str(lives), "FCALL", f"bare_{number}", "0"]
            done = await asyncio.to_thread(
                subprocess.run, [*self._command, *call], capture_output=True, text=True, timeout=WITHIN_S, check=True
            )
            (row,) = csv.DictReader(done.stdout.splitlines())
            seconds += lives / float(row["rps"])
        return lives / seconds


async def play(redis: RawRedis, scripts: list[list[str]]) -> None:
    """Load the functions, and see that each of them runs."""
    await redis.function_load(library(scripts))
    for number in range(len(scripts)):
        await redis.fcall(f"bare_{number}", 0)


async def measure(say: Callable[[str], None], *, rounds: int, lives: int) -> Found:
    """Casebaton's lives over what the store could do if its scripts made their calls and nothing else."""
    benchmark = tool()
    version = await asyncio.to_thread(subprocess.run, [benchmark, "--version"], capture_output=True, text=True)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        where = Path(directory)
        async with (
            EmbeddedServer(where / "ours") as ours,
            EmbeddedServer(where / "theirs") as theirs,
            engines(ours.url, CLASSES) as (engine,),
            engines(theirs.url, CLASSES) as (recorded,),
        ):
            scripts = await _prepare(recorded, lives)
            say(f"a life's scripts call {', '.join(str(len(calls)) for calls in scripts)} commands")
            sides = {
                "bare": partial(Bare(benchmark, theirs.url, len(scripts)).lives_per_second, lives),
                "engine": partial(engine.lives_per_second, lives),
            }
            rows = await alternate(say, sides, rounds)
    return Found({"engine": ratio(rows, "engine", "bare")}, {Path(benchmark).name: version.stdout.split()[1]})


async def _prepare(engine: Engine, lives: int) -> list[list[str]]:
    await engine.lives_per_second(lives)  # the workspace is as full as the other one's
    scripts = await record(engine.floor, engine.queues[0])
    await play(engine.floor.store.redis, scripts)
    return scripts
