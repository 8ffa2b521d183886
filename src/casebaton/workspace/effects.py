"""The parts of a workspace document that say what follows a case's changes of hands: targets and effects."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from casebaton.errors import Finding
from casebaton.wire.words import Id, NoteText
from casebaton.workspace.faults import step

TargetSeconds = Annotated[float, Meta(ge=1, le=366 * 86400)]


class Target(Struct, forbid_unknown_fields=True, kw_only=True):
    """By when a case should have its first owner, and be over, in seconds since its submit.

    `warn_at`: after which share of that time it is warned of. `in_open_hours`: only the time counts in which the case's
    queue is open by its hours.
    """

    first_owner_s: TargetSeconds | None = None
    completion_s: TargetSeconds | None = None
    warn_at: Annotated[float, Meta(gt=0, lt=1)] = 0.8
    in_open_hours: bool = False


class Aimed(Protocol):
    """What the checks here read of a queue or channel."""

    target: Id | None


def target_faults(
    targets: Mapping[str, Target], queues: Mapping[str, Aimed], channels: Mapping[str, Aimed]
) -> Iterator[Finding]:
    """Targets without a clock, and names of targets that are not there."""
    for name, target in targets.items():
        if target.first_owner_s is None and target.completion_s is None:
            yield Finding(step("$.targets", name), "expected first_owner_s or completion_s")
    for kind, aimed in (("queues", queues), ("channels", channels)):
        for name, one in aimed.items():
            if one.target is not None and one.target not in targets:
                yield Finding(f"{step(f'$.{kind}', name)}.target", f"there is no target {one.target}")


Change = Literal[
    "case_accepted",
    "case_taken",
    "case_assigned",
    "case_declined",
    "offer_expired",
    "offer_revoked",
    "case_returned",
    "case_transferred",
    "case_wrapping",
    "case_closed",
    "case_cancelled",
    "case_abandoned",
    "case_parked",
    "case_resumed",
    "case_reopened",
]
ENDS = ("case_closed", "case_cancelled", "case_abandoned")
PLACEHOLDERS = frozenset({"case", "queue", "queue_before", "agent", "agent_before", "reason"})


class Effect(Struct, forbid_unknown_fields=True, kw_only=True):
    """What follows the events named in `on`, of one queue or channel if such is named: exactly one action.

    In a `note` or `task`, `{agent}` and the like stand for the event's members.
    """

    on: Annotated[list[Change], Meta(min_length=1, max_length=16)]
    queue: Id | None = None
    channel: Id | None = None
    note: NoteText | None = None
    task: NoteText | None = None
    event: Id | None = None
    notify_previous_owner: Literal[True] | None = None

    @property
    def actions(self) -> dict[str, str]:
        """The actions named, each with its text; a valid effect has one."""
        named = {name: getattr(self, name) for name in ("note", "task", "event", "notify_previous_owner")}
        return {name: "" if value is True else value for name, value in named.items() if value is not None}


def effect_faults(effects: list[Effect], queues: Collection[str], channels: Collection[str]) -> Iterator[Finding]:
    """Effects that cannot be carried out."""
    for i, effect in enumerate(effects):
        path = f"$.effects[{i}]"
        if effect.queue is not None and effect.queue not in queues:
            yield Finding(f"{path}.queue", f"there is no queue {effect.queue}")
        if effect.channel is not None and effect.channel not in channels:
            yield Finding(f"{path}.channel", f"there is no channel {effect.channel}")
        if len(effect.actions) != 1:
            yield Finding(path, "expected exactly one of note, task, event, notify_previous_owner")
        for name in effect.actions.keys() & {"note", "task"}:
            yield from _text_faults(effect, effect.actions[name], f"{path}.{name}")


def _text_faults(effect: Effect, text: str, path: str) -> Iterator[Finding]:
    for end in sorted({*effect.on} & {*ENDS}):
        yield Finding(path, f"after {end} the case takes no notes any more")
    for name in re.findall(r"\{([a-z_]+)\}", text):
        if name not in PLACEHOLDERS:
            yield Finding(path, f"there is no {{{name}}}: there are {', '.join(sorted(PLACEHOLDERS))}")
