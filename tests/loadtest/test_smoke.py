"""One scenario from end to end: real nodes, a real store, generators of their own, and what is kept of it."""

from pathlib import Path

import msgspec
import pytest
import uvloop
from click.testing import CliRunner

from loadtest.__main__ import main
from loadtest.harness.compare import Incomparable, differences
from loadtest.harness.metrics import METRICS
from loadtest.harness.results import Result, ResultFault, keep, page, read
from loadtest.harness.run import run
from loadtest.scenario import Agents, Scenario, Site, Step, ThrowOff


@pytest.fixture(scope="module")
def result() -> Result:
    """A short run of everything at once."""
    scenario = Scenario(
        name="short",
        says="a bit of everything",
        queues=3,
        backlog=40,
        watchers=2,
        site=Site(nodes=2, generators=2, workspaces=2),
        agents=Agents(count=20, queues=(1, 2), handle_ms=(5, 20), decline=0.05),
        steps=(Step(seconds=1, rate=80), Step(seconds=1, burst=20), Step(seconds=1, in_flight=4)),
        disturbances=(ThrowOff(at_s=1.5, share=0.2),),
        at_most={"unserved": 0, "open": 0, "not_back": 0, "expired": 0},
        at_least={"lives_per_s": 10},
    )
    return uvloop.run(run(scenario, lambda _: None))


def test_every_objective_of_a_run_without_fault_is_met(result: Result) -> None:
    assert result.missed == []
    assert result.is_met


def test_all_its_figures_are_known_and_what_must_be_counted_is(result: Result) -> None:
    assert result.value.keys() == METRICS.keys()
    cases = result.value["cases"]
    assert cases == result.details["acknowledged"]
    assert cases is not None
    assert cases > 40 + 20 + 4
    assert result.value["thrown_off"] == 4
    counts = result.details["counts"]
    assert counts["complete"] == cases
    assert counts["watched"] > cases
    for name in ("submit", "offer", "accept", "complete", "life", "send_lag", "back"):
        p50, most = result.value[f"{name}_p50_ms"], result.value[f"{name}_max_ms"]
        assert p50 is not None
        assert most is not None
        assert 0 < p50 <= most
    assert {"node", "store", "generator", "other"} == result.series.usage.keys()
    assert result.versions["store"]
    assert result.hardware["cores"]


def test_what_is_kept_can_be_read_again_and_shown(result: Result, tmp_path: Path) -> None:
    place = keep(result, tmp_path)
    assert read(place).value == result.value
    assert read(place / "result.json").histograms == result.histograms
    assert {path.name for path in place.iterdir()} >= {"result.json", "report.md", "offers.svg", "cpu.svg"}
    shown = (place / "report.md").read_text()
    assert "| `unserved` | 0 | at most 0 |" in shown
    assert "![offers](offers.svg)" in shown


def test_a_result_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("{}")
    with pytest.raises(ResultFault, match=r"result\.json: "):
        read(tmp_path)


def test_the_page_says_what_was_missed(result: Result) -> None:
    worse = msgspec.structs.replace(result, missed=["open is 3, at most 0"])
    assert not worse.is_met
    assert "**missed**: open is 3, at most 0" in page(worse, [])


def with_value(result: Result, **value: float) -> Result:
    return msgspec.structs.replace(result, value={**result.value, **value})


def compared(old: Result, new: Result, tmp_path: Path) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["compare", str(keep(old, tmp_path / "old")), str(keep(new, tmp_path / "new"))])
    return ran.exit_code, ran.output


def test_compare_passes_what_is_the_same_and_fails_what_is_worse(result: Result, tmp_path: Path) -> None:
    code, said = compared(result, result, tmp_path / "same")
    assert code == 0
    assert "! " not in said
    old, new = (with_value(result, offer_p99_ms=ms) for ms in (20, 40))
    code, said = compared(old, new, tmp_path / "worse")
    assert code == 1
    assert any(line.split() == ["!", "offer_p99_ms", "20", "40", "2.00"] for line in said.splitlines())


def test_runs_of_other_loads_are_not_compared(result: Result, tmp_path: Path) -> None:
    other = msgspec.structs.replace(result, scenario=msgspec.structs.replace(result.scenario, backlog=41))
    with pytest.raises(Incomparable, match="backlog differ: 40 and 41"):
        list(differences(result, other))
    assert compared(result, other, tmp_path)[0] == 2


def test_another_machine_is_said(result: Result, tmp_path: Path) -> None:
    other = msgspec.structs.replace(result, hardware={**result.hardware, "cores": 64})
    assert "another machine: cores" in compared(result, other, tmp_path)[1]


def test_another_speed_of_the_machine_is_said(result: Result, tmp_path: Path) -> None:
    other = msgspec.structs.replace(result, yardstick_ms=2 * result.yardstick_ms)
    assert "another speed: the yardstick took" in compared(result, other, tmp_path)[1]


def test_what_else_the_machine_did_makes_nothing_worse_but_is_said(result: Result, tmp_path: Path) -> None:
    alone, together = (with_value(result, other_cpu_percent=percent) for percent in (0, 90))
    code, said = compared(alone, together, tmp_path)
    assert code == 0
    assert "another company: whatever else the machine did took 0 and 90 % of a core" in said
