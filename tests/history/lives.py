"""Random lives for the history: a small desk in a hurry, played by the real engine on a virtual clock. Every kind of
event of cases, agents and queues comes up, many at the same instant; a day passes in some thousand commands.
"""

import asyncio
import json
import random
from collections.abc import Awaitable
from typing import Any

from casebaton.errors import Refused
from casebaton.store import overview_pages
from casebaton.store.client import Actor
from casebaton.store.figures import Levels
from casebaton.store.keys import key, log_key
from casebaton.store.log import Entry, read_entry
from tests.engine import Engine

AGENTS = ["ana", "bo", "cy", "dan", "eve", "fay", "gus", "hal"]
QUEUES = ["support", "pool", "mixed", "field"]
MOST, REMEMBERED = 40, 60  # live cases, and those of which the next command may be
FOREVER_MS = 10**10
SUE: Actor = ("supervisor", "sue")
CRM: Actor = ("producer", "crm")
DOCUMENT = """
skills = ["german", "loans"]
[channels.case]
cooldown_s = 20
on_offline = "return"
[channels.chat]
pool = "primary"
cost = 2
ring_s = 20
wrap_up_s = 60
parked_cost = 1
wake_limit_s = 300
on_decline_status = "lunch"
reserve_after_s = 30
[channels.call]
pool = "primary"
auto_accept = true
[channels.visit]
reachable_offline = true
stages = true
windows = true
ring_s = 600
[workspace]
offer_limit = 2
grace_s = 5
gone_s = 20
short_abandon_s = {short}
[plans.relax]
steps = [{{after_s = 90, raise_priority = 2}}, {{after_s = 240, overflow = "mixed"}}]
[statuses.lunch]
kind = "busy"
[statuses.home]
kind = "offline"
[queues.support]
plan = "relax"
exclusion_s = 30
service_level_s = {level}
[queues.pool]
mode = "pull"
exclusion_s = 0
length_limit = 3
overflow = "mixed"
member_skills = {{german = 2}}
[queues.mixed]
mode = "both"
hours = "short"
exclusion_s = 10
[queues.field]
exclusion_s = 10
target = "quick"
[targets.quick]
first_owner_s = 30
completion_s = 600
[[effects]]
on = ["case_returned"]
queue = "field"
note = "{{agent_before}} {{reason}}"
[[effects]]
on = ["case_transferred", "case_assigned"]
notify_previous_owner = true
[[effects]]
on = ["case_parked"]
event = "parked"
[hours.short]
zone = "Etc/UTC"
[hours.short.week]
{week}
"""
_SPANS = json.dumps([f"{hour:02}:10-{hour:02}:50" for hour in range(24)])
WEEK = "\n".join(f"{day} = {_SPANS}" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
STAGES = ("dispatched", "travelling", "in_progress", "completed", "cannot_complete")


class Lives:
    """A desk at work. `levels` are those of each version of the configuration."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.levels: dict[int, Levels] = {}
        self.entries: list[Entry] = []
        self._random = random.Random(seed)
        self._cases: dict[str, dict[str, Any]] = {}  # each as its last event has it
        self._submitted = 0

    @property
    def live_cases(self) -> set[str]:
        """What has not ended."""
        return {name for name, event in self._cases.items() if event["owner"] != "none"}

    async def play(self, events: int) -> None:
        """Go on until the log has so many entries."""
        await self._look()
        await self._configure()
        await self.engine.run("take_lease", ("engine", "n"), command_id="", node="n", lease_ms=FOREVER_MS)
        for agent in AGENTS:
            await self._hire(agent)
        while len(self.entries) < events:
            actions = self._random.choices(ACTIONS, WEIGHTS, k=self._random.randint(1, 40))
            await asyncio.gather(*(self._try(action(self)) for action in actions))
            await self._pass_time()
            if self._random.random() < 0.01:
                await self._configure()

    async def _configure(self) -> None:
        await self._read_levels()
        short, level = self._random.choice([3, 5]), self._random.choice([20, 45])
        await self.engine.apply(DOCUMENT.format(short=short, level=level, week=WEEK))
        await self._look()
        await self._read_levels()

    async def _read_levels(self) -> None:
        version = json.loads(self.entries[-1].body)["config"]
        self.levels[version] = (await overview_pages.read_rules(self.engine.store, self.engine.workspace)).levels

    async def _hire(self, agent: str) -> None:
        team = self._random.choice(["north", "south"])
        skills = self._random.choice(["german=2", "german=1,loans=1", ""])
        args = {"create": 1, "capacity": 8, "interruptible_capacity": 5, "team": team, "skills": skills}
        await self.engine.set_agent(agent, queues=",".join(QUEUES), **args)
        await self._connect(agent)
        await self.engine.set_status(agent, "online")

    async def _connect(self, agent: str) -> Any:
        args = {"connection": f"{agent}-1", "node": "n", "lease_ms": FOREVER_MS, "limit": 10}
        return await self.engine.run("connect", ("agent", agent), command_id="", **args)

    async def _try(self, action: Awaitable[Any] | None) -> None:
        """What is refused changes nothing."""
        if action is not None:
            try:
                await action
            except Refused:
                return

    async def _look(self) -> None:
        """Read what has come to the log."""
        position = self.entries[-1].position if self.entries else "0-0"
        rows = await self.engine.store.redis.xrange(log_key(self.engine.workspace), min=f"({position}")
        for place, fields in rows:
            entry = read_entry(place, fields[b"to"], fields[b"body"])
            self.entries.append(entry)
            event = json.loads(entry.body)
            if event.get("case") and "state" in event:
                self._cases.pop(event["case"], None)
                self._cases[event["case"]] = event
        while len(self._cases) > REMEMBERED:  # ended ones; of the live there are fewer
            del self._cases[next(name for name, event in self._cases.items() if event["owner"] == "none")]

    async def _pass_time(self) -> None:
        """Mostly seconds, now and then much longer; seldom as an outage, which moves every deadline."""
        ms = self._random.choice([0, 700, 3_000, 9_000, 31_000])
        if self._random.random() < 0.01:
            ms += self._random.choice([600_000, 2_700_000])
        self.engine.now += ms
        if ms > 2_000 and self._random.random() < 0.98:
            await self.engine.store.redis.hset(key(self.engine.workspace, "meta"), "tick", "")
        await self.engine.tick()
        await self._look()

    # -- who does what -----------------------------------------------------------------------------------------------

    def _pick(self, *states: str) -> dict[str, Any] | None:
        found = [event for event in self._cases.values() if event["state"] in states]
        return self._random.choice(found) if found else None

    def _run(self, name: str, actor: Actor, **args: Any) -> Awaitable[Any]:
        return self.engine.run(name, actor, **args)

    def _on(self, name: str, states: tuple[str, ...], actor: Actor | None = None, **args: Any) -> Awaitable[Any] | None:
        """A command on some case in one of these states, by whoever holds it unless another is named."""
        case = self._pick(*states)
        if case is None:
            return None
        by = actor or ("agent", case.get("agent", ""))
        return self._run(name, by, case=case["case"], baton="any" if actor else case["baton"], **args)

    def submit(self) -> Awaitable[Any] | None:
        """A new case, rarely one that was before."""
        if sum(event["owner"] != "none" for event in self._cases.values()) >= MOST:
            return None
        self._submitted += 1
        channel = self._random.choices(["case", "chat", "call", "visit"], [5, 3, 1, 2])[0]
        asks: dict[str, Any] = {}
        if channel == "visit" and self._random.random() < 0.5:
            asks["window"] = f"{self.engine.now + 1000}-{self.engine.now + 2000}"
        if self._random.random() < 0.2:
            asks["skills"] = self._random.choice(["german=1", "german=1&loans=1"])
        card = {"subject": f"s{self._submitted}", "customer": f"k{self._submitted % 40}", "url": "https://e.org"}
        created = self.engine.now - self._random.choice([0, 60_000])
        queue = "field" if channel == "visit" else self._random.choice(QUEUES)
        return self._run(
            "submit_case", CRM, case=f"c{self._submitted}", queue=queue, channel=channel, card=json.dumps(card),
            priority=self._random.choice([0, 5, 5, 9]), digest=str(self._submitted), created_at=created,
            asks=json.dumps(asks) if asks else "", customer_key=card["customer"],
        )  # fmt: skip

    def accept(self) -> Awaitable[Any] | None:
        """An offer, or a colleague's case."""
        rung = [event for event in self._cases.values() if event.get("target")]
        if rung and self._random.random() < 0.3:
            case = self._random.choice(rung)
            return self._answer("accept_case", case)
        return self._on("accept_case", ("offered",))

    def decline(self) -> Awaitable[Any] | None:
        """The same, the other way."""
        rung = [event for event in self._cases.values() if event.get("target")]
        if rung and self._random.random() < 0.5:
            return self._answer("decline_case", self._random.choice(rung), reason="late")
        return self._on("decline_case", ("offered",), reason=self._random.choice(["busy", "late"]))

    def _answer(self, name: str, case: dict[str, Any], **args: Any) -> Awaitable[Any]:
        return self._run(name, ("agent", case["target"]), case=case["case"], baton=case["target_baton"], **args)

    def take(self) -> Awaitable[Any] | None:
        """The next case of any queue."""
        return self._run("take_next", ("agent", self._random.choice(AGENTS)), queue="")

    def complete(self) -> Awaitable[Any] | None:
        """By its owner."""
        return self._on(
            "complete_case", ("active", "parked", "wrapping"), disposition=self._random.choice(["", "solved"])
        )

    def wrap(self) -> Awaitable[Any] | None:
        """By its owner."""
        return self._on("wrap_case", ("active",))

    def extend(self) -> Awaitable[Any] | None:
        """By its owner."""
        return self._on("extend_wrap_up", ("wrapping",))

    def park(self) -> Awaitable[Any] | None:
        """For a while, or until somebody wakes it."""
        wake_at_ms = self.engine.now + 60_000 if self._random.random() < 0.6 else ""
        return self._on("park_case", ("active",), wake_at_ms=wake_at_ms)

    def resume(self) -> Awaitable[Any] | None:
        """By its owner."""
        return self._on("resume_case", ("parked",))

    def give_back(self) -> Awaitable[Any] | None:
        """By its owner, or who steers."""
        actor = SUE if self._random.random() < 0.2 else None
        return self._on("return_case", ("active", "parked", "wrapping"), actor, reason="not_mine", place="keep")

    def send_on(self) -> Awaitable[Any] | None:
        """To another queue, from the line as well."""
        states = self._random.choice([("active", "parked"), ("waiting", "offered")])
        actor = SUE if "waiting" in states else None
        return self._on("transfer_case", states, actor, queue=self._random.choice(QUEUES), reason="other_desk")

    def hand_over(self) -> Awaitable[Any] | None:
        """To a colleague."""
        return self._on("transfer_case", ("active",), agent=self._random.choice(AGENTS), reason="knows_better")

    def cancel(self) -> Awaitable[Any] | None:
        """Wherever it is."""
        return self._on("cancel_case", ("waiting", "offered", "active", "parked"), CRM, reason="withdrawn")

    def abandon(self) -> Awaitable[Any] | None:
        """Before anybody has owned it."""
        return self._on("abandon_case", ("waiting", "offered"), CRM)

    def reopen(self) -> Awaitable[Any] | None:
        """A new visit."""
        return self._on("reopen_case", ("closed",), CRM, preferred_ms="")

    def assign(self) -> Awaitable[Any] | None:
        """Wherever it is, to whomever."""
        states = ("waiting", "offered", "active", "parked", "wrapping")
        return self._on("assign_case", states, SUE, agent=self._random.choice(AGENTS), over_capacity="1", reason="fair")

    def revoke(self) -> Awaitable[Any] | None:
        """By who steers."""
        return self._on("revoke_offer", ("offered",), SUE, reason="needed")

    def update(self) -> Awaitable[Any] | None:
        """Priority, customer, skills; what is parked wakes."""
        live = ("waiting", "offered", "active", "parked", "wrapping")
        changes: list[dict[str, Any]] = [
            {"priority": 1}, {"card": '{"customer":"other"}', "customer_key": "other"}, {"skills": "german=1"},
            {"customer_activity": 1},
        ]  # fmt: skip
        return self._on("update_case", live, CRM, **self._random.choice(changes))

    def note(self) -> Awaitable[Any] | None:
        """Which moves nothing."""
        return self._on("add_note", ("waiting", "active", "wrapping"), SUE, text="Called back.")

    def go_on(self) -> Awaitable[Any] | None:
        """An appointment comes further."""
        planned = [
            event for event in self._cases.values() if event.get("stage") and event["state"] in ("active", "parked")
        ]
        if not planned:
            return None
        case = self._random.choice(planned)
        stage = self._random.choice(STAGES)
        reason = {"reason": "nobody_home"} if stage == "cannot_complete" else {}
        return self._run("set_stage", SUE, case=case["case"], baton="any", stage=stage, **reason)

    def change_status(self) -> Awaitable[Any] | None:
        """Mostly back online."""
        status = self._random.choice([*["online"] * 6, "busy", "offline", "lunch", "home"])
        agent = self._random.choice(AGENTS)
        later = "1" if self._random.random() < 0.2 else ""
        return self._run("set_status", ("agent", agent), status=status, channels="*", next=later)

    def come_or_go(self) -> Awaitable[Any] | None:
        """Connections begin, and are lost."""
        agent = self._random.choice(AGENTS)
        if self._random.random() < 0.7:
            return self._connect(agent)
        return self._run("disconnect", ("agent", agent), command_id="", connection=f"{agent}-1", node="n")

    def change_agent(self) -> Awaitable[Any] | None:
        """Another team or capacity; who has left comes back as somebody new."""
        agent = self._random.choice(AGENTS)
        changes: list[dict[str, Any]] = [
            {"team": "north"}, {"team": "south"}, {"capacity": 4, "interruptible_capacity": 2}, {"capacity": 8},
        ]  # fmt: skip
        return self.engine.set_agent(agent, create=1, queues=",".join(QUEUES), **self._random.choice(changes))

    def dismiss(self) -> Awaitable[Any] | None:
        """Everything is taken away, and then the agent leaves."""
        return self._dismiss(self._random.choice(AGENTS))

    async def _dismiss(self, agent: str) -> None:
        await self._run("requeue_agent", SUE, agent=agent, reason="ill")
        await self._run("remove_agent", ("admin", "ann"), agent=agent)

    def raise_flag(self) -> Awaitable[Any] | None:
        """Which changes nothing of the case it names."""
        agent = self._random.choice(AGENTS)
        if self._random.random() < 0.5:
            return self._run("raise_flag", ("agent", agent), case="", text="help")
        if self._random.random() < 0.5:
            return self._run("lower_flag", ("agent", agent))
        return self._run("answer_flag", SUE, agent=agent, text="coming")

    def stop_or_go(self) -> Awaitable[Any] | None:
        """A queue is paused or drained, or goes on."""
        name = self._random.choice(["pause_queue", "drain_queue", *["resume_queue"] * 5])
        return self._run(name, SUE, queue=self._random.choice(QUEUES))


_OFTEN = {
    Lives.submit: 60, Lives.accept: 60, Lives.complete: 22, Lives.take: 20, Lives.change_status: 16, Lives.decline: 9,
    Lives.wrap: 9, Lives.park: 9, Lives.come_or_go: 8, Lives.go_on: 8, Lives.update: 7, Lives.give_back: 6,
    Lives.hand_over: 14, Lives.send_on: 5, Lives.reopen: 5, Lives.assign: 4, Lives.cancel: 4, Lives.abandon: 4,
    Lives.resume: 4, Lives.revoke: 3, Lives.note: 3, Lives.extend: 2, Lives.change_agent: 2, Lives.raise_flag: 4,
    Lives.stop_or_go: 3, Lives.dismiss: 1,
}  # fmt: skip
ACTIONS, WEIGHTS = list(_OFTEN), list(_OFTEN.values())
