"""One run of a scenario, from an empty directory to the verdict."""

import asyncio
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import msgspec

from casebaton.tasks import end
from loadtest.generator.job import measured_file
from loadtest.generator.recorder import Measured
from loadtest.harness.backlog import Backlog
from loadtest.harness.fleet import Fleet, open_fleet
from loadtest.harness.metrics import Readings, value
from loadtest.harness.results import Result, summarise, yardstick_ms
from loadtest.harness.stage import Stage, StoreUse, open_site, open_stage, use_between
from loadtest.harness.usage import Usage, raise_descriptors, total_kib
from loadtest.harness.verify import verify
from loadtest.process import Site
from loadtest.scenario import KillNode, KillStore, Scenario, of_kind
from loadtest.until import sleep_until

Say = Callable[[str], None]
NOTICE_S = 0.5  # between the order to begin and the beginning, so that every generator has heard it
SIGN_IN_S = 60.0  # beyond what the pace takes
TICK_S = 1.0


class Run:
    """What one run has come to so far."""

    def __init__(self, scenario: Scenario, say: Say, directory: Path) -> None:
        self._scenario = scenario
        self._say = say
        self._directory = directory
        self._node_kib: list[float] = []
        self._connected = 0
        self._clients = 0
        self._begin_at = 0.0
        self._store = StoreUse()
        self._usage = Usage({})

    async def run(self) -> Result:
        """Set up, load, verify."""
        scenario = self._scenario
        raise_descriptors()
        yardstick = yardstick_ms()
        self._say(f"{scenario.name}: {scenario.says}")
        async with open_site(scenario, self._directory) as (site, server):
            async with open_stage(scenario, site, server) as stage:
                self._say(f"{scenario.site.nodes} nodes, {scenario.site.workspaces} workspaces are up")
                self._look_at(stage)
                async with open_fleet(scenario, stage.urls, site.secret, self._directory) as fleet:
                    await self._load(site, stage, fleet)
            self._say("auditing, and reading the log")
            verification = await verify(scenario, site, self._directory)
        measured = [self._read(number) for number in range(scenario.site.generators)]
        before, ready, after = self._node_kib
        readings = Readings(
            measured=measured,
            costs=self._usage.costs(scenario.warm_up_s, scenario.seconds),
            store=self._store,
            verification=verification,
            clients=self._clients,
            connected=self._connected,
            node_kib=(before, ready, after),
            yardstick_ms=yardstick,
        )
        return summarise(scenario, readings, value(scenario, readings), self._usage)

    def _look_at(self, stage: Stage) -> None:
        self._node_kib.append(total_kib(stage.node_pids()))

    def _read(self, number: int) -> Measured:
        return msgspec.json.decode((self._directory / measured_file(number)).read_bytes(), type=Measured)

    async def _load(self, site: Site, stage: Stage, fleet: Fleet) -> None:
        scenario = self._scenario
        backlog = Backlog(scenario, site, stage.urls)
        await backlog.build(self._say, self._directory)
        await fleet.ready(SIGN_IN_S + self._expected() / scenario.agents.sign_in_per_s)
        await asyncio.sleep(2 * TICK_S)  # for a tick of every generator, and for the coming to settle
        self._clients = fleet.connected
        self._look_at(stage)
        self._say(f"{self._clients} clients are connected; the load lasts {scenario.seconds:g} s")
        self._usage = Usage(
            {"node": stage.node_pids, "store": stage.store_pid, "generator": lambda: fleet.pids},
        )
        self._begin_at = perf_counter() + NOTICE_S
        fleet.begin(self._begin_at)
        async with AsyncExitStack() as beside:
            for work in (self._usage.run(self._begin_at), self._show(fleet)):
                beside.push_async_callback(end, asyncio.create_task(work))
            async with asyncio.TaskGroup() as parts:
                parts.create_task(backlog.resume(self._begin_at))
                parts.create_task(self._disturb(stage))
                parts.create_task(self._measure_store(stage))
                parts.create_task(self._wait(fleet))
        self._look_at(stage)
        self._connected = fleet.connected
        await fleet.end()

    def _expected(self) -> int:
        site = self._scenario.site
        return (
            self._scenario.agents.count + self._scenario.watchers + site.workspaces * site.generators * site.producers
        )

    async def _measure_store(self, stage: Stage) -> None:
        await sleep_until(self._begin_at + self._scenario.warm_up_s)
        before = await stage.figures()
        await sleep_until(self._begin_at + self._scenario.seconds)
        self._store = use_between(before, await stage.figures())

    async def _disturb(self, stage: Stage) -> None:
        for one in of_kind(self._scenario.disturbances, (KillNode, KillStore)):
            await sleep_until(self._begin_at + one.at_s)
            if isinstance(one, KillNode):
                self._say(f"node {one.node} is killed")
                await stage.kill_node(one.node, one.back_after_s)
                self._say(f"node {one.node} is back")
            elif isinstance(one, KillStore):
                self._say("the store is killed")
                stage.kill_store()

    async def _wait(self, fleet: Fleet) -> None:
        """Until the load is over, and then until nothing is open or patience ends. A generator that fails ends it."""
        last = self._begin_at + self._scenario.seconds
        while perf_counter() < last:
            await asyncio.sleep(min(TICK_S, max(0.0, last - perf_counter())))
            fleet.check()
        last += self._scenario.drain_s
        while perf_counter() < last and not self._is_drained(fleet):
            await asyncio.sleep(TICK_S)
            fleet.check()

    def _is_drained(self, fleet: Fleet) -> bool:
        """As far as the ticks tell: each case that was sent is completed, and everybody is there."""
        counts = fleet.counts
        is_done = counts["complete"] >= counts["sent"] + self._scenario.backlog
        return is_done and fleet.connected >= self._clients

    async def _show(self, fleet: Fleet) -> None:
        """A line a second: the rates since the last one."""
        before: Counter[str] = Counter()
        while True:
            await asyncio.sleep(TICK_S)
            counts = fleet.counts
            rates = " ".join(f"{name} {counts[name] - before[name]}/s" for name in ("submit", "offered", "complete"))
            last = {name: samples[-1].cpu_percent for name, samples in self._usage.samples.items() if samples}
            cpu = " ".join(f"{name} {percent:.0f} %" for name, percent in last.items())
            worst = "" if fleet.offer_p99_ms is None else f" · offer p99 {fleet.offer_p99_ms:.1f} ms"
            at_s = perf_counter() - self._begin_at
            self._say(f"{at_s:5.1f} s · {fleet.connected} connected · {rates}{worst} · {cpu}")
            before = counts


async def run(scenario: Scenario, say: Say) -> Result:
    """Run a scenario in a directory that is gone afterwards. Raises GeneratorFailed, NodeFailed or LogTrimmed.

    SIGTERM ends it as Ctrl-C does: no process is left behind.
    """
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        return await Run(scenario, say, Path(directory)).run()
