"""Where waiting time went, as the engine counted it: each moment of a stay has one cause."""

from collections import defaultdict

from sqlalchemy import Connection

from casebaton.history.schema import waits
from casebaton.reports.answer import Answer, Column, answer, known
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("queue", "channel", "priority", "skill")
CAUSES = {
    "stopped": "The queue was paused or closed, or its line was put into another order.",
    "offered": "It rang at somebody.",
    "named": "It waited for its preferred or required agent alone.",
    "untaken": "The queue only lets agents take, and nobody did.",
    "no_agent": "Nobody was there who may have it.",
    "cooling": "Whoever had room had had it before, or was kept from it otherwise.",
    "busy": "All who were there had no room.",
    "engine": "It was being matched.",
}
COLUMNS = (
    Column("total_ms", "ms", "Waiting time that went this way, of the stays that ended in this interval."),
    Column("stays", "stays", "In how many of them any time did."),
    Column("share", "share", "`total_ms` / that of all causes: they are exclusive, and together all of the wait."),
    Column("says", "", "What the cause is."),
)


def report(connection: Connection, question: Question) -> Answer:
    """A row for each cause."""
    groups = Groups(question.each("cause"))
    groups.count(connection, waits, ("total_ms", "stays"))
    whole: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for key, group in groups.of.items():
        whole[key[:-1]] += group.counts["total_ms"]
    for key, group in groups.of.items():
        group.counts["whole_ms"] = whole[key[:-1]]

    def describe(group: Group, _: int) -> Row:
        counts = group.counts
        share = counts["total_ms"] / counts["whole_ms"] if counts["whole_ms"] else None
        return known({"total_ms": counts["total_ms"], "stays": counts["stays"], "share": share})

    rows = [row | {"says": CAUSES.get(row["cause"], "")} for row in groups.rows(describe)]
    before = report(connection, question.of(question.period.previous())) if question.compare else None
    return answer("waits", question, COLUMNS, rows, {"total_ms": groups.total.counts["total_ms"]}, previous=before)
