"""What agents do about themselves, and supervisors about agents."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from casebaton.store.client import Actor
from tests.engine import LEASE_MS
from tests.store.machine.document import SKILLS, SUPERVISORS, agents, nodes, some
from tests.store.machine.steps import Steps
from tests.store.ownership import WORKED_ON


class AgentRules(Steps):
    """Agents come and go, change, and are changed."""

    @rule(agent=agents, status=st.sampled_from([*["online"] * 5, "busy", "offline", "lunch", "chats", "brunch"]),
          channels=st.sampled_from([*["*"] * 4, "case", "chat", "fax"]),
          later=st.sampled_from(["", "", "1"]))  # fmt: skip
    def choose_status(self, agent: str, status: str, channels: str, later: str) -> None:
        self.do("set_status", ("agent", agent), status=status, channels=channels, next=later)

    @precondition(Steps.is_upset_now)
    @rule(agent=agents, capacity=st.sampled_from([0, 2, 4, 4, 6]), room=st.sampled_from([0, 1, 2, 2, 5]),
          wanted=st.sampled_from(["", "-", "mixed,pool", *["mixed,pool,support"] * 3]), skills=st.sampled_from(SKILLS),
          tiers=st.sampled_from(["", "-", "support=1", "mixed=2,support=2"]), auto=st.sampled_from(["", "0", "1"]),
          status=st.sampled_from(["", "", "online", "lunch", "brunch"]), who=st.sampled_from(SUPERVISORS),
          team=st.sampled_from(["", "north", "south"]),
          limits=st.sampled_from(["", "", "-", "case=1", "call=1,chat=1", "chat=0", "fax=1"]),
          factor=st.sampled_from(["", "", "1", "2"]))  # fmt: skip
    def change_agent(
        self, agent: str, capacity: int, room: int, wanted: str, skills: str, tiers: str, auto: str, status: str,
        who: Actor, team: str, limits: str, factor: str,
    ) -> None:  # fmt: skip
        args = {"agent": agent, "create": 1, "capacity": capacity, "interruptible_capacity": room, "queues": wanted}
        args |= {"skills": skills, "tiers": tiers, "auto_accept": auto, "status": status, "team": team}
        args |= {"limits": limits, "ring_factor": factor}
        self.do("set_agent", who, **args)

    @precondition(Steps.is_upset_now)
    @rule(agent=agents, takes_all=st.booleans(), who=st.sampled_from(SUPERVISORS))
    def take_out_of_service(self, agent: str, takes_all: bool, who: Actor) -> None:
        if takes_all:
            self.do("requeue_agent", who, agent=agent, reason="ill")
        else:
            self.do("drain_agent", who, agent=agent)

    @rule(agent=agents, index=some, name=st.sampled_from(["raise_flag", "raise_flag", "lower_flag", "answer_flag"]),
          who=st.sampled_from(SUPERVISORS))  # fmt: skip
    def raise_a_hand(self, agent: str, index: int, name: str, who: Actor) -> None:
        if name == "raise_flag":
            case = self.pick(index, *WORKED_ON) if index % 2 and self.has_cases() else ""
            self.do(name, ("agent", self.holder(case, agent, index)), case=case, text="help")
        elif name == "lower_flag":
            self.do(name, ("agent", agent))
        else:
            self.do(name, who, agent=agent, text="coming")

    @precondition(Steps.is_upset_now)
    @rule(agent=agents)
    def remove_agent(self, agent: str) -> None:
        """Refused mostly; who has left comes back by `change_agent`, as somebody new."""
        self.do("remove_agent", ("admin", "ann"), agent=agent)

    @precondition(Steps.is_upset_now)
    @rule(agent=agents, node=nodes, connection=st.integers(1, 2), leaves=st.sampled_from([True, False, False]))
    def come_or_go(self, agent: str, node: str, connection: int, leaves: bool) -> None:
        args = {"connection": f"{agent}-{connection}", "node": node}
        if leaves:
            self.do("disconnect", ("agent", agent), **args)
        else:
            self.do("connect", ("agent", agent), **args, lease_ms=LEASE_MS, limit=10)
