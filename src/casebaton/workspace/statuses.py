"""The part of a workspace document that names statuses: what agents may choose beside the built-in ones."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from casebaton.errors import Finding
from casebaton.wire.words import Id, Text
from casebaton.workspace.faults import step

Kind = Literal["online", "busy", "offline"]
RESERVED = frozenset({"online", "busy", "offline", "not_responding"})


class Status(Struct, forbid_unknown_fields=True, kw_only=True):
    """A name for one of the three kinds.

    `channels`: what an online agent accepts; `teams`: whose agents may choose it. Left out, either means all.
    """

    kind: Kind
    channels: Annotated[list[Id], Meta(max_length=16)] | None = None
    teams: Annotated[list[Text], Meta(max_length=64)] | None = None


class Kinds(Protocol):
    """What the checks here read of a channel."""

    on_decline_status: Id | None


def faults(statuses: Mapping[str, Status], channels: Mapping[str, Kinds]) -> Iterator[Finding]:
    """Built-in names, and whatever names something that is not there."""
    for name, status in statuses.items():
        path = step("$.statuses", name)
        if name in RESERVED:
            yield Finding(path, "this status is built in")
        for i, channel in enumerate(status.channels or ()):
            if channel not in channels:
                yield Finding(f"{path}.channels[{i}]", f"there is no channel {channel}")
    yield from _decline_faults(statuses, channels)


def _decline_faults(statuses: Mapping[str, Status], channels: Mapping[str, Kinds]) -> Iterator[Finding]:
    away: Collection[str] = {"busy", "offline"} | {name for name, one in statuses.items() if one.kind != "online"}
    for name, channel in channels.items():
        wanted = channel.on_decline_status
        if wanted is not None and wanted not in away:
            yield Finding(f"{step('$.channels', name)}.on_decline_status", f"no status {wanted} is busy or offline")


def warnings(statuses: Mapping[str, Status]) -> list[Finding]:
    """What is allowed and probably not meant."""
    return [
        Finding(f"{step('$.statuses', name)}.channels", f"who is {name} is online and is offered nothing")
        for name, status in statuses.items()
        if status.kind == "online" and status.channels == []
    ]
