import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from loadtest import scenario
from loadtest.__main__ import main
from loadtest.capacity import COSTS, FULL, MEASURED, Centre, cost, costs_table, need, plan_table, shard_memory
from loadtest.figures import FIGURES

PAGE = (Path(__file__).parents[2] / "docs" / "capacity.md").read_text()
SIZES = (1000, 20_000, 200_000, 2_000_000, 20_000_000)


def test_the_page_shows_the_costs_that_plans_are_made_from() -> None:
    assert costs_table() in PAGE
    assert MEASURED in PAGE


def test_the_page_shows_the_plans_of_the_centres_that_it_speaks_of() -> None:
    assert plan_table([Centre(agents=agents) for agents in SIZES]) in PAGE


def test_the_page_names_every_assumption_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `--([\w-]+)` \| (\S+) \|", PAGE, re.MULTILINE))
    fields = {name: getattr(Centre(agents=1), name) for name in Centre.__struct_fields__ if name != "agents"}
    assert rows == {name.replace("_", "-"): f"{value:g}" for name, value in fields.items()}


@pytest.mark.parametrize("name", COSTS)
def test_what_measures_a_cost_exists(name: str) -> None:
    ((kind, of),) = re.findall(r"`(figure|run) ([\w.]+)(?: --long)?`", COSTS[name].by)
    files = re.findall(r"^name = .*# (\S+)$", PAGE, re.MULTILINE)
    assert of in (FIGURES if kind == "figure" else [*scenario.names(), *files])


def test_the_file_of_a_scenario_in_the_page_can_be_run(tmp_path: Path) -> None:
    file = tmp_path / "spread.toml"
    file.write_text(PAGE.partition("```toml\n")[2].partition("```")[0])
    assert scenario.load(file).name == "spread"


def test_cases_at_the_peak_are_those_of_the_connected_agents() -> None:
    centre = Centre(agents=1800, connected=0.5, cases_per_hour=4, peak=3)
    assert centre.lives_per_s == pytest.approx(900 * 4 / 3600 * 3)


def test_twice_the_agents_make_the_shard_of_few_nodes_work_twice_as_much() -> None:
    small, large = Centre(agents=1000, statuses_per_hour=0), Centre(agents=2000, statuses_per_hour=0)
    assert need(small).nodes == need(large).nodes == 2
    assert need(large).shard_core == pytest.approx(2 * need(small).shard_core)


def test_memory_of_what_is_kept_grows_with_the_days_it_is_kept() -> None:
    week, day = (shard_memory(Centre(agents=1000, kept_days=days)) for days in (7, 1))
    assert week["closed cases"] == pytest.approx(7 * day["closed cases"])
    assert week["log"] == day["log"]


def test_one_node_more_than_the_work_needs_so_that_one_may_be_lost() -> None:
    centre = Centre(agents=100_000)
    found = need(centre)
    assert found.nodes is not None
    alone = found.node_cores - found.nodes * found.node_core
    assert alone <= (found.nodes - 1) * (FULL - found.node_core)


def test_no_number_of_nodes_is_enough_when_the_log_alone_takes_half_of_each() -> None:
    per_life = 4 * (cost("node_entry") + cost("node_fold"))
    agents = round(FULL / per_life * 3600)
    assert need(Centre(agents=agents + 10, connected=1, cases_per_hour=1, peak=1, statuses_per_hour=0)).nodes is None


def test_the_commands_print_the_tables() -> None:
    said = CliRunner().invoke(main, ["plan", "--agents", "1000", "--agents", "20000", "--cases-per-hour", "12"])
    assert said.output.strip() == plan_table([Centre(agents=agents, cases_per_hour=12) for agents in (1000, 20_000)])
    assert CliRunner().invoke(main, ["costs"]).output.strip() == costs_table()


def test_the_command_refuses_what_no_centre_has() -> None:
    said = CliRunner().invoke(main, ["plan", "--agents", "0"])
    assert said.exit_code == 2
    assert "--agents" in said.output
