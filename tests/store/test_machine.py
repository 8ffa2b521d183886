"""Random commands from everybody at once, all invariants checked after each.

A failure prints its steps, and a blob that repeats them.
"""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from casebaton import audit
from casebaton.errors import Refused
from casebaton.store import library
from casebaton.store.client import Actor, StoreClient
from tests.engine import LEASE_MS, Engine
from tests.store.oracle import Observer, first_events, is_allowed
from tests.store.ownership import WORKED_ON, next_case
from tests.store.soundness import LIVE
from tests.store.stages import NEXT, STAGES

AGENTS = ["ana", "bo", "cy"]
QUEUES = ["support", "pool", "mixed"]
MODES = ["push", "pull", "both"]
SCOPED = ("supervisor", "sam", '{"queues":["support"],"teams":["north"]}')
SUPERVISORS: list[Actor] = [("supervisor", "sue"), ("supervisor", "sue"), SCOPED]
STEERING: list[Actor] = [("supervisor", "sue"), ("producer", "crm"), SCOPED]
DOCUMENT = """
skills = ["german", "loans"]
[channels.case]
cooldown_s = 4
on_offline = "return"
on_lost = "return"
on_lost_after_s = 2
reserve_after_s = {patience}
[channels.chat]
pool = "primary"
cost = 2
ring_s = 6
miss_limit = 1
cooldown_s = 3
wrap_up_s = 5
parked_cost = 1
wake_limit_s = 8
on_decline_status = "lunch"
idle_alert_s = 4
reserve_after_s = 3
[channels.call]
pool = "primary"
auto_accept = true
on_offline = "return"
on_lost = "return"
on_lost_after_s = 0
[channels.visit]
reachable_offline = {reaches}
stages = true
windows = {windows}
cooldown_s = 5
reserve_after_s = 2
on_offline = "return"
[workspace]
offer_limit = {limit}
grace_s = 2
gone_s = 4
reopen_s = 20
[plans.relax]
steps = [
  {{after_s = 2, drop_skills = true}}, {{after_s = 4, open_tier = 1}}, {{after_s = 6, raise_priority = 2}},
  {{after_s = 8, alert = "long"}}, {{after_s = 9, overflow = "mixed"}},
]
restart_on = ["decline", "return"]
[statuses.lunch]
kind = "busy"
[statuses.chats]
kind = "online"
channels = ["chat"]
[targets.quick]
first_owner_s = 4
completion_s = 12
[[effects]]
on = ["case_accepted", "case_taken", "case_assigned", "case_declined", "offer_expired"]
note = "{{agent}} {{agent_before}} {{reason}}"
[[effects]]
on = ["case_returned", "case_transferred", "case_wrapping", "case_assigned"]
notify_previous_owner = true
[[effects]]
on = ["offer_revoked", "case_transferred", "case_closed", "case_cancelled", "case_parked", "case_reopened"]
queue = "mixed"
event = "changed"
[[effects]]
on = ["case_accepted"]
channel = "chat"
task = "Read {{case}}."
[queues.support]
target = "quick"
mode = "{support}"
exclusion_s = 5
plan = "relax"
choice = "{choice}"
affinity_s = 20
affinity_wait_s = 3
[queues.pool]
mode = "{pool}"
exclusion_s = 0
length_limit = 2
overflow = "mixed"
member_skills = {{german = 2}}
[queues.mixed]
mode = "{mixed}"
choice = "{choice}"
rank = {rank}
order = "{order}"
credit_s = 2
auto_accept = {auto}
length_limit = 6
hours = "short"
when_closed = "{when_closed}"
closed_clock = "{closed_clock}"
[hours.short]
zone = "Etc/UTC"
week = {{fri = [
  "08:00-08:01", "08:02-08:03", "08:04-08:05", "08:06-08:07", "08:08-08:09", "08:10-08:11", "08:12-08:13",
  "08:14-24:00",
]}}
"""
CHOICES = ["longest_idle", "least_active", "least_loaded", "most_available"]
ORDERS = ["priority", "credit", "due"]
# What a case may ask for beyond the plain, with the plain most often.
ASKS: list[dict[str, Any]] = [
    {}, {}, {}, {"skills": "german=1"}, {"skills": "german=2&loans=1"}, {"additional_skills": "german=3#1,loans=1#2"},
    {"preferred_agent": "ana", "preferred_ms": 3000}, {"required_agent": "bo"}, {"cost": 2},
    {"due_at": 1_800_000_030_000},
]  # fmt: skip
WINDOWS = ["1000-3000", "2000-4000", "3000-5000", "1000-5000", ""]
SKILLS = ["", "-", "german=1", "german=2,loans=1", "german=3~0~1800000020000,loans=1"]

