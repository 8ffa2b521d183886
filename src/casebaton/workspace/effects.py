"""The parts of a workspace document that say what follows a case's changes of hands: targets."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from casebaton.errors import Finding
from casebaton.wire.messages import Id
from casebaton.workspace.faults import step

TargetSeconds = Annotated[float, Meta(ge=1, le=366 * 86400)]


class Target(Struct, forbid_unknown_fields=True, kw_only=True):
    """By when a case should have its first owner, and be over, in seconds since its submit.

    `warn_at`: after which share of that time it is warned of.
    """

    first_owner_s: TargetSeconds | None = None
    completion_s: TargetSeconds | None = None
    warn_at: Annotated[float, Meta(gt=0, lt=1)] = 0.8


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
