"""Buckets of histograms: every time lies in one, and they are as narrow as is said."""

from hypothesis import given
from hypothesis import strategies as st

from casebaton.history.buckets import bucket_of, upper_ms

times = st.integers(0, 10 * 366 * 86_400_000)


@given(times)
def test_a_time_lies_in_the_first_bucket_whose_bound_it_does_not_pass(ms: int) -> None:
    bucket = bucket_of(ms)
    assert ms <= upper_ms(bucket)
    assert bucket == 0 or upper_ms(bucket - 1) < ms


@given(times)
def test_a_bound_is_too_long_by_a_sixteenth_and_a_tenth_of_a_second_at_most(ms: int) -> None:
    assert upper_ms(bucket_of(ms)) - ms < ms / 16 + 100


def test_short_times_are_told_apart_to_the_tenth_of_a_second() -> None:
    assert [bucket_of(ms) for ms in (0, 1, 100, 101, 1_600, 3_100)] == [0, 1, 1, 2, 16, 31]
    assert [upper_ms(bucket) for bucket in (0, 1, 16, 31, 32, 33)] == [0, 100, 1_600, 3_100, 3_300, 3_500]


def test_a_month_takes_few_buckets() -> None:
    assert bucket_of(30 * 86_400_000) < 350
