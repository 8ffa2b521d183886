import json

import pytest

from loadtest.peers.ratios import Found, Missing, Ratio, alternate, ratio
from loadtest.peers.report import is_met, line, table

ROWS = [{"ours": 20.0, "theirs": 10.0}, {"ours": 9.0, "theirs": 10.0}, {"ours": 12.0, "theirs": 10.0}]


def silent(_: str) -> None:
    pass


def test_a_ratio_is_taken_within_each_round() -> None:
    assert ratio(ROWS, "ours", "theirs") == Ratio(median=1.2, low=0.9, high=2.0, rounds=3)


@pytest.mark.parametrize(("least", "met"), [(None, True), (1.2, True), (1.21, False)])
def test_an_objective_is_the_least_that_the_median_may_be(least: float | None, met: bool) -> None:
    assert ratio(ROWS, "ours", "theirs", least=least).is_met == met


async def test_the_sides_take_turns_and_the_warm_up_does_not_count() -> None:
    turns: list[str] = []

    async def measure(name: str) -> float:
        turns.append(name)
        return float(len(turns))

    rows = await alternate(silent, {"a": lambda: measure("a"), "b": lambda: measure("b")}, 2)
    assert turns == ["b", "a", "a", "b", "b", "a"]
    assert rows == [{"a": 3.0, "b": 4.0}, {"a": 6.0, "b": 5.0}]


def found(least: float) -> Found:
    return Found({"lives": ratio(ROWS, "ours", "theirs", least=least)}, {"peer": "1.0"})


def test_one_missed_ratio_misses_the_whole_and_a_skipped_peer_misses_nothing() -> None:
    skipped = Missing("there is no npm")
    assert is_met({"a": found(1.0), "b": skipped})
    assert not is_met({"a": found(1.0), "b": found(1.5), "c": skipped})


def test_the_line_tells_ratios_versions_and_what_was_skipped() -> None:
    said = json.loads(line({"a": found(1.5), "b": Missing("there is no npm")}))
    lives = {"median": 1.2, "low": 0.9, "high": 2.0, "rounds": 3, "least": 1.5}
    assert said["peers"] == {
        "a": {"ratios": {"lives": lives}, "versions": {"peer": "1.0"}},
        "b": {"skipped": "there is no npm"},
    }
    assert said["met"] is False
    assert {"casebaton", "store", "cores"} <= said["versions"].keys()


def test_the_table_has_a_row_for_each_ratio_and_each_peer_that_was_skipped() -> None:
    rows = table({"a": found(1.5), "b": Missing("there is no npm")}).splitlines()
    assert rows[2:] == [
        "| a | `lives` | 1.20 | 0.90 to 2.00 | 1.5 | missed |",
        "| b | skipped: there is no npm | | | | |",
    ]
