"""An agent's side: its status, what it is offered, and what it owns."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from casebaton.client.bulk import each
from casebaton.client.counts import QueueCounts
from casebaton.client.errors import CommandRefused
from casebaton.client.events import Reply
from casebaton.client.reducer import View, is_after
from casebaton.client.session import Pulse, Session, given, planned, subscribe, tell
from casebaton.client.state import AgentState, Case, CaseBrief, Day, QueueSummary, StatusChoice, Window
from casebaton.wire.channels import ChannelSummary
from casebaton.wire.messages import (
    AcceptCase,
    AddNote,
    CaseCommand,
    CompleteCase,
    DeclineCase,
    ExtendWrapUp,
    LowerFlag,
    ParkCase,
    RaiseFlag,
    ReadDay,
    ResumeCase,
    ReturnCase,
    SetStage,
    SetStatus,
    TakeCase,
    TakeNext,
    TransferCase,
    UpdateCase,
    WrapCase,
)
from casebaton.wire.words import Place, Stage


class Offer:
    """A case reserved for this agent until it is answered or its deadline fires."""

    def __init__(self, agent: "Agent", session: Session, case: Case) -> None:
        self.case = case
        self.is_open = True
        self._agent = agent
        self._session = session

    @property
    def deadline_at_ms(self) -> int:
        """When the offer ends, in server time."""
        return self.case.deadline_at_ms or 0

    @property
    def remaining_s(self) -> float:
        """How long the offer lasts from now on, as far as the server's clock can be told."""
        return max(0.0, (self.deadline_at_ms - self._session.server_time_ms()) / 1000)

    async def accept(self) -> "OwnedCase":
        """Take the case; raises `CommandRefused` when it is no longer offered."""
        command = AcceptCase(id=self._session.command_id(), case=self.case.case, baton=self.case.baton)
        return self._agent.own(self.case, await self._session.command(command))

    async def decline(self, reason: str) -> None:
        """Refuse the case; it goes back to its line at its old place."""
        command_id = self._session.command_id()
        await self._session.command(
            DeclineCase(id=command_id, case=self.case.case, baton=self.case.baton, reason=reason)
        )


class OwnedCase:
    """A case in this agent's hands. `case` follows the events; `is_owned` turns false when it leaves them.

    A move answers what the case is after it; the event that `case` follows may come a little later.
    """

    def __init__(self, session: Session, case: Case) -> None:
        self.case = case
        self.is_owned = True
        self._session = session

    async def complete(self, disposition: str | None = None) -> CaseBrief:
        """End the work; the case is closed."""
        return await self._move(CompleteCase(**self._shown(), disposition=given(disposition)))

    async def wrap(self, disposition: str | None = None) -> CaseBrief:
        """End the work but for the wrap-up; the case closes when that ends, or with `complete`."""
        return await self._move(WrapCase(**self._shown(), disposition=given(disposition)))

    async def extend_wrap_up(self) -> CaseBrief:
        """Have the wrap-up's whole time again, as often as the channel allows."""
        return await self._move(ExtendWrapUp(**self._shown()))

    async def park(self, wake_at_ms: int | None = None) -> CaseBrief:
        """Keep the case and free its capacity, until a time (server time) or until the customer does something."""
        return await self._move(ParkCase(**self._shown(), wake_at_ms=given(wake_at_ms)))

    async def resume(self) -> CaseBrief:
        """Go on with a parked case; raises `CommandRefused` when there is no room."""
        return await self._move(ResumeCase(**self._shown()))

    async def return_(self, reason: str, place: Place = "keep") -> CaseBrief:
        """Hand the case back to its queue."""
        return await self._move(ReturnCase(**self._shown(), reason=reason, place=place))

    async def transfer(self, queue: str, reason: str | None = None) -> CaseBrief:
        """Move the case into another queue's line."""
        return await self._move(TransferCase(**self._shown(), queue=queue, reason=given(reason)))

    async def transfer_to(self, agent: str, reason: str | None = None) -> CaseBrief:
        """Offer the case to another agent; it stays this agent's until the other has accepted."""
        return await self._move(TransferCase(**self._shown(), agent=agent, reason=given(reason)))

    async def update(
        self,
        *,
        priority: int | None = None,
        subject: str | None = None,
        customer: str | None = None,
        url: str | None = None,
        window: Window | UnsetType | None = UNSET,
        place: str | None = None,
    ) -> None:
        """Change what the case says; what is None stays. `window` None: it is planned for no time."""
        command = UpdateCase(
            **self._shown(),
            priority=given(priority),
            subject=given(subject),
            customer=given(customer),
            url=given(url),
            window=planned(window),
            place=given(place),
        )
        await self._session.command(command)

    async def add_note(self, text: str) -> None:
        """Write a text on the case, for whoever works on it next."""
        await self._session.command(AddNote(**self._shown(), text=text))

    async def set_stage(self, stage: Stage, reason: str | None = None) -> CaseBrief:
        """Go on to the next stage, or to `cannot_complete` with a reason; `completed` and that end the case."""
        return await self._move(SetStage(**self._shown(), stage=stage, reason=given(reason)))

    async def _move(self, command: CaseCommand) -> CaseBrief:
        return (await self._session.command(command)).brief()

    def _shown(self) -> dict[str, Any]:
        return {"id": self._session.command_id(), "case": self.case.case, "baton": self.case.baton}