agents = st.sampled_from(AGENTS)
queues = st.sampled_from(QUEUES)
nodes = st.sampled_from(["node-a", "node-b"])
some = st.integers(0, 9)
batons = st.sampled_from(["present"] * 6 + ["old", "any"])
priorities = st.sampled_from([0, 5, 5, 9])
submissions = st.tuples(
    st.integers(0, 40), queues, st.sampled_from(["case", "case", "case", "chat", "chat", "call", "visit", "visit"]),
    priorities,
    st.sampled_from(ASKS), st.sampled_from(["", "k1"]),
)  # fmt: skip


class Dispatch(RuleBasedStateMachine):
    """One workspace, three agents, three queues, a handful of cases: small, so that everything collides."""

    url = ""
    is_hasty = False  # are kinds of work given up as soon as they are empty for a moment?

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store = self.runner.run(self._open())
        self.engine = Engine(self.store, "machine")
        self.observer = Observer(self.engine)
        self.accepted: list[tuple[str, Actor, str, dict[str, Any], Any]] = []
        self.old_batons: dict[str, str] = {}
        self.silent: set[str] = set()
        self.shape: dict[str, Any] = {}
        self.commands = 0

    async def _open(self) -> StoreClient:
        store = StoreClient(self.url, retry_for_s=0)
        await store.redis.flushall()
        await store.load()
        if self.is_hasty:
            await store.redis.function_load(hasty(library.build().code), replace=True)
        return store

    async def _close(self) -> None:
        if self.is_hasty:
            await self.store.redis.function_load(library.build().code, replace=True)
        await self.store.close()

    def teardown(self) -> None:
        self.runner.run(self._close())
        self.runner.close()

    # What every command goes through

    def do(self, name: str, actor: Actor, **args: Any) -> None:
        self.runner.run(self._do(name, actor, args))

    async def _do(self, name: str, actor: Actor, args: dict[str, Any]) -> None:
        self.commands += 1
        command_id = f"m-{self.commands}"
        state = self.observer.state
        case = state.hash("case").get(args.get("case", ""))
        allowed = is_allowed(state, name, actor, args, self.engine.now)
        before = None if allowed else await self.observer.everything()
        answer: Any
        try:
            answer = await self.engine.run(name, actor, command_id=command_id, **args)
        except Refused as error:
            answer = error
        assert allowed != isinstance(answer, Refused), f"{name} by {actor}: {answer}"
        if not allowed:
            assert await self.observer.everything() == before, f"refused as {answer.code}, and yet something changed"
            return
        if name == "submit_case":
            self.observer.submitted.add(args["case"])
        events = await self.observer.look()
        if not (name == "submit_case" and case is not None):
            named = next_case(state, actor[1], args["queue"]) if name == "take_next" else args.get("case")
            expected = [(kind, named) for kind in first_events(name, args, case)]
            assert [(event.type, event.case) for event in events[: len(expected)]] == expected
        if case is not None:
            self.old_batons[args["case"]] = case["baton"]
        self.accepted.append((name, actor, command_id, args, answer))

    def has_cases(self) -> bool:
        return bool(self.observer.submitted)

    def has_offers(self) -> bool:
        return any(fact.state == "offered" for fact in self.observer.fold.cases.values())

    def is_upset_now(self) -> bool:
        """A third of the time: what disturbs everybody should not leave nobody at work."""
        return self.commands % 3 == 0

    def has_work(self) -> bool:
        return any(fact.state in WORKED_ON for fact in self.observer.fold.cases.values())

    def pick(self, index: int, *states: str) -> str:
        """A case in one of these states, if any is and mostly; else any that was ever submitted."""
        wanted = sorted(name for name, fact in self.observer.fold.cases.items() if fact.state in states)
        known = wanted if wanted and index < 8 else sorted(self.observer.submitted)
        return known[index % len(known)]

    def baton(self, case: str, wish: str) -> str:
        row = self.observer.state.hash("case").get(case, {})
        return {"present": row.get("baton", "none"), "old": self.old_batons.get(case, "none"), "any": "any"}[wish]

    def holder(self, case: str, otherwise: str, index: int) -> str:
        """Whoever holds the case, most of the time."""
        holder = self.observer.state.hash("case").get(case, {}).get("agent", "")
        return holder if holder and index != 0 else otherwise

    # Rules

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

    @precondition(has_offers)
    @rule(index=some, agent=agents, slip=some, wish=batons, accepts=st.booleans())
    def answer(self, index: int, agent: str, slip: int, wish: str, accepts: int) -> None:
        case = self.pick(index, "offered")
        actor = ("agent", self.holder(case, agent, slip))
        if accepts:
            self.do("accept_case", actor, case=case, baton=self.baton(case, wish))
        else:
            self.do("decline_case", actor, case=case, baton=self.baton(case, wish), reason="busy")

    @precondition(has_work)
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

    @precondition(has_cases)
    @rule(index=some, agent=agents, wish=batons)
    def take(self, index: int, agent: str, wish: str) -> None:
        case = self.pick(index, "waiting")
        self.do("take_case", ("agent", agent), case=case, baton=self.baton(case, wish))

    @precondition(has_cases)
    @rule(agent=agents, queue=st.sampled_from(["", *QUEUES]))
    def take_next(self, agent: str, queue: str) -> None:
        self.do("take_next", ("agent", agent), queue=queue)

    @precondition(is_upset_now)
    @precondition(has_cases)
    @rule(index=some, wish=batons, agent=agents, over_capacity=st.sampled_from(["", "", "1"]))
    def assign(self, index: int, wish: str, agent: str, over_capacity: str) -> None:
        case = self.pick(index, *LIVE)
        args = {"baton": self.baton(case, wish), "agent": agent, "over_capacity": over_capacity}
        self.do("assign_case", ("supervisor", "sue"), case=case, **args)

    @precondition(is_upset_now)
    @precondition(has_cases)
    @rule(index=some, wish=batons)
    def abandon(self, index: int, wish: str) -> None:
        case = self.pick(index, "waiting", "offered")
        self.do("abandon_case", ("producer", "crm"), case=case, baton=self.baton(case, wish))

    @precondition(has_work)
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

    @precondition(has_work)
    @rule(index=some, agent=agents, slip=some, wish=batons, name=st.sampled_from(["wrap_case", "extend_wrap_up"]))
    def wrap_up(self, index: int, agent: str, slip: int, wish: str, name: str) -> None:
        case = self.pick(index, "active" if name == "wrap_case" else "wrapping")
        extras = {"disposition": "done"} if name == "wrap_case" and slip % 2 else {}
        self.do(name, ("agent", self.holder(case, agent, slip)), case=case, baton=self.baton(case, wish), **extras)

    @precondition(has_work)
    @rule(index=some, agent=agents, slip=some, wish=batons, wakes_in=st.sampled_from([None, None, 0, 1500, 9000]))
    def park(self, index: int, agent: str, slip: int, wish: str, wakes_in: int | None) -> None:
        case = self.pick(index, "active")
        wake = {} if wakes_in is None else {"wake_at_ms": self.engine.now + wakes_in}
        self.do("park_case", ("agent", self.holder(case, agent, slip)), case=case, baton=self.baton(case, wish), **wake)

    @precondition(has_work)
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

    def has_parked(self) -> bool:
        return any(fact.state == "parked" for fact in self.observer.fold.cases.values())

    @precondition(has_parked)
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

    @precondition(has_work)
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

    @precondition(has_parked)
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

    @precondition(has_cases)
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

    @rule(agent=agents, status=st.sampled_from([*["online"] * 5, "busy", "offline", "lunch", "chats", "brunch"]),
          channels=st.sampled_from([*["*"] * 4, "case", "chat", "fax"]),
          later=st.sampled_from(["", "", "1"]))  # fmt: skip
    def choose_status(self, agent: str, status: str, channels: str, later: str) -> None:
        self.do("set_status", ("agent", agent), status=status, channels=channels, next=later)

    @precondition(is_upset_now)
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

    @precondition(is_upset_now)
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

    @precondition(is_upset_now)
    @rule(agent=agents)
    def remove_agent(self, agent: str) -> None:
        """Refused mostly; who has left comes back by `change_agent`, as somebody new."""
        self.do("remove_agent", ("admin", "ann"), agent=agent)

    @precondition(is_upset_now)
    @rule(agent=agents, node=nodes, connection=st.integers(1, 2), leaves=st.sampled_from([True, False, False]))
    def come_or_go(self, agent: str, node: str, connection: int, leaves: bool) -> None:
        args = {"connection": f"{agent}-{connection}", "node": node}
        if leaves:
            self.do("disconnect", ("agent", agent), **args)
        else:
            self.do("connect", ("agent", agent), **args, lease_ms=LEASE_MS, limit=10)

    @rule(node=nodes)
    def take_a_lease(self, node: str) -> None:
        async def take() -> None:
            await self.engine.take_lease(node)
            await self.observer.look()

        self.silent.discard(node)
        self.runner.run(take())

    @precondition(is_upset_now)
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

    @precondition(is_upset_now)
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

    @precondition(is_upset_now)
    @rule()
    def look_into_the_books(self) -> None:
        assert self.runner.run(audit.check(self.store, "machine")).violations == []

    @precondition(is_upset_now)
    @rule(node=nodes)
    def fall_silent(self, node: str) -> None:
        self.silent.add(node)

    @rule(ms=st.integers(1, 1000), times=st.integers(1, 6))
    def pass_time(self, ms: int, times: int) -> None:
        for _ in range(times):
            self.engine.now += ms
            self.runner.run(self._tick())

    @precondition(is_upset_now)
    @rule(seconds=st.integers(3, 60))
    def outage(self, seconds: int) -> None:
        """Nobody ticks for long: nobody is reaped, no offer is missed."""
        had_ticked = self.observer.state.meta["tick"] != ""
        self.engine.now += seconds * 1000
        types = {event.type for event in self.runner.run(self._tick(limit=1))}
        if had_ticked:
            assert not types & {"offer_expired", "agent_presence_changed"}

    async def _tick(self, limit: int = 50) -> list[Any]:
        """Renew the leases and fire what is due, one call of the engine at a time."""
        for node in {"node-a", "node-b"} - self.silent:
            await self.engine.renew(node)
        events = []
        for _ in range(200):
            args = {"limit": limit, "silent_ms": ""}
            answer = await self.engine.run("advance", ("engine", "timers"), command_id="", **args)
            events += await self.observer.look()
            if answer["next_ms"] != 0:
                return events
        raise AssertionError("timers never come to rest")


def hasty(code: str) -> str:
    """The library with other measures: two kinds of work are too many, and a few seconds are a long time."""
    for measure, other in (("KEPT = 32", "KEPT = 1"), ("LOOK_MS = 600000", "LOOK_MS = 2000")):
        assert code.count(measure) == 1
        code = code.replace(measure, other)
    return code


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


def test_the_invariants_hold_whatever_comes(redis_url: str) -> None:
    explore(
        redis_url, examples=100, steps=60, is_random=False
    )  # the same steps each time; the nightly run looks for others


def test_the_invariants_hold_while_kinds_of_work_come_and_go(redis_url: str) -> None:
    explore(redis_url, examples=25, steps=60, is_random=False, is_hasty=True)


@pytest.mark.nightly
def test_the_invariants_hold_for_twenty_thousand_steps(redis_url: str) -> None:
    explore(redis_url, examples=450, steps=100, is_random=True)  # a run takes about half of the steps it may
