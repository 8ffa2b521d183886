"""Agents: what they did, and where their time went."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, case, select

from casebaton.history.schema import agent_quarters, agent_time, offers, ownerships
from casebaton.reports.answer import Answer, Column, answer, known, length_columns, lengths, whole_ms
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("agent", "team", "queue", "channel")
FEW = 20  # agents of whom every offer and stint is read
WORK = (
    *("accepted", "declined", "missed", "revoked", "response_ms", "taken", "assigned", "handled", "handed_on"),
    *("shared", "active_ms", "parked_ms", "wrap_up_ms", "away_ms"),
)
STATUSES = ("online", "busy", "offline", "not_responding")
ONLINE = (
    *("gone_ms", "full_ms", "full_interruptible_ms", "idle_ms", "held_primary_ms", "held_interruptible_ms"),
    *("capacity_ms", "interruptible_capacity_ms"),
)
TIMES = (*(f"{status}_ms" for status in STATUSES), *ONLINE)
COLUMNS_OF_WORK = (
    Column("accepted", "offers", "Offers accepted, colleagues' among them."),
    Column("declined", "offers", "Offers declined."),
    Column("missed", "offers", "Offers that expired."),
    Column("revoked", "offers", "Offers taken back by the engine or a supervisor."),
    Column("missed_share", "share", "Missed: `missed` / (`accepted` + `declined` + `missed`)."),
    Column("response_mean_ms", "ms", "Offer response: offered to accepted, declined or expired. The mean."),
    Column("taken", "cases", "Cases taken by an agent's own choice."),
    Column("assigned", "cases", "Cases assigned by a supervisor."),
    Column("handled", "cases", "Cases that were closed or cancelled in its hands."),
    Column("handed_on", "cases", "Cases that left its hands otherwise: returned, transferred, assigned to others."),
    Column("shared", "cases", "Of both: beside another active or wrapping case of the same agent at some moment. Their "
           "time is desk time: it runs for each of them."),
    Column("handle_mean_ms", "ms", "Handle time of a stint: active + wrap-up, without parked time and without the "
           "agent's offline time; of cases that left its hands in this interval. The mean."),
    Column("wrap_up_mean_ms", "ms", "Wrap-up of a stint. The mean of all, those without wrap-up among them."),
    Column("parked_mean_ms", "ms", "How long a case was parked in its hands. The mean of all."),
)  # fmt: skip
COLUMNS_OF_ONE = (
    *length_columns("response", "Offer response", "offered to accepted, declined or expired"),
    *length_columns("stint", "Handle time of a stint", "active + wrap-up, less the agent's offline time"),
)
COLUMNS_OF_TIME = (
    Column("online_ms", "ms", "Time with a status of the kind online."),
    Column("busy_ms", "ms", "Time with a status of the kind busy."),
    Column("offline_ms", "ms", "Time with a status of the kind offline while connected."),
    Column("not_responding_ms", "ms", "Time after too many missed offers."),
    Column("gone_ms", "ms", "Of the online time: without a connection."),
    Column("full_ms", "ms", "Of the online time: at capacity, no primary unit free."),
    Column("full_interruptible_ms", "ms", "Of the online time: no interruptible unit free."),
    Column("idle_ms", "ms", "Of the online time: nothing in hand, and nothing rang."),
    Column(
        "working_share", "share", "1 - `idle_ms` / `online_ms`: the share of the online time with anything in hand."
    ),
    Column("occupancy", "share", "Occupancy: units held / units of capacity, each times time, while online."),
    Column("occupancy_primary", "share", "Occupancy by primary work: its units held / units of capacity."),
    Column("occupancy_interruptible", "share", "Occupancy of the interruptible pool: its units held / its capacity."),
)


def report(connection: Connection, question: Question) -> Answer:
    """The numbers of agents. Their time is of all queues together, so whoever asks by queue or channel gets the work
    alone; whoever names few agents gets percentiles, too.
    """
    groups = Groups(question)
    groups.count(connection, agent_quarters, WORK)
    has_time = not question.asks("queue", "channel")
    is_of_few = 0 < len(question.only.get("agent", ())) <= FEW
    if has_time:
        groups.count(connection, _times(), TIMES)
    if is_of_few:
        groups.stream(connection, _offers(), "response")
        groups.stream(connection, _stints(), "stint")

    def describe(group: Group, _: int) -> Row:
        found = _work(group) | (_time(group) if has_time else {})
        if is_of_few:
            found |= lengths("response", group.histograms["response"]) | lengths("stint", group.histograms["stint"])
        return known(found)

    columns = (*COLUMNS_OF_WORK, *(COLUMNS_OF_ONE if is_of_few else ()), *(COLUMNS_OF_TIME if has_time else ()))
    columns = tuple({column.name: column for column in columns}.values())
    total = describe(groups.total, groups.length_ms)
    before = report(connection, question.of(question.period.previous())) if question.compare else None
    return answer("agents", question, columns, groups.rows(describe), total, previous=before)


def _work(group: Group) -> Row:
    counts = group.counts
    answered = counts["accepted"] + counts["declined"] + counts["missed"]
    stints = counts["handled"] + counts["handed_on"]

    def mean_ms(total_ms: int, count: int) -> int | None:
        return whole_ms(total_ms / count) if count else None

    return {
        **{name: counts[name] for name in WORK if not name.endswith("_ms")},
        "missed_share": counts["missed"] / answered if answered else None,
        "response_mean_ms": mean_ms(counts["response_ms"], answered),
        "handle_mean_ms": mean_ms(counts["active_ms"] + counts["wrap_up_ms"] - counts["away_ms"], stints),
        "wrap_up_mean_ms": mean_ms(counts["wrap_up_ms"], stints),
        "parked_mean_ms": mean_ms(counts["parked_ms"], stints),
    }


def _time(group: Group) -> Row:
    counts = group.counts
    counts["held_ms"] = counts["held_primary_ms"] + counts["held_interruptible_ms"]
    idle = group.share("idle_ms", "online_ms")
    return {
        **{name: counts[name] for name in (*(f"{status}_ms" for status in STATUSES), *ONLINE[:4])},
        "working_share": None if idle is None else 1 - idle,
        "occupancy": group.share("held_ms", "capacity_ms"),
        "occupancy_primary": group.share("held_primary_ms", "capacity_ms"),
        "occupancy_interruptible": group.share("held_interruptible_ms", "interruptible_capacity_ms"),
    }


def _times() -> FromClause:
    """Rows of time with a column for each status, and of what else there is the online part alone."""
    of = agent_time.c
    by_status = (case((of.status == status, of.total_ms), else_=0).label(f"{status}_ms") for status in STATUSES)
    online = (case((of.status == "online", of[name]), else_=0).label(name) for name in ONLINE)
    return select(of.workspace, of.at_ms, of.agent, of.team, *by_status, *online).subquery("times")


def _offers() -> FromClause:
    of = offers.c
    return _timed(offers, of.answered_at_ms, of.response_ms).where(of.answer != "revoked").subquery("answered")


def _stints() -> FromClause:
    of = ownerships.c
    return _timed(ownerships, of.ended_at_ms, of.active_ms + of.wrap_up_ms - of.away_ms).subquery("stints")


def _timed(table: Table, at: ColumnElement[int], length: ColumnElement[int]) -> Select[Any]:
    of = table.c
    shape = of.workspace, of.agent, of.team, of.queue, of.channel, of.priority, of.skills
    return select(*shape, at.label("at_ms"), length.label("length_ms"))
