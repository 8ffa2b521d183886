"""What every process costs, second by second: processor time and memory."""

import asyncio
import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from loadtest.process import TICKS, cpu_s

EVERY_S = 1.0
KIB = 1024
OTHER = "other"
Pids = Callable[[], list[int]]


class Sample(Struct):
    """One kind of process between two looks, all its processes together: percent of one core, MiB of memory."""

    at_s: float
    cpu_percent: float
    rss_mib: float


class Cost(Struct):
    """One kind of process over the measured stretch: percent of one core, and the most memory that it ever had."""

    cpu_percent: float
    rss_mib: float
    peak_mib: float


def memory_kib(pid: int, field: str = "VmRSS") -> int:
    """Memory of a process, as the kernel counts it: `VmRSS` now, `VmHWM` at most so far. Raises OSError."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    return 0  # a process that has ended and is not waited for yet


def total_kib(pids: list[int], field: str = "VmRSS") -> float:
    """Memory of several processes; one that has just ended has none."""
    return sum(_of(memory_kib, pid, field) for pid in pids)


def _of(read: Callable[..., float], *of: object) -> float:
    try:
        return read(*of)
    except OSError:  # it has ended
        return 0.0


def machine_cpu_s() -> float:
    """Processor time that was not idle, of all cores since the machine started; what a host took away included."""
    user, nice, system, _idle, _wait, *others = Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    return sum(int(ticks) for ticks in (user, nice, system, *others)) / TICKS


class Usage:
    """Looks at all kinds of processes once a second, and at what else the machine does: `OTHER`.

    A process that is started anew counts from nothing.
    """

    def __init__(self, kinds: Mapping[str, Pids]) -> None:
        self.samples: dict[str, list[Sample]] = {name: [] for name in (*kinds, OTHER)}
        self._kinds = dict(kinds)
        self._peaks: dict[str, float] = dict.fromkeys(self.samples, 0.0)

    async def run(self, begin_at: float) -> None:
        """Look until cancelled."""
        before, busy_before = self._used(), machine_cpu_s()
        seen_at = perf_counter()
        while True:
            await asyncio.sleep(EVERY_S)
            now, busy, at = self._used(), machine_cpu_s(), perf_counter()
            other = busy - busy_before
            for name, pids in self._kinds.items():
                spent = sum(used - before[name].get(pid, 0.0) for pid, used in now[name].items())
                other -= spent
                rss = total_kib(pids())
                self.samples[name].append(Sample(at - begin_at, 100 * spent / (at - seen_at), rss / KIB))
                self._peaks[name] = max(self._peaks[name], total_kib(pids(), "VmHWM"))
            self.samples[OTHER].append(Sample(at - begin_at, max(0.0, 100 * other / (at - seen_at)), 0.0))
            before, busy_before, seen_at = now, busy, at

    def _used(self) -> dict[str, dict[int, float]]:
        return {name: {pid: _of(cpu_s, pid) for pid in pids()} for name, pids in self._kinds.items()}

    def costs(self, from_s: float, until_s: float) -> dict[str, Cost]:
        """What each kind cost in a stretch of the load."""
        found = {}
        for name, samples in self.samples.items():
            within = [one for one in samples if from_s < one.at_s <= until_s + EVERY_S] or samples[-1:]
            if within:
                cpu = sum(one.cpu_percent for one in within) / len(within)
                rss = max(one.rss_mib for one in within)
                found[name] = Cost(round(cpu, 1), round(rss, 1), round(self._peaks[name] / KIB, 1))
        return found


def raise_descriptors() -> int:
    """Let this process and those that it starts have as many sockets as they may; how many that is."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
