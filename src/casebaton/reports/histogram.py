"""Lengths of time as a histogram: percentiles and means, not averages alone. Pure."""

from collections import defaultdict

from msgspec import Struct

from casebaton.history.buckets import bucket_of, upper_ms

PERCENTILES = (50, 90, 95, 99)


class Bar(Struct, frozen=True):
    """So many were at most this long, and longer than the bar before."""

    until_ms: int
    count: int


class Histogram:
    """Counts by bucket, and the sum of what was counted, in milliseconds."""

    def __init__(self) -> None:
        self.total_ms = 0
        self._counts: defaultdict[int, int] = defaultdict(int)

    def add(self, bucket: int, count: int, total_ms: int) -> None:
        """Add what is in a bucket already."""
        self._counts[bucket] += count
        self.total_ms += total_ms

    def add_one(self, length_ms: int) -> None:
        """Add one length of time."""
        self.add(bucket_of(length_ms), 1, length_ms)

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self._counts.values())

    @property
    def mean_ms(self) -> float | None:
        """The mean, exactly; None of nothing."""
        return self.total_ms / self.count if self._counts else None

    def percentile(self, percent: int) -> int | None:
        """The nearest rank: the upper bound of the bucket in which the k-th shortest lies, k = percent of the count
        rounded up. It is never too short, and too long by a sixteenth at most. None of nothing.
        """
        left = max(-(-self.count * percent // 100), 1)
        for bucket in sorted(self._counts):
            left -= self._counts[bucket]
            if left <= 0:
                return upper_ms(bucket)
        return None

    def bars(self) -> list[Bar]:
        """All of it, shortest first."""
        return [Bar(upper_ms(bucket), self._counts[bucket]) for bucket in sorted(self._counts)]
