"""`offer_500`: from the moment a case should be submitted to the offer in an agent's hands.

Arrivals are open-loop: a seeded Poisson process says when each case is due, whatever the server does, and its time
runs from that instant. A stall therefore counts for every case that should have been sent meanwhile.
"""

import asyncio
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter  # the loop's own clock stands still while a turn lasts, and counts whole milliseconds
from typing import Any

from casebaton.client import CasebatonError, Client, Event
from loadtest.agents import describe, names, producer, working
from loadtest.process import CpuMeter, Site, run_node
from loadtest.report import in_ms
from loadtest.until import until

QUEUE = "support"
SEED = 20160229
WORK_S = 0.05
STRAGGLERS_S = 10.0


class Arrivals:
    """Cases by the instant at which each was due, and when its offer came."""

    def __init__(self, rate: float, seconds: float, warm_up_s: float) -> None:
        chance = random.Random(SEED)
        self.warm_up_s = warm_up_s
        self.due_s: list[float] = []
        at = 0.0
        while (at := at + chance.expovariate(rate)) < warm_up_s + seconds:
            self.due_s.append(at)
        self.began_at = 0.0
        self.sent_at: dict[int, float] = {}
        self.offered_at: dict[int, float] = {}
        self.failures: list[str] = []

    def saw(self, event: Event) -> None:
        """Note a case's first offer."""
        if event.type == "case_offered":
            self.offered_at.setdefault(int(event.case.removeprefix("c-")), perf_counter())

    async def send(self, client: Client, on_measuring: Callable[[], object]) -> None:
        """Submit every case when it is due, and wait for the replies."""
        self.began_at = perf_counter()
        asyncio.get_running_loop().call_later(self.warm_up_s, on_measuring)
        async with asyncio.TaskGroup() as submits:
            for number, due_s in enumerate(self.due_s):
                wait_s = self.began_at + due_s - perf_counter()
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
                self.sent_at[number] = perf_counter()
                submits.create_task(self._submit(client, number))

    async def _submit(self, client: Client, number: int) -> None:
        try:
            await client.submit(case=f"c-{number}", queue=QUEUE, subject="The lamp flickers", customer="Abe")
        except CasebatonError as error:
            self.failures.append(error.code)

    @property
    def measured(self) -> list[int]:
        """The cases that count."""
        return [number for number, due_s in enumerate(self.due_s) if due_s >= self.warm_up_s]

    def latencies(self) -> list[float]:
        """Seconds from due to offered, of the measured cases that were offered."""
        return [
            self.offered_at[number] - self.began_at - self.due_s[number]
            for number in self.measured
            if number in self.offered_at
        ]

    def lags(self) -> list[float]:
        """Seconds by which the generator itself sent late."""
        return [self.sent_at[number] - self.began_at - self.due_s[number] for number in self.measured]

    def is_complete(self) -> bool:
        """Has every case been offered?"""
        return len(self.offered_at) == len(self.due_s)


async def measure(
    say: Callable[[str], None], *, rate: float, seconds: float, warm_up_s: float, agents: int
) -> dict[str, Any]:
    """One run on one durable node with its embedded server."""
    arrivals = Arrivals(rate, seconds, warm_up_s)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        site = Site(Path(directory))
        await site.apply(describe(names(agents), [QUEUE], capacity=3))
        async with run_node(site) as node, producer(site, node.base_url) as crm:
            cpu = CpuMeter(node=node.pid, store=node.store_pid, generator=os.getpid())
            async with working(site, node.base_url, names(agents), work_s=WORK_S, on_event=arrivals.saw):
                say(f"{agents} agents online; {rate:g} cases/s for {warm_up_s:g} + {seconds:g} s")
                await arrivals.send(crm, cpu.start)
                used = cpu.read()
                await until(arrivals.is_complete, within_s=STRAGGLERS_S)
        say("auditing")
        report = await site.audit()
    return _value(arrivals, seconds, used, report.violation_count)


def _value(arrivals: Arrivals, seconds: float, used: dict[str, int], violations: int) -> dict[str, Any]:
    measured = arrivals.measured
    offered = [number for number in measured if number in arrivals.offered_at]
    latency = in_ms(arrivals.latencies())
    return {
        "p50_ms": latency["p50"],
        "p90_ms": latency["p90"],
        "p99_ms": latency["p99"],
        "p99.9_ms": latency["p99.9"],
        "max_ms": latency["max"],
        "sent": len(measured),
        "offered": len(offered),
        "lost": len(measured) - len(offered),
        "failed": len(arrivals.failures),
        "rate": round(len(offered) / seconds, 1),
        "send_lag_ms": in_ms(arrivals.lags()),
        "cpu_percent": used,
        "violations": violations,
    }
