"""Field service: how soon appointments are accepted, whether people come in time, how long each stage takes."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, func, literal, select

from casebaton.history.schema import reasons, stages, visits
from casebaton.reports.answer import Answer, Column, answer, known, length_columns, lengths
from casebaton.reports.cuts import inside
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("queue", "channel", "agent")
OPEN_STAGES = ("scheduled", "dispatched", "travelling", "in_progress")
ENDS = ("completed", "cannot_complete", "cancelled")
WORD = "reason "
ARRIVALS = ("arrived", "early", "in_window", "late")
COLUMNS = (
    *length_columns("acceptance", "Acceptance time", "offered to accepted, of the channels that have stages"),
    Column("arrived", "visits", "Of appointments with a window that have ended: somebody came, the stage in progress "
           "began, in this interval."),
    Column("early", "visits", "Of those: before the window."),
    Column("in_window", "visits", "Of those: within the window."),
    Column("late", "visits", "Of those: after the window."),
    Column("on_time_share", "share", "On time: (`early` + `in_window`) / `arrived`."),
    *length_columns("lateness", "Lateness", "the end of the window to the arrival, of those who were late"),
    *(
        column for stage in OPEN_STAGES
        for column in length_columns(stage, f"Stage {stage.replace('_', ' ')}", "of stages that ended in this interval")
    ),
    Column("completed", "visits", "Appointments that were completed."),
    Column("cannot_complete", "visits", "Appointments that could not be completed."),
    Column("cancelled", "visits", "Appointments that were cancelled after somebody had owned them."),
    Column("cannot_complete_share", "share", "`cannot_complete` / (`completed` + `cannot_complete`)."),
    Column("reasons", "", "Why they could not be completed: how often each word was given."),
)  # fmt: skip


def report(connection: Connection, question: Question) -> Answer:
    """The numbers of appointments. By agent acceptance time is not known."""
    groups = Groups(question)
    groups.count(connection, _ends(), ENDS)
    groups.count(connection, _arrivals(question), ARRIVALS)
    groups.stream(connection, _lateness(question), "lateness")
    for stage in OPEN_STAGES:
        groups.stream(connection, _stage(stage), stage)
    _count_reasons(connection, groups)
    columns = COLUMNS
    if question.asks("agent"):
        columns = tuple(column for column in COLUMNS if not column.name.startswith("acceptance"))
    else:
        _measure_acceptance(connection, groups)
    before = report(connection, question.of(question.period.previous())) if question.compare else None
    rows, total = groups.rows(_describe), _describe(groups.total, 0)
    return answer("field", question, columns, rows, total, previous=before)


def _describe(group: Group, _: int) -> Row:
    counts = group.counts
    counts["in_time"] = counts["early"] + counts["in_window"]
    words = {name.removeprefix(WORD): count for name, count in counts.items() if name.startswith(WORD)}
    return known(
        {
            **lengths("acceptance", group.histograms["response_accepted"]),
            **{name: counts[name] for name in (*ARRIVALS, *ENDS)},
            "on_time_share": group.share("in_time", "arrived"),
            **lengths("lateness", group.histograms["lateness"]),
            **{name: value for stage in OPEN_STAGES for name, value in lengths(stage, group.histograms[stage]).items()},
            "cannot_complete_share": group.share("cannot_complete", "completed", "cannot_complete"),
            "reasons": dict(sorted(words.items(), key=lambda item: -item[1])) or None,
        }
    )


def _measure_acceptance(connection: Connection, groups: Groups) -> None:
    """Of offers in the channels whose cases had stages in the period."""
    question = groups.question
    where = (stages.c.workspace == question.workspace, inside(stages.c.ended_at_ms, question.period))
    channels = set(connection.scalars(select(stages.c.channel).where(*where).distinct()))
    wanted = channels & {*question.only.get("channel", channels)}
    if wanted:
        of_them = Groups(replace(question, only={**question.only, "channel": tuple(wanted)}))
        of_them.measure(connection, ("response_accepted",))
        groups.total.histograms |= of_them.total.histograms
        for key, group in of_them.of.items():
            groups.of[key].histograms |= group.histograms


def _count_reasons(connection: Connection, groups: Groups) -> None:
    """With which words appointments could not be completed."""
    of = reasons.c
    shape = of.workspace, of.at_ms, of.queue, of.channel, of.agent, of.team, of.reason
    table = select(*shape, of["count"]).where(of.what == "cannot_complete").subquery("given")
    words = Groups(groups.question.each("reason"))
    words.count(connection, table, ("count",))
    for key, word in words.of.items():
        for group in groups.under(key[:-1]):
            group.counts[f"{WORD}{key[-1]}"] += word.counts["count"]


def _stage(stage: str) -> FromClause:
    of = stages.c
    length = (of.ended_at_ms - of.began_at_ms).label("length_ms")
    return select(*_shape(of.ended_at_ms), length).where(of.stage == stage).subquery(stage)


def _ends() -> FromClause:
    of = stages.c
    ends = (case((of.next_stage == end, literal(1)), else_=literal(0)).label(end) for end in ENDS)
    return select(*_shape(of.ended_at_ms), *ends).where(of.next_stage.in_(ENDS)).subquery("ends")


def _first_arrivals(question: Question) -> FromClause:
    """Planned visits that have ended, and when somebody first came in the period."""
    of = stages.c
    came = func.min(of.ended_at_ms)
    first = (
        select(of.workspace, of.case_id, of.visit, came.label("at_ms"), func.max(of.agent).label("agent"))
        .where(of.next_stage == "in_progress", inside(of.ended_at_ms, question.period))
        .group_by(of.workspace, of.case_id, of.visit)
        .subquery("first")
    )
    same = and_(*(first.c[name] == visits.c[name] for name in ("workspace", "case_id", "visit")))
    planned = visits.c.window_until_ms.is_not(None)
    shape = visits.c.workspace, first.c.at_ms, visits.c.queue, visits.c.channel, first.c.agent
    window = visits.c.window_from_ms, visits.c.window_until_ms
    return select(*shape, *window).join_from(first, visits, same).where(planned).subquery("came")


def _arrivals(question: Question) -> FromClause:
    came = _first_arrivals(question)
    at, begin, end = came.c.at_ms, came.c.window_from_ms, came.c.window_until_ms
    is_so = {"early": at < begin, "in_window": and_(at >= begin, at < end), "late": at >= end}
    counts = (case((condition, literal(1)), else_=literal(0)).label(name) for name, condition in is_so.items())
    shape = (came.c[name] for name in ("workspace", "at_ms", "queue", "channel", "agent"))
    return select(*shape, literal(1).label("arrived"), *counts).subquery("arrivals")


def _lateness(question: Question) -> FromClause:
    came = _first_arrivals(question)
    at, end = came.c.at_ms, came.c.window_until_ms
    shape = (came.c[name] for name in ("workspace", "at_ms", "queue", "channel", "agent"))
    return select(*shape, (at - end).label("length_ms")).where(at >= end).subquery("late")


def _shape(at: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    of = stages.c
    return of.workspace, of.queue, of.channel, of.agent, at.label("at_ms")
