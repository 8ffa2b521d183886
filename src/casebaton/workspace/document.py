"""The workspace document: one TOML or JSON text with channels, queues and agents, checked as a whole before anything
is changed.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from casebaton.errors import CasebatonError, Finding, Invalid
from casebaton.wire.messages import Id, Level, Skills, Text, Tier, Units
from casebaton.workspace import routing, statuses
from casebaton.workspace.faults import faults_of, step
from casebaton.workspace.statuses import Status

Seconds = Annotated[float, Meta(ge=0, le=30 * 86400)]
Mode = Literal["push", "pull", "both"]
Leaving = Literal["keep", "return"]


class Channel(Struct, forbid_unknown_fields=True, kw_only=True):
    """A kind of work: its cost in capacity units and its timers.

    `ring_s` is how long an offer rings; `miss_limit` misses in a row set the agent to `not_responding`.
    `on_offline`, and `on_lost` so long after the agent is gone: what becomes of the cases that it works on.
    `on_decline_status`: the status, busy or offline, that declining an offer puts the agent in.
    `idle_alert_s`: after so long without an event an active case raises an alert; 0: never.
    """

    pool: Literal["primary", "interruptible"] = "interruptible"
    cost: Units = 1
    ring_s: Annotated[float, Meta(ge=1, le=7 * 86400)] = 30
    cooldown_s: Seconds = 60
    miss_limit: Annotated[int, Meta(ge=1, le=1000)] = 3
    wrap_up_s: Annotated[float, Meta(ge=1, le=86400)] = 60
    auto_accept: bool = False
    on_offline: Leaving = "keep"
    on_lost: Leaving = "keep"
    on_lost_after_s: Seconds = 60
    on_decline_status: Id | None = None
    idle_alert_s: Seconds = 0


class Queue(Struct, forbid_unknown_fields=True, kw_only=True):
    """A line of waiting cases. `exclusion_s`: how long a returned case is not offered to its returner.

    `rank`: which queue's cases an agent gets first, 0 before all others; queues of equal rank share one `order`.
    `credit_s`: what a step of priority is worth in the order `credit`. `choice`: which of several agents gets a case.
    `skills` are required of every case of the queue. `affinity_s`: for how long whoever served a customer is preferred
    for that customer's next case, which then waits `affinity_wait_s` at most.
    `auto_accept`, here or of the channel or the agent: a match makes the agent the owner at once.
    """

    mode: Mode = "push"
    exclusion_s: Seconds = 300
    rank: Annotated[int, Meta(ge=0, le=15)] = 0
    order: routing.Order = "priority"
    credit_s: Seconds = 600
    choice: routing.Choice = "longest_idle"
    plan: Id | None = None
    skills: Skills = {}
    affinity_s: Seconds = 0
    affinity_wait_s: Seconds = 60
    take_needs_skills: bool = False
    auto_accept: bool = False


def _midnight(day: date | None) -> int:
    return 0 if day is None else round(datetime.combine(day, time(), UTC).timestamp() * 1000)


class Agent(Struct, forbid_unknown_fields=True, kw_only=True):
    """A person who owns cases."""

    name: Text = ""
    team: Text = ""
    capacity: Units = 10
    interruptible_capacity: Units = 3
    queues: Annotated[list[Id], Meta(max_length=64)] = []
    skills: dict[Id, Level] = {}
    skill_dates: dict[Id, routing.Dates] = {}
    tiers: dict[Id, Tier] = {}
    auto_accept: bool = False

    def dates_ms(self) -> dict[str, tuple[int, int]]:
        """Between which instants skills count, 0 where it is open."""
        return {name: (_midnight(one.since), _midnight(one.until)) for name, one in self.skill_dates.items()}


class Settings(Struct, forbid_unknown_fields=True, kw_only=True):
    """What holds for the whole workspace.

    `retention_s`: how long an ended case's small record answers repeated submits. `grace_s` and `gone_s`: how long
    after the loss of an agent's last connection its offers come back, and it counts as gone.
    """

    offer_limit: Annotated[int, Meta(ge=1, le=10)] = 1
    retention_s: Annotated[float, Meta(ge=60, le=30 * 86400)] = 86400
    grace_s: Annotated[float, Meta(ge=1, le=600)] = 5
    gone_s: Annotated[float, Meta(ge=1, le=86400)] = 20


class Document(Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole document."""

    channels: dict[Id, Channel]
    queues: dict[Id, Queue]
    agents: dict[Id, Agent] = {}
    skills: Annotated[list[Id], Meta(max_length=1000)] = []
    plans: dict[Id, routing.Plan] = {}
    skill_rules: Annotated[list[routing.SkillRule], Meta(max_length=200)] = []
    workspace: Settings = msgspec.field(default_factory=Settings)
    statuses: dict[Id, Status] = {}


Form = Literal["toml", "json"]


def _check(document: Document) -> Iterator[Finding]:
    """What is wrong although every field is good by itself."""
    for name, agent in document.agents.items():
        path = step("$.agents", name)
        for i, queue in enumerate(agent.queues):
            if queue not in document.queues:
                yield Finding(f"{path}.queues[{i}]", f"there is no queue {queue}")
        if agent.interruptible_capacity > agent.capacity:
            yield Finding(f"{path}.interruptible_capacity", f"must not be above capacity {agent.capacity}")
        yield from routing.unknown_skills(agent.skills, document.skills, f"{path}.skills")
        for skill in agent.skill_dates.keys() - agent.skills.keys():
            yield Finding(step(f"{path}.skill_dates", skill), "dates belong to a skill of the agent")
    yield from routing.faults(document.queues, document.plans, document.skills, document.skill_rules)
    if document.workspace.gone_s < document.workspace.grace_s:
        yield Finding("$.workspace.gone_s", "must not be below grace_s")
    yield from statuses.faults(document.statuses, document.channels)


def warnings(document: Document) -> list[Finding]:
    """What is allowed and probably not meant."""
    return statuses.warnings(document.statuses)


def _decode(text: bytes, form: Form) -> Any:
    try:
        return tomllib.loads(text.decode()) if form == "toml" else msgspec.json.decode(text)
    except (tomllib.TOMLDecodeError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if form == "json":
            raise CasebatonError("NOT_JSON", f"not JSON: {error}") from error
        raise Invalid(f"not TOML: {error}") from error


def parse(text: str | bytes, form: Form = "toml") -> Document:
    """Read and check a document. Raises Invalid with every fault and its path, or NOT_JSON."""
    raw = _decode(text.encode() if isinstance(text, str) else text, form)
    try:
        document = msgspec.convert(raw, Document)
    except msgspec.ValidationError as error:
        raise Invalid.of(faults_of(raw, Document)) from error
    if faults := list(_check(document)):
        raise Invalid.of(faults)
    return document


def read(path: Path) -> Document:
    """Read and check a document file: JSON when its name ends so, else TOML.

    Raises Invalid, NOT_JSON, or OSError when it cannot be read.
    """
    return parse(path.read_bytes(), "json" if path.suffix == ".json" else "toml")
