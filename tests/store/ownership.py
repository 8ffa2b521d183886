"""Which moves of ownership are allowed, worked out apart from the engine: one rule per command."""

from collections.abc import Callable
from typing import Any

from tests.store.soundness import (
    LIVE,
    Hash,
    Snapshot,
    counts,
    has_room,
    is_member,
    is_reachable,
    is_shut_off,
    missing_units,
    within_limit,
)
from tests.store.stages import may_set_stage
from tests.store.windows import has_time

WORKED_ON = {"active", "parked", "wrapping"}


def may_take(state: Snapshot, name: str, case: Hash, subject: str) -> bool:
    """May the agent take this case out of its line?"""
    agent = state.hash("agent").get(subject)
    return (
        agent is not None
        and case["state"] == "waiting"
        and state.config("queue", case["queue"])["mode"] != "push"
        and not is_shut_off(state, case["queue"])
        and is_member(agent, case["queue"])
        and is_reachable(state, agent, case["channel"])
        and agent["status"] in ("online", "busy")
        and (agent["next_status"], agent["next_cause"]) != ("offline", "supervisor")
        and case["required_agent"] in ("", subject)
        and has_room(agent, case["pool"], int(case["cost"]))
        and within_limit(agent, case["channel"])
        and int(agent["waking"]) == 0
        and not _would_delay(state, agent, case)
        and has_time(state, subject, name, case)
    )


def _would_delay(state: Snapshot, agent: Hash, case: Hash) -> bool:
    """Would this case make another one wait longer for which the agent is kept free?"""
    other = state.hash("case").get(agent["reserved_case"])
    if other is None or other is case:
        return False
    more = missing_units(agent, other, pool=case["pool"], cost=int(case["cost"]))
    return more > missing_units(agent, other)


def next_case(state: Snapshot, subject: str, queue: str) -> str | None:
    """The case that `take_next` gives the agent now, if any."""

    def could_take(name: str, case: Hash) -> bool:
        is_cooling = subject in state.zset("cooling", name)
        is_for_others = (case["required_agent"] or case["preferred_agent"]) not in ("", subject)
        is_passed_over = is_cooling or is_for_others or queue not in ("", case["queue"])
        return not is_passed_over and may_take(state, name, case, subject)

    def place(name: str, case: Hash) -> tuple[int, int, str]:
        return int(state.config("queue", case["queue"])["rank"]), int(case["score"]), name

    places = [place(name, case) for name, case in state.hash("case").items() if could_take(name, case)]
    return min(places)[2] if places else None


def shows(case: Hash, role: str, baton: str) -> bool:
    """Does the sender show the present baton of a case, or `any` where the role may?"""
    return baton in (case["baton"], "any" if role != "agent" else case["baton"])


def _may_abandon(_: Snapshot, case: Hash, __: str, ___: dict[str, Any]) -> bool:
    return case["state"] in ("waiting", "offered") and not case["owned"]


def _may_assign(state: Snapshot, case: Hash, _: str, args: dict[str, Any]) -> bool:
    is_theirs = case["agent"] == args["agent"]
    if case["state"] not in LIVE or (is_theirs and case["state"] in WORKED_ON):
        return False
    agent = state.hash("agent").get(args["agent"])
    if agent is None:
        return False
    rings = case["target"] == args["agent"]
    fits = has_room(agent, case["pool"], 0 if rings else int(case["cost"]))
    is_within = rings or within_limit(agent, case["channel"])
    has_no_clash = has_time(state, args["agent"], args["case"], case)
    return bool(args["over_capacity"]) or ((is_theirs or (fits and is_within)) and has_no_clash)


def _may_extend(state: Snapshot, case: Hash, subject: str, _: dict[str, Any]) -> bool:
    is_wrapping = case["state"] == "wrapping" and case["agent"] == subject
    limit = state.config("channel", case["channel"])["wrap_up_extensions"]
    return is_wrapping and int(case["extensions"]) < int(limit)


def _may_resume(state: Snapshot, case: Hash, subject: str, args: dict[str, Any]) -> bool:
    is_theirs = args["by"] != "agent" or case["agent"] == subject
    if case["state"] != "parked" or not is_theirs:
        return False
    return may_wake(state, args["case"], case)


def may_wake(state: Snapshot, name: str, case: Hash) -> bool:
    """Is there room for a parked case with its owner, and nothing that has woken before it?"""
    woken = state.zset("waking", case["agent"])
    is_first = not woken or name == min(woken, key=lambda other: (woken[other], other))
    more = int(case["cost"]) - int(case["parked_cost"])
    owner = state.hash("agent")[case["agent"]]
    is_within = counts(case) or within_limit(owner, case["channel"])
    return is_first and is_within and (more <= 0 or has_room(owner, case["pool"], more))


def _may_reopen(state: Snapshot, case: Hash, _: str, args: dict[str, Any]) -> bool:
    is_preferred = args["preferred_ms"] and case["agent"] in state.hash("agent")
    if is_preferred and not has_time(state, case["agent"], args["case"], case):
        return False
    return case["state"] == "closed" and args["now"] - int(case["state_at"]) < int(state.meta["reopen_ms"])


def _may_transfer(state: Snapshot, case: Hash, subject: str, args: dict[str, Any]) -> bool:
    """To an agent: by the owner of an active case, to one who is there for it and has room for it and for an offer."""
    target = state.hash("agent").get(args["agent"])
    return (
        target is not None
        and (case["state"], case["agent"]) == ("active", subject)
        and args["agent"] not in (case["agent"], case["target"])
        and is_reachable(state, target, case["channel"])
        and target["status"] == "online"
        and target["next_status"] == ""
        and (target["channels"] == "*" or case["channel"] in target["channels"].split(","))
        and int(target["offers"]) < int(state.meta["offer_limit"])
        and int(target["waking"]) == 0
        and not target["reserved_case"]
        and has_room(target, case["pool"], int(case["cost"]))
        and within_limit(target, case["channel"])
        and has_time(state, args["agent"], args["case"], case)
    )


def rings_at(case: Hash, subject: str, baton: str) -> bool:
    """Does a colleague's transfer of this case ring at this agent, under this baton?"""
    return case["target"] == subject and case.get("target_baton") == baton


MOVES: dict[str, Callable[[Snapshot, Hash, str, dict[str, Any]], bool]] = {
    "take_case": lambda state, case, subject, args: may_take(state, args["case"], case, subject),
    "abandon_case": _may_abandon,
    "assign_case": _may_assign,
    "wrap_case": lambda _, case, subject, __: (case["state"], case["agent"]) == ("active", subject),
    "extend_wrap_up": _may_extend,
    "park_case": lambda _, case, subject, __: (case["state"], case["agent"]) == ("active", subject),
    "resume_case": _may_resume,
    "reopen_case": _may_reopen,
    "transfer_to_agent": _may_transfer,
    "set_stage": may_set_stage,
}
"""Command on a case whose baton was shown -> may this subject do that now?"""
