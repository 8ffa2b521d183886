"""What staffing reckons with: how long a queue's cases take, how patient people are, who is there."""

from collections import defaultdict
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Subquery, func, select

from casebaton.history.schema import agent_quarters, agent_time
from casebaton.reports.cuts import inside, key_of
from casebaton.reports.groups import Group, Groups, Key
from casebaton.reports.question import Question

FEW = 5  # when fewer left, nobody knows how patient people are


class Workload(NamedTuple):
    """What a queue's cases are like over the period: the mean handle time (s; None when nothing was closed), how long
    somebody waits who is never served (s; None when too few left), and with how many an agent is busy at a time.
    """

    handle_s: float | None = None
    patience_s: float | None = None
    at_once: float = 1.0


def read_workloads(connection: Connection, question: Question) -> dict[str, Workload]:
    """By queue, over the whole period."""
    groups = Groups(replace(question, by=("queue",), interval=None))
    groups.measure(connection, ("handle", "first_owner", "patience"))
    at_once = _at_once(connection, question)
    return {
        queue: Workload(_handle_s(group), _patience_s(group), at_once.get(queue, 1.0))
        for (queue,), group in groups.of.items()
    }


def _handle_s(group: Group) -> float | None:
    mean_ms = group.histograms["handle"].mean_ms
    return mean_ms / 1000 if mean_ms else None


def _patience_s(group: Group) -> float | None:
    """Of exponential patience the best estimate: who was served was patient for as long as it waited, too."""
    left, served = group.histograms["patience"], group.histograms["first_owner"]
    if left.count < FEW:
        return None
    return (left.total_ms + served.total_ms) / left.count / 1000 or None


def _shares(question: Question) -> Subquery:
    """Each agent's work by queue, and its share of all of the agent's work in the period."""
    of = agent_quarters.c
    work = func.sum(of.active_ms + of.wrap_up_ms - of.away_ms)
    where = (of.workspace == question.workspace, inside(of.at_ms, question.period))
    by_queue = select(of.agent, of.queue, work.label("work_ms")).where(*where).group_by(of.agent, of.queue).subquery()
    whole = select(of.agent, work.label("work_ms")).where(*where).group_by(of.agent).having(work > 0).subquery()
    share = 1.0 * by_queue.c.work_ms / whole.c.work_ms
    columns = by_queue.c.agent, by_queue.c.queue, by_queue.c.work_ms, share.label("share")
    return select(*columns).join_from(by_queue, whole, by_queue.c.agent == whole.c.agent).subquery("shares")


def _at_once(connection: Connection, question: Question) -> dict[str, float]:
    """Work by the time in which its agents had anything in hand, each by its share."""
    of, shares = agent_time.c, _shares(question)
    where = (of.workspace == question.workspace, of.status == "online", inside(of.at_ms, question.period))
    busy = select(of.agent, func.sum(of.total_ms - of.idle_ms).label("busy_ms")).where(*where).group_by(of.agent)
    times = busy.subquery("times")
    query = (
        select(shares.c.queue, func.sum(shares.c.work_ms), func.sum(times.c.busy_ms * shares.c.share))
        .join_from(shares, times, shares.c.agent == times.c.agent)
        .group_by(shares.c.queue)
    )
    return {
        queue: max(float(work_ms) / float(busy_ms), 1.0)
        for queue, work_ms, busy_ms in connection.execute(query)
        if busy_ms > 0
    }


def read_present(connection: Connection, question: Question) -> dict[Key, float]:
    """By interval and queue: for how long (ms, summed up over agents) agents were online for it."""
    assert question.interval is not None
    of, shares = agent_time.c, _shares(question)
    part = key_of(of.at_ms, question.period, question.interval).label("part")
    where = (of.workspace == question.workspace, of.status == "online", inside(of.at_ms, question.period))
    times = select(part, of.agent, func.sum(of.total_ms).label("online_ms")).where(*where).group_by("part", of.agent)
    online = times.subquery("online")
    query = (
        select(online.c.part, shares.c.queue, func.sum(online.c.online_ms * shares.c.share))
        .join_from(online, shares, shares.c.agent == online.c.agent)
        .group_by(online.c.part, shares.c.queue)
    )
    found: defaultdict[Key, float] = defaultdict(float)
    for key, queue, online_ms in connection.execute(query):
        found[key, queue] = float(online_ms)
    return found
