"""The client: one connection to one workspace, in the role that its token names."""

import asyncio
import random as chance
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
from msgspec import UNSET, UnsetType

from casebaton.client.administration import Administration
from casebaton.client.agent import Agent
from casebaton.client.connection import Connection, ConnectionState, Random
from casebaton.client.errors import ConnectionEnded, WrongRole
from casebaton.client.events import Event, History
from casebaton.client.line import QueueLine
from casebaton.client.outbox import Clock, Outbox
from casebaton.client.overview import Overview
from casebaton.client.people import People
from casebaton.client.reducer import View
from casebaton.client.reports import Reports
from casebaton.client.session import Session, given, planned, subscribe
from casebaton.client.state import CaseBrief, Note, Notes, Window
from casebaton.client.steering import Steering
from casebaton.client.watched import WatchedAgent
from casebaton.client.why import Why
from casebaton.wire.messages import (
    AbandonCase,
    AdditionalSkill,
    AddNote,
    AssignCase,
    CancelCase,
    DrainQueue,
    PauseQueue,
    ReadHistory,
    ReadNotes,
    ReopenCase,
    ResumeCase,
    ResumeQueue,
    RevokeOffer,
    SubmitCase,
    TransferCase,
    UpdateCase,
    WhyCase,
)
from casebaton.wire.surrogates import encode

CLIENT_FAILED = 1011


