import os
import signal
from pathlib import Path

import pytest

from loadtest.harness.fleet import GeneratorFailed, open_fleet
from loadtest.scenario import Scenario, Site, Step

NOBODY = "http://127.0.0.1:1"
SCENARIO = Scenario(name="x", says="y", steps=(Step(seconds=1),), site=Site(generators=2))
SECRET = "s" * 40


async def test_a_generator_that_ends_before_its_time_ends_the_run(tmp_path: Path) -> None:
    async with open_fleet(SCENARIO, [NOBODY], SECRET, tmp_path) as fleet:
        os.kill(fleet.pids[0], signal.SIGKILL)
        with pytest.raises(GeneratorFailed, match="ended with -9"):
            await fleet.ready(20)


async def test_clients_who_do_not_get_in_are_not_waited_for_without_end(tmp_path: Path) -> None:
    async with open_fleet(SCENARIO, [NOBODY], SECRET, tmp_path) as fleet:
        with pytest.raises(TimeoutError):
            await fleet.ready(0.2)


async def test_no_generator_outlives_its_fleet(tmp_path: Path) -> None:
    async with open_fleet(SCENARIO, [NOBODY], SECRET, tmp_path) as fleet:
        pids = fleet.pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
