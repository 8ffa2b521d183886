"""Is it staffed? How many agents each queue would need for its service level, and how many were there."""

import math
import re
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection

from casebaton.errors import Invalid
from casebaton.history.schema import queue_quarters
from casebaton.reports.advice import Need, advise
from casebaton.reports.answer import Answer, Column, answer, known, whole_ms
from casebaton.reports.erlang import Traffic, outlook, servers_for
from casebaton.reports.extent import over
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.openings import open_times
from casebaton.reports.periods import DAY_MS, HOUR_MS, STEPS_MS, Interval
from casebaton.reports.question import Dimension, Question
from casebaton.reports.queues import overdue_cases, read_targets
from casebaton.reports.workload import Workforce, Workload, read_workloads

BY: tuple[Dimension, ...] = ("queue",)
SAYS = ("goal", "within_s", "at_once")
INTERVALS: tuple[Interval, ...] = ("quarter_hour", "half_hour", "hour", "hour_of_day")
GOAL, WITHIN_MS = 0.8, 20_000
MOST_ROWS = 10_000
COLUMNS = (
    Column("arrived", "cases", "Cases that came in this interval; by hours of the day, on average a day."),
    Column("load", "erlangs", "Offered load: cases that came in a second of open time, times `handle_mean_ms`: how "
           "many would be worked on at a time if nobody waited."),
    Column("agents", "agents", "Agents present: online, on average over the open time of the interval. An agent counts "
           "for a queue by the share of its work in the period that the queue was."),
    Column("needed", "agents", "Agents needed: the fewest with whom the model reaches the goal."),
    Column("missing", "agents", "`needed` - `agents`, rounded up; where `expected` is below the goal."),
    Column("spare", "agents", "`agents` - `needed`, rounded; where it is above 0."),
    Column("level", "share", "The service level that there was: what was owned in time, of what was owned, "
           "abandoned or overdue."),
    Column("expected", "share", "The service level that the model expects of the agents present; between whole "
           "numbers of servers it is interpolated."),
    Column("within_ms", "ms", "The longest wait that is in time: the queue's service level, unless said."),
    Column("handle_mean_ms", "ms", "Handle time of the cases closed in the period. The mean."),
    Column("patience_ms", "ms", "How long somebody waits who is never served: all time waited for a first owner / how "
           "many left. Not known when fewer than five left."),
    Column("at_once", "cases", "With how many cases an agent is busy at a time: work / the agents' time with anything "
           "in hand; at least 1. Unless said."),
    Column("model", "", "C: Erlang C, everybody waits. A: Erlang A, with this patience."),
)  # fmt: skip
ASSUMED = (
    "An estimate: arrivals are random and steady within an interval, handle times exponential, agents alike.",
    "Agents are those online. Breaks, training and whatever else they have to do come on top.",
    "Who works for several queues counts for each by its share of the work: nobody fills in where it is busiest.",
    "Quarter hours that are not over, and those before the history began, are left out.",
    "Waits count in open hours; what came while a queue was closed is no part of its load.",
)


class _Wanted(NamedTuple):
    goal: float
    within_ms: int | None
    at_once: float | None


