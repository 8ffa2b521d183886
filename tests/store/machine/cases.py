"""What producers, supervisors and the agents at the line do with cases."""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from casebaton.store.client import Actor
from tests.store.machine.document import (
    QUEUES,
    STEERING,
    WINDOWS,
    agents,
    batons,
    priorities,
    queues,
    some,
    submissions,
)
from tests.store.machine.steps import Steps
from tests.store.ownership import WORKED_ON
from tests.store.soundness import LIVE


class CaseRules(Steps):
    """Cases come, are answered, taken, changed and withdrawn."""

    def start_with(self, case: str, agent: str, *, is_parked: bool) -> None:
        """A case that is under way already: what happens late in a life should not be rare."""
        args = {"queue": "pool", "channel": "case", "priority": 5, "card": '{"subject":"s"}'}
        self.do("submit_case", ("producer", "crm"), case=case, digest=case, **args)
        self.do("take_case", ("agent", agent), case=case, baton=self.baton(case, "present"))
        if is_parked:
            self.do("park_case", ("agent", agent), case=case, baton=self.baton(case, "present"))

    @rule(arrival=submissions)
    def submit(self, arrival: tuple[int, str, str, int, dict[str, Any], str]) -> None:
        index, queue, channel, priority, asks, customer = arrival
        case = f"c{index:02}"
        if len(self.observer.fold.cases) > 9:
            return
        args = {"queue": queue, "channel": channel, "priority": priority, "card": '{"subject":"s"}'}
        if channel == "visit" or index == 13:
            asks = asks | {"window": WINDOWS[index % 5]} if WINDOWS[index % 5] else asks
        digest = f"{queue} {channel} {priority} {asks} {customer}"
        args |= {"asks": json.dumps(asks) if asks else "", "customer_key": customer}
        self.do("submit_case", ("producer", "crm"), case=case, digest=digest, **args)

    @precondition(Steps.has_offers)
    @rule(index=some, agent=agents, slip=some, wish=batons, accepts=st.booleans())
    def answer(self, index: int, agent: str, slip: int, wish: str, accepts: int) -> None:
        case = self.pick(index, "offered")
        actor = ("agent", self.holder(case, agent, slip))
        if accepts:
            self.do("accept_case", actor, case=case, baton=self.baton(case, wish))
        else:
            self.do("decline_case", actor, case=case, baton=self.baton(case, wish), reason="busy")

    @precondition(Steps.has_cases)
    @rule(index=some, agent=agents, wish=batons)
    def take(self, index: int, agent: str, wish: str) -> None:
        case = self.pick(index, "waiting")
        self.do("take_case", ("agent", agent), case=case, baton=self.baton(case, wish))

    @precondition(Steps.has_cases)
    @rule(agent=agents, queue=st.sampled_from(["", *QUEUES]))
    def take_next(self, agent: str, queue: str) -> None:
        self.do("take_next", ("agent", agent), queue=queue)

    @precondition(Steps.is_upset_now)
    @precondition(Steps.has_cases)
    @rule(index=some, wish=batons, agent=agents, over_capacity=st.sampled_from(["", "", "1"]))
    def assign(self, index: int, wish: str, agent: str, over_capacity: str) -> None:
        case = self.pick(index, *LIVE)
        args = {"baton": self.baton(case, wish), "agent": agent, "over_capacity": over_capacity}
        self.do("assign_case", ("supervisor", "sue"), case=case, **args)

    @precondition(Steps.is_upset_now)
    @precondition(Steps.has_cases)
    @rule(index=some, wish=batons)
    def abandon(self, index: int, wish: str) -> None:
        case = self.pick(index, "waiting", "offered")
        self.do("abandon_case", ("producer", "crm"), case=case, baton=self.baton(case, wish))

    @precondition(Steps.has_parked)
    @rule(index=some, wish=batons)
    def customer_does_something(self, index: int, wish: str) -> None:
        case = self.pick(index, "parked")
        self.do("update_case", ("producer", "crm"), case=case, baton=self.baton(case, wish), customer_activity=1)

    def has_closed(self) -> bool:
        return any(case["state"] == "closed" for case in self.observer.state.hash("case").values())

    @precondition(has_closed)
    @rule(index=some, wish=batons)
    def reopen(self, index: int, wish: str) -> None:
        closed = sorted(name for name, case in self.observer.state.hash("case").items() if case["state"] == "closed")
        case = closed[index % len(closed)]
        if len(self.observer.fold.cases) <= 9:
            args = {"case": case, "baton": self.baton(case, wish), "preferred_ms": ["", 3000][index % 2]}
            self.do("reopen_case", ("producer", "crm"), **args)

    @precondition(Steps.has_cases)
    @rule(
        index=some, who=st.sampled_from(STEERING), wish=batons, queue=queues, priority=priorities,
        skills=st.sampled_from(["", "", "-", "german=1", "loans=2"]), window=st.sampled_from(["", "-", *WINDOWS]),
        name=st.sampled_from([
            "cancel_case", "transfer_case", "update_case", "revoke_offer", "return_case", "complete_case", "add_note",
        ]),
    )  # fmt: skip
    def steer(
        self, index: int, who: Actor, wish: str, queue: str, priority: int, skills: str, window: str, name: str
    ) -> None:
        wanted = {"revoke_offer": {"offered"}, "return_case": WORKED_ON, "complete_case": WORKED_ON}
        case = self.pick(index, *wanted.get(name, LIVE))
        extras: dict[str, dict[str, Any]] = {
            "cancel_case": {"reason": "withdrawn"},
            "transfer_case": {"queue": queue},
            "update_case": {
                "priority": priority,
                "card": '{"subject":"t"}',
                "skills": skills,
                "customer_key": ["", "-", "k1", "k2"][priority % 4],
                "window": window,
            },
            "revoke_offer": {"reason": "needed"},
            "add_note": {"text": "Withdrawn?"},
            "return_case": {"reason": "needed", "place": "keep"},
            "complete_case": {"disposition": "done"},
        }
        self.do(name, who, case=case, baton=self.baton(case, wish), **extras[name])
