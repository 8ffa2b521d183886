"""The workspace document: one TOML file with channels, queues and agents, checked as a whole before anything is
changed.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from casebaton.errors import Invalid
from casebaton.wire.messages import Id, Text, Units

Seconds = Annotated[float, Meta(ge=0, le=30 * 86400)]
Mode = Literal["push", "pull", "both"]


class Channel(Struct, forbid_unknown_fields=True, kw_only=True):
    """A kind of work: its cost in capacity units and its timers.

    `ring_s` is how long an offer rings; `miss_limit` misses in a row set the agent to `not_responding`.
    `wrap_up_s` is how long a wrap-up lasts, and `wrap_up_extensions` how often its owner may have it again.
    A parked case holds `parked_cost` units; one that has woken waits `wake_limit_s` for its owner's room.
    """

    pool: Literal["primary", "interruptible"] = "interruptible"
    cost: Units = 1
    ring_s: Annotated[float, Meta(ge=1, le=7 * 86400)] = 30
    cooldown_s: Seconds = 60
    miss_limit: Annotated[int, Meta(ge=1, le=1000)] = 3
    wrap_up_s: Annotated[float, Meta(ge=1, le=86400)] = 60
    wrap_up_extensions: Annotated[int, Meta(ge=0, le=100)] = 2
    parked_cost: Units = 0
    wake_limit_s: Annotated[float, Meta(ge=1, le=7 * 86400)] = 600


class Queue(Struct, forbid_unknown_fields=True, kw_only=True):
    """A line of waiting cases. `exclusion_s`: how long a returned case is not offered to its returner."""

    mode: Mode = "push"
    exclusion_s: Seconds = 300


class Agent(Struct, forbid_unknown_fields=True, kw_only=True):
    """A person who owns cases."""

    name: Text = ""
    team: Text = ""
    capacity: Units = 10
    interruptible_capacity: Units = 3
    queues: Annotated[list[Id], Meta(max_length=64)] = []


class Settings(Struct, forbid_unknown_fields=True, kw_only=True):
    """What holds for the whole workspace.

    `retention_s`: how long an ended case's small record answers repeated submits. `grace_s` and `gone_s`: how long
    after the loss of an agent's last connection its offers come back, and it counts as gone. `reopen_s`: how long
    after its end a closed case may be reopened; it is kept for as long.
    """

    offer_limit: Annotated[int, Meta(ge=1, le=10)] = 1
    retention_s: Annotated[float, Meta(ge=60, le=30 * 86400)] = 86400
    grace_s: Annotated[float, Meta(ge=1, le=600)] = 5
    gone_s: Annotated[float, Meta(ge=1, le=86400)] = 20
    reopen_s: Annotated[float, Meta(ge=0, le=366 * 86400)] = 604800


class Document(Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole document."""

    channels: dict[Id, Channel]
    queues: dict[Id, Queue]
    agents: dict[Id, Agent] = {}
    workspace: Settings = msgspec.field(default_factory=Settings)


def _check(document: Document) -> None:
    for name, channel in document.channels.items():
        if channel.parked_cost > channel.cost:
            raise Invalid(f"$.channels.{name}.parked_cost: must not be above cost {channel.cost}")
    for name, agent in document.agents.items():
        for i, queue in enumerate(agent.queues):
            if queue not in document.queues:
                raise Invalid(f"$.agents.{name}.queues[{i}]: there is no queue {queue}")
        if agent.interruptible_capacity > agent.capacity:
            raise Invalid(f"$.agents.{name}.interruptible_capacity: must not be above capacity {agent.capacity}")
    if document.workspace.gone_s < document.workspace.grace_s:
        raise Invalid("$.workspace.gone_s: must not be below grace_s")


def parse(text: str) -> Document:
    """Read and check a document. Raises Invalid with the path of the first fault."""
    try:
        document = msgspec.convert(tomllib.loads(text), Document)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"not TOML: {error}") from error
    except msgspec.ValidationError as error:
        reason, _, path = str(error).rpartition(" - at ")
        raise Invalid(f"{path.strip('`')}: {reason}" if reason else str(error)) from error
    _check(document)
    return document


def read(path: Path) -> Document:
    """Read and check a document file. Raises Invalid, or OSError when it cannot be read."""
    return parse(path.read_text())
