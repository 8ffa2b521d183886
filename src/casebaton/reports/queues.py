"""Queues: what came, how long it waited for its first owner, what became of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, and_, case, func, literal, select

from casebaton.history.schema import live, queue_quarters
from casebaton.reports.answer import Answer, Column, answer, known, length_columns, lengths, whole_ms
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.openings import open_times
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("queue", "channel", "priority", "skill")
MEASURES = ("first_owner", "handle")
SUMS = (
    *("arrived", "reopened", "owned", "in_time", "abandoned", "short_abandoned", "cancelled"),
    *("stays_begun", "stays_again", "pushed", "taken", "assigned"),
    *("offered", "accepted", "declined", "missed", "revoked"),
    *("returned", "transferred", "overflowed", "closed", "ended_again", "waiting_ms"),
)
COLUMNS = (
    Column("arrived", "cases", "Cases that came, submitted or reopened. What becomes of them is counted here, too."),
    Column("reopened", "cases", "Of those that arrived: they had been closed before."),
    Column("owned", "cases", "Of those that arrived: they have had a first owner."),
    Column("in_time", "cases", "Of those owned: within the service level of the queue in which they arrived, as it "
           "was then, counting its open hours alone."),
    Column("abandoned", "cases", "Of those that arrived: the customer left before anybody owned them."),
    Column("short_abandoned", "cases", "Of those that arrived: the customer left at once, within the "
           "configuration's short_abandon_s."),
    Column("cancelled", "cases", "Of those that arrived: withdrawn before anybody owned them."),
    Column("unowned", "cases", "Of those that arrived: nobody has owned them yet."),
    Column("overdue", "cases", "Of those unowned: they wait for longer than the service level by now."),
    Column("level", "share", "Service level: `in_time` / (`owned` + `abandoned` + `overdue`). Each case once a visit, "
           "in the interval of its arrival."),
    Column("target_ms", "ms", "The service level of the queue today, the longest wait that is in time."),
    Column("abandoned_share", "share", "Abandonment: (`abandoned` + `short_abandoned`) / `arrived`."),
    *length_columns("first_owner", "Time to first owner", "from when it was requested, after a reopening from that, "
                    "until it had one; of first ownerships in this interval"),
    Column("handle_mean_ms", "ms", "Handle time: active + wrap-up of all owners, without parked time and without its "
           "owner's offline time; of cases closed in this interval. The mean."),
    Column("waiting", "cases", "How many waited or rang at a time, on average over what of the interval "
           "has passed since the history began; of ended stays."),
    Column("stays_begun", "stays", "Stays in the line that began: arrived, came back, or came from another queue."),
    Column("stays_again", "stays", "Of those begun: not the case's first stay on this visit."),
    Column("pushed", "cases", "First ownerships by an accepted offer or at once by a match."),
    Column("taken", "cases", "First ownerships by an agent's own choice."),
    Column("assigned", "cases", "First ownerships by a supervisor's assignment."),
    Column("offered", "offers", "Offers made."),
    Column("accepted", "offers", "Offers accepted."),
    Column("declined", "offers", "Offers declined."),
    Column("missed", "offers", "Offers that expired."),
    Column("revoked", "offers", "Offers taken back by the engine or a supervisor."),
    Column("missed_share", "share", "Missed: `missed` / (`accepted` + `declined` + `missed`)."),
    Column("returned", "cases", "Times that an owner handed a case back, or lost it, to its line."),
    Column("transferred", "cases", "Times that a case was sent on to another queue or agent."),
    Column("overflowed", "cases", "Times that a case overflowed to another queue."),
    Column("closed", "cases", "Cases closed."),
    Column("ended_again", "cases", "Abandoned or cancelled in a line after somebody had owned them."),
    Column("reopened_share", "share", "Reopened: `reopened` / `closed`, of this interval."),
    Column("open_ms", "ms", "For how long the queue was open by its hours, in what of the interval has passed since "
           "the history began."),
)  # fmt: skip


def report(connection: Connection, question: Question) -> Answer:
    """The numbers of queues, and of the period before if it is asked for."""
    groups = Groups(question)
    groups.count(connection, queue_quarters, SUMS)
    groups.count(connection, overdue_cases(question), ("overdue",))
    groups.measure(connection, MEASURES)
    targets = read_targets(connection, question.workspace)
    opened = open_times(connection, question) if "queue" in question.by else None
    rows = groups.rows(describe)
    for row in rows:
        if "queue" in row:
            row |= known({"target_ms": targets.get(row["queue"])})
            if opened is not None:
                row["open_ms"] = opened.of(row["queue"], row.get("interval", ""))
    total = describe(groups.total, groups.length_ms)
    before = report(connection, question.of(question.period.previous())) if question.compare else None
    return answer("queues", question, COLUMNS, rows, total, previous=before)


def describe(group: Group, length_ms: int) -> Row:
    """A group's numbers; `length_ms` is how long its interval lasted."""
    counts = group.counts
    counts["left"] = counts["abandoned"] + counts["short_abandoned"]
    counts["unowned"] = counts["arrived"] - counts["owned"] - counts["left"] - counts["cancelled"]
    return known(
        {
            **{name: counts[name] for name in (*SUMS, "unowned", "overdue") if name != "waiting_ms"},
            "level": group.share("in_time", "owned", "abandoned", "overdue"),
            "abandoned_share": group.share("left", "arrived"),
            "missed_share": group.share("missed", "accepted", "declined", "missed"),
            "reopened_share": group.share("reopened", "closed"),
            **lengths("first_owner", group.histograms["first_owner"]),
            "handle_mean_ms": whole_ms(group.histograms["handle"].mean_ms),
            "waiting": round(counts["waiting_ms"] / length_ms, 3),
        }
    )


def read_targets(connection: Connection, workspace: str) -> dict[str, int]:
    """The present service level of each queue, in ms."""
    where = (live.c.workspace == workspace, live.c.kind == "queue", live.c.target_ms.is_not(None))
    return {row.name: row.target_ms for row in connection.execute(select(live.c.name, live.c.target_ms).where(*where))}


def overdue_cases(question: Question) -> FromClause:
    """Cases without an owner that wait for longer than their target, by what they asked for when they arrived."""
    of, queue = live.alias("of"), live.alias("queue")
    running = case((queue.c.state == "closed", queue.c.since_ms), else_=question.now_ms)
    open_ms = running - func.coalesce(queue.c.shut_ms, 0)
    same = and_(queue.c.workspace == of.c.workspace, queue.c.kind == "queue", queue.c.name == of.c.arrived_queue)
    is_late = and_(of.c.kind == "case", of.c.overdue_open_ms < func.coalesce(open_ms, question.now_ms))
    columns: Sequence[Any] = (
        of.c.workspace,
        of.c.arrived_at_ms.label("at_ms"),
        of.c.arrived_queue.label("queue"),
        of.c.channel,
        of.c.arrived_priority.label("priority"),
        of.c.arrived_skills.label("skills"),
        literal(1).label("overdue"),
    )
    return select(*columns).select_from(of.outerjoin(queue, same)).where(is_late).subquery("overdue")