class Agent:
    """The agent whom the client's token names; it is present for as long as the client is connected."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._offers: dict[str, Offer] = {}
        self._owned: dict[str, OwnedCase] = {}
        # Owned by a reply whose event is still to come: the desk does not show them yet.
        self._announced: set[str] = set()
        self._news = Pulse()
        self._counts: QueueCounts | None = None
        self._on_offer: list[Callable[[Offer], object]] = []
        self._on_owned: list[Callable[[OwnedCase], object]] = []
        session.on_change.append(self._view_changed)
        session.on_welcome.append(self._forget_announced)
        session.on_over.append(self._news.beat)
        self._view_changed(View(), session.view)

    @property
    def state(self) -> AgentState:
        """Status, presence, capacity and load, as the last event left them."""
        state = self._session.view.agent
        assert state is not None
        return state

    @property
    def statuses(self) -> tuple[StatusChoice, ...]:
        """The configured statuses that this agent may choose beside `online`, `busy` and `offline`."""
        return self._session.view.statuses

    @property
    def channels(self) -> Mapping[str, ChannelSummary]:
        """The channels by id, with the codes to choose from, as they were when the connection began."""
        return self._session.view.channels

    @property
    def queues(self) -> tuple[QueueSummary, ...]:
        """The agent's queues as they were when the connection began; `watch_counts` keeps how many wait in each."""
        return self._session.view.queues

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        """The offers that wait for an answer."""
        return tuple(self._offers.values())

    @property
    def desk(self) -> tuple[OwnedCase, ...]:
        """All that the agent owns."""
        return tuple(self._owned.values())

    async def watch_counts(self) -> QueueCounts:
        """Keep how many wait in `queues` up to date, through losses too. Again gives the same."""
        if self._counts is None or self._counts.is_over:
            self._counts = QueueCounts(self._session)
        return await self._counts.opened()

    async def set_status(self, status: str, channels: list[str] | None = None) -> None:
        """Choose a built-in status or one of `statuses`; `channels` narrows what an online agent accepts."""
        command = SetStatus(id=self._session.command_id(), status=status, channels=given(channels))
        await self._session.command(command)

    async def undo_status(self) -> None:
        """Bring back the status before the last change, with its channels: for one that the server made."""
        before = self.state.channels_before
        await self.set_status(self.state.label_before, None if before == ("*",) else list(before))

    async def set_next_status(self, status: str, channels: list[str] | None = None) -> None:
        """Stop offers now, and have the status when the primary work is done. Choosing any status takes it back."""
        command_id = self._session.command_id()
        command = SetStatus(id=command_id, status=status, channels=given(channels), next=True)
        await self._session.command(command)

    async def day(self, since_ms: int | None = None) -> Day:
        """Read what the agent has done since an instant (server time), to the quarter hour; by default for 24 hours."""
        reply = await self._session.command(ReadDay(id=self._session.command_id(), since_ms=given(since_ms)))
        return reply.read(Day)

    async def raise_flag(self, text: str | None = None, *, case: str | None = None) -> None:
        """Raise the hand to the supervisors, about an owned case or in general; one flag at a time."""
        await self._session.command(RaiseFlag(id=self._session.command_id(), case=given(case), text=given(text)))

    async def lower_flag(self) -> None:
        """Take the hand down."""
        await self._session.command(LowerFlag(id=self._session.command_id()))

    async def take(self, case: Case) -> OwnedCase:
        """Claim a waiting case, as a line shows it. One wins; every loser is told the owner."""
        command = TakeCase(id=self._session.command_id(), case=case.case, baton=case.baton)
        return self.own(case, await self._session.command(command))

    async def take_next(self, queue: str | None = None) -> OwnedCase:
        """Claim the first case that the agent may take, of one queue or of all its queues."""
        reply = await self._session.command(TakeNext(id=self._session.command_id(), queue=given(queue)))
        return self.own(reply.case(), reply)

    async def take_all(self, cases: Iterable[Case]) -> list[OwnedCase | CommandRefused]:
        """Claim many waiting cases one after the other; what is refused harms no other."""
        return await each(cases, self.take, per_second=self._session.commands_per_second)

    async def complete_all(
        self, cases: Iterable[OwnedCase], disposition: str | None = None
    ) -> list[CaseBrief | CommandRefused]:
        """End the work on many cases one after the other."""
        return await each(cases, lambda case: case.complete(disposition), per_second=self._session.commands_per_second)

    async def return_all(
        self, cases: Iterable[OwnedCase], reason: str, place: Place = "keep"
    ) -> list[CaseBrief | CommandRefused]:
        """Hand many cases back to their queues one after the other."""
        return await each(cases, lambda case: case.return_(reason, place), per_second=self._session.commands_per_second)

    def on_offer(self, callback: Callable[[Offer], object]) -> Callable[[], None]:
        """Call back for each offer, at once for those open now; the result ends it."""
        tell_one: list[Callable[[Offer], object]] = [callback]
        for offer in self.open_offers:
            tell(tell_one, offer)
        return subscribe(self._on_offer, callback)

    def on_owned(self, callback: Callable[[OwnedCase], object]) -> Callable[[], None]:
        """Call back for each case that comes to be owned, asked for or not, at once for those owned now; the result
        ends it.
        """
        tell_one: list[Callable[[OwnedCase], object]] = [callback]
        for owned in self.desk:
            tell(tell_one, owned)
        return subscribe(self._on_owned, callback)

    async def offers(self) -> AsyncGenerator[Offer, None]:
        """Yield each offer once, from those open now. Who lags misses only offers that are no longer open.

        Ends when the client is closed; raises `ConnectionEnded` when its connection is refused for good.
        """
        seen: set[str] = set()
        while True:
            unseen = [offer for offer in self._offers.values() if offer.case.baton not in seen]
            seen = {offer.case.baton for offer in self._offers.values()}
            for offer in unseen:
                if offer.is_open:
                    yield offer
            if self._session.ended is not None:
                raise self._session.ended
            if self._session.is_over:
                return
            if not unseen:
                await self._news.wait()

    def own(self, case: Case, reply: Reply) -> OwnedCase:
        """Find or make the handle of a case that a reply says is owned."""
        brief = reply.brief()
        known = self._owned.get(case.case)
        if known is not None:
            if known.case.revision >= brief.revision:
                return known
            known.is_owned = False  # an earlier stay, whose end is still to be told
        owned = OwnedCase(
            self._session,
            replace(
                case,
                state=brief.state,
                owner=brief.owner,
                agent=brief.agent,
                baton=brief.baton,
                revision=brief.revision,
                deadline_at_ms=None,
                target=None,
                target_baton=None,
                target_deadline_at_ms=None,
            ),
        )
        # Events come in log order. Past the reply's position, the case has come and gone already.
        if is_after(reply.position, self._session.view.position):
            self._owned[case.case] = owned
            self._announced.add(case.case)
            tell(self._on_owned, owned)
        else:
            owned.is_owned = False
        return owned

    # -- following the view ------------------------------------------------------------------------

    def _view_changed(self, before: View, after: View) -> None:
        if after.desk is not before.desk:
            self._follow_desk(after.desk)
        if after.offers is not before.offers:
            self._follow_offers(after.offers)

    def _follow_offers(self, offers: Mapping[str, Case]) -> None:
        for key, offer in list(self._offers.items()):
            case = offers.get(key)
            if case is not None and case.baton == offer.case.baton:
                offer.case = case
            else:
                offer.is_open = False
                del self._offers[key]
        new = [Offer(self, self._session, case) for key, case in offers.items() if key not in self._offers]
        self._offers.update((offer.case.case, offer) for offer in new)
        if new:
            self._news.beat()
        for offer in new:
            tell(self._on_offer, offer)

    def _follow_desk(self, desk: Mapping[str, Case]) -> None:
        for key, owned in list(self._owned.items()):
            if key not in desk and key not in self._announced:
                owned.is_owned = False
                del self._owned[key]
        new = []
        for key, case in desk.items():
            known = self._owned.get(key)
            if known is None:
                self._owned[key] = OwnedCase(self._session, case)
                new.append(self._owned[key])
            elif case.revision >= known.case.revision:
                known.case = case
                self._announced.discard(key)
        for owned in new:
            tell(self._on_owned, owned)

    def _forget_announced(self) -> None:
        # A snapshot is later than every reply before it: what it does not show has gone.
        self._announced.clear()
        self._follow_desk(self._session.view.desk)
