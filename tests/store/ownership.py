"""Which moves of ownership are allowed, worked out apart from the engine: one rule per command."""

from collections.abc import Callable
from typing import Any

from tests.store.soundness import LIVE, Hash, Snapshot

WORKED_ON = {"active", "parked", "wrapping"}


def has_room(agent: Hash, pool: str, cost: int) -> bool:
    """Do so many more units fit?"""
    p, j = int(agent["held_primary"]), int(agent["held_interruptible"])
    if pool == "primary":
        return p + cost <= int(agent["capacity"])
    return j + cost <= int(agent["interruptible_capacity"]) and p + j + cost <= int(agent["capacity"])


def may_take(state: Snapshot, case: Hash, subject: str) -> bool:
    """May the agent take this case out of its line?"""
    agent = state.hash("agent")[subject]
    return (
        case["state"] == "waiting"
        and state.config("queue", case["queue"])["mode"] != "push"
        and case["queue"] in agent["queues"].split(",")
        and agent["presence"] == "connected"
        and agent["status"] in ("online", "busy")
        and has_room(agent, case["pool"], int(case["cost"]))
    )


def next_case(state: Snapshot, subject: str, queue: str) -> str | None:
    """The case that `take_next` gives the agent now, if any."""

    def could_take(name: str, case: Hash) -> bool:
        is_cooling = subject in state.zset("cooling", name)
        return queue in ("", case["queue"]) and not is_cooling and may_take(state, case, subject)

    places = [(int(case["score"]), name) for name, case in state.hash("case").items() if could_take(name, case)]
    return min(places)[1] if places else None


def shows(case: Hash | None, role: str, baton: str) -> bool:
    """Does the sender show the present baton of a case that exists, or `any` where the role may?"""
    return case is not None and baton in (case["baton"], "any" if role != "agent" else case["baton"])


def _may_abandon(_: Snapshot, case: Hash, __: str, ___: dict[str, Any]) -> bool:
    return case["state"] in ("waiting", "offered") and "owned" not in case


def _may_assign(state: Snapshot, case: Hash, _: str, args: dict[str, Any]) -> bool:
    is_theirs = case["agent"] == args["agent"]
    if case["state"] not in LIVE or (is_theirs and case["state"] in WORKED_ON):
        return False
    agent = state.hash("agent")[args["agent"]]
    return bool(args["over_capacity"]) or is_theirs or has_room(agent, case["pool"], int(case["cost"]))


def _may_extend(state: Snapshot, case: Hash, subject: str, _: dict[str, Any]) -> bool:
    is_wrapping = case["state"] == "wrapping" and case["agent"] == subject
    limit = state.config("channel", case["channel"])["wrap_up_extensions"]
    return is_wrapping and int(case["extensions"]) < int(limit)


MOVES: dict[str, Callable[[Snapshot, Hash, str, dict[str, Any]], bool]] = {
    "take_case": lambda state, case, subject, _: may_take(state, case, subject),
    "abandon_case": _may_abandon,
    "assign_case": _may_assign,
    "wrap_case": lambda _, case, subject, __: (case["state"], case["agent"]) == ("active", subject),
    "extend_wrap_up": _may_extend,
}
"""Command on a case whose baton was shown -> may this subject do that now?"""
