"""The engine's verbs through two nodes on one store: each step goes to the other node than the step before.

Whoever has a socket at a step's node uses it, everybody else HTTP: so an agent, who has one socket, comes by both. The
clock is the test's: the nodes tell the store its time, and `advance` lets them renew their leases and fire the timers.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
import pytest

from casebaton.errors import Refused
from casebaton.store import log
from casebaton.store.client import Actor, Answer, StoreClient
from casebaton.wire import messages as m
from casebaton.wire.session import Order, order_of
from tests.engine import Engine
from tests.http.world import Caller
from tests.node.world import WITHIN_S, RunningNode, Socket, run_node, until_left

SETTINGS = {"commands_per_second": 1000, "drain_s": 0.0}
WATCHER = ("supervisor", "sue")
READS = {
    "read_case": "cases/{case}",
    "read_agent": "agents/{agent}",
    "read_line": "queues/{queue}/cases",
    "read_history": "cases/{case}/history",
}
ON_THE_WIRE = {"due_at": "due_at_ms"}
CASE_VERBS = {str(shape.__struct_config__.tag): verb for verb, shape in m.VERBS.items()}


class _Ear:
    """A socket at a node, and what of the log it has to hear."""

    def __init__(self, node: RunningNode, socket: Socket, topics: dict[str, str]) -> None:
        self.node = node
        self.socket = socket
        self.topics: dict[str, Order] = {topic: order_of(position) for topic, position in topics.items()}
        self.is_open = True

    def _is_for(self, entry: log.Entry) -> bool:
        order = order_of(entry.position)
        return any(topic in self.topics and order > self.topics[topic] for topic in entry.topics)

    async def check(self, entries: list[log.Entry]) -> None:
        """Has it heard exactly what is for it, in the log's order? A closed one: up to its end."""
        due = [entry for entry in entries if self._is_for(entry)]
        heard = self.socket.events
        while self.is_open and len(heard) < len(due):
            self.socket.seen.append(await self.socket.receive())
        due = due if self.is_open else due[: len(heard)]
        assert heard == [
            {"seq": seq, "position": entry.position} | json.loads(entry.body) for seq, entry in enumerate(due, 1)
        ]


