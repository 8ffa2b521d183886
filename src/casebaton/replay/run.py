"""Turns a fitted plan into live traffic: a producer and every agent over sockets of their own."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import partial

from msgspec import Struct

from casebaton.auth import Role
from casebaton.client import Client, Event, Offer, OwnedCase
from casebaton.replay.agent import Move, SimulatedAgent
from casebaton.replay.ledger import Ledger
from casebaton.replay.percentiles import percentiles
from casebaton.replay.submitting import ask_again, submit
from casebaton.replay.trace import Kind, Plan, PlannedCase, Step
from casebaton.workspace.document import Agent, Channel, Document, Queue

AT_ONCE = 3  # cases that an agent works on at a time
EXCLUSION_S = 300.0  # of the trace's time: who returned or transferred a case gets it again no sooner
PROGRESS_S = 2.0  # between two lines for whoever watches
PATIENCE = 3  # times the planned seconds, and a minute, before what is still open is given up

Sign = Callable[[Role, str], str]
"""Makes a token for a role and a subject."""


class Outcome(Struct):
    """What became of the cases, as the clients saw it. Times are in milliseconds.

    `closed` and `lost` are the server's answers at the end: every case is submitted once more, which changes nothing
    unless the server has forgotten it.
    """

    cases: int
    closed: int
    transfers: int
    returns: int
    rows_ignored: int
    double_owned: int
    lost: int
    over_capacity: int
    offer_ms: dict[str, float | None]
    accept_ms: dict[str, float | None]
    refused: dict[str, int]

    @property
    def is_sound(self) -> bool:
        """Was every case closed, by one owner at a time who had room for it?"""
        return self.closed == self.cases and not (self.double_owned or self.lost or self.over_capacity)


def desk(agents: Mapping[str, Iterable[str]], queue: Queue, capacity: int) -> Document:
    """A workspace with these agents by queue: all queues alike, and all agents."""
    belongs: dict[str, list[str]] = {}
    for name, members in agents.items():
        for agent in members:
            belongs.setdefault(agent, []).append(name)
    return Document(
        channels={"case": Channel()},
        queues=dict.fromkeys(agents, queue),
        agents={
            name: Agent(capacity=capacity, interruptible_capacity=capacity, queues=queues)
            for name, queues in belongs.items()
        },
    )


def describe(plan: Plan) -> Document:
    """The workspace that a plan needs."""
    return desk(plan.queues, Queue(exclusion_s=EXCLUSION_S * plan.time_scale), AT_ONCE)


class Replay:
    """One run of a plan against a server that has its workspace."""

    def __init__(self, plan: Plan, base_url: str, workspace: str, sign: Sign) -> None:
        self.plan = plan
        self._cases = {case.case: case for case in plan.cases}
        self._base_url = base_url
        self._workspace = workspace
        self._sign = sign
        self._steps_done: Counter[str] = Counter()
        self._acts: Counter[Kind] = Counter()
        self._submitted = 0
        self._all_closed = asyncio.Event()
        self._ledger = Ledger(AT_ONCE)
        self._offer_ms: list[float] = []
        self._accept_ms: list[float] = []

    async def run(self, progress: Callable[[str], None]) -> Outcome:
        """Play it to the end, or until patience does; whatever is open then is not counted as closed."""
        longest = max((case.at_s for case in self.plan.cases), default=0.0)
        async with AsyncExitStack() as stack:
            producer = await stack.enter_async_context(self._client("producer", "replay"))
            agents = [
                await stack.enter_async_context(self._simulate(name))
                for name in sorted({name for names in self.plan.queues.values() for name in names})
            ]
            progress(f"{len(agents)} agents in {len(self.plan.queues)} queues are online")
            telling = asyncio.create_task(self._tell(progress))
            try:
                async with asyncio.timeout(longest * PATIENCE + 60):
                    await self._submit_all(producer)
                    await self._all_closed.wait()
            except TimeoutError:
                progress("patience ends: some cases are still open")
            finally:
                telling.cancel()
            states = Counter(
                [await ask_again(producer, case, self._ledger.last_revision(case.case)) for case in self.plan.cases]
            )
            refused = sum((agent.refused for agent in agents), Counter[str]())
        return self._outcome(states, refused)

    def _client(self, role: Role, subject: str) -> Client:
        return Client(self._base_url, self._workspace, token=self._sign(role, subject))

    def _simulate(self, name: str) -> SimulatedAgent:
        client = self._client("agent", name)
        client.on_event(self._saw)
        return SimulatedAgent(client, answer=partial(self._answer, name), work=self._work)

    def _outcome(self, states: Mapping[str, int], refused: Mapping[str, int]) -> Outcome:
        return Outcome(
            cases=len(self.plan.cases),
            closed=states.get("closed", 0),
            transfers=self._acts["transfer"],
            returns=self._acts["return"],
            rows_ignored=self.plan.rows_ignored,
            double_owned=self._ledger.double_owned,
            lost=states.get("lost", 0),
            over_capacity=self._ledger.over_capacity,
            offer_ms=percentiles(self._offer_ms),
            accept_ms=percentiles(self._accept_ms),
            refused=dict(refused),
        )

    async def _tell(self, progress: Callable[[str], None]) -> None:
        while True:
            await asyncio.sleep(PROGRESS_S)
            progress(f"{self._submitted} of {len(self.plan.cases)} cases submitted, {self._acts['complete']} closed")

    # -- the producer ------------------------------------------------------------------------------------------------

    async def _submit_all(self, producer: Client) -> None:
        started_at = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as submits:
            for case in self.plan.cases:
                await asyncio.sleep(started_at + case.at_s - asyncio.get_running_loop().time())
                submits.create_task(self._submit(producer, case))

    async def _submit(self, producer: Client, case: PlannedCase) -> None:
        await submit(producer, case)
        self._submitted += 1

    # -- the agents --------------------------------------------------------------------------------------------------

    def _saw(self, event: Event) -> None:
        self._ledger.saw(event)
        if event.type == "case_offered":
            self._offer_ms.append(time.time() * 1000 - event.at_ms)

    def _answer(self, agent: str, offer: Offer) -> Move:
        return Move(0, partial(self._accept, agent, offer))

    async def _accept(self, agent: str, offer: Offer) -> None:
        began_at = time.perf_counter()
        owned = await offer.accept()
        self._accept_ms.append((time.perf_counter() - began_at) * 1000)
        self._ledger.claimed(agent, owned.case.case, owned.case.revision)

    def _work(self, owned: OwnedCase) -> Move:
        case = owned.case.case
        number = self._steps_done[case]
        return Move(self._cases[case].steps[number].after_s, partial(self._act, owned, number))

    async def _act(self, owned: OwnedCase, number: int) -> None:
        case = owned.case.case
        step = self._cases[case].steps[number]
        # Counted before it is sent: by the time its reply is read, the next owner may have begun.
        self._steps_done[case] = number + 1
        await self._send(owned, step)
        self._acts[step.kind] += 1
        if self._acts["complete"] == len(self.plan.cases):
            self._all_closed.set()

    async def _send(self, owned: OwnedCase, step: Step) -> None:
        match step.kind:
            case "transfer":
                await owned.transfer(step.queue)
            case "return":
                await owned.return_(step.reason)
            case "complete":
                await owned.complete()
