"""A trace's rows: a CSV with a row per change of a case, as ServiceNow's audit log exports them.

The columns are those of `Columns`. What the rows mean is written down in `docs/replay.md`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from casebaton.errors import Invalid

MISSING = frozenset({"", "?"})
NO_GROUP = "no-group"
ENDS = frozenset({"Resolved", "Closed"})

Row = Mapping[str, str]
Life = Sequence[Row]
"""A case's rows, in their order."""


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


class Submission(Struct, frozen=True, kw_only=True):
    """What the producer says of a case."""

    case: str
    queue: str
    subject: str
    customer: str
    priority: int


def read_lives(lines: Iterable[str]) -> list[Life]:
    """Read a trace, case by case. Raises Invalid with the line of the first fault."""
    lives: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(lines):
        lives[row[COLUMNS.case]].append(row)
    if not lives:
        raise Invalid("the trace has no rows")
    return [sorted(life, key=lambda row: int(row[COLUMNS.order])) for life in lives.values()]


def members(lives: Iterable[Life]) -> dict[str, tuple[str, ...]]:
    """Who appears in each queue, by name."""
    agents: dict[str, set[str]] = defaultdict(set)
    for life in lives:
        for row in life:
            agents[queue_of(row)] |= {agent_of(row)} - {""}
    return {queue: tuple(sorted(agents[queue])) for queue in sorted(agents)}


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
                seconds(row[name])
            except ValueError as error:
                raise Invalid(f"{where}: {name} is not a time like 29-02-2016 01:16") from error
        if not row[COLUMNS.order].isdecimal():
            raise Invalid(f"{where}: {COLUMNS.order} is not a number")
        yield row


def seconds(text: str) -> float:
    """An instant of the trace."""
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC).timestamp()


def queue_of(row: Row) -> str:
    """The queue that a row is in."""
    group = row[COLUMNS.group]
    return NO_GROUP if group in MISSING else identify(group)


def agent_of(row: Row) -> str:
    """The agent who has the case, empty for nobody."""
    assignee = row[COLUMNS.assignee]
    return "" if assignee in MISSING else identify(assignee)


def is_awaiting(row: Row) -> bool:
    """Does the case wait for somebody else?"""
    return row[COLUMNS.state].startswith("Awaiting")


def is_ended(row: Row) -> bool:
    """Is the work on the case over?"""
    return row[COLUMNS.state] in ENDS


def submission(first: Row) -> Submission:
    """A case as its first row has it."""
    number = re.match(r"\d", first[COLUMNS.priority])
    return Submission(
        case=identify(first[COLUMNS.case]),
        queue=queue_of(first),
        subject=f"{first[COLUMNS.category]}, {first[COLUMNS.subcategory]}",
        customer=first[COLUMNS.customer],
        priority=int(number[0]) if number else 5,
    )
