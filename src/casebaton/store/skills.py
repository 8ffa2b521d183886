"""Skills as the texts that the engine reads: see `lua/parts/skills.lua`."""

from collections.abc import Iterable, Mapping

NONE = "-"


def required(levels: Mapping[str, int]) -> str:
    """What a case requires, by skill: `billing=1&german=3`, or `-`."""
    return "&".join(f"{name}={levels[name]}" for name in sorted(levels)) or NONE


def additional(skills: Iterable[tuple[str, int, int]]) -> str:
    """What a case asks for until it is dropped, as (skill, level, number): `loans=2#1,vip=1#2`, or `-`."""
    return ",".join(f"{name}={level}#{number}" for name, level, number in sorted(skills)) or NONE


def of_agent(levels: Mapping[str, int], dates: Mapping[str, tuple[int, int]]) -> str:
    """What an agent can, by skill, and between which instants in ms (0: open) where they are given:
    `billing=2,german=5~0~1800000000000`, or `-`.
    """
    spans = {name: "~{}~{}".format(*dates[name]) for name in dates}
    return ",".join(f"{name}={levels[name]}{spans.get(name, '')}" for name in sorted(levels)) or NONE


def limits(by_channel: Mapping[str, int]) -> str:
    """How many cases of a channel an agent may have in hand: `chat=2`, or `-`."""
    return ",".join(f"{name}={by_channel[name]}" for name in sorted(by_channel)) or NONE


def tiers(by_queue: Mapping[str, int]) -> str:
    """An agent's tier in the queues where it is not 0: `billing=1`, or `-`."""
    return ",".join(f"{name}={by_queue[name]}" for name in sorted(by_queue) if by_queue[name]) or NONE