class Nodes(Engine):
    """One workspace, moved and seen through two nodes. Agents connect to them in turn; Sue watches from both."""

    def __init__(self, store: StoreClient, workspace: str, stack: AsyncExitStack) -> None:
        super().__init__(store, workspace)
        self._stack = stack
        self._http: dict[RunningNode, httpx2.AsyncClient] = {}
        self._ears: dict[tuple[Actor, str], _Ear] = {}

    # -- sockets -----------------------------------------------------------------------------------------------------

    async def begin(self, nodes: Sequence[RunningNode], queues: Iterable[str]) -> None:
        """Let Sue watch these queues from both nodes."""
        self._turns, self._homes = itertools.cycle(nodes), itertools.cycle(nodes)
        for number, node in enumerate(nodes):
            client = httpx2.AsyncClient(base_url=node.base_url, timeout=WITHIN_S)
            self._http[node] = await self._stack.enter_async_context(client)
            ear = await self._listen(node, WATCHER, f"sue-{number}", ["all", "steering"])
            for queue in queues:
                page = await ear.socket.command("watch_queue", queue=queue)
                ear.topics[f"queue:{queue}"] = order_of(page["position"])

    async def _listen(self, node: RunningNode, actor: tuple[str, str], name: str, topics: list[str]) -> _Ear:
        socket = await self._stack.enter_async_context(node.signed_in(*actor, workspace=self.workspace))
        assert socket.welcome["type"] == "welcome", socket.welcome
        ear = _Ear(node, socket, dict.fromkeys(topics, socket.welcome["position"]))
        self._ears[actor, name] = ear
        return ear

    async def connect(self, agent: str, connection: str | None = None, node: str = "") -> Any:  # noqa: ARG002
        """Open a socket at the node whose turn it is; the answer is the snapshot."""
        ear = await self._listen(
            next(self._homes), ("agent", agent), connection or f"{agent}-1", ["all", f"agent:{agent}"]
        )
        return ear.socket.welcome["snapshot"]

    async def disconnect(self, agent: str, connection: str | None = None, node: str = "") -> None:  # noqa: ARG002
        """The socket breaks off, and its node notices."""
        ear = self._ears[("agent", agent), connection or f"{agent}-1"]
        left = len(ear.node.node.gateway.connections) - 1
        ear.is_open = False
        ear.socket.raw.transport.abort()
        await until_left(ear.node, left)

    async def check(self) -> None:
        """Has each socket heard exactly what is for it?"""
        entries = [entry async for entry in log.read_after(self.store.redis, self.workspace, "0-0")]
        for ear in self._ears.values():
            await ear.check(entries)

    # -- commands ----------------------------------------------------------------------------------------------------

    async def run(self, name: str, actor: Actor, /, *, command_id: str | None = None, **args: Any) -> Any:
        """Send a command, or read, at the other node than before; the answer, or Refused."""
        node = next(self._turns)
        if name in READS:
            answer = _read(await self._caller(node, actor).get(READS[name].format(**args)))
            return {
                field: value for field, value in answer.items() if field != "position"
            }  # the engine tells it beside
        if "window" in args:
            args["window"] = dict(zip(("from_ms", "until_ms"), map(int, args["window"].split("-")), strict=True))
        if command_id is None:
            self._commands += 1
            command_id = f"t-{self._commands}"
        for (who, _), ear in self._ears.items():
            if who == actor and ear.node is node and ear.is_open:
                reply = await ear.socket.command(name, id=command_id, **args)
                if "error" in reply:
                    raise _refused(reply["error"])
                return reply["ok"]
        method, path = _route(name, actor)
        body = {field: value for field, value in args.items() if f"{{{field}}}" not in path}
        return _read(await self._caller(node, actor).send(method, path.format(**args), body, key=command_id))["ok"]

    def _caller(self, node: RunningNode, actor: Actor) -> Caller:
        token = node.token(actor[0], actor[1], workspace=self.workspace)
        return Caller(self._http[node], {"Authorization": f"Bearer {token}"}, self.workspace)

    async def apply(self, text: str) -> None:
        """Put a TOML document in force as an admin."""
        caller = self._caller(next(self._turns), ("admin", "ann"))
        response = await caller.send("PUT", "config", raw=text.encode(), content_type="application/toml")
        assert response.status_code == 200, response.text

    async def set_agent(self, agent: str, **args: Any) -> Any:
        """Change an agent as a supervisor; create one as an admin."""
        fields = {name: value for name, value in args.items() if value != ""}
        if "queues" in fields:
            fields["queues"] = fields["queues"].split(",")
        if not fields.pop("create", None):
            return await self.run("set_agent", WATCHER, agent=agent, **fields)
        caller = self._caller(next(self._turns), ("admin", "ann"))
        (result,) = (await caller.put("roster", [{"agent": agent} | fields])).json()["results"]
        assert result["done"] == "created", result
        return result

    async def set_status(self, agent: str, status: str, channels: str = "*") -> Any:  # noqa: ARG002
        """Choose a status as the agent."""
        return await self.run("set_status", ("agent", agent), status=status)

    async def set_next_status(self, agent: str, status: str, channels: str = "*") -> Any:  # noqa: ARG002
        """Choose a status for when the primary work is done."""
        return await self.run("set_status", ("agent", agent), status=status, next=True)

    async def submit(self, case: str, queue: str = "support", **fields: Any) -> Any:
        """Submit a case as the producer."""
        said = {"case": case, "queue": queue, "subject": f"subject of {case}"}
        fields = {ON_THE_WIRE.get(name, name): value for name, value in fields.items()}
        return await self.run("submit_case", ("producer", "crm"), **said | fields)

    async def events(self, *types: str) -> list[Any]:
        """All events so far, of these types if any are named, once everybody has heard of them."""
        await self.check()
        return await super().events(*types)

    # -- time --------------------------------------------------------------------------------------------------------

    async def renew(self, node: str = "") -> None:  # noqa: ARG002
        """Let both nodes renew their leases."""
        await asyncio.gather(*(one.node.lease.renew() for one in self._http))

    async def tick(self) -> Any:
        """Let the nodes in turn fire what is due at this very instant, all of it."""
        while True:
            store = next(self._turns).node.store
            answer = await store.run("advance", self.workspace, ("engine", "timers"), limit=50, silent_ms="")
            if json.loads(answer.body)["next_ms"] != 0:
                return json.loads(answer.body)


def _route(name: str, actor: Actor) -> tuple[str, str]:
    """Method and path of a command over HTTP."""
    match name:
        case "submit_case":
            return "POST", "cases"
        case "update_case":
            return "PATCH", "cases/{case}"
        case "set_agent":
            return "PATCH", "agents/{agent}"
        case "set_status":
            return "POST", f"agents/{actor[1]}/status"
        case _:
            return "POST", f"cases/{{case}}/{CASE_VERBS[name]}"


def _read(response: httpx2.Response) -> Any:
    if response.is_success:
        return response.json()
    raise _refused(response.json())


def _refused(fault: Any) -> Refused:
    return Refused(fault["code"], fault["detail"], fault.get("current"))


@asynccontextmanager
async def through_two_nodes(engine: Engine, patch: pytest.MonkeyPatch) -> AsyncIterator[Nodes]:
    """The engine's workspace through two nodes; at the end each socket must have heard what was for it."""

    class ClockedStore(StoreClient):
        async def run(self, name: str, workspace: str, actor: Actor, /, **args: Any) -> Answer:
            return await super().run(name, workspace, actor, **args | {"now": hands.now})

    patch.setattr("casebaton.node.node.StoreClient", ClockedStore)
    async with AsyncExitStack() as running:
        async with AsyncExitStack() as sockets:
            hands = Nodes(engine.store, engine.workspace, sockets)
            nodes = [await running.enter_async_context(run_node(engine.store.url, **SETTINGS)) for _ in "ab"]
            await hands.begin(nodes, ["support", "billing", "pool", "mixed"])
            yield hands
            await hands.check()
        for node in nodes:  # both at once
            node.server.should_exit = True
