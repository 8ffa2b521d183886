"""Plays a script: every case goes through the hands that the trace names, by taking and by assigning."""

import asyncio
from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from casebaton.auth import Role
from casebaton.client import CasebatonError, CaseBrief, Client, CommandRefused, NotSent, OwnedCase
from casebaton.replay.agent import TRY_AGAIN_S
from casebaton.replay.cast import Cast
from casebaton.replay.ledger import Ledger
from casebaton.replay.owners import Act, FollowedCase, Script
from casebaton.replay.run import PATIENCE, PROGRESS_S, Sign, desk
from casebaton.replay.submitting import ask_again, submit
from casebaton.workspace.document import CAPACITY, Document, Queue

# Why an agent may not take what the trace gives it: a supervisor may give it all the same.
_BARRED = frozenset({"NO_ROOM", "NOT_CONNECTED", "NOT_AVAILABLE"})
_IN_HAND = frozenset({"active", "parked"})


class Followed(Struct):
    """What was done, as the clients saw it: `acts` counts what was acknowledged, `refused` names by case what was not.

    `acts_left` are those that came after a refusal, or for which there was no time.
    `closed`, `cancelled` and `lost` are the server's answers at the end, as in `Outcome`.
    """

    cases: int
    closed: int
    cancelled: int
    double_owned: int
    lost: int
    acts: dict[str, int]
    acts_left: int
    refused: dict[str, str]


def describe(script: Script) -> Document:
    """The workspace that a script needs: nothing is offered, and agents hold as much as new ones do."""
    return desk(script.queues, Queue(mode="pull", exclusion_s=0), CAPACITY)


class CasePlay:
    """One case on its way. `brief` is the case as the last answer told it."""

    def __init__(self, case: FollowedCase, cast: Cast) -> None:
        self.case = case
        self.brief = CaseBrief(case=case.case)
        self._cast = cast
        self._queue = case.queue

    async def act(self, act: Act) -> str:
        """Do it; what came of it, in a word."""
        match act.kind:
            case "submit":
                self.brief = await submit(self._cast.producer, self.case)
            case "reopen":
                self.brief = await self._cast.producer.reopen(self.case.case, baton=self.brief.baton)
            case "transfer":
                await self._transfer(act.queue)
            case "own":
                return await self._own(act.agent)
            case "return":
                self.brief = await (await self._owned()).return_("unassigned")
            case "park":
                return await self._park()
            case "resume":
                return await self._resume()
            case "end":
                return await self._end()
        return act.kind

    async def _owned(self) -> OwnedCase:
        return await self._cast.owners[self.brief.agent or ""].owned(self.brief)

    async def _transfer(self, queue: str) -> None:
        if self.brief.state in _IN_HAND:
            self.brief = await (await self._owned()).transfer(queue)
        else:
            self.brief = await self._cast.supervisor.transfer(self.case.case, queue, baton=self.brief.baton)
        self._queue = queue

    async def _own(self, agent: str) -> str:
        if self.brief.state == "waiting":
            try:
                self.brief = await self._cast.owners[agent].take(self.brief, self._queue)
            except CommandRefused as refusal:
                if refusal.code not in _BARRED:
                    raise
            else:
                return "take"
        self.brief = await self._cast.supervisor.assign(
            self.case.case, agent, over_capacity=True, baton=self.brief.baton
        )
        return "assign"

    async def _park(self) -> str:
        if self.brief.state == "parked":
            return "stay_parked"
        self.brief = await (await self._owned()).park()
        return "park"

    async def _resume(self) -> str:
        """Go on with it, or leave it parked while its owner has no room: it is the owner's all the same."""
        try:
            self.brief = await (await self._owned()).resume()
        except CommandRefused as refusal:
            if refusal.code != "NO_ROOM":
                raise
            return "stay_parked"
        return "resume"

    async def _end(self) -> str:
        if self.brief.state in _IN_HAND:
            self.brief = await (await self._owned()).complete()
            return "complete"
        self.brief = await self._cast.supervisor.cancel(self.case.case, "ended_unowned", baton=self.brief.baton)
        return "cancel"


class Follow:
    """One run of a script against a server that has its workspace."""

    def __init__(self, script: Script, base_url: str, workspace: str, sign: Sign) -> None:
        self.script = script
        self._base_url = base_url
        self._workspace = workspace
        self._sign = sign
        self._ledger = Ledger(CAPACITY)
        self._acts: Counter[str] = Counter()
        self._refused: dict[str, str] = {}

    async def run(self, within_s: float, progress: Callable[[str], None]) -> Followed:
        """Play it to the end, or until patience does."""
        agents = {name for names in self.script.queues.values() for name in names}
        async with Cast(agents, self._client, self._ledger) as cast:
            progress(f"{len(agents)} agents in {len(self.script.queues)} queues are online")
            plays = [CasePlay(case, cast) for case in self.script.cases]
            telling = asyncio.create_task(self._tell(progress))
            try:
                async with asyncio.timeout(within_s * PATIENCE + 60):
                    await self._play_all(plays)
            except TimeoutError:
                progress("patience ends: some acts are still to come")
            finally:
                telling.cancel()
            states = Counter([await self._ask_again(cast.producer, play) for play in plays])
        return Followed(
            cases=len(plays),
            closed=states["closed"],
            cancelled=states["cancelled"],
            double_owned=self._ledger.double_owned,
            lost=states["lost"],
            acts=dict(sorted(self._acts.items())),
            acts_left=self.script.acts - self._acts.total(),
            refused=self._refused,
        )

    def _client(self, role: Role, subject: str) -> Client:
        return Client(self._base_url, self._workspace, token=self._sign(role, subject))

    async def _tell(self, progress: Callable[[str], None]) -> None:
        while True:
            await asyncio.sleep(PROGRESS_S)
            progress(f"{self._acts.total()} of {self.script.acts} acts")

    async def _ask_again(self, producer: Client, play: CasePlay) -> str:
        seen = max(play.brief.revision, self._ledger.last_revision(play.case.case))
        return await ask_again(producer, play.case, seen)

    async def _play_all(self, plays: list[CasePlay]) -> None:
        began_at = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as playing:
            for play in plays:
                playing.create_task(self._play(play, began_at))

    async def _play(self, play: CasePlay, began_at: float) -> None:
        """One act after the other, each when it is due and the one before has been answered."""
        for act in play.case.acts:
            await asyncio.sleep(began_at + act.at_s - asyncio.get_running_loop().time())
            try:
                self._acts[await self._until_answered(play, act)] += 1
            except CasebatonError as error:
                self._refused[play.case.case] = f"{act.kind}: {error}"
                return

    async def _until_answered(self, play: CasePlay, act: Act) -> str:
        while True:
            try:
                return await play.act(act)
            except CommandRefused as refusal:
                if not refusal.retryable:
                    raise
            except NotSent:
                pass  # there is no connection for a moment
            await asyncio.sleep(TRY_AGAIN_S)
