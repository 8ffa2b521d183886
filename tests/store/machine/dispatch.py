"""The whole machine: everybody at once, time, outages, and another configuration."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from casebaton import audit
from tests.engine import LEASE_MS
from tests.store.machine.agents import AgentRules
from tests.store.machine.cases import CaseRules
from tests.store.machine.document import AGENTS, CHOICES, DOCUMENT, MODES, ORDERS, nodes, queues, some, submissions
from tests.store.machine.owners import OwnerRules
from tests.store.machine.steps import Steps


class Dispatch(CaseRules, OwnerRules, AgentRules):
    """One workspace, three agents, three queues, a handful of cases: small, so that everything collides."""

    @initialize(limit=st.integers(1, 2), owned=st.integers(0, 6),
                arrivals=st.lists(submissions, min_size=2, max_size=6),
                choice=st.sampled_from(CHOICES), order=st.sampled_from(ORDERS), rank=st.integers(1, 2),
                when_closed=st.sampled_from(["wait", "refuse"]),
                closed_clock=st.sampled_from(["stop", "run"]))  # fmt: skip
    def begin(
        self, limit: int, owned: int, arrivals: list[Any], choice: str, order: str, rank: int, when_closed: str,
        closed_clock: str,
    ) -> None:  # fmt: skip
        self.shape = {"choice": choice, "order": order, "rank": rank, "patience": 2}
        self.shape |= {"reaches": "true", "windows": "true"}
        self.shape |= {"when_closed": when_closed, "closed_clock": closed_clock}

        async def roster() -> None:
            text = DOCUMENT.format(limit=limit, support="push", pool="pull", mixed="both", auto="false", **self.shape)
            await self.engine.apply(text)
            for agent in AGENTS:
                await self.engine.add_agent(agent, queues=["mixed", "pool", "support"], capacity=4, room=2)
                self.engine.now += 10
            await self.observer.look()

        self.runner.run(roster())
        for index in range(owned):
            self.start_with(f"c{50 + index}", AGENTS[index % 3], is_parked=index >= 3)
        for arrival in arrivals:
            self.submit(arrival)

    @precondition(Steps.has_work)
    @rule(index=st.integers(0, 40), queue=st.sampled_from(["support", "support", "mixed"]), seconds=st.integers(1, 4),
          channel=st.sampled_from(["case", "case", "visit"]))  # fmt: skip
    def wait_for_much_room(self, index: int, queue: str, seconds: int, channel: str) -> None:
        """Somebody at work has no room for a heavy case, for long enough to be kept free for it."""
        owners = sorted({fact.agent for fact in self.observer.fold.cases.values() if fact.state == "active"})
        if not owners:
            return
        agent = owners[index % len(owners)]
        room = {"capacity": 4, "interruptible_capacity": 2, "limits": "-", "tiers": "-", "queues": "mixed,pool,support"}
        self.do("connect", ("agent", agent), connection=f"{agent}-1", node="node-a", lease_ms=LEASE_MS, limit=10)
        self.do("set_status", ("agent", agent), status="online", channels="*", next="")
        self.do("set_agent", ("supervisor", "sue"), agent=agent, create=1, **room)
        self.submit((index, queue, channel, 5, {"cost": 2}, ""))
        self.pass_time(1000, seconds)

    @rule(node=nodes)
    def take_a_lease(self, node: str) -> None:
        async def take() -> None:
            await self.engine.take_lease(node)
            await self.observer.look()

        self.silent.discard(node)
        self.runner.run(take())

    @precondition(Steps.is_upset_now)
    @rule(queue=queues, name=st.sampled_from(["pause_queue", "drain_queue", *["resume_queue"] * 4]))
    def stop_or_resume(self, queue: str, name: str) -> None:
        self.do(name, ("supervisor", "sue"), queue=queue)

    @rule(index=some)
    def say_it_again(self, index: int) -> None:
        """The same command id again: the first answer, and no effect."""
        if not self.accepted:
            return
        name, actor, command_id, args, answer = self.accepted[-1 - index % len(self.accepted)]

        async def again() -> None:
            before = await self.observer.everything()
            assert await self.engine.run(name, actor, command_id=command_id, **args) == answer
            assert await self.observer.everything() == before, f"{name} had a second effect"

        self.runner.run(again())

    @precondition(Steps.is_upset_now)
    @rule(
        modes=st.tuples(*[st.sampled_from(MODES)] * 3),
        limit=st.integers(1, 2),
        auto=st.sampled_from(["true", "false"]),
        order=st.sampled_from(ORDERS),
        patience=st.sampled_from([0, 1, 2, 2, 2]),
        reaches=st.sampled_from(["true", "true", "false"]),
        windows=st.sampled_from(["true", "true", "false"]),
    )
    def apply_configuration(
        self, modes: tuple[str, str, str], limit: int, auto: str, order: str, patience: int, reaches: str,
        windows: str,
    ) -> None:  # fmt: skip
        self.shape |= {"order": order, "patience": patience, "reaches": reaches, "windows": windows}
        names = {"support": modes[0], "pool": modes[1], "mixed": modes[2], "auto": auto}
        text = DOCUMENT.format(limit=limit, **names, **self.shape)

        async def apply() -> None:
            await self.engine.apply(text)
            await self.observer.look()

        self.runner.run(apply())

    @precondition(Steps.is_upset_now)
    @rule()
    def look_into_the_books(self) -> None:
        assert self.runner.run(audit.check(self.store, "machine")).violations == []

    @precondition(Steps.is_upset_now)
    @rule(node=nodes)
    def fall_silent(self, node: str) -> None:
        self.silent.add(node)

    @rule(ms=st.integers(1, 1000), times=st.integers(1, 6))
    def pass_time(self, ms: int, times: int) -> None:
        for _ in range(times):
            self.engine.now += ms
            self.runner.run(self._tick())

    @precondition(Steps.is_upset_now)
    @rule(seconds=st.integers(3, 60))
    def outage(self, seconds: int) -> None:
        """Nobody ticks for long: nobody is reaped, no offer is missed."""
        had_ticked = self.observer.state.meta["tick"] != ""
        self.engine.now += seconds * 1000
        types = {event.type for event in self.runner.run(self._tick(limit=1))}
        if had_ticked:
            assert not types & {"offer_expired", "agent_presence_changed"}


def explore(
    url: str, *, examples: int, steps: int, is_random: bool, is_hasty: bool = False, of: type[Dispatch] = Dispatch
) -> None:
    """Run the machine. A failure prints its steps and a blob that repeats them."""
    machine = type(of.__name__, (of,), {"url": url, "is_hasty": is_hasty})
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not is_random,
        database=None,
        print_blob=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)
