"""The workspace document: one TOML or JSON text with channels, queues and agents, checked as a whole before anything
is changed.
"""

import hashlib
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from casebaton.errors import Finding, Invalid
from casebaton.wire.channels import ChannelSummary
from casebaton.wire.words import Id, Level, Name, Reason, RingFactor, Skills, Tier, Units
from casebaton.workspace import lines, routing, statuses
from casebaton.workspace.effects import Effect, Target, effect_faults, target_faults
from casebaton.workspace.faults import faults_of, step
from casebaton.workspace.hours import ClosedClock, Hours, WhenClosed, faults_of_hours
from casebaton.workspace.names import text_faults
from casebaton.workspace.reading import read_json, read_toml
from casebaton.workspace.statuses import Status
from casebaton.workspace.thresholds import MOST, Threshold, threshold_faults

Seconds = Annotated[float, Meta(ge=0, le=30 * 86400)]
CAPACITY, INTERRUPTIBLE_CAPACITY = 10, 3  # what a new agent begins with, as in the engine's `agent.lua`
Mode = Literal["push", "pull", "both"]
Reasons = Annotated[list[Reason], Meta(max_length=32)]
REASONS = ("decline_reasons", "return_reasons", "dispositions", "cannot_complete_reasons")
SUMMARIES_BYTES = 65536  # of all channels: every agent is told at once
Leaving = Literal["keep", "return"]


class Channel(Struct, forbid_unknown_fields=True, kw_only=True):
    """A kind of work: its cost in capacity units and its timers. `target` is for queues that name none.

    `ring_s` is how long an offer rings; `miss_limit` misses in a row set the agent to `not_responding`.
    `on_offline`, and `on_lost` so long after the agent is gone: what becomes of the cases that it works on.
    `on_decline_status`: the status, busy or offline, that declining an offer puts the agent in.
    `idle_alert_s`: after so long without an event an active case raises an alert; 0: never.
    `wrap_up_s` is how long a wrap-up lasts, and `wrap_up_extensions` how often its owner may have it again.
    A parked case holds `parked_cost` units; one that has woken waits `wake_limit_s` for its owner's room.
    `stages`: its cases have the stages of an appointment. `windows`: they may be planned for a time, and nobody gets
    two at once. `reachable_offline`: they are offered to whom no connection is known, too, who need not be there.
    `reserve_after_s`: after so long in line a case that is too heavy for everybody's present room has the agent who is
    nearest to having it kept free for it; 0: never.
    `decline_reasons` and the other lists are what agents' pages offer; None: those of the workspace.
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
    wrap_up_extensions: Annotated[int, Meta(ge=0, le=100)] = 2
    parked_cost: Units = 0
    wake_limit_s: Annotated[float, Meta(ge=1, le=7 * 86400)] = 600
    target: Id | None = None
    stages: bool = False
    reserve_after_s: Seconds = 0
    windows: bool = False
    reachable_offline: bool = False
    decline_reasons: Reasons | None = None
    return_reasons: Reasons | None = None
    dispositions: Reasons | None = None
    cannot_complete_reasons: Reasons | None = None


class Queue(Struct, forbid_unknown_fields=True, kw_only=True):
    """A line of waiting cases. `exclusion_s`: how long a returned case is not offered to its returner.

    `rank`: which queue's cases an agent gets first, 0 before all others; queues of equal rank share one `order`.
    `credit_s`: what a step of priority is worth in the order `credit`. `choice`: which of several agents gets a case.
    `skills` are required of every case of the queue. `affinity_s`: for how long whoever served a customer is preferred
    for that customer's next case, which then waits `affinity_wait_s` at most.
    `auto_accept`, here or of the channel or the agent: a match makes the agent the owner at once.
    `length_limit`: how many may wait (0: any number); a new case over it goes to the queue `overflow`, or is refused.
    `when_closed`: what becomes of a new case outside the opening `hours`. `closed_clock`: whether plans and preferences
    stand still meanwhile. `member_skills`: whoever has these is a member without being listed.
    `service_level_s`: within what time a case should have its first owner, as the service level counts; left out, that
    of its target, else 20 s.
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
    target: Id | None = None
    length_limit: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    overflow: Id | None = None
    hours: Id | None = None
    when_closed: WhenClosed = "wait"
    closed_clock: ClosedClock = "stop"
    member_skills: Skills = {}
    service_level_s: Annotated[float, Meta(ge=1, le=30 * 86400)] | None = None


