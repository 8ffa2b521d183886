"""Sides measured in turn, and the ratio of one to another with its spread.

What a busy or slow machine does to one side it does to the other: each round measures every side once, the ratio is
taken within the round, and the order turns round every time, so that a drift favours nobody.
"""

import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import SupportsFloat, TypeVar

from msgspec import Struct

Figure = TypeVar("Figure", bound=SupportsFloat)
Side = Callable[[], Awaitable[Figure]]


class Missing(Exception):
    """A peer cannot be had here; the sentence says what is missing, and how to get it."""


class Ratio(Struct, frozen=True, omit_defaults=True):
    """Casebaton's figure over a peer's: the rounds' median, smallest and greatest; `least` is the objective."""

    median: float
    low: float
    high: float
    rounds: int
    least: float | None = None

    @property
    def is_met(self) -> bool:
        """Is it at least what it should be?"""
        return self.least is None or self.median >= self.least


class Found(Struct, frozen=True):
    """What a comparison came to: ratios by name, and which version of the peer it was."""

    ratios: dict[str, Ratio]
    versions: dict[str, str]


async def alternate(
    say: Callable[[str], None], sides: Mapping[str, Side[Figure]], rounds: int
) -> list[dict[str, Figure]]:
    """Measure every side once per round, after one round that does not count, for caches and compilers to warm up."""
    found: list[dict[str, Figure]] = []
    for number in range(rounds + 1):
        names = list(sides)[:: 1 if number % 2 else -1]
        row = {name: await sides[name]() for name in names}
        say(("warm-up" if number == 0 else f"round {number}") + ": " + _list({name: row[name] for name in sides}))
        found.append(row)
    return found[1:]


def _list(row: Mapping[str, SupportsFloat]) -> str:
    return ", ".join(f"{name} {float(figure):,.0f}" for name, figure in row.items())


def ratio(rows: Sequence[Mapping[str, SupportsFloat]], ours: str, theirs: str, *, least: float | None = None) -> Ratio:
    """How many times as great our side was, round by round."""
    quotients = [float(row[ours]) / float(row[theirs]) for row in rows]
    low, high = min(quotients), max(quotients)
    return Ratio(round(statistics.median(quotients), 3), round(low, 3), round(high, 3), len(quotients), least)
