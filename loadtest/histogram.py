"""High dynamic range histograms of durations: of a fixed size, three digits exact, and mergeable over processes."""

from collections.abc import Iterable

from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]  # it has no types

LONGEST_US = 600_000_000
DIGITS = 3
QUANTILES = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99.9": 99.9}


class Histogram:
    """Durations from 1 µs to 10 minutes; a longer one counts as that."""

    def __init__(self) -> None:
        self._counts = HdrHistogram(1, LONGEST_US, DIGITS)

    def record(self, seconds: float) -> None:
        """Count a duration."""
        self._counts.record_value(min(max(1, round(seconds * 1e6)), LONGEST_US))

    @property
    def count(self) -> int:
        """How many there are."""
        count: int = self._counts.get_total_count()
        return count

    def in_ms(self) -> dict[str, float | None]:
        """The percentiles and the greatest, in milliseconds; None where there is nothing."""
        if not self.count:
            return {**dict.fromkeys(QUANTILES), "max": None}
        found = {name: self.at(percent) for name, percent in QUANTILES.items()}
        return {**found, "max": round(self._counts.get_max_value() / 1000, 3)}

    def at(self, percent: float) -> float:
        """The duration, in milliseconds, that so many percent of all do not exceed."""
        microseconds: int = self._counts.get_value_at_percentile(percent)
        return round(microseconds / 1000, 3)

    def encode(self) -> str:
        """As text, compressed, in the format that all HDR histograms share."""
        text: bytes = self._counts.encode()
        return text.decode()

    def add(self, encoded: str) -> None:
        """Count in what another process has counted."""
        self._counts.decode_and_add(encoded)


def merge(encoded: Iterable[str]) -> Histogram:
    """One histogram of all."""
    merged = Histogram()
    for one in encoded:
        merged.add(one)
    return merged
