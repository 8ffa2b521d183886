"""`order`: random traffic through the engine, then a judgement of who got what, from the log alone.

Each workspace has its own document (every rule of choice with every order), its own virtual clock and its own chance;
they run side by side, so that their commands share batches. Nothing here decides what is right: see `judge`.
"""

import asyncio
import json
import math
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from casebaton.errors import Refused
from casebaton.store import log, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.events import OTHERS, read_event
from casebaton.store.fold import Fold
from casebaton.workspace import document
from casebaton.workspace.document import Document
from loadtest.judge import Judge, judge

SEED = 20260301
START = 1_800_000_000_000
LEASE_MS = 10**12  # the lease is not what is measured
CHOICES = ("longest_idle", "least_active", "least_loaded", "most_available")
ORDERS = ("priority", "credit", "due")
WORKSPACES = [(choice, order) for choice in CHOICES for order in ORDERS]
AGENTS = [f"agent-{number}" for number in range(9)]
QUEUES = ("support", "loans", "mixed", "pool", "late")
MOST_LIVE = 26
STEPS_MS = (1, 7, 40, 200, 900)
TEXT = """
skills = ["german", "loans"]
[channels.case]
cooldown_s = 6
ring_s = 20
reserve_after_s = 2
[channels.chat]
pool = "primary"
cost = 2
ring_s = 8
cooldown_s = 3
miss_limit = 2
wrap_up_s = 5
[channels.call]
pool = "primary"
auto_accept = true
[workspace]
offer_limit = {limit}
[plans.relax]
steps = [
  {{after_s = 2, drop_skills = true}}, {{after_s = 4, open_tier = 1}}, {{after_s = 7, raise_priority = 2}},
  {{after_s = 9, stop_preferring = true}}, {{after_s = 12, overflow = "mixed"}},
]
restart_on = ["decline", "return"]
[queues.support]
order = "{order}"
credit_s = 3
choice = "{choice}"
plan = "relax"
exclusion_s = 8
affinity_s = 30
affinity_wait_s = 4
[queues.loans]
order = "{order}"
credit_s = 3
choice = "{choice}"
skills = {{loans = 1}}
exclusion_s = 0
[queues.mixed]
mode = "both"
rank = 1
order = "{order}"
credit_s = 1
choice = "{choice}"
exclusion_s = 5
[queues.pool]
mode = "pull"
rank = 1
order = "{order}"
credit_s = 1
[queues.late]
rank = 2
order = "due"
choice = "{choice}"
"""
SKILLS = ("-", "german=1", "german=2,loans=1", "loans=2", "german=3,loans=3")
TIERS = ("-", "-", "support=1", "mixed=1,support=2", "late=3")
LIMITS = ("-", "-", "-", "case=1", "case=2,chat=1", "call=1")
MEMBERS = ("late,loans,mixed,pool,support", "loans,mixed,support", "late,mixed,pool", "support")
ASKS: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {"skills": "german=1"}, {"skills": "german=2&loans=1"}, {"cost": 2}, {"cost": 0},
    {"additional_skills": "german=3#1,loans=1#2"}, {"preferred_agent": AGENTS[0], "preferred_ms": 5000},
    {"required_agent": AGENTS[1]},
)  # fmt: skip
Command = tuple[str, tuple[str, str], dict[str, Any]]


def documents() -> dict[str, Document]:
    """A document for each workspace."""
    return {
        f"order-{number}": document.parse(TEXT.format(choice=choice, order=order, limit=1 + number % 2))
        for number, (choice, order) in enumerate(WORKSPACES)
    }


