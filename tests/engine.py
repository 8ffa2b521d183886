"""Drives the engine in tests: the real server, a clock that only the test moves, verbs that read like the domain."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from casebaton.errors import CasebatonError, Refused
from casebaton.store import workspaces
from casebaton.store.client import Actor, StoreClient
from casebaton.store.keys import key, log_key
from casebaton.workspace import document

START = 1_800_000_000_000
NODE = "node-a"
LEASE_MS = 5_000

BASIC = """
skills = ["billing", "german", "loans"]
[channels.case]
[channels.chat]
pool = "primary"
cost = 5
miss_limit = 1
[queues.support]
[queues.billing]
[queues.pool]
mode = "pull"
[queues.mixed]
mode = "both"
"""


def _command(verb: str) -> str:
    return {"revoke": "revoke_offer", "extend": "extend_wrap_up"}.get(verb, f"{verb}_case")


class Engine:
    """One workspace with a virtual clock. Instants are seconds after the test's T0."""

    def __init__(self, store: StoreClient, workspace: str) -> None:
        self.store = store
        self.workspace = workspace
        self.now = START
        self._commands = 0

    @property
    def seconds(self) -> float:
        """Seconds since T0."""
        return (self.now - START) / 1000

    async def run(self, name: str, actor: Actor, /, *, command_id: str | None = None, **args: Any) -> Any:
        """Run one command now; the answer as an object. Each call has its own command id unless one is given."""
        if command_id is None:
            self._commands += 1
            command_id = f"t-{self._commands}"
        answer = await self.store.run(name, self.workspace, actor, command_id=command_id, now=self.now, **args)
        return json.loads(answer.body)

    async def apply(self, text: str) -> None:
        """Apply a TOML document."""
        await workspaces.apply(self.store, self.workspace, document.parse(text), now=self.now)

    async def add_agent(
        self,
        agent: str,
        *,
        queues: Iterable[str] = ("support",),
        capacity: int = 10,
        room: int = 3,
        skills: str = "",
        tiers: str = "",
    ) -> None:
        """Create an agent who is online and connected with connection `<agent>-1`."""
        await self.set_agent(
            agent,
            create=1,
            queues=",".join(queues),
            capacity=capacity,
            interruptible_capacity=room,
            skills=skills,
            tiers=tiers,
        )
        await self.connect(agent)
        await self.set_status(agent, "online")

    async def set_agent(self, agent: str, **args: Any) -> Any:
        """Change an agent as a supervisor."""
        return await self.run("set_agent", ("supervisor", "sue"), agent=agent, **args)

    async def connect(self, agent: str, connection: str | None = None, node: str = NODE) -> Any:
        """Open a connection on a node, which takes its lease if it has none; the answer is the snapshot."""
        await self.take_lease(node)
        return await self.connect_to(node, agent, connection or f"{agent}-1")

    async def connect_to(self, node: str, agent: str, connection: str, *, limit: int = 10) -> Any:
        """Open a connection on a node that may have lost its lease."""
        return await self.run(
            "connect", ("agent", agent), command_id="", connection=connection, node=node, lease_ms=LEASE_MS, limit=limit
        )

    async def disconnect(self, agent: str, connection: str | None = None, node: str = NODE) -> Any:
        """Close a connection."""
        return await self.run(
            "disconnect", ("agent", agent), command_id="", connection=connection or f"{agent}-1", node=node
        )

    async def set_status(self, agent: str, status: str, channels: str = "*") -> Any:
        """Choose a status as the agent."""
        return await self.run("set_status", ("agent", agent), status=status, channels=channels)

    async def set_next_status(self, agent: str, status: str, channels: str = "*") -> Any:
        """Choose a status for when the primary work is done."""
        return await self.run("set_status", ("agent", agent), status=status, channels=channels, next=1)

    async def submit(
        self,
        case: str,
        queue: str = "support",
        *,
        priority: int = 5,
        channel: str = "case",
        digest: str = "d",
        command_id: str | None = None,
        customer: str = "",
        data: str = "",
        linked_case: str = "",
        **asks: Any,
    ) -> Any:
        """Submit a case as the producer. `asks` is what a plain case does not say, as the engine takes it."""
        return await self.run(
            "submit_case", ("producer", "crm"), command_id=command_id, case=case, queue=queue, channel=channel,
            priority=priority, digest=digest, card=json.dumps({"subject": f"subject of {case}"}, separators=(",", ":")),
            customer_key=customer, data=data, asks=json.dumps({"preferred_ms": 120_000} | asks) if asks else "",
            linked_case=linked_case,
        )  # fmt: skip

    async def act(
        self,
        agent: str,
        verb: str,
        case: str,
        /,
        *,
        baton: str | None = None,
        command_id: str | None = None,
        **args: Any,
    ) -> Any:
        """Let an agent accept, decline, take, return, transfer or complete a case, with the present baton."""
        name = _command(verb)
        baton = (await self.case(case))["baton"] if baton is None else baton
        return await self.run(name, ("agent", agent), command_id=command_id, case=case, baton=baton, **args)

    async def steer(self, role: str, verb: str, case: str, *, baton: str = "any", **args: Any) -> Any:
        """Let a supervisor or producer cancel, transfer, update or revoke."""
        name = _command(verb)
        return await self.run(name, (role, "sue"), case=case, baton=baton, **args)

    async def add_note(
        self,
        case: str,
        text: str,
        actor: Actor = ("supervisor", "sue"),
        *,
        baton: str = "any",
        **options: Any,
    ) -> Any:
        """Write a note on a case."""
        return await self.run("add_note", actor, case=case, baton=baton, text=text, **options)

    async def notes(self, case: str, actor: Actor = ("supervisor", "sue")) -> list[Any]:
        """The case's notes, oldest first."""
        found: list[Any] = (await self.run("read_notes", actor, command_id="", case=case))["items"]
        return found

    async def set_stage(
        self, case: str, stage: str, actor: Actor = ("supervisor", "sue"), *, reason: str = "", baton: str = ""
    ) -> Any:
        """Say how far an appointment has come, with the present baton."""
        baton = baton or (await self.case(case))["baton"]
        fields = {"reason": reason} if reason else {}
        return await self.run("set_stage", actor, case=case, baton=baton, stage=stage, **fields)

    async def on_queue(self, verb: str, queue: str = "support", **args: Any) -> Any:
        """Pause, drain or resume a queue as a supervisor."""
        return await self.run(f"{verb}_queue", ("supervisor", "sue"), queue=queue, **args)

    async def queue(self, queue: str = "support") -> Any:
        """The queue as it is."""
        return (await self.run("read_queues", ("supervisor", "sue"), command_id="", queues=queue))["items"][0]

    async def refusal(self, call: Any) -> Refused:
        """Await a command that must be refused; the refusal."""
        try:
            answer = await call
        except Refused as refused:
            return refused
        raise AssertionError(f"not refused: {answer}")

    async def advance(self, to: float | None = None, *, by: float | None = None, step_ms: int = 1900) -> None:
        """Let time pass to second `to` (or by so many), from timer to timer like a live node: no gap, lease renewed."""
        end = START + round(to * 1000) if to is not None else self.now + round((by or 0) * 1000)
        next_ms = (await self.tick())["next_ms"] if self.now < end else 0
        while self.now < end:
            self.now = min(end, self.now + (min(next_ms, step_ms) if next_ms > 0 else step_ms))
            await self.renew()
            next_ms = (await self.tick())["next_ms"]

    async def take_lease(self, node: str = NODE) -> None:
        """Let a node hold connections from now on."""
        await self.run("take_lease", ("engine", node), command_id="", node=node, lease_ms=LEASE_MS)

    async def renew(self, node: str = NODE) -> None:
        """Renew a node's lease, if it has one."""
        try:
            await self.run("renew", ("engine", node), command_id="", node=node, lease_ms=LEASE_MS)
        except CasebatonError as error:
            if error.code != "LEASE_LOST":
                raise

    async def tick(self) -> Any:
        """Fire what is due at this very instant, all of it."""
        while True:
            answer = await self.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
            if answer["next_ms"] != 0:
                return answer

    async def case(self, case: str) -> Any:
        """The case as it is."""
        return await self.run("read_case", ("producer", "crm"), command_id="", case=case)

    async def agent(self, agent: str) -> Any:
        """The agent's snapshot: agent, offers, desk, queues."""
        return await self.run("read_agent", ("supervisor", "sue"), command_id="", agent=agent)

    async def offers(self, agent: str) -> list[str]:
        """The cases that ring at an agent."""
        return [case["case"] for case in (await self.agent(agent))["offers"]]

    async def desk(self, agent: str) -> list[str]:
        """The cases that an agent owns, by id."""
        return sorted(case["case"] for case in (await self.agent(agent))["desk"])

    async def load(self, agent: str) -> tuple[int, int]:
        """Held interruptible units and the capacity for them: (3, 3) reads "3/3"."""
        found = (await self.agent(agent))["agent"]
        return found["held_interruptible"], found["interruptible_capacity"]

    async def waits(self, case: str) -> bool:
        """Does the case wait in its line?"""
        return bool((await self.case(case))["state"] == "waiting")

    async def line(self, queue: str) -> list[str]:
        """The waiting cases of a queue in order."""
        page = await self.run("read_line", ("supervisor", "sue"), command_id="", queue=queue, after="", limit=200)
        return [case["case"] for case in page["cases"]]

    async def events(self, *types: str) -> list[Any]:
        """All events of the workspace so far, of these types if any are named."""
        rows = await self.store.redis.xrange(log_key(self.workspace))
        found = [json.loads(fields[b"body"]) for _, fields in rows]
        return [event for event in found if not types or event["type"] in types]

    async def dump(self) -> dict[bytes, bytes | None]:
        """Every key of the workspace, byte for byte: to see that a refusal changed nothing."""
        found = [name async for name in self.store.redis.scan_iter(key(self.workspace, "*"), count=1000)]
        return {name: await self.store.redis.dump(name) for name in sorted(found)}

    async def dump_state(self) -> dict[bytes, bytes | None]:
        """The same but for the answers that are remembered: to see that an accepted command changed nothing else."""
        return {name: value for name, value in (await self.dump()).items() if b"answers:" not in name}


@asynccontextmanager
async def open_engine(url: str, workspace: str, text: str = BASIC) -> AsyncIterator[Engine]:
    """A fresh workspace on an emptied store."""
    store = StoreClient(url)
    try:
        await store.redis.flushall()
        await store.load()
        engine = Engine(store, workspace)
        await engine.apply(text)
        yield engine
    finally:
        await store.close()
