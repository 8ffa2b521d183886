"""What agents do and for how long, worked out apart from the engine: from the log alone."""

from collections import Counter
from typing import Any

from casebaton.store.events import KEEPS_BATON, TRANSITIONS, LogEvent
from casebaton.store.facts import ENDED, IN_HAND
from tests.store.soundness import Snapshot

QUARTER_MS = 900_000
COUNTS = ("handled", "handed_on", "offered", "accepted", "declined", "missed")
TRANSFER_ENDS = {"declined": "declined", "expired": "missed"}


class Days:
    """The figures of each agent by the quarter hour's end, and how long its owner has worked on each case."""

    def __init__(self) -> None:
        self._figures: dict[tuple[str, int], Counter[str]] = {}
        self._worked: dict[str, int] = {}
        self._state_at: dict[str, int] = {}

    def apply(self, event: LogEvent, body: dict[str, Any]) -> None:
        """The event tells how long who had the case has worked on it, and counts for whom it concerns."""
        if event.type == "agent_removed":
            self._figures = {key: figures for key, figures in self._figures.items() if key[0] != event.agent}
        if event.type not in TRANSITIONS:
            return
        if event.type == "case_reopened":
            self._worked.pop(event.case, None)
        moves = event.type not in KEEPS_BATON
        stretch = event.at_ms - self._state_at.get(event.case, event.at_ms) if moves else 0
        if moves and event.state_before in ("active", "wrapping"):
            self._worked[event.case] = self._worked.get(event.case, 0) + stretch
        worked = self._worked.get(event.case)
        assert body.get("worked_ms") == worked, f"{event.type} of {event.case}: worked on for {worked}, says the log"
        is_over = event.agent != event.agent_before
        if event.state_before in IN_HAND and is_over:
            wrapped = stretch if event.state_before == "wrapping" else 0
            figures = self._of(event.agent_before, event.at_ms)
            figures["handled" if event.state in ENDED else "handed_on"] += 1
            figures.update({"worked_ms": worked or 0, "wrap_up_ms": wrapped})
        self._count_offer(event, body)
        if moves:
            self._state_at[event.case] = event.at_ms
        if is_over and event.state not in ENDED:
            self._worked.pop(event.case, None)

    def _of(self, agent: str, at_ms: int) -> Counter[str]:
        until_ms = at_ms - at_ms % QUARTER_MS + QUARTER_MS
        return self._figures.setdefault((agent, until_ms), Counter())

    def _count_offer(self, event: LogEvent, body: dict[str, Any]) -> None:
        found = {
            "case_offered": (event.agent, "offered"),
            "case_accepted": (event.agent, "accepted"),
            "case_declined": (event.agent_before, "declined"),
            "offer_expired": (event.agent_before, "missed"),
            "transfer_offered": (event.target, "offered"),
            "transfer_failed": (event.target_before, TRANSFER_ENDS.get(body.get("reason", ""), "")),
            "case_transferred": (event.agent, "accepted" if event.target_before == event.agent else ""),
        }.get(event.type)
        if found and found[0] and found[1]:
            self._of(found[0], event.at_ms)[found[1]] += 1

    def look(self, state: Snapshot) -> None:
        """What each agent's record says of the quarter hour in which it last did something."""
        latest = {name: max(until for agent, until in self._figures if agent == name) for name, _ in self._figures}
        said = {name: row["day"].rpartition(" ")[0] for name, row in state.hash("agent").items() if row["day"]}
        expected = {}
        for name, until_ms in latest.items():
            figures = self._figures[name, until_ms]
            counts = " ".join(str(figures[count]) for count in COUNTS)
            expected[name] = f"{until_ms} {figures['worked_ms']} {figures['wrap_up_ms']} {counts}"
        assert said == expected
