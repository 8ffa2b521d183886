"""What is under way, and for how long already: the line, and what agents have in hand."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, func, literal, select

from casebaton.errors import Invalid
from casebaton.history.schema import live
from casebaton.reports.answer import Answer, Column, answer, known
from casebaton.reports.cuts import columns_of, counting
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.periods import DAY_MS, HOUR_MS
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("queue", "channel", "priority", "skill", "agent", "team")
SAYS = ("idle_s",)
IDLE_S = 86_400
STATES = ("waiting", "offered", "active", "parked", "wrapping")
IN_LINE, IN_HAND = STATES[:2], STATES[2:]
MINUTE_MS = 60_000
BOUNDS: dict[str, int] = {
    "1m": MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "1h": HOUR_MS,
    "4h": 4 * HOUR_MS,
    "1d": DAY_MS,
    "7d": 7 * DAY_MS,
}
BEYOND = "longer"
OLDEST = ("oldest_wait_ms", "oldest_age_ms", "oldest_owned_ms")
COLUMNS = (
    Column("waiting", "cases", "Cases in the line that ring at nobody."),
    Column("offered", "cases", "Cases in the line that ring at somebody."),
    Column("oldest_wait_ms", "ms", "The longest present stay in the line."),
    Column("oldest_age_ms", "ms", "The longest time since one of those was requested; a return does not end it."),
    *(
        Column(f"in_line_{name}", "cases", f"Cases whose present stay is {name} at most, and above the bound before.")
        for name in BOUNDS
    ),
    Column(f"in_line_{BEYOND}", "cases", "Cases whose present stay is longer."),
    Column("active", "cases", "Cases that are worked on."),
    Column("parked", "cases", "Cases that are parked."),
    Column("wrapping", "cases", "Cases in wrap-up."),
    Column("oldest_owned_ms", "ms", "The longest present ownership."),
    *(
        Column(f"owned_{name}", "cases", f"Owned cases whose present ownership is {name} at most, and longer than the "
               "bound before.")
        for name in BOUNDS
    ),
    Column(f"owned_{BEYOND}", "cases", "Owned cases whose present ownership is longer."),
    Column("idle_owned", "cases", "Active cases without any event for longer than a day, or as many seconds as are "
           "asked for (idle_s)."),
)  # fmt: skip


def report(connection: Connection, question: Question) -> Answer:
    """The numbers of this moment: the period that is asked for does not matter."""
    groups = Groups(question)
    table = _cases(question)
    columns = columns_of(table, question, None)
    names = [
        column.name for column in table.c if column.name.startswith(("in_", "owned_", "idle_")) or column.name in STATES
    ]
    sums = [func.sum(table.c[name]) for name in names]
    oldest = [func.max(table.c[name]) for name in OLDEST]
    for row in connection.execute(select(*columns, *sums, *oldest).where(counting(table, question)).group_by(*columns)):
        values = row[len(columns) :]
        for group in groups.under(tuple(row[: len(columns)])):
            for name, value in zip(names, values, strict=False):
                group.counts[name] += int(value or 0)
            for name, value in zip(OLDEST, values[len(names) :], strict=True):
                if value is not None:
                    group.counts[name] = max(group.counts[name], value)

    def describe(group: Group, _: int) -> Row:
        return known({column.name: group.counts.get(column.name) for column in COLUMNS})

    return answer("ageing", question, COLUMNS, groups.rows(describe), describe(groups.total, 0))


def _idle_ms(question: Question) -> int:
    text = question.more.get("idle_s", str(IDLE_S))
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10):
        raise Invalid("idle_s: expected a whole number of seconds")
    return int(text) * 1000


def _cases(question: Question) -> FromClause:
    """Live cases, each with ones in the columns where it counts."""
    of, now_ms = live.c, question.now_ms
    is_in_line, is_owned = of.state.in_(IN_LINE), of.state.in_(IN_HAND)
    present_ms = now_ms - func.coalesce(of.since_ms, of.requested_at_ms, now_ms)  # what began before the history did
    columns: list[ColumnElement[Any]] = [
        *(_one(of.state == state, state) for state in STATES),
        *_bounds(is_in_line, present_ms, "in_line"),
        *_bounds(is_owned, present_ms, "owned"),
        _one(and_(of.state == "active", of.touched_at_ms < now_ms - _idle_ms(question)), "idle_owned"),
        case((is_in_line, now_ms - of.since_ms)).label("oldest_wait_ms"),
        case((is_in_line, now_ms - of.requested_at_ms)).label("oldest_age_ms"),
        case((is_owned, now_ms - of.since_ms)).label("oldest_owned_ms"),
    ]
    shape = of.workspace, of.queue, of.channel, of.priority, of.skills, of.agent, of.team
    return select(*shape, *columns).where(of.kind == "case").subquery("cases")


def _one(condition: ColumnElement[bool], name: str) -> ColumnElement[Any]:
    return case((condition, literal(1)), else_=literal(0)).label(name)


def _bounds(condition: ColumnElement[bool], length: ColumnElement[int], name: str) -> list[ColumnElement[Any]]:
    """A column for each bound: longer than the one before, and this at most."""
    found, before_ms = [], -1
    for bound, until_ms in BOUNDS.items():
        found.append(_one(and_(condition, length > before_ms, length <= until_ms), f"{name}_{bound}"))
        before_ms = until_ms
    return [*found, _one(and_(condition, length > before_ms), f"{name}_{BEYOND}")]
