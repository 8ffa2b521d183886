"""Where waiting time goes, worked out apart from the engine: one cause for each moment, by the state that held."""

from collections import Counter
from typing import Any

from casebaton.store.events import TRANSITIONS, LogEvent
from casebaton.store.facts import IN_LINE
from tests.store.soundness import Snapshot, attends, class_of, is_stopped


def cause_of(state: Snapshot, name: str) -> str:
    """Why the case is not owned in this state."""
    case = state.hash("case")[name]
    if is_stopped(state, case["queue"]):
        return "stopped"
    if case["state"] == "offered":
        return "offered"
    if case["required_agent"] or case["preferred_agent"]:
        return "named"
    kind = state.class_states()[class_of(case)]
    if kind in ("off", "building"):
        return {"off": "untaken", "building": "engine"}[kind]
    if state.zset("ready", class_of(case)):
        return "cooling" if kind == "open" else "engine"
    is_anybody_there = any(attends(state, agent, class_of(case)) for agent in state.hash("agent").values())
    return "busy" if is_anybody_there else "no_agent"


class Waits:
    """The waiting time of every case in line, cause by cause; nothing changes between two looks."""

    def __init__(self) -> None:
        self._at_ms = 0
        self._causes: dict[str, str] = {}
        self.waited: dict[str, Counter[str]] = {}

    def pass_time(self, now: int) -> None:
        """Everything was as it was last seen until this instant."""
        for name, cause in self._causes.items():
            self.waited.setdefault(name, Counter())[cause] += now - self._at_ms
        self._at_ms = now

    def apply(self, event: LogEvent, body: dict[str, Any]) -> None:
        """A stay in a queue ends by this event, or does not: then it tells no time."""
        if event.type not in TRANSITIONS:
            return
        goes_elsewhere = event.queue_before not in ("", event.queue)
        ends = event.state_before in IN_LINE and (event.state not in IN_LINE or goes_elsewhere)
        expected = {cause: ms for cause, ms in self.waited.pop(event.case, Counter()).items() if ms} if ends else None
        assert body.get("waited") == expected, f"{event.case} waited {expected}, says the state"

    def look(self, state: Snapshot) -> None:
        """What holds from now on."""
        waiting = [name for name, case in state.hash("case").items() if case["state"] in IN_LINE]
        self._causes = {name: cause_of(state, name) for name in waiting}
