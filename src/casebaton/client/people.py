"""Who works here: to whom a case could go, and what people are called."""

from collections.abc import Sequence

from msgspec import Struct

from casebaton.client.session import Session, given
from casebaton.client.state import Case
from casebaton.wire.messages import FindColleagues, ReadNames, SearchCases
from casebaton.wire.words import LiveState


class Colleague(Struct, frozen=True, kw_only=True):
    """Somebody who may be handed a case: the units free in each pool, since when it is idle (server time), what would
    refuse the hand-over (`lacks`), and what keeps the match from it although a hand-over does not ask for it.
    """

    agent: str
    name: str
    team: str
    label: str
    presence: str
    free_primary: int
    free_interruptible: int
    idle_at_ms: int
    lacks: str | None = None
    unqualified: str | None = None


class Colleagues(Struct, frozen=True, kw_only=True):
    """The best first; `more` tells that there are others."""

    items: tuple[Colleague, ...]
    more: bool = False


class FoundCases(Struct, frozen=True, kw_only=True):
    """Cases as they are now; `more` tells that others were not looked at or are not told."""

    items: tuple[Case, ...]
    more: bool = False


class Named(Struct, frozen=True, kw_only=True):
    """What an agent is called."""

    agent: str
    name: str
    team: str


class _Names(Struct):
    items: tuple[Named, ...]


class People:
    """Part of the client; its commands raise what the client's do."""

    _session: Session

    async def find_colleagues(self, case: str, text: str | None = None, *, limit: int = 20) -> Colleagues:
        """Find out to whom a case could be handed now; with a text, whose id or name begins with it."""
        command = FindColleagues(id=self._session.command_id(), case=case, text=given(text), limit=limit)
        return (await self._session.command(command)).read(Colleagues)

    async def search_cases(
        self,
        text: str,
        *,
        queue: str | None = None,
        state: LiveState | None = None,
        agent: str | None = None,
        limit: int = 20,
    ) -> FoundCases:
        """Find live cases by the words on them, and a case by its id although it has ended."""
        command_id = self._session.command_id()
        command = SearchCases(
            id=command_id, text=text, queue=given(queue), state=given(state), agent=given(agent), limit=limit
        )
        return (await self._session.command(command)).read(FoundCases)

    async def names(self, agents: Sequence[str]) -> dict[str, Named]:
        """Read what agents are called, at most 50; who is not there is left out."""
        reply = await self._session.command(ReadNames(id=self._session.command_id(), agents=list(agents)))
        return {each.agent: each for each in reply.read(_Names).items}