class Traffic:
    """One workspace's random commands. What it knows of the state it has from the log."""

    def __init__(self, store: StoreClient, workspace: str, seed: str) -> None:
        self.refused = 0
        self.commands = 0
        self.transitions = 0
        self.fold = Fold()
        self._store = store
        self._workspace = workspace
        self._chance = random.Random(seed)
        self._now = START
        self._position = "0-0"
        self._submitted = 0
        self._kinds: list[tuple[int, Callable[[], Command | None]]] = [
            (24, self._submit), (30, self._accept), (8, self._decline), (16, self._complete), (5, self._return),
            (4, self._transfer), (6, self._update), (7, self._take), (2, self._revoke), (3, self._cancel),
            (6, self._set_status), (4, self._set_agent), (5, self._come_or_go),
        ]  # fmt: skip

    async def begin(self, structure: Document) -> None:
        """Put the document in force and let everybody come."""
        await workspaces.apply(self._store, self._workspace, structure, now=self._now)
        await self._run("take_lease", ("engine", "node-a"), {"node": "node-a", "lease_ms": LEASE_MS})
        for agent in AGENTS:
            for command in (self._shape(agent), self._connect(agent), self._go_online(agent)):
                self._now += 1
                await self._run(*command)
        await self._look()

    async def go_on(self, transitions: int) -> None:
        """Send commands until there were so many transitions."""
        while self.transitions < transitions:
            await self._step()

    async def _step(self) -> None:
        """Time passes; whatever is due fires; one command, and what it left to timers."""
        self._now += self._chance.choice(STEPS_MS)
        await self._tick()
        (kind,) = self._chance.choices([kind for _, kind in self._kinds], [weight for weight, _ in self._kinds])
        command = kind()
        if command is not None:
            self._now += 1
            self.commands += 1
            try:
                await self._run(*command)
            except Refused:
                self.refused += 1
            await self._tick()
        await self._look()

    async def _run(self, name: str, actor: tuple[str, str], args: dict[str, Any]) -> Any:
        answer = await self._store.run(name, self._workspace, actor, now=self._now, **args)
        return json.loads(answer.body)

    async def _tick(self) -> None:
        fields = {"limit": 50, "silent_ms": ""}
        while (await self._run("advance", ("engine", "timers"), fields))["next_ms"] == 0:
            pass

    async def _look(self) -> None:
        async for entry in log.read_after(self._store.redis, self._workspace, self._position):
            self._position = entry.position
            event = read_event(entry)
            self.fold.apply(event)
            self.transitions += event.type not in OTHERS

    # Commands, or None when there is nothing to do them to

    def _pick(self, *states: str) -> str | None:
        found = [name for name, case in self.fold.cases.items() if case.state in states]
        return self._chance.choice(found) if found else None

    def _on_case(self, verb: str, *states: str, role: str = "agent", **args: Any) -> Command | None:
        case = self._pick(*states)
        if case is None:
            return None
        fact = self.fold.cases[case]
        subject = (fact.agent or self._chance.choice(AGENTS)) if role == "agent" else "sue"
        return verb, (role, subject), {"case": case, "baton": fact.baton, **args}

    def _submit(self) -> Command | None:
        if len(self.fold.cases) >= MOST_LIVE:
            return None
        self._submitted += 1
        asks = dict(self._chance.choice(ASKS))
        if self._chance.random() < 0.3:
            asks["due_at"] = self._now + self._chance.randrange(1000, 60_000, 1000)
        args = {
            "case": f"c-{self._submitted}", "queue": self._chance.choice(QUEUES),
            "channel": self._chance.choice(("case", "case", "chat", "call")),
            "priority": self._chance.choice((0, 3, 5, 5, 9)), "digest": "d", "card": "{}",
            "customer_key": self._chance.choice(("", "", "k1", "k2")), "asks": json.dumps(asks) if asks else "",
        }  # fmt: skip
        return "submit_case", ("producer", "crm"), args

    def _accept(self) -> Command | None:
        return self._on_case("accept_case", "offered")

    def _decline(self) -> Command | None:
        return self._on_case("decline_case", "offered", reason="busy")

    def _complete(self) -> Command | None:
        return self._on_case("complete_case", "active", "wrapping")

    def _return(self) -> Command | None:
        place = self._chance.choice(("keep", "front", "back"))
        return self._on_case("return_case", "active", "wrapping", reason="not_mine", place=place)

    def _transfer(self) -> Command | None:
        live = ("waiting", "offered", "active")
        return self._on_case("transfer_case", *live, role="supervisor", queue=self._chance.choice(QUEUES))

    def _update(self) -> Command | None:
        changes: dict[str, Any] = self._chance.choice(
            ({"priority": 0}, {"priority": 9}, {"skills": "-"}, {"skills": "loans=1"}, {"due_at": self._now + 5000})
        )
        return self._on_case("update_case", "waiting", "waiting", "offered", "active", role="producer", **changes)

    def _take(self) -> Command | None:
        return self._on_case("take_case", "waiting")

    def _revoke(self) -> Command | None:
        return self._on_case("revoke_offer", "offered", role="supervisor", reason="needed")

    def _cancel(self) -> Command | None:
        return self._on_case("cancel_case", "waiting", "offered", "active", role="producer", reason="withdrawn")

    def _set_status(self) -> Command:
        status = self._chance.choice(("online", "online", "online", "busy", "offline"))
        args = {"status": status, "channels": self._chance.choice(("*", "*", "*", "case", "call,chat"))}
        args["next"] = self._chance.choice(("", "", "1"))
        return "set_status", ("agent", self._chance.choice(AGENTS)), args

    def _set_agent(self) -> Command:
        return self._shape(self._chance.choice(AGENTS))

    def _shape(self, agent: str) -> Command:
        capacity = self._chance.choice((2, 4, 6))
        args = {
            "agent": agent, "create": 1, "capacity": capacity, "interruptible_capacity": self._chance.choice((1, 2)),
            "queues": self._chance.choice(MEMBERS), "skills": self._chance.choice(SKILLS),
            "tiers": self._chance.choice(TIERS),
            "limits": self._chance.choice(LIMITS),
        }  # fmt: skip
        return "set_agent", ("supervisor", "sue"), args

    def _go_online(self, agent: str) -> Command:
        return "set_status", ("agent", agent), {"status": "online", "channels": "*"}

    def _connect(self, agent: str) -> Command:
        args = {"connection": f"{agent}-1", "node": "node-a", "lease_ms": LEASE_MS, "limit": 10}
        return "connect", ("agent", agent), args

    def _come_or_go(self) -> Command:
        agent = self._chance.choice(AGENTS)
        if self.fold.agents[agent].presence != "connected":
            return self._connect(agent)
        if self._chance.random() < 0.5:
            return self._go_online(agent)
        return "disconnect", ("agent", agent), {"connection": f"{agent}-1", "node": "node-a"}


