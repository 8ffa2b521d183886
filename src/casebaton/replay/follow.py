"""Plays a script: every case goes through the hands that the trace names, by taking and by assigning."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

from msgspec import Struct

from casebaton.auth import Role
from casebaton.client import CasebatonError, CaseBrief, Client, CommandRefused, OwnedCase
from casebaton.replay.cast import Cast, Seat
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
                self.brief = await submit(self._cast.producer.client, self.case)
            case "reopen":
                self.brief = await self._steer(self._cast.producer, Client.reopen)
            case "transfer":
                await self._transfer(act.queue)
            case "own":
                return await self._own(act.agent)
            case "return":
                await self._on_own(lambda owned: owned.return_("unassigned"))
            case "park":
                return await self._park()
            case "resume":
                return await self._resume()
            case "end":
                return await self._end()
        return act.kind

    async def _on_own(self, move: Callable[[OwnedCase], Awaitable[CaseBrief]]) -> None:
        self.brief = await self._cast.owners[self.brief.agent or ""].on_own(self.brief, move)

    async def _steer(
        self, who: Seat, command: Callable[..., Awaitable[CaseBrief]], *args: str, **kinds: bool
    ) -> CaseBrief:
        return await who.ask(partial(command, who.client, self.case.case, *args, baton=self.brief.baton, **kinds))

    async def _transfer(self, queue: str) -> None:
        if self.brief.state in _IN_HAND:
            await self._on_own(lambda owned: owned.transfer(queue))
        else:
            self.brief = await self._steer(self._cast.supervisor, Client.transfer, queue)
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
        self.brief = await self._steer(self._cast.supervisor, Client.assign, agent, over_capacity=True)
        return "assign"

    async def _park(self) -> str:
        if self.brief.state == "parked":
            return "stay_parked"
        await self._on_own(OwnedCase.park)
        return "park"

    async def _resume(self) -> str:
        """Go on with it, or leave it parked while its owner has no room: it is the owner's all the same."""
        try:
            await self._on_own(OwnedCase.resume)
        except CommandRefused as refusal:
            if refusal.code != "NO_ROOM":
                raise
            return "stay_parked"
        return "resume"

    async def _end(self) -> str:
        if self.brief.state in _IN_HAND:
            await self._on_own(OwnedCase.complete)
            return "complete"
        self.brief = await self._steer(self._cast.supervisor, Client.cancel, "ended_unowned")
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
            states = Counter([await self._ask_again(cast.producer.client, play) for play in plays])
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
                self._acts[await play.act(act)] += 1
            except CasebatonError as error:
                self._refused[play.case.case] = f"{act.kind}: {error}"
                return
