from pathlib import Path

import pytest

from loadtest.harness.metrics import METRICS
from loadtest.scenario import ScenarioFault, Site, find, load, names

LEAST = 'name = "x"\nsays = "y"\n[[steps]]\nseconds = 1\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "x.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("is_long", [False, True])
def test_every_scenario_can_be_read_and_its_objectives_are_figures(name: str, is_long: bool) -> None:
    scenario = load(find(name), is_long=is_long)
    assert scenario.name == name
    assert {*scenario.at_most, *scenario.at_least} <= METRICS.keys()
    assert scenario.warm_up_s < scenario.seconds


def test_the_scenarios_that_there_must_be_are_there() -> None:
    kinds = (
        "smoke steady burst saturation idle storm slow_readers decline_storm backlog workspaces node_kill store_restart"
    )
    assert set(kinds.split()) <= set(names())


def test_the_table_long_is_laid_over_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, LEAST + "[site]\nnodes = 2\nproducers = 3\n[long.site]\nnodes = 4\n")
    assert load(path).site == Site(nodes=2, producers=3)
    assert load(path, is_long=True).site == Site(nodes=4, producers=3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("= 1", "x.toml: "),
        (LEAST + "speed = 1\n", "speed"),
        (LEAST + "rate = -1\n", r"\$.steps\[0\].rate"),
        (LEAST + "rate = 1\nburst = 1\n", "one of them in a step"),
        (LEAST + "[agents]\nqueues = [2, 1]\n", "from 2 to 1"),
        (LEAST + "[agents]\nqueues = [1, 2]\n", "of 1 queues"),
        (LEAST + "[agents]\nhandle_ms = [2, 1]\n", "handle_ms"),
        (LEAST + '[[disturbances]]\nkind = "kill_store"\nat_s = 2\n', "after the load's end"),
        (LEAST + '[[disturbances]]\nkind = "kill_node"\nat_s = 1\nnode = 1\n', "no such node"),
        (LEAST + '[[disturbances]]\nkind = "flood"\nat_s = 1\n', "flood"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ScenarioFault, match=says):
        load(written(tmp_path, text))


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(ScenarioFault, match=r"no scenario speed.*steady"):
        find("speed")


def test_every_agent_is_in_the_workspace_that_has_it_and_every_queue_has_agents(tmp_path: Path) -> None:
    text = LEAST.replace("[[", "queues = 4\n[[") + "[site]\nworkspaces = 3\n[agents]\ncount = 14\nqueues = [1, 3]\n"
    scenario = load(written(tmp_path, text))
    for workspace in range(3):
        agents = scenario.agents_of(workspace)
        assert [scenario.workspace_of(number) for number in agents] == [workspace] * len(agents)
        document = scenario.document(workspace)
        assert len(document.agents) == len(agents)
        assert {queue for number in agents for queue in scenario.queues_of(number)} == document.queues.keys()
    assert sum(len(scenario.agents_of(workspace)) for workspace in range(3)) == 14


def test_an_agent_has_as_many_queues_as_it_should_and_the_same_in_every_process(tmp_path: Path) -> None:
    scenario = load(
        written(tmp_path, LEAST.replace("[[", "queues = 9\n[[") + "[agents]\ncount = 50\nqueues = [3, 5]\n")
    )
    mine = [scenario.queues_of(number) for number in range(50)]
    assert {len(set(queues)) for queues in mine} == {3, 4, 5}
    assert mine == [scenario.queues_of(number) for number in range(50)]


def test_the_page_names_every_scenario_and_its_example_can_be_used(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "load.md").read_text()
    assert all(f"| `{name}` |" in page for name in names())
    example = page.rpartition("```toml\n")[2].partition("```")[0]
    assert load(written(tmp_path, example)).name == "lunch"
