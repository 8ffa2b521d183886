"""When cases are due: an open loop, by a seed, whatever the server does."""

import random
from collections.abc import Iterator, Sequence

from msgspec import Struct

from loadtest.scenario import Scenario, Step


class Due(Struct, frozen=True):
    """A case that is due `at_s` after the load began, of which workspace and queue (by number)."""

    at_s: float
    workspace: int
    queue: int


class Arrivals:
    """One generator's part of a scenario's arrivals: independent Poisson streams add up to one of the whole rate."""

    def __init__(self, scenario: Scenario, number: int) -> None:
        self._scenario = scenario
        self._number = number
        self._chance = random.Random(f"{scenario.seed}:{number}")

    def at(self, at_s: float) -> Due:
        """A case that is due then, of a random workspace and queue."""
        workspace = self._chance.randrange(self._scenario.site.workspaces)
        return Due(at_s, workspace, self._chance.randrange(self._scenario.queues))

    def steps(self) -> Iterator[tuple[float, Step]]:
        """Each step with its beginning."""
        begin_s = 0.0
        for step in self._scenario.steps:
            yield begin_s, step
            begin_s += step.seconds

    def open_loop(self) -> Iterator[Due]:
        """All cases that are due at an instant of their own, in order."""
        for begin_s, step in self.steps():
            if step.rate:
                yield from self._poisson(begin_s, begin_s + step.seconds, step.rate / self._scenario.site.generators)
            for _ in range(self.share_of(step.burst)):
                yield self.at(begin_s)

    def _poisson(self, begin_s: float, end_s: float, rate: float) -> Iterator[Due]:
        at_s = begin_s
        while (at_s := at_s + self._chance.expovariate(rate)) < end_s:
            yield self.at(at_s)

    def share_of(self, count: int) -> int:
        """This generator's part of a number."""
        return _share(count, self._number, self._scenario.site.generators)


def _share(count: int, number: int, of: int) -> int:
    return (number + 1) * count // of - number * count // of


def dealt(items: Sequence[int], number: int, of: int) -> Sequence[int]:
    """What of a sequence one of several generators has: each n-th."""
    return items[number::of]
