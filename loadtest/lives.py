"""Lives of cases straight on the store, one command at a time, counted by the store itself.

Nothing but these commands runs, so the script time that the store counts is theirs alone.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from itertools import product
from typing import Any

from casebaton.store import log, workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace.document import Document

LEASE_MS = 10**9
NODE = "node-a"
AT_ONCE = 500
OFFERED = "case_offered"


async def in_batches(calls: Iterable[Callable[[], Coroutine[Any, Any, Any]]]) -> None:
    """Run them all, so many at once, in their order."""
    ahead = list(calls)
    for begin in range(0, len(ahead), AT_ONCE):
        await asyncio.gather(*(call() for call in ahead[begin : begin + AT_ONCE]))


class Floor:
    """One workspace's agents and cases. A case's id is its number among all that were submitted."""

    def __init__(self, store: StoreClient, workspace: str) -> None:
        self.store = store
        self.workspace = workspace
        self.submitted = 0
        self._commands = 0

    async def open(self, document: Document) -> None:
        """Put the document in force, on a lease that outlasts the measurement."""
        await workspaces.apply(self.store, self.workspace, document)
        await self.run("take_lease", ("engine", NODE), node=NODE, lease_ms=LEASE_MS)

    async def run(self, name: str, actor: tuple[str, str], **args: Any) -> Any:
        """Run one command, under a command id of its own as every client does."""
        self._commands += 1
        answer = await self.store.run(name, self.workspace, actor, command_id=f"f-{self._commands}", **args)
        return json.loads(answer.body)

    async def give_birth(self, queues: Iterable[str], skills: Iterable[str]) -> int:
        """A case of every class comes and is withdrawn before anybody is there: the classes stay. Tell their number."""

        async def live(queue: str, skill: str) -> None:
            case = (await self.submit(queue, skills=skill))["case"]
            await self.run("cancel_case", ("producer", "crm"), case=case, baton="any", reason="withdrawn")

        pairs = list(product(queues, skills))
        await in_batches(partial(live, *pair) for pair in pairs)
        return len(pairs)

    async def arrive(self, agent: str, queues: str, *, skills: str = "-", status: str = "online") -> None:
        """A new agent with room for one case comes."""
        shape = {"capacity": 1, "interruptible_capacity": 1, "queues": queues, "skills": skills}
        await self.run("set_agent", ("supervisor", "sue"), agent=agent, create=1, **shape)
        connection = {"connection": f"{agent}-1", "node": NODE, "lease_ms": LEASE_MS, "limit": 10}
        await self.run("connect", ("agent", agent), **connection)
        await self.choose_status(agent, status)

    async def choose_status(self, agent: str, status: str) -> None:
        """The agent's own choice."""
        await self.run("set_status", ("agent", agent), status=status, channels="*")

    async def submit(self, queue: str, *, priority: int = 5, skills: str = "") -> Any:
        """The next case: what it has become, with its baton."""
        self.submitted += 1
        fields = {"channel": "case", "priority": priority, "digest": "d", "card": '{"subject":"The lamp flickers"}'}
        fields["asks"] = json.dumps({"skills": skills}) if skills else ""
        return await self.run("submit_case", ("producer", "crm"), case=f"c-{self.submitted}", queue=queue, **fields)

    async def accept(self, offered: Any) -> Any:
        """The case's agent takes it."""
        args = {"case": offered["case"], "baton": offered["baton"]}
        return await self.run("accept_case", ("agent", offered["agent"]), **args)

    async def complete(self, owned: Any) -> None:
        """The case's agent has done with it."""
        args = {"case": owned["case"], "baton": owned["baton"]}
        await self.run("complete_case", ("agent", owned["agent"]), **args)

    async def last_offer(self) -> Any:
        """The offer that the last command made, as the log tells."""
        (entry,) = await log.read_last(self.store.redis, self.workspace, 1)
        event = json.loads(entry.body)
        assert event["type"] == OFFERED, f"the last command made no offer: {event['type']}"
        return event
