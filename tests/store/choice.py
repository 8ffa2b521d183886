"""Whether an offer was the right one: the best case for this agent, and the agent's turn for this case."""

from typing import Any

from casebaton.store.events import LogEvent
from casebaton.store.facts import CaseFact
from casebaton.store.fold import Fold
from tests.store.soundness import (
    Hash,
    Snapshot,
    can_take_on,
    has_skills,
    is_meant,
    is_stopped,
    may_be_offered,
    missing_units,
    tier_of,
    within_limit,
    work_of,
)
from tests.store.windows import overlap

CASE_FIELDS = (
    "state", "queue", "baton", "revision", "score", "channel", "pool", "cost", "priority", "agent", "tier",
    "parked_cost", "target",
    "stage",
    "reserved_agent",
)  # fmt: skip
AGENT_FIELDS = (
    "status", "presence", "channels", "queues", "capacity", "interruptible_capacity", "held_primary",
    "held_interruptible", "offers",
    "label", "auto_accept", "next_status",
    "waking",
    "limits", "channel_cases",
    "reserved_case",
)  # fmt: skip


def text_of(skills: dict[str, int]) -> str:
    """Required skills as the engine keeps them."""
    return "&".join(f"{name}={skills[name]}" for name in sorted(skills)) or "-"


def as_stored(value: Any) -> str:
    """A folded value as the store writes it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict):
        return ",".join(f"{name}={value[name]}" for name in sorted(value))
    return ",".join(value) if isinstance(value, tuple) else str(value)


def folded_agent(state: Snapshot, fold: Fold, name: str) -> Hash:
    """An agent as the log has it, in the store's words; what only the store works out is the store's."""
    row = {field: as_stored(getattr(fold.agents[name], field)) for field in AGENT_FIELDS}
    return row | {field: state.hash("agent")[name][field] for field in ("levels", "tiers", "joined")}


class Choice:
    """What one command's offers are held against: the states around it, and the log up to the offer."""

    def __init__(self, before: Snapshot, after: Snapshot, fold: Fold) -> None:
        self.before = before
        self.after = after
        self.fold = fold

    def check_choice(self, event: LogEvent) -> None:
        """The case was the best for this agent, and the agent the first for this case, at the moment of the offer.

        Agents whom this very command set free are asked after those who were ready before: their turn is not compared.
        """
        agent, case = event.agent, event.case
        assert agent not in self.after.zset("cooling", case), f"{case} was offered to {agent} too soon"
        assert self._may_be_offered(agent, case), f"{case} was offered to {agent}, who is not eligible"
        assert self._has_time(agent, case), f"{case} was offered to {agent}, who has something else then"
        for rival, fact in self.fold.cases.items():
            if fact.state == "waiting" and self._is_eligible(agent, rival):
                assert self._place(rival) >= self._place(case), f"{agent} was offered {case}, but {rival} comes first"
        if self._named(case):
            return
        turn = self._turn(agent, case)
        for other in self.fold.agents:
            was_ready = other != agent and ("agent", other) not in self.fold.changed
            if was_ready and self._is_eligible(other, case) and not self._has_better(other, case):
                assert self._turn(other, case) >= turn, f"{case} was offered to {agent}, but it is the turn of {other}"

    def check_reservation(self, event: LogEvent) -> None:
        """Of all who might have a case but for room the one who lacks the fewest units is kept free; none has room."""
        if event.type != "agent_reserved":
            return
        lacking = {
            name: units
            for name in self.fold.agents
            if self._named(event.case) in ("", name) and (units := self._units_lacking(name, event.case)) is not None
        }
        assert lacking[event.agent] == min(lacking.values()), f"{event.agent} is not the nearest: {lacking}"
        assert lacking[event.agent] > 0, f"{event.case} fits and waits"

    def _units_lacking(self, agent: str, case: str) -> int | None:
        """How many units an agent lacks who might have the case but for room; nothing when it might not."""
        fact, row = self.fold.cases[case], folded_agent(self.after, self.fold, agent)
        skills = [state.hash("agent").get(agent, {}).get("levels") for state in (self.before, self.after)]
        asked = {"pool": fact.pool, "cost": str(fact.cost), "queue": fact.queue, "skills": text_of(fact.skills)}
        asked |= {name: self.after.hash("case")[case][name] for name in ("required_agent", "preferred_agent")}
        asked |= {"channel": fact.channel, "tier": fact.tier}
        roomy = row | {
            "held_primary": "0",
            "held_interruptible": "0",
            "offers": "0",
            "waking": "0",
            "channel_cases": "",
        }
        could = can_take_on(self.after, roomy, work_of(asked)) and is_meant(row, agent, asked)
        is_barred = agent in self.after.zset("cooling", case) or not self._has_time(agent, case)
        if skills[0] != skills[1] or not could or is_barred:
            return None
        units = missing_units(row, asked)
        return None if not units and not within_limit(row, fact.channel) else units

    def check_asking(self, event: LogEvent) -> None:
        """An agent is asked, unless channel, queue or agent says that the case is theirs at once."""
        channel = self.after.config("channel", self.fold.cases[event.case].channel)
        settings = (channel, self.after.config("queue", event.queue))
        is_accepted = self.fold.agents[event.agent].auto_accept or any(row["auto_accept"] == "1" for row in settings)
        assert event.type == ("case_assigned" if is_accepted else "case_offered")

    def _has_better(self, agent: str, case: str) -> bool:
        """Does a better case wait for the agent by now, since its cool-down has just ended? The agent gets that one."""
        return any(
            fact.state == "waiting"
            and self._place(rival) < self._place(case)
            and agent not in self.after.zset("cooling", rival)
            and self._has_time(agent, rival)
            and self._may_be_offered(agent, rival)
            for rival, fact in self.fold.cases.items()
        )

    def _place(self, case: str) -> tuple[int, int, str]:
        """Where a case stands among all that an agent might get."""
        fact = self.fold.cases[case]
        return int(self.after.config("queue", fact.queue)["rank"]), fact.score, case

    def _turn(self, agent: str, case: str) -> tuple[int, int, int, str]:
        """Where an agent stands among all that might get a case, at the moment before the offer."""
        row, fact = self.after.hash("agent")[agent], self.fold.cases[case]
        choice = self.after.config("queue", fact.queue)["choice"]
        return tier_of(row, fact.queue), self._load(agent, choice, fact), int(row["idle_at"]), agent

    def _load(self, agent: str, choice: str, case: CaseFact) -> int:
        """What the queue's choice compares, without this very case."""
        held, is_offered = self.fold.agents[agent], case.agent == agent
        own = case.cost if is_offered else 0
        primary = held.held_primary - (own if case.pool == "primary" else 0)
        interruptible = held.held_interruptible - (own if case.pool == "interruptible" else 0)
        limit = held.capacity if case.pool == "primary" else held.interruptible_capacity
        free = held.capacity - primary
        if case.pool == "interruptible":
            free = min(free, limit) - interruptible
        if choice == "least_active":
            return sum(agent in (fact.agent, fact.target) for fact in self.fold.cases.values()) - is_offered
        if choice == "least_loaded":
            return max(0, min(1000, (limit - free) * 1000 // limit)) if limit else 1000
        if choice == "most_available":
            return 1000 - max(0, min(1000, free))
        return 0

    def _named(self, case: str) -> str:
        """For whom alone the case is, as the engine has it."""
        row = self.after.hash("case").get(case, {})
        return row.get("required_agent") or row.get("preferred_agent") or ""

    def _may_be_offered(self, agent: str, case: str) -> bool:
        fact, row = self.fold.cases[case], folded_agent(self.after, self.fold, agent)
        if self.after.config("queue", fact.queue).get("mode", "pull") == "pull" or is_stopped(self.after, fact.queue):
            return False
        if named := self._named(case):
            is_able = has_skills(row, text_of(fact.skills)) and can_take_on(self.after, row, self._work_of(case), case)
            return agent == named and is_able
        return may_be_offered(self.after, row, self._work_of(case), case)

    def _work_of(self, case: str) -> str:
        fact = self.fold.cases[case]
        row = {field: str(getattr(fact, field)) for field in CASE_FIELDS}
        return work_of(row | {"skills": text_of(fact.skills)})

    def _is_eligible(self, agent: str, case: str) -> bool:
        """Could this offer have been made just then? No when a bulk change was still being worked off."""
        of_class = self._work_of(case)
        states = {self.before.class_states().get(of_class, "open"), self.after.class_states().get(of_class, "open")}
        attend = f"attend:{self.fold.cases[case].queue}:"  # what waits for one agent alone is offered afresh, in slices
        if self._named(case) and any(timer.startswith(attend) for timer in self.before.zset("timers")):
            return False
        is_cooling = any(agent in state.zset("cooling", case) for state in (self.before, self.after))
        is_free = not is_cooling and self._has_time(agent, case)
        return states <= {"open", "idle"} and is_free and self._may_be_offered(agent, case)

    def _has_time(self, agent: str, case: str) -> bool:
        """Has the agent nothing else in the case's window, at the moment before the offer?"""

        def window(fact: CaseFact) -> str:
            return f"{fact.window.from_ms}-{fact.window.until_ms}" if fact.window else ""

        planned = self.fold.cases[case]
        if self.after.config("channel", planned.channel)["windows"] != "1":
            return True
        others = (fact for name, fact in self.fold.cases.items() if name != case)
        return not any(overlap(window(planned), window(fact)) for fact in others if agent in (fact.agent, fact.target))
