"""One generator's part of a scenario: its clients, what they do when, and what it writes down."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec

from casebaton.auth import Role, Tokens
from loadtest.generator.arrivals import Arrivals, Due, dealt
from loadtest.generator.client import Client, Entrance
from loadtest.generator.job import Job, Tick, evidence_file, measured_file
from loadtest.generator.people import AgentClient, ProducerClient, WatcherClient, case_id
from loadtest.generator.recorder import Recorder
from loadtest.process import TOKEN_S
from loadtest.scenario import Step, StopReading, ThrowOff, agent_name, of_kind
from loadtest.until import sleep_until, until

PAUSE_S = 0.05
COMPLETE_WITHIN_S = 60.0  # after the last has come
YIELD_AFTER = 64  # submits without a look at what has come in


class Load:
    """Everybody whom this process plays."""

    def __init__(self, job: Job) -> None:
        scenario = job.scenario
        self.recorder = Recorder(scenario.warm_up_s, scenario.seconds)
        self._job = job
        self._scenario = scenario
        self._tokens = Tokens(job.secret)
        self._chance = Random(f"{scenario.seed}/{job.number}")
        self._entrance = Entrance(job.nodes, f"127.0.0.{2 + job.number}")
        self._arrivals = Arrivals(scenario, job.number)
        self._queues = scenario.queue_names
        self._cases = 0
        self._closed_loop = False
        self.producers = [
            [self._producer(workspace, number) for number in range(scenario.site.producers)]
            for workspace in range(scenario.site.workspaces)
        ]
        self.watchers = [self._watcher(number) for number in self._mine(range(scenario.watchers))]
        self.agents = [self._agent(number) for number in self._mine(range(scenario.agents.count))]

    def _mine(self, numbers: Sequence[int]) -> Sequence[int]:
        return dealt(numbers, self._job.number, self._scenario.site.generators)

    # -- who is there ------------------------------------------------------------------------------------------------

    def _identity(self, workspace: int, role: Role, subject: str) -> dict[str, str]:
        name = self._scenario.workspaces[workspace]
        return {"workspace": name, "token": self._tokens.sign(name, role, subject, ttl_s=TOKEN_S)}

    def _producer(self, workspace: int, number: int) -> ProducerClient:
        who = self._identity(workspace, "producer", f"crm-{self._job.number}-{number}")
        return ProducerClient(self._entrance, self.recorder, self._chance, node=workspace + number, **who)

    def _watcher(self, number: int) -> WatcherClient:
        who = self._identity(number % self._scenario.site.workspaces, "supervisor", f"sue-{number}")
        return WatcherClient(self._entrance, self.recorder, self._chance, node=number, queues=self._queues, **who)

    def _agent(self, number: int) -> AgentClient:
        who = self._identity(self._scenario.workspace_of(number), "agent", agent_name(number))
        return AgentClient(
            self._entrance,
            self.recorder,
            self._chance,
            node=number // self._scenario.site.generators,
            name=agent_name(number),
            habits=self._scenario.agents,
            on_completed=self._replace,
            **who,
        )

    @property
    def clients(self) -> list[Client]:
        """All of them."""
        return [*(one for group in self.producers for one in group), *self.watchers, *self.agents]

    @property
    def connected(self) -> int:
        """How many are welcome at this moment."""
        return sum(one.is_welcome for one in self.clients)

    async def sign_in(self) -> None:
        """Everybody comes, at the scenario's pace, and is there when this returns. Raises TimeoutError."""
        pace = self._scenario.agents.sign_in_per_s / self._scenario.site.generators
        began_at = perf_counter()
        for number, client in enumerate(self.clients):
            client.connect()
            await sleep_until(began_at + number / pace)
        if not await until(self._is_complete, within_s=COMPLETE_WITHIN_S, every_s=PAUSE_S):
            raise TimeoutError(f"{self.connected} of {len(self.clients)} clients are connected")

    def _is_complete(self) -> bool:
        return all(one.is_welcome for one in self.clients) and all(one.is_online for one in self.agents)

    # -- what they do ------------------------------------------------------------------------------------------------

    async def run(self, begin_at: float) -> None:
        """All arrivals and all disturbances of theirs, to the last."""
        self.recorder.begin_at = begin_at
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._submit_when_due(begin_at))
            parts.create_task(self._keep_in_flight(begin_at))
            parts.create_task(self._disturb(begin_at))

    async def _submit_when_due(self, begin_at: float) -> None:
        since_pause = 0
        for due in self._arrivals.open_loop():
            wait_s = begin_at + due.at_s - perf_counter()
            since_pause += 1
            if wait_s > 0 or since_pause == YIELD_AFTER:
                await asyncio.sleep(max(0.0, wait_s))  # an open loop: until it is due, or for others to have a turn
                since_pause = 0
            self._submit(due, begin_at + due.at_s)

    async def _keep_in_flight(self, begin_at: float) -> None:
        for begin_s, step in self._arrivals.steps():
            if step.in_flight:
                await sleep_until(begin_at + begin_s)
                await self._fill(step, begin_at + begin_s)

    async def _fill(self, step: Step, begin_at: float) -> None:
        self._closed_loop = True
        for _ in range(self._arrivals.share_of(step.in_flight)):
            self._replace()
        await sleep_until(begin_at + step.seconds)
        self._closed_loop = False

    def _replace(self) -> None:
        """In a closed loop a completed case makes room for another, which is due at once."""
        if self._closed_loop:
            at = perf_counter()
            self._submit(self._arrivals.at(0.0), at)

    def _submit(self, due: Due, due_at: float) -> None:
        self._cases += 1
        case = case_id(self._job.number, self._cases, due_at)
        group = self.producers[due.workspace]
        group[self._cases % len(group)].submit(case, self._queues[due.queue], due_at)

    async def _disturb(self, begin_at: float) -> None:
        for one in of_kind(self._scenario.disturbances, (ThrowOff, StopReading)):
            await sleep_until(begin_at + one.at_s)
            if isinstance(one, ThrowOff):
                for agent in self._share(self.agents, one.share):
                    self.recorder.count("thrown_off", perf_counter())
                    agent.drop()
            elif isinstance(one, StopReading):
                for client in self._share(self.agents if one.who == "agents" else self.watchers, one.share):
                    client.stop_reading(one.seconds)

    def _share(self, clients: Sequence[Client], share: float) -> list[Client]:
        return self._chance.sample(clients, round(len(clients) * share))

    # -- what is known of it -----------------------------------------------------------------------------------------

    def tick(self) -> Tick:
        """Where it stands."""
        second = int(perf_counter() - self.recorder.begin_at) - 1 if self.recorder.begin_at < perf_counter() else -1
        return Tick(self.connected, dict(self.recorder.counts), self.recorder.offer_p99_ms(second))

    def leave(self) -> None:
        """Everybody goes."""
        for one in self.clients:
            one.leave()

    def write(self) -> None:
        """Write down what was measured, and the evidence."""
        directory = Path(self._job.directory)
        parts: dict[str, Callable[[], msgspec.Struct]] = {
            measured_file(self._job.number): self.recorder.measured,
            evidence_file(self._job.number): self.recorder.evidence,
        }
        for name, part in parts.items():
            (directory / name).write_bytes(msgspec.json.encode(part()))