def _midnight(day: date | None) -> int:
    return 0 if day is None else round(datetime.combine(day, time(), UTC).timestamp() * 1000)


class Agent(Struct, forbid_unknown_fields=True, kw_only=True):
    """A person who owns cases. What is left out stays as it is; a new agent begins with capacity 10, of which 3
    interruptible, under its own id and in no queue.
    """

    name: Name | UnsetType = UNSET
    team: Name | UnsetType = UNSET
    capacity: Units | UnsetType = UNSET
    interruptible_capacity: Units | UnsetType = UNSET
    queues: Annotated[list[Id], Meta(max_length=64)] | UnsetType = UNSET
    skills: dict[Id, Level] | UnsetType = UNSET
    skill_dates: dict[Id, routing.Dates] | UnsetType = UNSET
    tiers: dict[Id, Tier] | UnsetType = UNSET
    auto_accept: bool | UnsetType = UNSET
    limits: Annotated[dict[Id, Units], Meta(max_length=16)] | UnsetType = UNSET
    ring_factor: RingFactor | UnsetType = UNSET

    def dates_ms(self) -> dict[str, tuple[int, int]]:
        """Between which instants skills count, 0 where it is open."""
        return {name: (_midnight(one.since), _midnight(one.until)) for name, one in (self.skill_dates or {}).items()}


class Settings(Struct, forbid_unknown_fields=True, kw_only=True):
    """What holds for the whole workspace.

    `retention_s`: how long an ended case's small record answers repeated submits. `grace_s` and `gone_s`: how long
    after the loss of an agent's last connection its offers come back, and it counts as gone. `reopen_s`: how long
    after its end a closed case may be reopened; it is kept for as long. `short_abandon_s`: who leaves sooner does not
    count as abandoned. The lists of reasons count for channels that have none of their own.
    """

    offer_limit: Annotated[int, Meta(ge=1, le=10)] = 1
    retention_s: Annotated[float, Meta(ge=60, le=30 * 86400)] = 86400
    grace_s: Annotated[float, Meta(ge=1, le=600)] = 5
    gone_s: Annotated[float, Meta(ge=1, le=86400)] = 20
    reopen_s: Annotated[float, Meta(ge=0, le=366 * 86400)] = 604800
    short_abandon_s: Annotated[float, Meta(ge=0, le=3600)] = 5
    decline_reasons: Reasons = []
    return_reasons: Reasons = []
    dispositions: Reasons = []
    cannot_complete_reasons: Reasons = []


