"""For when cases are planned, worked out apart from the engine: nobody gets two at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # which asks here whether somebody has the time for what waits
    from tests.store.soundness import Hash, Snapshot

IN_HAND = {"offered", "active", "parked", "wrapping"}


def overlap(one: str, other: str) -> bool:
    """Do two windows (`from-until`, or nothing) share an instant?"""
    if not one or not other:
        return False
    from_ms, until_ms = map(int, one.split("-"))
    other_from_ms, other_until_ms = map(int, other.split("-"))
    return from_ms < other_until_ms and other_from_ms < until_ms


def in_hands(state: Snapshot, agent: str) -> Iterable[tuple[str, Hash]]:
    """Whatever is offered to the agent, owned by it, or rings at it."""
    for name, case in state.hash("case").items():
        if (case["agent"] == agent and case["state"] in IN_HAND) or case["target"] == agent:
            yield name, case


def has_time(state: Snapshot, agent: str, name: str, case: Hash, window: str | None = None) -> bool:
    """Has the agent nothing else in the case's window, or in another that the case is to have?"""
    window = case["window"] if window is None else window
    if state.config("channel", case["channel"])["windows"] != "1":
        return True
    return not any(overlap(window, row["window"]) for other, row in in_hands(state, agent) if other != name)


def may_be_planned(state: Snapshot, name: str, case: Hash, window: str) -> bool:
    """May the case have this window instead: has whoever has it in hand the time?"""
    if window in ("", "-", case["window"]):
        return True
    if state.config("channel", case["channel"])["windows"] != "1":
        return False
    holders = {case["agent"], case["target"]} - {""}
    return all(has_time(state, agent, name, case, window) for agent in holders)


def check_windows(state: Snapshot) -> None:
    """Each agent's set says what is in its hands and planned."""
    expected = {
        agent: {
            f"{until_ms}:{name}": float(from_ms)
            for name, case in in_hands(state, agent)
            if case["window"]
            for from_ms, until_ms in [case["window"].split("-")]
        }
        for agent in state.hash("agent")
    }
    assert {agent: rows for agent, rows in expected.items() if rows} == state.ranked.get("windows", {})