async def _judge(store: StoreClient, workspace: str, structure: Document) -> Judge:
    bodies = [entry.body async for entry in log.read_after(store.redis, workspace, "0-0")]
    return judge(structure, bodies)


async def measure(say: Callable[[str], None], *, transitions: int) -> dict[str, Any]:
    """At least so many transitions in all workspaces together, then the judgement of each log."""
    structures = documents()
    share = math.ceil(transitions / len(structures))
    async with EmbeddedServer() as server:
        store = StoreClient(server.url)
        await store.load()
        traffic = {name: Traffic(store, name, f"{SEED} {name}") for name in structures}
        await asyncio.gather(*(traffic[name].begin(structures[name]) for name in structures))
        await asyncio.gather(*(each.go_on(share) for each in traffic.values()))
        say(f"{sum(each.commands for each in traffic.values())} commands; judging")
        judges = [await _judge(store, name, structures[name]) for name in structures]
        await store.close()
    faults = Counter(fault.kind for each in judges for fault in each.faults)
    for name, each in zip(structures, judges, strict=True):
        for fault in each.faults[:3]:
            say(f"{name} at {fault.log_seq}: {fault.kind}, {fault.says}")
    return {
        "idle_matches": faults["idle_match"],
        "overtakings": faults["overtaken_case"] + faults["overtaken_agent"],
        "ineligible": faults["not_eligible"],
        "transitions": sum(each.transitions for each in judges),
        "offers": sum(each.offers for each in judges),
        "commands": sum(each.commands for each in traffic.values()),
        "refused": sum(each.refused for each in traffic.values()),
    }
