"""Is a run worse than another of the same scenario? Figure by figure, by more than chance may explain."""

from collections.abc import Iterator

from msgspec import Struct

from loadtest.harness.metrics import METRICS, Metric
from loadtest.harness.results import Result

SAME_SPEED = 1.15  # of two yardsticks
SAME_COMPANY = 15  # percent of a core


class Incomparable(Exception):
    """Runs of different scenarios; the sentence says what differs."""


class Difference(Struct, frozen=True):
    """A figure in both runs. `ratio` is new over old, None where old is 0."""

    name: str
    old: float
    new: float
    is_worse: bool

    @property
    def ratio(self) -> float | None:
        """The new as a multiple of the old."""
        return self.new / self.old if self.old else None


def is_worse(metric: Metric, old: float, new: float) -> bool:
    """Is the new figure beyond what the metric tolerates?"""
    before, after = (old, new) if metric.better == "less" else (new, old)
    return after > before * metric.tolerance and after - before > metric.noise


def differences(old: Result, new: Result) -> Iterator[Difference]:
    """Every figure that both runs have. Raises Incomparable: the scenarios' loads differ."""
    for field in ("name", "site", "agents", "steps", "queues", "disturbances", "backlog", "watchers", "channel"):
        before, after = getattr(old.scenario, field), getattr(new.scenario, field)
        if before != after:
            raise Incomparable(f"the runs' {field} differ: {before} and {after}")
    for name, metric in METRICS.items():
        before, after = old.value.get(name), new.value.get(name)
        if before is not None and after is not None:
            yield Difference(name, before, after, is_worse(metric, before, after))


def cautions(old: Result, new: Result) -> Iterator[str]:
    """What makes the comparison doubtful."""
    for name, before in old.hardware.items():
        if new.hardware.get(name) != before:
            yield f"another machine: {name} {before} and {new.hardware.get(name)}"
    others = [one.value.get("other_cpu_percent") or 0.0 for one in (old, new)]
    if abs(others[0] - others[1]) > SAME_COMPANY:
        yield f"another company: whatever else the machine did took {others[0]:g} and {others[1]:g} % of a core"
    slower = max(old.yardstick_ms, new.yardstick_ms) / min(old.yardstick_ms, new.yardstick_ms)
    if slower > SAME_SPEED:
        took = f"the yardstick took {old.yardstick_ms} and {new.yardstick_ms} ms"
        yield f"another speed: {took}, so only ratios within one run mean something"


def table(found: list[Difference]) -> str:
    """The comparison to read: the worse figures are marked, and named once more at the end."""
    lines = [f"{'':2}{'figure':24} {'old':>12} {'new':>12} {'ratio':>8}"]
    for one in found:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        lines.append(f"{'! ' if one.is_worse else '  '}{one.name:24} {one.old:>12g} {one.new:>12g} {ratio:>8}")
    worse = [one.name for one in found if one.is_worse]
    lines.append(
        f"! worse than it may be: {', '.join(worse)}"
        if worse
        else f"nothing is worse than it may be, of {len(found)} {'figure' if len(found) == 1 else 'figures'}"
    )
    return "\n".join(lines)
