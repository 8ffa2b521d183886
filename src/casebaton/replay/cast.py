"""Everybody in a trace, each on a socket of their own: the producer, a supervisor, and the agents."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Self

from casebaton.auth import Role
from casebaton.client import Case, CaseBrief, Client, CommandRefused, NotSent, OwnedCase
from casebaton.client.session import Pulse
from casebaton.replay.agent import TRY_AGAIN_S
from casebaton.replay.ledger import Ledger


class Seat:
    """Somebody on a socket, who sends one command after the other."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._turn = asyncio.Lock()

    async def ask(self, send: Callable[[], Awaitable[CaseBrief]]) -> CaseBrief:
        """Send a command when it is its turn, and again what never left or came too fast for its connection."""
        async with self._turn:
            while True:
                try:
                    return await send()
                except CommandRefused as refusal:
                    if not refusal.retryable:
                        raise
                except NotSent:
                    pass  # there is no connection for a moment
                await asyncio.sleep(TRY_AGAIN_S)


class Owner(Seat):
    """An agent who does with its cases what the trace says."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        super().__init__(client)
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
        return await self.ask(partial(self._take, brief, queue))

    async def on_own(self, brief: CaseBrief, move: Callable[[OwnedCase], Awaitable[CaseBrief]]) -> CaseBrief:
        """Do something with a case of its own, as soon as its desk shows as much of it as the last answer told."""
        owned = await self._find(brief)
        return await self.ask(lambda: move(owned))

    async def _take(self, brief: CaseBrief, queue: str) -> CaseBrief:
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

    async def _find(self, brief: CaseBrief) -> OwnedCase:
        while True:
            for owned in self.client.agent().desk:
                if owned.case.case == brief.case and owned.case.revision >= brief.revision:
                    return owned
            await self._news.wait()


class Cast:
    """Connected for as long as its `async with` block runs. `connect` makes the client of a role and a subject."""

    def __init__(self, agents: Iterable[str], connect: Callable[[Role, str], Client], ledger: Ledger) -> None:
        self.producer = Seat(connect("producer", "replay"))
        self.supervisor = Seat(connect("supervisor", "replay"))
        self.owners = {name: Owner(connect("agent", name), ledger) for name in sorted(agents)}
        self._present = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.producer.client)
            await stack.enter_async_context(self.supervisor.client)
            for owner in self.owners.values():
                await stack.enter_async_context(owner.client)
                await owner.come()
            self._present = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._present.aclose()
