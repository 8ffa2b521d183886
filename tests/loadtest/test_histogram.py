import random

from loadtest.histogram import LONGEST_US, Histogram, merge


def histogram_of(*seconds: float) -> Histogram:
    found = Histogram()
    for each in seconds:
        found.record(each)
    return found


def test_percentiles_are_exact_to_three_digits() -> None:
    found = histogram_of(*(ms / 1000 for ms in range(1, 10_001))).in_ms()
    for name, exact in (("p50", 5000), ("p90", 9000), ("p99", 9900), ("p99.9", 9990), ("max", 10_000)):
        figure = found[name]
        assert figure is not None
        assert abs(figure / exact - 1) < 0.001


def test_merged_from_several_processes_it_is_as_if_one_had_counted_all() -> None:
    chance = random.Random(1)
    parts = [[chance.expovariate(100) for _ in range(500)] for _ in range(3)]
    together = histogram_of(*(each for part in parts for each in part))
    merged = merge(histogram_of(*part).encode() for part in parts)
    assert merged.in_ms() == together.in_ms()
    assert merged.count == 1500


def test_what_is_too_long_or_too_short_counts_at_the_end_of_the_scale() -> None:
    found = histogram_of(10_000, 0.0)
    assert found.count == 2
    longest = found.in_ms()["max"]
    assert longest is not None
    assert abs(longest * 1000 / LONGEST_US - 1) < 0.001


def test_of_nothing_there_are_no_percentiles() -> None:
    assert set(Histogram().in_ms().values()) == {None}
    assert merge([]).count == 0