class Client(Steering, Administration, People, Reports):
    """Connect with `async with`, or with `open` and `close`; it stays connected through losses in between.

    Commands raise `CommandRefused`, `NotSent`, `OutcomeUnknown` or `ConnectionEnded`. One that is unanswered
    when the connection is lost is sent again on the next one, until `deadline_s` has passed.
    `clock` (seconds) and `random` are for tests. Raises ValueError for a `base_url` that is none.
    """

    def __init__(
        self,
        base_url: str,
        workspace: str,
        *,
        token: str | None = None,
        token_provider: Callable[[], Awaitable[str]] | None = None,
        deadline_s: float = 10.0,
        in_flight: int = 1000,
        clock: Clock | None = None,
        random: Random | None = None,
    ) -> None:
        if token is None and token_provider is None:
            raise TypeError("a client needs a token or a token_provider")
        clock = clock or asyncio.get_running_loop()
        random = random or chance.SystemRandom()
        outbox = Outbox(clock, deadline_s=deadline_s, limit=in_flight)
        self._session = Session(outbox, clock, random)
        self._connection = Connection(
            socket_url(base_url, workspace),
            self._session,
            outbox,
            token=token,
            token_provider=token_provider,
            clock=clock,
            random=random,
        )
        self._running: asyncio.Task[None] | None = None
        self._agent: Agent | None = None
        self._lines: dict[str, QueueLine] = {}
        self._overview: Overview | None = None
        self._watched: dict[str, WatchedAgent] = {}

    # -- the connection ----------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect, for as long as it takes; raises `ConnectionEnded` when that is refused for good."""
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def hear(state: ConnectionState) -> None:
            if state != "connecting" and not settled.done():
                settled.set_result(None)

        stop = subscribe(self._session.on_state, hear)
        self._running = asyncio.create_task(self._run())
        try:
            await settled
        except asyncio.CancelledError:
            await self.close()
            raise
        finally:
            stop()
        if self._session.ended is not None:
            raise self._session.ended

    async def close(self) -> None:
        """Leave. An agent's presence ends with its last connection; what it owns stays its own."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        ended: ConnectionEnded | None = None
        try:
            await self._connection.run()
        except ConnectionEnded as final:
            ended = final
        except Exception as failure:
            ended = ConnectionEnded(CLIENT_FAILED, "the client failed")
            ended.__cause__ = failure
            raise
        finally:
            self._session.finish(ended)

    @property
    def state(self) -> ConnectionState:
        """Say `disconnected`, `connecting` or `connected`."""
        return self._session.state

    @property
    def view(self) -> View:
        """What the connection sees now; never changed in place."""
        return self._session.view

    @property
    def role(self) -> str:
        """The role that the token names."""
        return self._session.role

    def server_time_ms(self) -> float:
        """Estimate the server's clock."""
        return self._session.server_time_ms()

    def on_state(self, callback: Callable[[ConnectionState], object]) -> Callable[[], None]:
        """Call back for each new state; the result ends it."""
        return subscribe(self._session.on_state, callback)

    def on_event(self, callback: Callable[[Event], object]) -> Callable[[], None]:
        """Call back for each event as soon as it is read and the view shows it; the result ends it.

        The call is made from the reading task: a clock read in it tells when the event arrived. It must not
        block.
        """
        return subscribe(self._session.on_event, callback)

    # -- what a role sees --------------------------------------------------------------------------

    def agent(self) -> Agent:
        """The agent whom the token names; raises `WrongRole` for any other role."""
        if self.role != "agent":
            raise WrongRole("agent", self.role)
        if self._agent is None:
            self._agent = Agent(self._session)
        return self._agent

    async def watch_queue(self, queue: str, *, limit: int = 50) -> QueueLine:
        """Watch a queue's line, through losses too. The same queue again gives the same line."""
        line = self._lines.get(queue)
        if line is None or line.is_over:
            agent = self.agent() if self.role == "agent" else None
            line = self._lines[queue] = QueueLine(self._session, agent, queue, limit)
        return await line.opened()

    async def watch_workspace(self) -> Overview:
        """Watch all agents and queues within a supervisor's scope, through losses too. Again gives the same."""
        if self._overview is None or self._overview.is_over:
            self._overview = Overview(self._session)
        return await self._overview.opened()

    async def watch_agent(self, agent: str) -> WatchedAgent:
        """Watch an agent with its offers and desk, through losses too. The same agent again gives the same."""
        watched = self._watched.get(agent)
        if watched is None or watched.is_over:
            watched = self._watched[agent] = WatchedAgent(self._session, agent)
        return await watched.opened()

    # -- a producer's and a supervisor's commands --------------------------------------------------

    async def submit(
        self,
        *,
        queue: str,
        subject: str,
        case: str | None = None,
        channel: str = "case",
        customer: str | None = None,
        url: str | None = None,
        priority: int = 5,
        created_at_ms: int | None = None,
        data: Any = UNSET,
        cost: int | None = None,
        skills: dict[str, int] | None = None,
        additional_skills: list[AdditionalSkill] | None = None,
        due_at_ms: int | None = None,
        preferred_agent: str | None = None,
        preferred_ms: int | None = None,
        required_agent: str | None = None,
        linked_case: str | None = None,
        window: Window | None = None,
        place: str | None = None,
    ) -> CaseBrief:
        """Submit a case; `data` is any JSON. The same `case` and body again answer the case as it is."""
        command = SubmitCase(
            id=self._session.command_id(),
            queue=queue,
            channel=channel,
            subject=subject,
            case=given(case),
            customer=given(customer),
            url=given(url),
            priority=priority,
            created_at_ms=given(created_at_ms),
            data=_raw(data),
            cost=given(cost),
            skills=given(skills),
            additional_skills=given(additional_skills),
            due_at_ms=given(due_at_ms),
            preferred_agent=given(preferred_agent),
            preferred_ms=given(preferred_ms),
            required_agent=given(required_agent),
            linked_case=given(linked_case),
            window=planned(UNSET if window is None else window),
            place=given(place),
        )
        return (await self._session.command(command)).brief()

    async def update(
        self,
        case: str,
        *,
        baton: str = "any",
        priority: int | None = None,
        subject: str | None = None,
        customer: str | None = None,
        url: str | None = None,
        data: Any = UNSET,
        skills: dict[str, int] | None = None,
        additional_skills: list[AdditionalSkill] | None = None,
        due_at_ms: int | None = None,
        customer_activity: bool = False,
        window: Window | UnsetType | None = UNSET,
        place: str | None = None,
    ) -> CaseBrief:
        """Change what a case says; what is None stays, an empty `skills` asks for none.

        `customer_activity` wakes a parked case. `window` None: it is planned for no time.
        """
        return await self._on_case(
            UpdateCase,
            case,
            baton,
            priority=given(priority),
            subject=given(subject),
            customer=given(customer),
            url=given(url),
            data=_raw(data),
            skills=given(skills),
            additional_skills=given(additional_skills),
            due_at_ms=given(due_at_ms),
            customer_activity=customer_activity,
            window=planned(window),
            place=given(place),
        )

    async def cancel(self, case: str, reason: str, *, baton: str = "any") -> CaseBrief:
        """Withdraw a case; an owner who works on it is told and wraps up."""
        return await self._on_case(CancelCase, case, baton, reason=reason)

    async def transfer(self, case: str, queue: str, *, reason: str | None = None, baton: str = "any") -> CaseBrief:
        """Move a case into another queue's line, with its age."""
        return await self._on_case(TransferCase, case, baton, queue=queue, reason=given(reason))

    async def revoke(self, case: str, reason: str, *, baton: str = "any") -> CaseBrief:
        """Take an open offer back; it does not count against the agent."""
        return await self._on_case(RevokeOffer, case, baton, reason=reason)

    async def resume(self, case: str, *, baton: str = "any") -> CaseBrief:
        """Let the owner of a parked case go on with it."""
        return await self._on_case(ResumeCase, case, baton)

    async def reopen(self, case: str, *, preferred_ms: int | None = None, baton: str = "any") -> CaseBrief:
        """Let a closed case wait again, so long for its last owner alone; too long after its end, submit a new one with
        `linked_case`.
        """
        return await self._on_case(ReopenCase, case, baton, preferred_ms=given(preferred_ms))

    async def abandon(self, case: str, *, baton: str = "any") -> CaseBrief:
        """End a case whose customer left before anybody owned it."""
        return await self._on_case(AbandonCase, case, baton)

    async def assign(
        self, case: str, agent: str, *, over_capacity: bool = False, reason: str | None = None, baton: str = "any"
    ) -> CaseBrief:
        """Give a case to an agent; `over_capacity` allows what does not fit, and is recorded."""
        return await self._on_case(
            AssignCase, case, baton, agent=agent, over_capacity=over_capacity, reason=given(reason)
        )

    async def add_note(self, case: str, text: str, *, baton: str = "any") -> CaseBrief:
        """Write a text on a case, for whoever works on it next."""
        return await self._on_case(AddNote, case, baton, text=text)

    async def notes(self, case: str) -> tuple[Note, ...]:
        """Read a case's notes, oldest first."""
        reply = await self._session.command(ReadNotes(id=self._session.command_id(), case=case))
        return reply.read(Notes).items

    async def history(self, case: str, *, before: str | None = None, limit: int = 50) -> History:
        """Read a case's events, newest first; `before` is the `next_cursor` of a page."""
        command = ReadHistory(id=self._session.command_id(), case=case, before=given(before), limit=limit)
        return (await self._session.command(command)).read(History)

    async def why(self, case: str) -> Why:
        """Ask why a case is where it is."""
        reply = await self._session.command(WhyCase(id=self._session.command_id(), case=case))
        return reply.read(Why)

    async def pause_queue(self, queue: str, *, reason: str | None = None) -> None:
        """Let nothing of a queue's be offered or taken until it is resumed."""
        await self._session.command(PauseQueue(id=self._session.command_id(), queue=queue, reason=given(reason)))

    async def drain_queue(self, queue: str) -> None:
        """Let nothing new into a queue until it is resumed."""
        await self._session.command(DrainQueue(id=self._session.command_id(), queue=queue))

    async def resume_queue(self, queue: str) -> None:
        """End a queue's pause or drain."""
        await self._session.command(ResumeQueue(id=self._session.command_id(), queue=queue))


def _raw(data: Any) -> Any:
    return UNSET if data is UNSET else msgspec.Raw(encode(data))


def socket_url(base_url: str, workspace: str) -> str:
    base = urlsplit(base_url)
    scheme = {"http": "ws", "https": "wss"}.get(base.scheme, base.scheme)
    if scheme not in ("ws", "wss") or not base.hostname:  # as in "localhost:8000", where localhost reads as a scheme
        raise ValueError(f"{base_url!r} is not a server's address: write it as http://host:port or https://host")
    path = f"{base.path.rstrip('/')}/v1/{quote(workspace, safe='')}/ws"
    return urlunsplit((scheme, base.netloc, path, "", ""))
