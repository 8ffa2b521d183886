"""Everybody in a trace, each on a socket of their own: the producer, a supervisor, and the agents."""

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from casebaton.auth import Role
from casebaton.client import Case, CaseBrief, Client, OwnedCase
from casebaton.client.session import Pulse
from casebaton.replay.ledger import Ledger


class Owner:
    """An agent who does with its cases what the trace says."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self.client = client
        self._ledger = ledger
        self._news = Pulse()
        client.on_event(ledger.saw)
        client.on_event(self._look)
        client.on_state(self._look)

    def _look(self, _: object) -> None:
        self._news.beat()

    async def come(self) -> None:
        """Go online."""
        await self.client.agent().set_status("online")

    async def take(self, brief: CaseBrief, queue: str) -> CaseBrief:
        """Claim a waiting case; what it is then."""
        waiting = Case(
            case=brief.case,
            state=brief.state,
            owner=brief.owner,
            queue=queue,
            baton=brief.baton,
            revision=brief.revision,
        )
        taken = (await self.client.agent().take(waiting)).case
        self._ledger.claimed(taken.agent or "", taken.case, taken.revision)
        return CaseBrief(
            case=taken.case,
            state=taken.state,
            owner=taken.owner,
            agent=taken.agent,
            baton=taken.baton,
            revision=taken.revision,
        )

    async def owned(self, brief: CaseBrief) -> OwnedCase:
        """Find a case on the desk, as soon as the desk shows as much of it as the last answer told."""
        while True:
            for owned in self.client.agent().desk:
                if owned.case.case == brief.case and owned.case.revision >= brief.revision:
                    return owned
            await self._news.wait()


class Cast:
    """Connected for as long as its `async with` block runs. `connect` makes the client of a role and a subject."""

    def __init__(self, agents: Iterable[str], connect: Callable[[Role, str], Client], ledger: Ledger) -> None:
        self.producer = connect("producer", "replay")
        self.supervisor = connect("supervisor", "replay")
        self.owners = {name: Owner(connect("agent", name), ledger) for name in sorted(agents)}
        self._present = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.producer)
            await stack.enter_async_context(self.supervisor)
            for owner in self.owners.values():
                await stack.enter_async_context(owner.client)
                await owner.come()
            self._present = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._present.aclose()
