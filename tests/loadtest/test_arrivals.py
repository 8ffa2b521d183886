from itertools import pairwise

from loadtest.generator.arrivals import Arrivals, dealt
from loadtest.scenario import Scenario, Site, Step


def scenario_of(*steps: Step, generators: int = 1, seed: int = 1) -> Scenario:
    site = Site(generators=generators, workspaces=3)
    return Scenario(name="x", says="y", seed=seed, queues=4, steps=steps, site=site)


def test_cases_come_at_the_rate_and_in_order_within_their_step() -> None:
    due = list(Arrivals(scenario_of(Step(seconds=2), Step(seconds=50, rate=100)), 0).open_loop())
    assert 4700 < len(due) < 5300
    assert all(earlier.at_s < later.at_s for earlier, later in pairwise(due))
    assert due[0].at_s > 2
    assert due[-1].at_s < 52


def test_the_gaps_between_them_are_those_of_chance() -> None:
    """Of a Poisson process the standard deviation of the gaps is their mean."""
    due = list(Arrivals(scenario_of(Step(seconds=100, rate=100)), 0).open_loop())
    gaps = [later.at_s - earlier.at_s for earlier, later in pairwise(due)]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert 0.95 < deviation / mean < 1.05


def test_a_seed_gives_the_same_cases_and_another_one_others() -> None:
    step = Step(seconds=1, rate=100)
    first, same = (list(Arrivals(scenario_of(step), 0).open_loop()) for _ in range(2))
    other = list(Arrivals(scenario_of(step, seed=2), 0).open_loop())
    assert first == same
    assert first != other


def test_several_generators_share_the_rate_and_the_bursts() -> None:
    scenario = scenario_of(Step(seconds=100, rate=90), Step(seconds=1, burst=100), generators=3)
    parts = [list(Arrivals(scenario, number).open_loop()) for number in range(3)]
    assert sorted(sum(due.at_s == 100 for due in part) for part in parts) == [33, 33, 34]
    assert 8500 < sum(due.at_s < 100 for part in parts for due in part) < 9500
    assert parts[0][:5] != parts[1][:5]


def test_they_are_spread_over_workspaces_and_queues() -> None:
    due = Arrivals(scenario_of(Step(seconds=10, rate=100)), 0).open_loop()
    assert {(one.workspace, one.queue) for one in due} == {(w, q) for w in range(3) for q in range(4)}


def test_everybody_is_dealt_once() -> None:
    hands = [dealt(range(10), number, 3) for number in range(3)]
    assert sorted(number for hand in hands for number in hand) == list(range(10))
