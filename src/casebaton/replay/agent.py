"""A simulated agent: a client that answers what it is offered and works on what it owns, as it is told to.

It goes by what the view shows, not by what it remembers: after a lost connection, or a command whose outcome is
unknown, it looks again and goes on.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any, Self

from msgspec import Struct

from casebaton.client import (
    Agent,
    Client,
    CommandRefused,
    ConnectionState,
    NotSent,
    Offer,
    OutcomeUnknown,
    OwnedCase,
)

TRY_AGAIN_S = 0.05  # what was too fast or had no connection; nothing tells when it may go


class Move(Struct, frozen=True):
    """What somebody does after a while: `act` sends one command."""

    after_s: float
    act: Callable[[], Awaitable[object]]


class SimulatedAgent:
    """Online for as long as its `async with` block runs, and again when the server took it off for missed offers.

    `answer` says what to do about an offer, `work` about an owned case; each is asked once for each baton. A refusal
    ends the move and is counted in `refused` by its code: the state has moved on, and the view tells how. Any other
    error is raised at the end of the block.
    """

    def __init__(self, client: Client, *, answer: Callable[[Offer], Move], work: Callable[[OwnedCase], Move]) -> None:
        self.client = client
        self.refused: Counter[str] = Counter()
        self._answer = answer
        self._work = work
        self._agent: Agent | None = None
        self._known: set[str] = set()
        self._moving: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()
        self._failures: list[BaseException] = []

    @property
    def agent(self) -> Agent:
        """The agent, once connected."""
        assert self._agent is not None, "not connected yet"
        return self._agent

    async def __aenter__(self) -> Self:
        await self.client.open()
        self._agent = self.client.agent()
        self._connected.set()
        self.client.on_state(self._state_changed)
        self.client.on_event(self._look)
        await self.agent.set_status("online")
        self._look()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._moving:
            task.cancel()
        await asyncio.gather(*self._moving, return_exceptions=True)
        await self.client.close()
        if kind is None and self._failures:
            raise self._failures[0]

    def _state_changed(self, state: ConnectionState) -> None:
        if state == "connected":
            self._connected.set()
            self._look()
        else:
            self._connected.clear()

    # -- looking and moving ------------------------------------------------------------------------------------------

    def _look(self, _: object = None) -> None:
        """Begin a move for whatever is new in the view."""
        there: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            **{offer.case.baton: partial(self._respond, offer) for offer in self.agent.open_offers},
            **{owned.case.baton: partial(self._labour, owned) for owned in self.agent.desk},
        }
        if self.agent.state.status == "not_responding":
            there["not responding"] = self._come_back
        for name, begin in there.items():
            if name not in self._known:
                task = asyncio.create_task(begin())
                self._moving.add(task)
                task.add_done_callback(self._ended)
        self._known = set(there)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._moving.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    async def _respond(self, offer: Offer) -> None:
        await self._make(self._answer(offer), lambda: offer.is_open)

    async def _labour(self, owned: OwnedCase) -> None:
        await self._make(self._work(owned), lambda: owned.is_owned)

    async def _come_back(self) -> None:
        move = Move(0, partial(self.agent.set_status, "online"))
        await self._make(move, lambda: self.agent.state.status == "not_responding")

    async def _make(self, move: Move, is_called_for: Callable[[], bool]) -> None:
        await asyncio.sleep(move.after_s)
        while is_called_for():
            await self._connected.wait()
            try:
                await move.act()
            except CommandRefused as refusal:
                self.refused[refusal.code] += 1
                if not refusal.retryable:
                    return
            except (NotSent, OutcomeUnknown):
                pass  # the view will tell whether the move is still called for
            else:
                return
            await asyncio.sleep(TRY_AGAIN_S)
