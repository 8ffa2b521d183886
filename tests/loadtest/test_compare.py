import pytest

from loadtest.harness.compare import Difference, is_worse, table
from loadtest.harness.metrics import LAWS, METRICS, Metric, Value, missed, verdict

LATENCY = Metric("", tolerance=1.5, noise=5)
THROUGHPUT = Metric("", "more", tolerance=1.1)


@pytest.mark.parametrize(
    ("old", "new", "worse"),
    [(20, 20, False), (20, 29, False), (20, 31, True), (1, 5, False), (1, 7, True), (20, 1, False), (0, 6, True)],
)
def test_a_latency_is_worse_beyond_its_tolerance_and_beyond_noise(old: float, new: float, worse: bool) -> None:
    assert is_worse(LATENCY, old, new) is worse


@pytest.mark.parametrize(("old", "new", "worse"), [(1000, 1000, False), (1000, 920, False), (1000, 900, True)])
def test_a_throughput_is_worse_when_it_falls(old: float, new: float, worse: bool) -> None:
    assert is_worse(THROUGHPUT, old, new) is worse


def test_one_broken_law_is_worse_than_none() -> None:
    for law in LAWS:
        assert is_worse(METRICS[law], 0, 1)
        assert not is_worse(METRICS[law], 1, 1)


def test_how_long_clients_stay_away_by_chance_is_not_worse() -> None:
    assert not is_worse(METRICS["back_p50_ms"], 20, 480)
    assert is_worse(METRICS["back_p50_ms"], 480, 1000)


def test_the_last_line_names_what_is_worse() -> None:
    fine, worse = Difference("open", 0, 0, is_worse=False), Difference("offer_p99_ms", 10, 90, is_worse=True)
    assert table([fine, worse]).splitlines()[-1] == "! worse than it may be: offer_p99_ms"
    assert table([fine]).splitlines()[-1] == "nothing is worse than it may be, of 1 figure"


KEPT: Value = dict.fromkeys(LAWS, 0.0)


def test_objectives_are_met_up_to_their_limits() -> None:
    assert missed({**KEPT, "open": 3, "lives_per_s": 50}, {"open": 3}, {"lives_per_s": 50}) == []
    found = missed({**KEPT, "open": 4, "lives_per_s": 49}, {"open": 3}, {"lives_per_s": 50})
    assert found == ["open is 4, at most 3", "lives_per_s is 49, at least 50"]


def test_a_figure_that_is_not_there_meets_nothing() -> None:
    assert missed({**KEPT, "open": None}, {"open": 3}, {}) == ["open is None, at most 3"]
    assert missed(KEPT, {}, {"lives_per_s": 1}) == ["lives_per_s is None, at least 1"]


@pytest.mark.parametrize("law", LAWS)
def test_the_laws_hold_in_every_scenario(law: str) -> None:
    assert missed({**KEPT, law: 1}, {}, {}) == [f"{law} is 1, at most 0"]


def test_the_verdict_counts_objectives_and_laws_apart() -> None:
    assert verdict(missed({**KEPT, "open": 3}, {"open": 3}, {})) == "objectives met, laws broken: none"
    assert verdict(missed({**KEPT, "open": 4, "doubled": 1}, {"open": 3}, {"lives_per_s": 1})) == (
        "objectives missed: 2, laws broken: 1"
    )
