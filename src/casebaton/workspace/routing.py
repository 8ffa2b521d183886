"""The parts of a workspace document that say who gets what: skills, plans, skill rules."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from casebaton.errors import Finding
from casebaton.wire.words import Id, Skills, Text, Tier
from casebaton.workspace.faults import step

Seconds = Annotated[float, Meta(ge=0, le=30 * 86400)]
Order = Literal["priority", "credit", "due"]
Choice = Literal["longest_idle", "least_active", "least_loaded", "most_available"]


class Step(Struct, forbid_unknown_fields=True, kw_only=True):
    """One step of a plan, so many seconds after the case began to wait: exactly one action."""

    after_s: Seconds
    drop_skills: Literal[True] | None = None
    open_tier: Tier | None = None
    raise_priority: Annotated[int, Meta(ge=1, le=9)] | None = None
    stop_preferring: Literal[True] | None = None
    overflow: Id | None = None
    alert: Id | None = None

    @property
    def actions(self) -> dict[str, object]:
        """The actions named; a valid step has one."""
        names = (name for name in self.__struct_fields__ if name != "after_s")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class Plan(Struct, forbid_unknown_fields=True, kw_only=True):
    """What happens to a case while it waits. `restart_on`: what lets it begin again with everything asked for."""

    steps: Annotated[list[Step], Meta(min_length=1, max_length=16)]
    restart_on: tuple[Literal["decline", "return"], ...] = ("return",)


class SkillRule(Struct, forbid_unknown_fields=True, kw_only=True):
    """A case whose `field` has the `value` requires `skills`.

    Fields are `queue`, `channel`, `subject`, `customer`, `url` and `data.<key>`, with further keys after dots.
    """

    field: Annotated[str, Meta(pattern=r"^(queue|channel|subject|customer|url|data(\.[A-Za-z0-9_-]+)+)\Z")]
    value: Text
    skills: Skills


FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2109, 1, 1)  # instants above 0 and within `words.TimerInstant`


class Dates(Struct, forbid_unknown_fields=True, kw_only=True):
    """Since and until which day (00:00 UTC) an agent's skill counts."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a day that no timer reaches."""
        for day in (self.since, self.until):
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                raise ValueError(f"Expected a day from {FIRST_DAY} to {LAST_DAY}, got {day}")


class Line(Protocol):
    """What the checks here read of a queue."""

    rank: int
    order: Order
    credit_s: float
    plan: Id | None
    skills: Skills


def faults(
    queues: Mapping[str, Line], plans: Mapping[str, Plan], skills: Collection[str], rules: Collection[SkillRule]
) -> Iterator[Finding]:
    """Whatever names something that is not there, and queues of equal rank that do not share one order."""
    orders: dict[int, tuple[str, tuple[str, float]]] = {}
    for name, queue in queues.items():
        path = step("$.queues", name)
        if queue.plan is not None and queue.plan not in plans:
            yield Finding(f"{path}.plan", f"there is no plan {queue.plan}")
        yield from unknown_skills(queue.skills, skills, f"{path}.skills")
        order = (queue.order, queue.credit_s if queue.order == "credit" else 0)
        first, shared = orders.setdefault(queue.rank, (name, order))
        if order != shared:
            yield Finding(f"{path}.order", f"must be that of queue {first}, which has the same rank {queue.rank}")
    for name, plan in plans.items():
        yield from _plan_faults(plan, queues, step("$.plans", name))
    for i, rule in enumerate(rules):
        yield from unknown_skills(rule.skills, skills, f"$.skill_rules[{i}].skills")


def unknown_skills(named: Collection[str], skills: Collection[str], path: str) -> Iterator[Finding]:
    """Skills that the workspace does not have."""
    for name in named:
        if name not in skills:
            yield Finding(step(path, name), f"there is no skill {name}: list it in $.skills")


def _plan_faults(plan: Plan, queues: Collection[str], path: str) -> Iterator[Finding]:
    before = 0.0
    for i, taken in enumerate(plan.steps):
        at = f"{path}.steps[{i}]"
        if len(taken.actions) != 1:
            names = ", ".join(name for name in taken.__struct_fields__ if name != "after_s")
            yield Finding(at, f"expected exactly one of {names}")
        if taken.after_s < before:
            yield Finding(f"{at}.after_s", "must not be before the step in front of it")
        before = taken.after_s
        if taken.overflow is not None and taken.overflow not in queues:
            yield Finding(f"{at}.overflow", f"there is no queue {taken.overflow}")
