"""A trace of a service desk as a plan: which cases come when, who could work on them, and what becomes of them.

Pure: text in, plan out. What the rows mean is written down in `docs/replay.md`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict, replace

from casebaton.replay.rows import (
    COLUMNS,
    Life,
    Row,
    Submission,
    identify,
    is_awaiting,
    is_ended,
    members,
    queue_of,
    read_lives,
    seconds,
    submission,
)

CLIP_AT = 0.9  # of the handling times: a few incidents lie for months
BEARABLE = 0.6  # share of the time that the busiest agent works

Kind = Literal["transfer", "return", "complete"]


class Step(Struct, frozen=True):
    """What the owner does after `after_s` seconds of work."""

    kind: Kind
    after_s: float
    queue: str = ""
    """The target of a transfer."""
    reason: str = ""


class PlannedCase(Submission, frozen=True, kw_only=True):
    """A case: it comes at `at_s` (the first one at 0) and goes through its steps, whoever owns it; the last ends it."""

    at_s: float
    steps: tuple[Step, ...]


class Plan(Struct, frozen=True):
    """Everything to replay: `queues` are their agents' names by queue, cases come in their order of arrival."""

    queues: Mapping[str, tuple[str, ...]]
    cases: tuple[PlannedCase, ...]
    rows: int
    rows_ignored: int
    """Rows after the one that completed their case."""
    time_scale: float = 1.0
    """Seconds of replay for a second of the trace."""

    def count(self, kind: Kind) -> int:
        """How many steps of a kind there are."""
        return sum(step.kind == kind for case in self.cases for step in case.steps)


# -- reading ---------------------------------------------------------------------------------------------------------


def read(lines: Iterable[str]) -> Plan:
    """Read a trace; times are the trace's own seconds. Raises Invalid with the line of the first fault."""
    lives = read_lives(lines)
    cases, ignored = [], 0
    for life in lives:
        steps, read_rows = _steps(life)
        at_s = seconds(life[0][COLUMNS.opened_at])
        cases.append(PlannedCase(**asdict(submission(life[0])), at_s=at_s, steps=steps))
        ignored += len(life) - read_rows
    start = min(case.at_s for case in cases)
    cases = sorted((replace(case, at_s=case.at_s - start) for case in cases), key=lambda case: case.at_s)
    queues = {name: agents or (f"stand-in-{name}",) for name, agents in members(lives).items()}
    return Plan(queues, tuple(cases), sum(len(life) for life in lives), ignored)


def _steps(life: Life) -> tuple[tuple[Step, ...], int]:
    """What its owners do, and how many of the rows it took to the end."""
    steps: list[Step] = []
    queue, since, has_awaited = queue_of(life[0]), seconds(life[0][COLUMNS.updated_at]), False

    def add(kind: Kind, row: Row, to_queue: str = "", reason: str = "") -> None:
        nonlocal since
        at = max(since, seconds(row[COLUMNS.updated_at]))
        steps.append(Step(kind, at - since, to_queue, reason))
        since = at

    for number, row in enumerate(life, 1):
        if queue_of(row) != queue:
            queue = queue_of(row)
            add("transfer", row, to_queue=queue)
        if is_awaiting(row) and not has_awaited:
            has_awaited = True
            add("return", row, reason=identify(row[COLUMNS.state]))
        if is_ended(row):
            add("complete", row)
            return tuple(steps), number
    # The excerpt ends before the case does: it is completed where it stands.
    add("complete", life[-1])
    return tuple(steps), len(life)


# -- fitting ---------------------------------------------------------------------------------------------------------


def fit(plan: Plan, within_s: float, *, at_once: int) -> Plan:
    """Fit a plan as read into `within_s`: arrivals keep their rhythm, handling times their proportions.

    Handling times are clipped at their 90th percentile, then scaled so that the busiest agent, who does `at_once` cases
    at a time, works 60 % of the time when each queue's work is spread evenly over its agents.
    """
    span = max((case.at_s for case in plan.cases), default=0.0)
    handling = sorted(step.after_s for case in plan.cases for step in case.steps)
    longest = handling[int(len(handling) * CLIP_AT)] if handling else 0.0
    clipped = replace(plan, cases=tuple(_scaled(case, 1.0, 1.0, longest) for case in plan.cases))
    busiest = max(load(clipped).values(), default=0.0)
    work_scale = BEARABLE * within_s * at_once / busiest if busiest else 0.0
    time_scale = within_s / span if span else 0.0
    cases = tuple(_scaled(case, time_scale, work_scale, longest) for case in plan.cases)
    return replace(plan, cases=cases, time_scale=time_scale)


def load(plan: Plan) -> dict[str, float]:
    """Seconds of work for each agent, if each queue's work is spread evenly over its agents."""
    work: dict[str, float] = defaultdict(float)
    for case in plan.cases:
        queue = case.queue
        for step in case.steps:
            for agent in plan.queues[queue]:
                work[agent] += step.after_s / len(plan.queues[queue])
            queue = step.queue or queue
    return work


def _scaled(case: PlannedCase, time_scale: float, work_scale: float, longest: float) -> PlannedCase:
    steps = tuple(replace(step, after_s=min(step.after_s, longest) * work_scale) for step in case.steps)
    return replace(case, at_s=case.at_s * time_scale, steps=steps)
