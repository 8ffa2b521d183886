import os
import subprocess
import sys
import time

import pytest

from loadtest.harness.usage import Sample, Usage, machine_cpu_s, memory_kib, total_kib


def test_a_process_has_memory_and_one_that_has_ended_has_none() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert memory_kib(os.getpid()) > 1000
    assert memory_kib(os.getpid(), "VmHWM") > 1000
    assert total_kib([os.getpid(), child.pid]) == pytest.approx(memory_kib(os.getpid()), rel=0.1)


def test_a_cost_is_the_mean_of_the_processor_and_the_most_of_the_memory_within_a_stretch() -> None:
    usage = Usage({"node": list})
    usage.samples["node"] = [
        Sample(at_s, cpu, rss) for at_s, cpu, rss in ((5, 90, 9), (6, 10, 7), (7, 20, 8), (9, 90, 9))
    ]
    cost = usage.costs(5, 7)["node"]
    assert (cost.cpu_percent, cost.rss_mib) == (15, 8)


def test_the_machine_has_done_at_least_what_this_process_did() -> None:
    before, mine = machine_cpu_s(), time.process_time()
    while time.process_time() < mine + 0.1:
        sum(range(1000))
    assert machine_cpu_s() - before > 0.05  # it counts in hundredths