def report(connection: Connection, question: Question) -> Answer:
    """The numbers of each queue and interval, and in words where more agents would be enough.

    Without an interval it is half hours of at most two days, else hours of the day.
    """
    wanted = _read_wanted(question)
    whole = over(connection, question.workspace, question.period)
    asked = replace(question, by=("queue",), interval=question.interval or _usual(question))
    if whole is None:
        return answer("staffing", asked, COLUMNS, [], {}, notes=ASSUMED)
    asked = replace(asked, period=whole)
    groups = Groups(asked)
    groups.count(connection, queue_quarters, ("arrived", "owned", "in_time", "abandoned"))
    groups.count(connection, overdue_cases(asked), ("overdue",))
    if len(groups.of) > MOST_ROWS:
        raise Invalid(f"interval: this is more than {MOST_ROWS} rows: ask for fewer queues or a shorter period")
    workforce = Workforce(connection, asked)
    workloads, present = read_workloads(connection, asked, workforce), workforce.present_ms
    opened, targets = open_times(connection, asked), read_targets(connection, question.workspace)
    parts = {part.key: (place, part) for place, part in enumerate(groups.parts)}
    rows, needs = [], []
    for (key, queue), row in zip(sorted(groups.of), groups.rows(_describe), strict=True):
        place, part = parts[key]
        within_ms = wanted.within_ms or targets.get(queue, WITHIN_MS)
        open_ms = opened.of(queue, part.name)
        row |= {"agents": round(present[key, queue] / open_ms, 2) if open_ms else None, "within_ms": within_ms}
        row |= _reckon(row, workloads.get(queue, Workload()), open_ms, wanted)
        if part.at_ms is None:
            row["arrived"] = round(row["arrived"] * HOUR_MS / part.length_ms, 2)
        rows.append(known(row))
        if row.get("missing") and row.get("level", 0.0) < wanted.goal:
            needs.append(Need(queue, place, part, row["missing"], wanted.goal, within_ms))
    assert asked.interval is not None
    advice = advise(needs, whole, STEPS_MS.get(asked.interval, HOUR_MS))
    found = answer("staffing", replace(asked, period=question.period), COLUMNS, rows, {}, notes=ASSUMED)
    return replace(found, advice=tuple(advice))


def _usual(question: Question) -> Interval:
    return "half_hour" if question.period.until_ms - question.period.from_ms <= 2 * DAY_MS else "hour_of_day"


def _describe(group: Group, _: int) -> Row:
    level = group.share("in_time", "owned", "abandoned", "overdue")
    return {"arrived": group.counts["arrived"], "level": level}


def _reckon(row: Row, workload: Workload, open_ms: int, wanted: _Wanted) -> Row:
    """What the model says; nothing while the queue is closed, or when nothing of it was ever closed."""
    if workload.handle_s is None or not open_ms:
        return {}
    at_once, within_s = wanted.at_once or workload.at_once, row["within_ms"] / 1000
    traffic = Traffic(row["arrived"] / open_ms * 1000, workload.handle_s, workload.patience_s)
    try:
        needed = math.ceil(servers_for(traffic, wanted.goal, within_s) / at_once) if row["arrived"] else 0
    except OverflowError as error:
        raise Invalid(f"at_once: no more agents can be reckoned with: {error}") from error
    expected = _level(traffic, row["agents"] * at_once, within_s)
    return {
        "load": round(traffic.load, 3),
        "needed": needed,
        "missing": max(math.ceil(needed - row["agents"]), 0) if expected < wanted.goal else 0,
        "spare": max(round(row["agents"] - needed), 0),
        "expected": round(expected, 4),
        "handle_mean_ms": whole_ms(workload.handle_s * 1000),
        "patience_ms": None if workload.patience_s is None else whole_ms(workload.patience_s * 1000),
        "at_once": round(at_once, 2),
        "model": "C" if workload.patience_s is None else "A",
    }


_DIGITS = re.compile(r"[0-9.eE+-]{1,30}\Z")


def _level(traffic: Traffic, servers: float, within_s: float) -> float:
    """What is expected of so many servers, whole or not."""
    whole, part = divmod(servers, 1)
    levels = (outlook(traffic, int(whole) + more, within_s).level for more in (0, 1))
    return next(levels) * (1 - part) + (next(levels) * part if part else 0.0)


def _read_wanted(question: Question) -> _Wanted:
    goal = _number(question, "goal", 0.01, 0.999)
    within_s = _number(question, "within_s", 0.1, 30 * 86_400)
    within_ms = None if within_s is None else round(within_s * 1000)
    return _Wanted(GOAL if goal is None else goal, within_ms, _number(question, "at_once", 1, 1000))


def _number(question: Question, name: str, least: float, most: float) -> float | None:
    if name not in question.more:
        return None
    said = question.more[name]
    try:  # Python reads other scripts' digits and underscores as well
        value = float(said) if _DIGITS.match(said) else math.nan
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise Invalid(f"{name}: expected a number from {least:g} to {most:g}")
    return value
