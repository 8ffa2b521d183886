"""The generators' processes: started, told when to begin and end, and heard meanwhile."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from loadtest.generator.job import Begin, Done, End, Job, Order, Ready, Report, Tick
from loadtest.scenario import Scenario

LINE_BYTES = 1 << 20
ENDED_WITHIN_S = 60.0
_report = msgspec.json.Decoder(Report)


class GeneratorFailed(Exception):
    """A generator ended before its time; its own words are on stderr."""


class Generator:
    """One process that plays a part of the scenario's people."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.tick = Tick(0, {})
        self.is_ready = asyncio.Event()
        self.is_done = False
        self.process = process
        self.listening = asyncio.create_task(self._listen(), name="generator")

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            match _report.decode(line):
                case Tick() as tick:
                    self.tick = tick
                case Ready():
                    self.is_ready.set()
                case Done():
                    self.is_done = True
        code = await self.process.wait()
        if not self.is_done or code:
            raise GeneratorFailed(f"a generator ended with {code}")

    def tell(self, order: Order | Job) -> None:
        """Say a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(order) + b"\n")


class Fleet:
    """All generators of a run."""

    def __init__(self, generators: Sequence[Generator]) -> None:
        self._generators = generators

    @property
    def pids(self) -> list[int]:
        """Their processes."""
        return [one.process.pid for one in self._generators]

    @property
    def counts(self) -> Counter[str]:
        """What all of them have counted, as of their last ticks."""
        total: Counter[str] = Counter()
        for one in self._generators:
            total.update(one.tick.counts)
        return total

    @property
    def connected(self) -> int:
        """How many clients are welcome, as of their last ticks."""
        return sum(one.tick.connected for one in self._generators)

    @property
    def offer_p99_ms(self) -> float | None:
        """The offers' of one second, of the generator where it is worst."""
        found = [one.tick.offer_p99_ms for one in self._generators if one.tick.offer_p99_ms is not None]
        return max(found, default=None)

    async def ready(self, within_s: float) -> None:
        """Wait until everybody is there. Raises GeneratorFailed or TimeoutError."""
        async with asyncio.timeout(within_s):
            await self._hear(asyncio.create_task(_all_set(self._generators)))

    def begin(self, at: float) -> None:
        """Let the load begin at an instant."""
        for one in self._generators:
            one.tell(Begin(at))

    async def end(self) -> None:
        """Let everybody leave, and wait until all is written down. Raises GeneratorFailed or TimeoutError."""
        for one in self._generators:
            one.tell(End())
        async with asyncio.timeout(ENDED_WITHIN_S):
            await asyncio.gather(*(one.listening for one in self._generators))

    def check(self) -> None:
        """Raises GeneratorFailed when one has ended."""
        for one in self._generators:
            if one.listening.done():
                one.listening.result()

    async def _hear(self, waiting: "asyncio.Task[None]") -> None:
        """Wait, unless a generator ends first."""
        try:
            await asyncio.wait({waiting, *(one.listening for one in self._generators)}, return_when="FIRST_COMPLETED")
            self.check()
        finally:
            waiting.cancel()


async def _all_set(generators: Sequence[Generator]) -> None:
    for one in generators:
        await one.is_ready.wait()


@asynccontextmanager
async def open_fleet(scenario: Scenario, nodes: list[str], secret: str, directory: Path) -> AsyncIterator[Fleet]:
    """The scenario's generators for as long as the block runs; none of them outlives it."""
    generators: list[Generator] = []
    try:
        for number in range(scenario.site.generators):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "loadtest.generator"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=LINE_BYTES,
                cwd=Path(__file__).parents[2],
            )
            generators.append(Generator(process))
            generators[-1].tell(Job(scenario, number, nodes, secret, str(directory)))
        yield Fleet(generators)
    finally:
        for one in generators:
            one.listening.cancel()
            if one.process.returncode is None:
                one.process.kill()
                await one.process.wait()
