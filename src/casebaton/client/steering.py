"""What supervisors and admins send about owned cases and about agents, whoever the owner is."""

from typing import Any

from casebaton.client.session import Session, given
from casebaton.client.state import CaseBrief, Day
from casebaton.wire.messages import (
    AnswerFlag,
    CaseCommand,
    CompleteCase,
    DrainAgent,
    ReadDay,
    RequeueAgent,
    ReturnCase,
    SetStage,
)
from casebaton.wire.words import Place, Stage


class Steering:
    """Part of the client; its commands raise what the client's do."""

    _session: Session

    async def return_(self, case: str, reason: str, *, place: Place = "keep", baton: str = "any") -> CaseBrief:
        """Hand an owned case back to its queue; its owner is told."""
        return await self._on_case(ReturnCase, case, baton, reason=reason, place=place)

    async def complete(self, case: str, disposition: str | None = None, *, baton: str = "any") -> CaseBrief:
        """End the work on an owned case; its owner is told."""
        return await self._on_case(CompleteCase, case, baton, disposition=given(disposition))

    async def set_stage(self, case: str, stage: Stage, reason: str | None = None, *, baton: str = "any") -> CaseBrief:
        """Say how far an owned case has come, forward or back; an end of the stages ends it."""
        return await self._on_case(SetStage, case, baton, stage=stage, reason=given(reason))

    async def drain_agent(self, agent: str) -> None:
        """Let an agent get nothing new, finish its primary work and be offline then."""
        await self._session.command(DrainAgent(id=self._session.command_id(), agent=agent))

    async def requeue_agent(self, agent: str, reason: str) -> None:
        """Send everything that an agent has in hand back to its queues."""
        await self._session.command(RequeueAgent(id=self._session.command_id(), agent=agent, reason=reason))

    async def day_of(self, agent: str, since_ms: int | None = None) -> Day:
        """Read what an agent has done since an instant (server time), to the quarter hour; by default for 24 hours."""
        command = ReadDay(id=self._session.command_id(), agent=agent, since_ms=given(since_ms))
        return (await self._session.command(command)).read(Day)

    async def answer_flag(self, agent: str, text: str | None = None) -> None:
        """See to an agent's flag, which is down then; raises `CommandRefused` when somebody has already."""
        await self._session.command(AnswerFlag(id=self._session.command_id(), agent=agent, text=given(text)))

    async def _on_case(self, command: type[CaseCommand], case: str, baton: str, **fields: Any) -> CaseBrief:
        asked = command(id=self._session.command_id(), case=case, baton=baton, **fields)
        return (await self._session.command(asked)).brief()
