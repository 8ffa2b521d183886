"""Which commands are allowed in a state, worked out apart from the engine, and with which events they begin."""

import json
from collections.abc import Callable
from typing import Any

from casebaton.store.client import Actor
from tests.store.ownership import MOVES, WORKED_ON, next_case, rings_at, shows
from tests.store.soundness import LIVE, Hash, Snapshot, memberships
from tests.store.stages import OVER
from tests.store.windows import may_be_planned

BUILT_IN = {"online", "busy", "offline"}
FIRST_EVENT = {
    "submit_case": "case_queued",
    "accept_case": "case_accepted",
    "decline_case": "case_declined",
    "take_case": "case_taken",
    "return_case": "case_returned",
    "transfer_case": "case_transferred",
    "update_case": "case_updated",
    "revoke_offer": "offer_revoked",
    "abandon_case": "case_abandoned",
    "take_next": "case_taken",
    "assign_case": "case_assigned",
    "wrap_case": "case_wrapping",
    "extend_wrap_up": "wrap_up_extended",
    "park_case": "case_parked",
    "resume_case": "case_resumed",
    "reopen_case": "case_reopened",
    "transfer_to_agent": "transfer_offered",
    "add_note": "note_added",
}


def first_events(name: str, args: dict[str, Any], case: Hash | None) -> list[str]:
    """The events that an accepted command begins with. What moves a case ends its transfer first."""
    is_rung = case is not None and bool(case["target"])
    if name == "transfer_case" and args.get("agent"):
        name = "transfer_to_agent"
    if is_rung and name in ("accept_case", "decline_case"):
        return ["case_transferred" if name == "accept_case" else "transfer_failed"]
    if name == "set_stage":
        expected = ["case_closed"] if args["stage"] in OVER else ["stage_changed"]
        return ["transfer_failed", *expected] if is_rung and args["stage"] in OVER else expected
    expected = [FIRST_EVENT[name]] if name in FIRST_EVENT else []
    is_moved = name in FIRST_EVENT.keys() | {"cancel_case"} and name not in ("update_case", "submit_case", "add_note")
    return ["transfer_failed", *expected] if is_rung and is_moved else expected


def is_allowed(state: Snapshot, name: str, actor: Actor, args: dict[str, Any], now: int) -> bool:
    """May this command be accepted in this state, at this instant?"""
    if len(actor) == 3 and not in_scope(state, json.loads(actor[2]), name, args):
        return False
    if name in OF_AGENTS:
        return OF_AGENTS[name](state, actor[1], args)
    if name in ("pause_queue", "drain_queue", "resume_queue"):
        return bool(state.config("queue", args["queue"]))
    case = state.hash("case").get(args["case"])
    if name == "submit_case":
        return _may_submit(state, args) if case is None else case["digest"] == args["digest"]
    return case is not None and _may_move(state, name, actor, case, args | {"now": now})


def in_scope(state: Snapshot, scope: dict[str, list[str]], name: str, args: dict[str, Any]) -> bool:
    """Is whatever the command steers within the scope?"""

    def has_agent(agent: str, *, by_queue: bool = True) -> bool:
        row = state.hash("agent").get(agent)
        is_member = row is not None and by_queue and not set(scope["queues"]).isdisjoint(memberships(row))
        return row is not None and (row["team"] in scope["teams"] or is_member)

    if "case" in args:
        case = state.hash("case").get(args["case"])
        if case is None or not (case["queue"] in scope["queues"] or has_agent(case["agent"], by_queue=False)):
            return False
    return (not args.get("agent") or has_agent(args["agent"])) and (
        name not in ("pause_queue", "drain_queue", "resume_queue") or args["queue"] in scope["queues"]
    )


def _may_move(state: Snapshot, name: str, actor: Actor, case: Hash, args: dict[str, Any]) -> bool:
    role, subject = actor[:2]
    if name in ("accept_case", "decline_case") and rings_at(case, subject, args["baton"]):
        return True
    if not shows(case, role, args["baton"]):
        return False
    if name == "transfer_case" and args.get("agent"):
        name = "transfer_to_agent"
    if name == "reopen_case" and entry(state, case["queue"]) == "":
        return False
    if name in MOVES:
        return MOVES[name](state, case, subject, args | {"by": role})
    if role == "agent" and case["agent"] != subject:
        return False
    if name == "transfer_case" and (args["queue"] == case["queue"] or not admits(state, args["queue"])):
        return False
    if name == "update_case" and not may_be_planned(state, args["case"], case, args.get("window", "")):
        return False
    if name == "add_note" and case["notes"] == "100":
        return False
    return case["state"] in _states(name, role)


