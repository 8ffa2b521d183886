"""A workspace of very many agents, straight on the store and on a virtual clock: what `scale` and `views` measure."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any

import msgspec

from casebaton.auth import Identity
from casebaton.service import why
from casebaton.store import overview_pages, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.keys import key
from casebaton.store.overview import Overview
from casebaton.workspace import document
from loadtest.lives import in_batches

SHARE = 0.3  # of the agents are connected
QUEUES = [f"queue-{number}" for number in range(20)]
QUEUES_PER_AGENT = 5
REBUILT = QUEUES[:4]  # change their mode
TEAM_SIZE = 20
TEAM = 50  # agents of the queue in which the cases wait
SOLO = "solo"  # an agent and its queue
NODE = "node-a"
BEGIN_MS = 2_000_000_000_000  # later than the store's own clock, which engine time would not go behind
LEASE_MS = 20_000
TICK_MS = 1000  # a longer silence would count as an outage
BURST = 4  # calls that travel together while more is due, as a node does it
CARD = json.dumps({"subject": "The lamp in the hall flickers since Tuesday", "note": "x" * 120})
DOCUMENT = document.parse(
    'skills = ["rare", "known"]\n[channels.case]\n' + "".join(f"[queues.{name}]\n" for name in ("full", SOLO, *QUEUES))
)


def team_of(number: int) -> str:
    """An agent's team, by its number."""
    return f"team-{number // TEAM_SIZE}"