class Document(Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole document. All but `agents` is structure: people are set once, when it is applied, and live on their
    own.
    """

    channels: dict[Id, Channel]
    queues: dict[Id, Queue]
    agents: dict[Id, Agent] = {}
    skills: Annotated[list[Id], Meta(max_length=1000)] = []
    plans: dict[Id, routing.Plan] = {}
    skill_rules: Annotated[list[routing.SkillRule], Meta(max_length=200)] = []
    targets: dict[Id, Target] = {}
    effects: Annotated[list[Effect], Meta(max_length=50)] = []
    workspace: Settings = msgspec.field(default_factory=Settings)
    statuses: dict[Id, Status] = {}
    hours: dict[Id, Hours] = {}
    alerts: Annotated[dict[Id, Threshold], Meta(max_length=MOST)] = {}


Form = Literal["toml", "json"]


class Known(NamedTuple):
    """What an agent's fields may name."""

    queues: Collection[str]
    skills: Collection[str]
    channels: Collection[str]
    texts: Collection[str] = ()  # a name and a team that the agent has already


def agent_faults(agent: Agent, known: Known, path: str) -> Iterator[Finding]:
    """What of an agent does not fit together, or not what there is."""
    for field in ("name", "team"):
        text = getattr(agent, field)
        if text is not UNSET and text not in known.texts:
            yield from text_faults(text, f"{path}.{field}")
    for i, queue in enumerate(agent.queues or []):
        if queue not in known.queues:
            yield Finding(f"{path}.queues[{i}]", f"there is no queue {queue}")
    for queue in sorted(name for name in agent.tiers or {} if name not in known.queues):
        yield Finding(step(f"{path}.tiers", queue), f"there is no queue {queue}")
    for limited in sorted(name for name in agent.limits or {} if name not in known.channels):
        yield Finding(step(f"{path}.limits", limited), f"there is no channel {limited}")
    capacity, interruptible = agent.capacity, agent.interruptible_capacity
    if capacity is not UNSET and interruptible is not UNSET and interruptible > capacity:
        yield Finding(f"{path}.interruptible_capacity", f"must not be above capacity {capacity}")
    yield from routing.unknown_skills(agent.skills or {}, known.skills, f"{path}.skills")
    for skill in sorted((agent.skill_dates or {}).keys() - (agent.skills or {}).keys()):
        yield Finding(step(f"{path}.skill_dates", skill), "dates belong to a skill that is named beside them")


def _check(document: Document) -> Iterator[Finding]:
    """What is wrong although every field is good by itself."""
    for name, channel in document.channels.items():
        if channel.parked_cost > channel.cost:
            path = step("$.channels", name)
            yield Finding(f"{path}.parked_cost", f"must not be above cost {channel.cost}")
        if channel.reachable_offline and channel.on_lost == "return":
            path = step("$.channels", name)
            yield Finding(f"{path}.on_lost", "nobody is ever lost to a channel that is reachable_offline")
    skills = frozenset(document.skills)
    known = Known(document.queues, skills, document.channels)
    for name, agent in document.agents.items():
        yield from agent_faults(agent, known, step("$.agents", name))
    yield from lines.faults(document.queues, skills)
    yield from faults_of_hours(document.queues, document.hours)
    yield from routing.faults(document.queues, document.plans, skills, document.skill_rules)
    yield from target_faults(document.targets, document.queues, document.channels)
    yield from effect_faults(document.effects, document.queues, document.channels)
    yield from threshold_faults(document.alerts, document.queues)
    if document.workspace.gone_s < document.workspace.grace_s:
        yield Finding("$.workspace.gone_s", "must not be below grace_s")
    yield from statuses.faults(document.statuses, document.channels)
    if (size := len(summaries(document))) > SUMMARIES_BYTES:
        yield Finding("$.channels", f"what agents are told of them takes {size} bytes, at most {SUMMARIES_BYTES}")


def parse(text: str | bytes, form: Form = "toml") -> Document:
    """Read and check a document. Raises Invalid with every fault and its path, or NOT_JSON."""
    given = text.encode() if isinstance(text, str) else text
    raw = read_toml(given) if form == "toml" else read_json(given)
    try:
        document = msgspec.convert(raw, Document)
    except msgspec.ValidationError as error:
        raise Invalid.of(faults_of(raw, Document)) from error
    if faults := list(_check(document)):
        raise Invalid.of(faults)
    return document


def canonical(document: Document) -> bytes:
    """The structure as JSON: every default filled in, members in order, whole numbers without a point, no people."""
    members = msgspec.to_builtins(document)
    del members["agents"]
    return msgspec.json.encode(_whole_numbers(members), order="sorted")


def summaries(document: Document) -> bytes:
    """What agents are told of the channels: JSON of a `ChannelSummary` by id."""
    channels, settings = msgspec.to_builtins(document.channels), msgspec.to_builtins(document.workspace)
    for channel in channels.values():
        own = {name: settings[name] if channel[name] is None else channel[name] for name in REASONS}
        channel |= {name: list(dict.fromkeys(codes)) for name, codes in own.items()}
    told = msgspec.convert(channels, dict[str, ChannelSummary])
    return msgspec.json.encode(_whole_numbers(msgspec.to_builtins(told)), order="sorted")


def _whole_numbers(value: Any) -> Any:
    """The same number is written in one way, whether a default, TOML or JSON gave it."""
    if isinstance(value, dict):
        return {name: _whole_numbers(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def digest(document: Document) -> str:
    """What tells structures apart: the SHA-256 of the canonical document, shortened."""
    return hashlib.sha256(canonical(document)).hexdigest()[:32]


def read(path: Path) -> Document:
    """Read and check a document file: JSON when its name ends so, else TOML.

    Raises Invalid, NOT_JSON, or OSError when it cannot be read.
    """
    return parse(path.read_bytes(), "json" if path.suffix == ".json" else "toml")
