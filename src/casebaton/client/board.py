"""What supervisors are told of a workspace beside its agents and queues: figures, alerts, nodes and the store."""

from collections.abc import Iterable

from msgspec import Struct

MINUTE_MS = 60_000


class Minute(Struct, frozen=True, kw_only=True, gc=False):
    """A minute of a queue, from `at_ms` (server time) on.

    Of the cases that `arrived` in it: how many were `owned` since, `in_time` of these within the queue's service level;
    how many were `abandoned`, or `short_abandoned` too soon to count; how many are `overdue`: they still wait, for
    longer. What happened in it: cases `closed`, offers `missed` and `declined`. At its end, once it is over: `waiting`,
    and since when the one that had waited longest, where that is known.
    """

    queue: str
    at_ms: int
    arrived: int = 0
    owned: int = 0
    in_time: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    overdue: int = 0
    closed: int = 0
    missed: int = 0
    declined: int = 0
    waiting: int = 0
    oldest_at_ms: int | None = None


def level_of(minutes: Iterable[Minute]) -> float | None:
    """The service level of the cases that arrived in these minutes, from 0 to 1; None when there were none to count."""
    in_time = counted = 0
    for minute in minutes:
        in_time += minute.in_time
        counted += minute.owned + minute.abandoned + minute.overdue
    return in_time / counted if counted else None


class Alert(Struct, frozen=True, kw_only=True, gc=False):
    """Something that a supervisor should see. `id` is its own.

    `type` is that of the engine's event, whose fields these are, or `threshold_crossed`: then `alert` is the
    threshold's id, `waiting`, `oldest_at_ms` and `level` are as they were at `at_ms` (server time), and it is over at
    `cleared_at_ms`.
    """

    id: str
    type: str
    at_ms: int
    cleared_at_ms: int | None = None
    alert: str = ""
    queue: str = ""
    case: str = ""
    agent: str = ""
    clock: str = ""
    due_at_ms: int = 0
    rule: int = 0
    on: str = ""
    reason: str = ""
    waiting: int = 0
    oldest_at_ms: int | None = None
    level: float | None = None

    @property
    def is_on(self) -> bool:
        """Is a threshold still crossed? What the engine tells is over as it is told."""
        return self.type == "threshold_crossed" and self.cleared_at_ms is None


class NodeHealth(Struct, frozen=True, kw_only=True, gc=False):
    """A node as it told at `at_ms`; it runs since `since_ms` (Unix ms, both by its own clock).

    Its `connections`, and how many of them are agents' and supervisors'. How much later than wanted its event loop
    came back (`loop_lag_ms`), how long entries of the log took at most to be handed on (`log_lag_ms`, by the clocks of
    the store and the node), and how long the store took to answer (`store_ms`), all of the last second.
    """

    node: str
    at_ms: int
    since_ms: int
    version: str
    connections: int = 0
    agents: int = 0
    supervisors: int = 0
    draining: bool = False
    loop_lag_ms: int = 0
    log_lag_ms: int = 0
    store_ms: int = 0


class ServerHealth(Struct, frozen=True, kw_only=True, gc=False):
    """A primary of the store as it was last asked; without a `version` it did not answer."""

    server: str
    kind: str = ""
    version: str = ""
    role: str = ""
    replicas: int = 0
    memory_bytes: int = 0
    memory_limit_bytes: int = 0


class SystemHealth(Struct, frozen=True, kw_only=True, gc=False):
    """All nodes by name, and the store's primaries."""

    nodes: tuple[NodeHealth, ...]
    servers: tuple[ServerHealth, ...]
