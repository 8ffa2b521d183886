"""The stages of an appointment, worked out apart from the engine."""

from typing import Any

from casebaton.store.events import LogEvent
from casebaton.store.facts import IN_LINE, CaseFact
from tests.store.soundness import Hash, Snapshot

NEXT = {
    "": "scheduled", "scheduled": "dispatched", "dispatched": "travelling", "travelling": "in_progress",
    "in_progress": "completed",
}  # fmt: skip
OVER = {"completed", "cannot_complete"}
STAGES = [*NEXT.values(), "cannot_complete"]


def has_stages(state: Snapshot, channel: str) -> bool:
    """Do cases of this channel have stages?"""
    return state.config("channel", channel)["stages"] == "1"


def may_set_stage(state: Snapshot, case: Hash, subject: str, args: dict[str, Any]) -> bool:
    """An owner goes one step on, or gives up; who steers sets any other stage; nobody leaves an end."""
    is_worked_on = case["state"] in ("active", "parked", "wrapping")
    is_withdrawn = case["state"] == "wrapping" and case["ends_as"] == "cancelled"
    if not is_worked_on or is_withdrawn or not has_stages(state, case["channel"]) or case["stage"] not in NEXT:
        return False
    if args["by"] == "agent":
        return case["agent"] == subject and args["stage"] in (NEXT[case["stage"]], "cannot_complete")
    return bool(args["stage"] != case["stage"])


def stage_after(event: LogEvent, body: dict[str, Any], before: CaseFact | None, channel: str, state: Snapshot) -> str:
    """The stage that a case has after an event."""
    if event.state in IN_LINE | {"abandoned"} or not has_stages(state, channel):
        return ""
    if event.state == "cancelled" or body.get("ends_as") == "cancelled":
        return "cancelled"
    if event.state == "closed":
        return "cannot_complete" if body.get("disposition") == "cannot_complete" else "completed"
    if event.type == "stage_changed":
        return event.stage
    is_same_owner = before is not None and before.owner == event.owner
    return before.stage if is_same_owner and before else "scheduled"
