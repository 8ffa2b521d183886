"""Percentiles, means and bars of lengths of time."""

import math
import random

from casebaton.reports.histogram import Bar, Histogram


def _of(*lengths_ms: int) -> Histogram:
    histogram = Histogram()
    for length_ms in lengths_ms:
        histogram.add_one(length_ms)
    return histogram


def test_a_percentile_is_the_nearest_rank_a_sixteenth_too_long_at_most() -> None:
    chance = random.Random(5)
    lengths = sorted(round(chance.lognormvariate(10, 2)) for _ in range(1000))
    histogram = _of(*lengths)
    for percent in range(1, 101):
        exact = lengths[math.ceil(percent * 10) - 1]
        found = histogram.percentile(percent)
        assert found is not None
        assert exact <= found <= exact * 17 / 16 + 100


def test_of_one_every_percentile_is_that_one() -> None:
    assert [_of(1500).percentile(percent) for percent in (1, 50, 100)] == [1500] * 3


def test_the_mean_is_exact_and_of_nothing_there_is_none() -> None:
    assert _of(1, 2, 6).mean_ms == 3
    assert _of().mean_ms is None
    assert _of().percentile(50) is None


def test_bars_are_all_that_was_counted_shortest_first() -> None:
    assert _of(0, 100, 250, 90).bars() == [Bar(0, 1), Bar(100, 2), Bar(300, 1)]
