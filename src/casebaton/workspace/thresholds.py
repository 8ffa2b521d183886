"""The part of a workspace document that says what supervisors are alerted to: thresholds of queues."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from casebaton.errors import Finding
from casebaton.wire.words import Id
from casebaton.workspace.faults import step

MOST = 50


class Threshold(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a queue should not come to: more waiting cases, an older one, a lower service level of the last 30 minutes.
    All that is named has to be so, and for so long. Without `queue`: each queue by itself.
    """

    queue: Id | None = None
    waiting_above: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    oldest_above_s: Annotated[float, Meta(ge=0, le=30 * 86400)] | None = None
    level_below: Annotated[float, Meta(gt=0, le=1)] | None = None
    for_s: Annotated[float, Meta(ge=0, le=86400)] = 0


def threshold_faults(alerts: Mapping[str, Threshold], queues: Collection[str]) -> Iterator[Finding]:
    """Thresholds that nothing crosses, and names of queues that are not there."""
    for name, one in alerts.items():
        path = step("$.alerts", name)
        if one.queue is not None and one.queue not in queues:
            yield Finding(f"{path}.queue", f"there is no queue {one.queue}")
        if one.waiting_above is None and one.oldest_above_s is None and one.level_below is None:
            yield Finding(path, "expected waiting_above, oldest_above_s or level_below")
