"""What a scenario file says: who is there, what comes in, what goes wrong, and what must hold all the same.

A file is TOML. Its table `long` is laid over the rest by `--long`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from casebaton.settings import Durability
from casebaton.workspace.document import Agent, Channel, Document, Queue

DIRECTORY = Path(__file__).parent / "scenarios"
CHANNEL = "case"

Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Some = Annotated[int, Meta(ge=1, le=100_000)]


class ScenarioFault(Exception):
    """A scenario file that cannot be used; the sentence names what and where."""


class Site(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What runs: nodes on one store, `generators` processes that drive them, each with `producers` sockets of its own
    in every workspace. `settings` are the nodes' own, by their names.
    """

    nodes: Annotated[int, Meta(ge=1, le=16)] = 1
    workspaces: Annotated[int, Meta(ge=1, le=2000)] = 1
    generators: Annotated[int, Meta(ge=1, le=32)] = 1
    producers: Annotated[int, Meta(ge=1, le=64)] = 1
    durability: Durability = "always"
    settings: dict[str, str | int | float] = {}


class Agents(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Agents over all workspaces, each in so many of its workspace's queues (from, to).

    An offer is answered after `accept_after_ms`, a case completed `handle_ms` (from, to) after it was accepted; a
    share `decline` of the offers is declined. `sign_in_per_s` is how fast they come before the load begins.
    """

    count: Count = 0
    queues: tuple[Some, Some] = (1, 1)
    capacity: Some = 3
    accept_after_ms: Annotated[float, Meta(ge=0, le=600_000)] = 0
    handle_ms: tuple[float, float] = (0, 0)
    decline: Share = 0
    sign_in_per_s: Some = 500


class Step(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A stretch of `seconds`: cases at `rate` a second (Poisson), `burst` cases at its first instant, or `in_flight`
    cases at any time, a new one for each that is completed.
    """

    seconds: Seconds
    rate: Annotated[float, Meta(ge=0, le=100_000)] = 0
    burst: Count = 0
    in_flight: Count = 0


class Disturbance(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind"):
    """Something that goes wrong, `at_s` after the load began."""

    at_s: Seconds


class KillNode(Disturbance, kw_only=True, frozen=True, tag="kill_node"):
    """A node gets SIGKILL; it is started again on its old address after a while."""

    node: Annotated[int, Meta(ge=0, le=15)] = 0
    back_after_s: Seconds = 0


class KillStore(Disturbance, kw_only=True, frozen=True, tag="kill_store"):
    """The store gets SIGKILL; it is started again at once, on its data."""


class ThrowOff(Disturbance, kw_only=True, frozen=True, tag="throw_off"):
    """A share of the agents lose their sockets at the same instant, without a word; they come back as clients do."""

    share: Share = 1


class StopReading(Disturbance, kw_only=True, frozen=True, tag="stop_reading"):
    """A share of the agents, or of the watchers, read nothing more until `seconds` later."""

    who: Literal["agents", "watchers"]
    share: Share = 1
    seconds: Seconds


AnyDisturbance = KillNode | KillStore | ThrowOff | StopReading


class Scenario(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One scenario. The first `warm_up_s` of the load are not measured; after it `drain_s` are left for what is open.

    `backlog` cases wait in paused queues, at the lowest priority, before the load begins and resumes them.
    `watchers` are supervisors who watch every queue of their workspace. Each value in `at_most` is the most, each in
    `at_least` the least, that the metric of that name may be, beside what holds in all scenarios.
    """

    name: str
    says: str
    seed: int = 1
    warm_up_s: Seconds = 0
    drain_s: Seconds = 20
    queues: Some = 1
    backlog: Count = 0
    watchers: Count = 0
    site: Site = Site()
    agents: Agents = Agents()
    channel: Channel = msgspec.field(default_factory=Channel)
    queue: Queue = msgspec.field(default_factory=Queue)
    steps: tuple[Step, ...]
    disturbances: tuple[AnyDisturbance, ...] = ()
    at_most: dict[str, float] = {}
    at_least: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        """How long the load lasts, warm-up included."""
        return sum(step.seconds for step in self.steps)

    @property
    def workspaces(self) -> list[str]:
        """The workspaces' names."""
        return [f"load-{number}" for number in range(self.site.workspaces)]

    @property
    def queue_names(self) -> list[str]:
        """The queues of each workspace."""
        return [f"queue-{number}" for number in range(self.queues)]

    def agents_of(self, workspace: int) -> range:
        """The numbers of a workspace's agents; they are dealt in order, evenly."""
        count, parts = self.agents.count, self.site.workspaces
        return range(workspace * count // parts, (workspace + 1) * count // parts)

    def workspace_of(self, agent: int) -> int:
        """The number of an agent's workspace."""
        return ((agent + 1) * self.site.workspaces - 1) // self.agents.count

    def queues_of(self, agent: int) -> list[str]:
        """An agent's queues, the same in every process: one by its number, so that none is empty, others by chance."""
        chance = Random(f"{self.seed}:{agent}")
        count = chance.randint(*self.agents.queues)
        mine = self.queue_names[agent % self.queues]
        return [mine, *chance.sample([name for name in self.queue_names if name != mine], count - 1)]

    def document(self, workspace: int) -> Document:
        """The workspace's configuration."""
        capacity = self.agents.capacity
        return Document(
            channels={CHANNEL: self.channel},
            queues=dict.fromkeys(self.queue_names, self.queue),
            agents={
                agent_name(number): Agent(
                    capacity=capacity, interruptible_capacity=capacity, queues=self.queues_of(number)
                )
                for number in self.agents_of(workspace)
            },
        )


def agent_name(number: int) -> str:
    """An agent's name, by its number over all workspaces."""
    return f"agent-{number}"


def names() -> list[str]:
    """The scenarios that come with the project."""
    return sorted(path.stem for path in DIRECTORY.glob("*.toml"))


def find(name: str) -> Path:
    """The file of a scenario that comes with the project, or one at a path. Raises ScenarioFault."""
    path = DIRECTORY / f"{name}.toml" if name in names() else Path(name)
    if not path.is_file():
        raise ScenarioFault(f"no scenario {name}: it is a path to a file, or one of {', '.join(names())}")
    return path


def load(path: Path, *, is_long: bool = False) -> Scenario:
    """Read a file. Raises ScenarioFault."""
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        long = said.pop("long", {})
        return check(msgspec.convert(_over(said, long) if is_long else said, Scenario))
    except (OSError, ValueError, ScenarioFault) as error:  # unreadable, not TOML, or not a scenario
        raise ScenarioFault(f"{path}: {error}") from error


def check(scenario: Scenario) -> Scenario:
    """What the types cannot say. Raises ScenarioFault."""
    low, high = scenario.agents.queues
    faults = [
        (low > high or high > scenario.queues, f"agents.queues: from {low} to {high}, of {scenario.queues} queues"),
        (scenario.agents.handle_ms[0] > scenario.agents.handle_ms[1], "agents.handle_ms: from more to less"),
        (not scenario.steps, "steps: at least one"),
        (any(_kinds(step) > 1 for step in scenario.steps), "steps: rate, burst or in_flight, one of them in a step"),
        (any(_is_late(each, scenario) for each in scenario.disturbances), "disturbances: at_s is after the load's end"),
        (any(_is_nobody(each, scenario) for each in scenario.disturbances), "disturbances: there is no such node"),
    ]
    for is_fault, says in faults:
        if is_fault:
            raise ScenarioFault(says)
    return scenario


def _kinds(step: Step) -> int:
    return (step.rate > 0) + (step.burst > 0) + (step.in_flight > 0)


def _is_late(disturbance: AnyDisturbance, scenario: Scenario) -> bool:
    return disturbance.at_s > scenario.seconds


def _is_nobody(disturbance: AnyDisturbance, scenario: Scenario) -> bool:
    return isinstance(disturbance, KillNode) and disturbance.node >= scenario.site.nodes


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Tables laid over tables; whatever else is above takes the place of what is below."""
    merged = dict(below)
    for name, value in above.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _over(merged[name], value) if both else value
    return merged


def of_kind(disturbances: Iterable[AnyDisturbance], kinds: tuple[type[AnyDisturbance], ...]) -> list[AnyDisturbance]:
    """Those of some kinds, in the order of time."""
    return sorted((each for each in disturbances if isinstance(each, kinds)), key=lambda each: each.at_s)
