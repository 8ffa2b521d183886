"""How long agents had which status, by the names that they choose."""

from sqlalchemy import Connection

from casebaton.history.schema import agent_time
from casebaton.reports.answer import Answer, Column, answer, known
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("agent", "team")
COLUMNS = (
    Column("total_ms", "ms", "Time with this status in this interval; offline without a connection is not counted."),
    Column("gone_ms", "ms", "Of it: without a connection."),
    Column("full_ms", "ms", "Of it: at capacity, no primary unit free."),
    Column("full_interruptible_ms", "ms", "Of it: no interruptible unit free."),
    Column("idle_ms", "ms", "Of it: online, with nothing in hand and nothing that rang."),
)
NAMES = tuple(column.name for column in COLUMNS)


def report(connection: Connection, question: Question) -> Answer:
    """A row for each status."""
    groups = Groups(question.each("status", "label"))
    groups.count(connection, agent_time, NAMES)

    def describe(group: Group, _: int) -> Row:
        return known({name: group.counts[name] for name in NAMES})

    total = describe(groups.total, groups.length_ms)
    before = report(connection, question.of(question.period.previous())) if question.compare else None
    return answer("statuses", question, COLUMNS, groups.rows(describe), total, previous=before)