def _may_set_agent(state: Snapshot, _: str, args: dict[str, Any]) -> bool:
    is_fit = int(args["interruptible_capacity"]) <= int(args["capacity"])
    channels = (item.split("=")[0] for item in args.get("limits", "").strip("-").split(",") if item)
    return (
        is_fit
        and all(state.config("channel", channel) for channel in channels)
        and _is_status(state, args.get("status") or "online")
    )


def _may_set_status(state: Snapshot, subject: str, args: dict[str, Any]) -> bool:
    channels = args["channels"].strip("*").split(",")
    is_known = all(state.config("channel", channel) for channel in channels if channel)
    return subject in state.hash("agent") and _is_status(state, args["status"]) and is_known


def _may_remove_agent(state: Snapshot, _: str, args: dict[str, Any]) -> bool:
    name = args["agent"]
    waiting = [row for row in state.hash("case").values() if row["state"] == "waiting"]
    is_awaited = any(name in (row["required_agent"], row["preferred_agent"]) for row in waiting)
    return name in state.hash("agent") and not state.zset("held", name) and not is_awaited


def _may_raise_flag(state: Snapshot, subject: str, args: dict[str, Any]) -> bool:
    agent, case = state.hash("agent").get(subject), state.hash("case").get(args["case"])
    is_own = case is not None and case["state"] in WORKED_ON and case["agent"] == subject
    return agent is not None and not agent["flag_at"] and (is_own or not args["case"])


def _may_answer_flag(state: Snapshot, _: str, args: dict[str, Any]) -> bool:
    agent = state.hash("agent").get(args["agent"])
    return agent is not None and bool(agent["flag_at"])


OF_AGENTS: dict[str, Callable[[Snapshot, str, dict[str, Any]], bool]] = {
    "set_agent": _may_set_agent,
    "remove_agent": _may_remove_agent,
    "set_status": _may_set_status,
    "connect": lambda state, subject, args: (
        subject in state.hash("agent") and f"lease:{args['node']}:0" in state.zset("deadlines")
    ),
    "disconnect": lambda *_: True,
    "take_next": lambda state, subject, args: next_case(state, subject, args["queue"]) is not None,
    "take_lease": lambda *_: True,
    "drain_agent": lambda state, _, args: args["agent"] in state.hash("agent"),
    "requeue_agent": lambda state, _, args: args["agent"] in state.hash("agent"),
    "raise_flag": _may_raise_flag,
    "lower_flag": lambda state, subject, _: subject in state.hash("agent"),
    "answer_flag": _may_answer_flag,
}


def _may_submit(state: Snapshot, args: dict[str, Any]) -> bool:
    asks = json.loads(args.get("asks") or "{}")
    named = {asks[field] for field in ("preferred_agent", "required_agent") if field in asks}
    is_planned = "window" in asks and state.config("channel", args["channel"])["windows"] != "1"
    return entry(state, args["queue"]) != "" and named <= state.hash("agent").keys() and not is_planned


def _is_status(state: Snapshot, name: str) -> bool:
    return name in BUILT_IN or bool(state.config("status", name))


def admits(state: Snapshot, queue: str) -> bool:
    """May a case come into this queue from outside?"""
    settings = state.config("queue", queue)
    limit = int(settings.get("length_limit", 0))
    is_full = limit > 0 and len(state.zset("line", queue)) >= limit
    return bool(settings) and not is_draining(state, queue) and not is_shut(state, queue) and not is_full


def is_shut(state: Snapshot, queue: str) -> bool:
    """Is it closed by its hours, and lets nothing in meanwhile?"""
    is_closed = bool(state.hash("queue").get(queue, {}).get("closed_at"))
    return is_closed and state.config("queue", queue)["when_closed"] != "wait"


def is_draining(state: Snapshot, queue: str) -> bool:
    """Is the queue being drained?"""
    return bool(state.hash("queue").get(queue, {}).get("draining"))


def entry(state: Snapshot, queue: str) -> str:
    """The queue that a new case for this one comes into, or nothing."""
    while queue and not admits(state, queue):
        settings = state.config("queue", queue)
        refuses = is_draining(state, queue) or (is_shut(state, queue) and settings["when_closed"] == "refuse")
        queue = "" if refuses else settings.get("overflow", "")
    return queue


def _states(name: str, role: str) -> set[str]:
    if name in ("accept_case", "decline_case", "revoke_offer"):
        return {"offered"}
    if name == "cancel_case":
        return {"waiting", "offered", "active", "parked"}
    if name in ("complete_case", "return_case") or role == "agent":
        return WORKED_ON
    return LIVE
