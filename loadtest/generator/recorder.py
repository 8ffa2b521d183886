"""What a generator measures: latencies, counts by the second, and the journal of what was asked and told."""

from collections import Counter, defaultdict

from msgspec import Struct

from loadtest.histogram import Histogram
from loadtest.journal import Told

Row = tuple[str, str, str, Told]
"""A command's kind, its case, the baton that it showed, and what its sender was told."""


class Measured(Struct):
    """What a generator has measured: histograms as text by name; counts and offer latencies by the load's second."""

    histograms: dict[str, str]
    counts: dict[str, int]
    seconds: dict[str, dict[int, int]]
    offers: dict[int, str]


class Evidence(Struct):
    """What a generator's clients asked and were told, and the batons of the offers that they saw."""

    rows: list[Row]
    seen: set[str]


class Recorder:
    """Latencies count when they began within the measured stretch, from `from_s` to `until_s` of the load."""

    def __init__(self, from_s: float, until_s: float) -> None:
        self.counts: Counter[str] = Counter()
        self.rows: list[Row] = []
        self.seen: set[str] = set()
        self.begin_at = float("inf")
        self._from_s = from_s
        self._until_s = until_s
        self._histograms: defaultdict[str, Histogram] = defaultdict(Histogram)
        self._offers: defaultdict[int, Histogram] = defaultdict(Histogram)
        self._seconds: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def latency(self, name: str, began_at: float, ended_at: float) -> None:
        """Record a duration between two instants of `perf_counter`, which is the same in all processes of a machine."""
        began_s = began_at - self.begin_at
        if self._from_s <= began_s < self._until_s:
            self._histograms[name].record(ended_at - began_at)
            if name == "offer":
                self._offers[int(began_s)].record(ended_at - began_at)

    def count(self, name: str, at: float) -> None:
        """Count one of these, as of an instant."""
        self.counts[name] += 1
        if at >= self.begin_at:
            self._seconds[name][int(at - self.begin_at)] += 1

    def told(self, kind: str, case: str, baton: str, told: Told) -> None:
        """Note what became of a command on a case."""
        self.rows.append((kind, case, baton, told))

    def offer_p99_ms(self, second: int) -> float | None:
        """The offers' of the cases that were due in a second; a glimpse for the progress line."""
        found = self._offers.get(second)
        return found.at(99) if found else None

    def measured(self) -> Measured:
        """All figures."""
        return Measured(
            histograms={name: found.encode() for name, found in self._histograms.items()},
            counts=dict(self.counts),
            seconds={name: dict(found) for name, found in self._seconds.items()},
            offers={second: found.encode() for second, found in self._offers.items()},
        )

    def evidence(self) -> Evidence:
        """All that is held against the log."""
        return Evidence(self.rows, self.seen)
