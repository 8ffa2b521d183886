"""Reasons and dispositions: with which words cases were declined, returned, transferred, cancelled, closed."""

from collections import defaultdict
from itertools import groupby

from sqlalchemy import Connection

from casebaton.history.schema import reasons
from casebaton.reports.answer import Answer, Column, answer
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("queue", "channel", "agent", "team")
COLUMNS = (
    Column("count", "", "How often it was given in this interval; without a word when nobody gave one."),
    Column("share", "share", "`count` / everything that happened in the same way (was returned, declined, …) there."),
)


def report(connection: Connection, question: Question) -> Answer:
    """A row for each word, by what happened with it; the most frequent first."""
    groups = Groups(question.each("what", "reason"))
    groups.count(connection, reasons, ("count",))
    whole: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for key, group in groups.of.items():
        whole[key[:-1]] += group.counts["count"]
    for key, group in groups.of.items():
        group.counts["whole"] = whole[key[:-1]]

    def describe(group: Group, _: int) -> Row:
        return {"count": group.counts["count"], "share": group.counts["count"] / group.counts["whole"]}

    rows: list[Row] = []
    for _, alike in groupby(groups.rows(describe), key=_without_reason):
        rows += sorted(alike, key=lambda row: -row["count"])
    before = report(connection, question.of(question.period.previous())) if question.compare else None
    return answer("reasons", question, COLUMNS, rows, {"count": groups.total.counts["count"]}, previous=before)


def _without_reason(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("reason", "count", "share")}
