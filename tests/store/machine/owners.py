"""What owners do with the cases that they have."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from casebaton.store.client import Actor
from tests.store.machine.document import SUPERVISORS, agents, batons, priorities, queues, some
from tests.store.machine.steps import Steps
from tests.store.ownership import WORKED_ON
from tests.store.stages import NEXT, STAGES


class OwnerRules(Steps):
    """Cases are worked on, parked, passed on and finished."""

    @precondition(Steps.has_work)
    @rule(
        index=some, agent=agents, slip=some, wish=batons, queue=queues,
        verb=st.sampled_from(["complete", "return", "transfer", "update", "note"]),
        place=st.sampled_from(["keep", "front", "back"]), priority=priorities,
    )  # fmt: skip
    def work(
        self, index: int, agent: str, slip: int, wish: str, verb: str, queue: str, place: str, priority: int
    ) -> None:
        case = self.pick(index, *WORKED_ON)
        extras: dict[str, dict[str, Any]] = {
            "complete": {"disposition": "done"},
            "return": {"reason": "not_mine", "place": place},
            "transfer": {"queue": queue},
            "update": {"priority": priority},
            "note": {"text": "Called back."},
        }
        actor = ("agent", self.holder(case, agent, slip))
        self.do(
            "add_note" if verb == "note" else f"{verb}_case",
            actor,
            case=case,
            baton=self.baton(case, wish),
            **extras[verb],
        )

    @precondition(Steps.has_work)
    @rule(index=some, agent=agents, slip=some, wish=batons, name=st.sampled_from(["wrap_case", "extend_wrap_up"]))
    def wrap_up(self, index: int, agent: str, slip: int, wish: str, name: str) -> None:
        case = self.pick(index, "active" if name == "wrap_case" else "wrapping")
        extras = {"disposition": "done"} if name == "wrap_case" and slip % 2 else {}
        self.do(name, ("agent", self.holder(case, agent, slip)), case=case, baton=self.baton(case, wish), **extras)

    @precondition(Steps.has_work)
    @rule(index=some, agent=agents, slip=some, wish=batons, wakes_in=st.sampled_from([None, None, 0, 1500, 9000]))
    def park(self, index: int, agent: str, slip: int, wish: str, wakes_in: int | None) -> None:
        case = self.pick(index, "active")
        wake = {} if wakes_in is None else {"wake_at_ms": self.engine.now + wakes_in}
        self.do("park_case", ("agent", self.holder(case, agent, slip)), case=case, baton=self.baton(case, wish), **wake)

    @precondition(Steps.has_work)
    @rule(index=some, agent=agents, slip=some, wish=batons, steers=st.booleans())
    def resume(self, index: int, agent: str, slip: int, wish: str, *, steers: bool) -> None:
        case = self.pick(index, "parked")
        actor = ("supervisor", "sue") if steers else ("agent", self.holder(case, agent, slip))
        self.do("resume_case", actor, case=case, baton=self.baton(case, wish))

    def has_stages(self) -> bool:
        return any(fact.stage for fact in self.observer.fold.cases.values())

    @precondition(has_stages)
    @rule(
        index=some, agent=agents, slip=some, wish=batons, stage=st.sampled_from(["next", "next", "next", *STAGES]),
        who=st.sampled_from([None, None, *SUPERVISORS]),
    )  # fmt: skip
    def go_on(self, index: int, agent: str, slip: int, wish: str, stage: str, who: Actor | None) -> None:
        facts = self.observer.fold.cases
        planned = sorted(name for name, fact in facts.items() if fact.stage)
        case = planned[index % len(planned)]
        wanted = NEXT.get(facts[case].stage, "scheduled") if stage == "next" else stage
        actor = who or ("agent", self.holder(case, agent, slip))
        self.do("set_stage", actor, case=case, baton=self.baton(case, wish), stage=wanted)

    @precondition(Steps.has_work)
    @rule(index=some, agent=agents, slip=some, wish=batons, colleague=agents)
    def transfer_to(self, index: int, agent: str, slip: int, wish: str, colleague: str) -> None:
        case = self.pick(index, "active")
        actor = ("agent", self.holder(case, agent, slip))
        self.do("transfer_case", actor, case=case, baton=self.baton(case, wish), agent=colleague)

    def has_transfers(self) -> bool:
        return any(fact.target for fact in self.observer.fold.cases.values())

    @precondition(has_transfers)
    @rule(index=some, agent=agents, slip=some, accepts=st.booleans())
    def answer_transfer(self, index: int, agent: str, slip: int, *, accepts: bool) -> None:
        rung = sorted(name for name, fact in self.observer.fold.cases.items() if fact.target)
        case = rung[index % len(rung)]
        fact = self.observer.fold.cases[case]
        actor = ("agent", fact.target if slip else agent)
        args = {"case": case, "baton": fact.baton if slip == 1 else fact.target_baton}
        if accepts:
            self.do("accept_case", actor, **args)
        else:
            self.do("decline_case", actor, **args, reason="busy")

    @precondition(Steps.has_parked)
    @rule(index=some, other=some)
    def wake_without_room(self, index: int, other: int) -> None:
        """An owner who parked it has filled up again when the customer wakes it."""
        facts = self.observer.fold.cases
        parked = sorted(name for name, fact in facts.items() if fact.state == "parked")
        case = parked[index % len(parked)]
        owner = facts[case].agent
        others = sorted(name for name, fact in facts.items() if fact.agent != owner or fact.state == "offered")
        if others:
            args = {"case": others[other % len(others)], "agent": owner, "over_capacity": "1"}
            self.do("assign_case", ("supervisor", "sue"), baton="any", **args)
        self.do("update_case", ("producer", "crm"), case=case, baton="any", customer_activity=1)
