"""What staffing reckons with: how long a queue's cases take, how patient people are, who is there."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, func, select

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


class Workforce:
    """Who works for which queue, and when: an agent counts for a queue by the share of its work that the queue was."""

    def __init__(self, connection: Connection, question: Question) -> None:
        """`question` has an interval."""
        self.present_ms: defaultdict[Key, float] = defaultdict(float)
        """Online time by interval and queue, summed up over agents."""
        self._work_ms: defaultdict[str, float] = defaultdict(float)
        self._busy_ms: defaultdict[str, float] = defaultdict(float)
        shares = self._read_shares(connection, question)
        for key, agent, online_ms, idle_ms in _read_online(connection, question):
            for queue, share in shares.get(agent, {}).items():
                self.present_ms[key, queue] += share * int(online_ms)
                self._busy_ms[queue] += share * (int(online_ms) - int(idle_ms))

    def _read_shares(self, connection: Connection, question: Question) -> dict[str, dict[str, float]]:
        of = agent_quarters.c
        work = func.sum(of.active_ms + of.wrap_up_ms - of.away_ms)
        where = (of.workspace == question.workspace, inside(of.at_ms, question.period))
        works: defaultdict[str, dict[str, int]] = defaultdict(dict)
        query = select(of.agent, of.queue, work).where(*where).group_by(of.agent, of.queue)
        for agent, queue, work_ms in connection.execute(query):
            if work_ms > 0:
                works[agent][queue] = int(work_ms)
                self._work_ms[queue] += int(work_ms)
        return {agent: {queue: ms / sum(own.values()) for queue, ms in own.items()} for agent, own in works.items()}

    def at_once(self, queue: str) -> float:
        """Work by the time in which agents had anything in hand; at least 1."""
        busy_ms = self._busy_ms[queue]
        return max(self._work_ms[queue] / busy_ms, 1.0) if busy_ms > 0 else 1.0


def _read_online(connection: Connection, question: Question) -> Iterable[Any]:
    """By interval and agent: for how long it was online, and idle."""
    assert question.interval is not None
    of = agent_time.c
    part = key_of(of.at_ms, question.period, question.interval).label("part")
    where = (of.workspace == question.workspace, of.status == "online", inside(of.at_ms, question.period))
    sums = func.sum(of.total_ms), func.sum(of.idle_ms)
    return connection.execute(select(part, of.agent, *sums).where(*where).group_by("part", of.agent))


def read_workloads(connection: Connection, question: Question, workforce: Workforce) -> dict[str, Workload]:
    """By queue, over the whole period."""
    groups = Groups(replace(question, by=("queue",), interval=None))
    groups.measure(connection, ("handle", "first_owner", "patience"))
    return {
        queue: Workload(_handle_s(group), _patience_s(group), workforce.at_once(queue))
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
