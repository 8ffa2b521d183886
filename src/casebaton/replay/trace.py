"""A trace of a service desk as a plan: which cases come when, who could work on them, and what becomes of them.

Pure: text in, plan out. A trace is a CSV with a row per change of a case, as ServiceNow's audit log exports them; the
columns are those of `Columns`. What the rows mean is written down in `docs/replay.md`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from casebaton.errors import Invalid

MISSING = frozenset({"", "?"})
NO_GROUP = "no-group"
ENDS = frozenset({"Resolved", "Closed"})
CLIP_AT = 0.9  # of the handling times: a few incidents lie for months
BEARABLE = 0.6  # share of the time that the busiest agent works

Kind = Literal["transfer", "return", "complete"]


class Columns(Struct, frozen=True):
    """The names of the columns that are read."""

    case: str = "number"
    state: str = "incident_state"
    order: str = "sys_mod_count"
    opened_at: str = "opened_at"
    updated_at: str = "sys_updated_at"
    priority: str = "priority"
    group: str = "assignment_group"
    assignee: str = "assigned_to"
    customer: str = "caller_id"
    category: str = "category"
    subcategory: str = "subcategory"


COLUMNS = Columns()


class Step(Struct, frozen=True):
    """What the owner does after `after_s` seconds of work."""

    kind: Kind
    after_s: float
    queue: str = ""
    """The target of a transfer."""
    reason: str = ""


class PlannedCase(Struct, frozen=True):
    """A case: it comes at `at_s` (the first one at 0) and goes through its steps, whoever owns it; the last ends it."""

    case: str
    at_s: float
    queue: str
    subject: str
    customer: str
    priority: int
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

Row = Mapping[str, str]


def read(lines: Iterable[str]) -> Plan:
    """Read a trace; times are the trace's own seconds. Raises Invalid with the line of the first fault."""
    rows = list(_rows(lines))
    if not rows:
        raise Invalid("the trace has no rows")
    lives: dict[str, list[Row]] = defaultdict(list)
    agents: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        lives[row[COLUMNS.case]].append(row)
        queue = _queue(row)
        agents[queue] |= {identify(row[COLUMNS.assignee])} if row[COLUMNS.assignee] not in MISSING else set()
    cases, ignored = [], 0
    for life in lives.values():
        life.sort(key=lambda row: int(row[COLUMNS.order]))
        case, read_rows = _case(life)
        cases.append(case)
        ignored += len(life) - read_rows
    start = min(case.at_s for case in cases)
    cases = sorted((replace(case, at_s=case.at_s - start) for case in cases), key=lambda case: case.at_s)
    queues = {name: tuple(sorted(agents[name])) or (f"stand-in-{name}",) for name in sorted(agents)}
    return Plan(queues, tuple(cases), len(rows), ignored)


def identify(text: str) -> str:
    """Turn a name of the trace into an id."""
    return re.sub(r"[^a-z0-9._@+-]+", "-", text.lower()).strip("-._@+")[:64]


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    reader = csv.DictReader(lines)
    wanted = [getattr(COLUMNS, name) for name in COLUMNS.__struct_fields__]
    if lost := [name for name in wanted if name not in (reader.fieldnames or ())]:
        raise Invalid(f"the trace lacks the columns {', '.join(lost)}")
    for row in reader:
        where = f"line {reader.line_num}"
        if any(row[name] is None for name in wanted):
            raise Invalid(f"{where}: fewer fields than columns")
        for name in (COLUMNS.opened_at, COLUMNS.updated_at):
            try:
                _seconds(row[name])
            except ValueError as error:
                raise Invalid(f"{where}: {name} is not a time like 29-02-2016 01:16") from error
        if not row[COLUMNS.order].isdecimal():
            raise Invalid(f"{where}: {COLUMNS.order} is not a number")
        yield row


def _seconds(text: str) -> float:
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC).timestamp()


def _queue(row: Row) -> str:
    group = row[COLUMNS.group]
    return NO_GROUP if group in MISSING else identify(group)


def _case(life: Sequence[Row]) -> tuple[PlannedCase, int]:
    """A case from its rows in order, and how many of them it took to its end."""
    first = life[0]
    steps, read_rows = _steps(life)
    number = re.match(r"\d", first[COLUMNS.priority])
    case = PlannedCase(
        case=identify(first[COLUMNS.case]),
        at_s=_seconds(first[COLUMNS.opened_at]),
        queue=_queue(first),
        subject=f"{first[COLUMNS.category]}, {first[COLUMNS.subcategory]}",
        customer=first[COLUMNS.customer],
        priority=int(number[0]) if number else 5,
        steps=steps,
    )
    return case, read_rows


def _steps(life: Sequence[Row]) -> tuple[tuple[Step, ...], int]:
    steps: list[Step] = []
    queue, since, has_awaited = _queue(life[0]), _seconds(life[0][COLUMNS.updated_at]), False

    def add(kind: Kind, row: Row, to_queue: str = "", reason: str = "") -> None:
        nonlocal since
        at = max(since, _seconds(row[COLUMNS.updated_at]))
        steps.append(Step(kind, at - since, to_queue, reason))
        since = at

    for number, row in enumerate(life, 1):
        state = row[COLUMNS.state]
        if _queue(row) != queue:
            queue = _queue(row)
            add("transfer", row, to_queue=queue)
        if state.startswith("Awaiting") and not has_awaited:
            has_awaited = True
            add("return", row, reason=identify(state))
        if state in ENDS:
            add("complete", row)
            return tuple(steps), number
    # The excerpt ends before the case does: it is completed where it stands.
    add("complete", life[-1])
    return tuple(steps), len(life)


# -- fitting ---------------------------------------------------------------------------------------------------------


def fit(plan: Plan, seconds: float, *, at_once: int) -> Plan:
    """Fit a plan as read into `seconds`: arrivals keep their rhythm, handling times their proportions.

    Handling times are clipped at their 90th percentile, then scaled so that the busiest agent, who does `at_once` cases
    at a time, works 60 % of the time when each queue's work is spread evenly over its agents.
    """
    span = max((case.at_s for case in plan.cases), default=0.0)
    handling = sorted(step.after_s for case in plan.cases for step in case.steps)
    longest = handling[int(len(handling) * CLIP_AT)] if handling else 0.0
    clipped = replace(plan, cases=tuple(_scaled(case, 1.0, 1.0, longest) for case in plan.cases))
    busiest = max(load(clipped).values(), default=0.0)
    work_scale = BEARABLE * seconds * at_once / busiest if busiest else 0.0
    time_scale = seconds / span if span else 0.0
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