class Centre:
    """One workspace and all that happens in it."""

    def __init__(self, store: StoreClient, agents: int) -> None:
        self.store = store
        self.name = f"centre-{agents}"
        self.roster = [f"agent-{number:06}" for number in range(agents)]
        self.present = self.roster[: round(agents * SHARE)]
        self.team = [f"colleague-{number}" for number in range(TEAM)]
        self._now = BEGIN_MS
        self._count = 0
        self._owned: list[dict[str, Any]] = []
        self._document = DOCUMENT

    # -- one command -------------------------------------------------------------------------------------------------

    async def run(self, name: str, actor: tuple[str, str], **args: Any) -> Any:
        """Run one command. Without a `command_id` the engine remembers nothing of it."""
        answer = await self.store.run(name, self.name, actor, now=self._now, **args)
        return json.loads(answer.body)

    async def _create(self, agent: str, queues: Iterable[str], *, team: str = "others", capacity: int = 5) -> None:
        fields = {"capacity": capacity, "interruptible_capacity": capacity, "skills": "known=1", "team": team}
        await self.run("set_agent", workspaces.ADMIN, agent=agent, create=1, queues=",".join(queues), **fields)

    async def _connect(self, agent: str) -> None:
        connection = {"connection": f"{agent}-1", "node": NODE, "lease_ms": LEASE_MS, "limit": 10}
        await self.run("connect", ("agent", agent), **connection)

    async def _choose(self, status: str, agent: str) -> None:
        await self.run("set_status", ("agent", agent), status=status, channels="*")

    async def _submit(self, queue: str, asks: str = "") -> Any:
        self._count += 1
        fields = {"channel": "case", "priority": 5, "digest": "d", "card": CARD, "asks": asks}
        return await self.run("submit_case", ("producer", "crm"), case=f"c-{self._count}", queue=queue, **fields)

    async def _hand(self, name: str, brief: dict[str, Any], command_id: str = "") -> dict[str, Any]:
        """A command of the case's agent."""
        args = {"case": brief["case"], "baton": brief["baton"], "command_id": command_id}
        after: dict[str, Any] = await self.run(name, ("agent", brief["agent"]), **args)
        return after

    async def _submit_and_accept(self, queue: str) -> dict[str, Any]:
        return await self._hand("accept_case", await self._submit(queue))

    # -- steps -------------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """The document is in force, and the node holds its lease."""
        await workspaces.apply(self.store, self.name, DOCUMENT, now=self._now)
        await self.run("take_lease", ("engine", NODE), node=NODE, lease_ms=LEASE_MS)
        for queue in ("full", SOLO, *QUEUES):  # its class is born before there are many members
            case = await self._submit(queue)
            await self.run("cancel_case", ("producer", "crm"), case=case["case"], baton="any", reason="withdrawn")

    async def create(self) -> None:
        """The roster, each in five of the queues, and in a team of 20."""

        async def create(number: int, name: str) -> None:
            queues = [QUEUES[(number + step) % len(QUEUES)] for step in range(QUEUES_PER_AGENT)]
            await self._create(name, queues, team=team_of(number))

        await in_batches(partial(create, number, name) for number, name in enumerate(self.roster))

    async def connect(self) -> None:
        """The share that is there."""
        await in_batches(partial(self._connect, name) for name in self.present)

    async def choose(self, status: str, agents: Iterable[str]) -> None:
        """Their own choice."""
        await in_batches(partial(self._choose, status, name) for name in agents)

    async def occupy(self) -> None:
        """A team takes a case each and has room for no other."""
        for name in self.team:
            await self._create(name, ["full"], capacity=1)
            await self._connect(name)
            await self._choose("online", name)
        self._owned = [await self._submit_and_accept("full") for _ in self.team]

    async def wait(self) -> None:
        """As many cases as agents are there, behind the full team."""
        await in_batches(partial(self._submit, "full") for _ in self.present)

    async def live(self, lives: int) -> None:
        """Cases for which somebody is ready, begun and ended."""
        for number in range(lives):
            await self._hand("complete_case", await self._submit_and_accept(QUEUES[number % len(QUEUES)]))

    async def serve(self, lives: int) -> None:
        """One of the full team ends work, and the first of the line rings."""
        for _ in range(lives):
            await self._hand("complete_case", self._owned.pop())

    async def career(self, lives: int) -> dict[str, int]:
        """One agent works on case after case, a second each: what is kept of a closed case and of the agent's commands,
        in bytes.
        """
        await self._create(SOLO, [SOLO])
        await self._connect(SOLO)
        await self._choose("online", SOLO)
        for number in range(lives):
            self._now += TICK_MS
            owned = await self._hand("accept_case", await self._submit(SOLO), f"accept-{number}-{'x' * 12}")
            await self._hand("complete_case", owned, f"complete-{number}-{'x' * 10}")
        case, agent = f"c-{self._count}", f"agent:{SOLO}"
        return {
            "closed_case": await self._bytes(f"case:{case}", f"card:{case}"),
            "commands_of_an_agent": await self._bytes(f"answers:{agent}", f"old_answers:{agent}"),
        }

    async def _bytes(self, *tails: str) -> int:
        return sum([await self.store.redis.memory_usage(key(self.name, tail), samples=0) for tail in tails])

    async def submit_rare(self) -> str:
        """A case comes that nobody has the skill for."""
        case: str = (await self._submit(QUEUES[0], asks=json.dumps({"skills": "rare=1"})))["case"]
        await self.drain()
        return case

    async def ask(self, case: str) -> None:
        """Why does it wait?"""
        identity = Identity(self.name, "supervisor", "sue", expires_at=0)
        found = await why.explain(self.store, identity, case, now=self._now)
        assert sum(found.counts.values()) == len(self.roster) * QUEUES_PER_AGENT // len(QUEUES), "not all were judged"

    async def apply(self, **fields: Any) -> None:
        """Another configuration of four queues."""
        changed = {name: msgspec.structs.replace(self._document.queues[name], **fields) for name in REBUILT}
        self._document = msgspec.structs.replace(self._document, queues=self._document.queues | changed)
        await workspaces.apply(self.store, self.name, self._document, now=self._now)

    async def overview(self) -> Counter[str]:
        """All that a supervisor's view begins with: how many of the roster are connected, in grace and gone."""
        overview = Overview()
        await overview_pages.read_all(self.store, self.name, overview)
        return Counter(overview.agents[name].presence for name in self.roster)

    # -- time --------------------------------------------------------------------------------------------------------

    async def drain(self) -> None:
        """Fire until nothing is due."""
        advance: Callable[[], Coroutine[Any, Any, Any]] = partial(self.run, "advance", ("engine", "timers"), limit=50)
        while (await advance())["next_ms"] == 0:
            await in_batches([advance] * BURST)

    async def be_silent(self) -> None:
        """Nobody renews the node's lease, until it ends with the next tick."""
        redis = self.store.redis
        at = await redis.zscore(key(self.name, "deadlines"), f"lease:{NODE}:0")
        lost = await redis.hget(key(self.name, "meta"), "lost")
        await self.pass_time(int(at) + int(lost) - self._now - TICK_MS)

    async def pass_time(self, ms: int) -> None:
        """Second after second, each time firing what is due."""
        for _ in range(0, ms, TICK_MS):
            self._now += TICK_MS
            await self.drain()
