"""For how long queues were open by their hours, interval by interval."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, false, select

from casebaton.history.schema import live, openings
from casebaton.reports.periods import Part, pieces
from casebaton.reports.question import Question


class Span(NamedTuple):
    """From an instant up to another."""

    from_ms: int
    until_ms: int


class OpenTimes:
    """Where there are no hours a queue was open. What was before the history began does not count, and a period that is
    running counts until now.
    """

    def __init__(self, question: Question, closed: dict[str, list[Span]]) -> None:
        self._whole_ms: dict[str, int] = defaultdict(int)  # by interval
        self._closed_ms: dict[tuple[str, str], int] = defaultdict(int)
        found = pieces(question.recorded, question.interval)
        for piece in found:
            self._whole_ms[piece.name] += piece.length_ms
        for queue, spans in closed.items():
            for name, length_ms in _overlaps(found, spans):
                self._closed_ms[queue, name] += length_ms

    def of(self, queue: str, interval: str = "") -> int:
        """For how long (ms) a queue was open in an interval, by its name; without one, in all of the period."""
        return self._whole_ms[interval] - self._closed_ms[queue, interval]


def _overlaps(found: Sequence[Part], spans: Iterable[Span]) -> Iterable[tuple[str, int]]:
    """What spans, in order, take of pieces, in order."""
    first = 0
    for span in spans:
        for index in range(first, len(found)):
            begin_ms = found[index].at_ms or 0
            end_ms = begin_ms + found[index].length_ms
            if begin_ms >= span.until_ms:
                break
            if end_ms <= span.from_ms:
                first = index + 1
                continue
            yield found[index].name, min(end_ms, span.until_ms) - max(begin_ms, span.from_ms)


def open_times(connection: Connection, question: Question) -> OpenTimes:
    """Read when the queues were closed: spans that are over, and the one that goes on."""
    period = question.period
    past = select(openings.c.queue, openings.c.began_at_ms, openings.c.ended_at_ms).where(
        openings.c.workspace == question.workspace,
        openings.c.is_open == false(),
        openings.c.ended_at_ms > period.from_ms,
        openings.c.began_at_ms < period.until_ms,
    )
    present = select(live.c.name, live.c.since_ms).where(
        live.c.workspace == question.workspace, live.c.kind == "queue", live.c.state == "closed"
    )
    closed: dict[str, list[Span]] = defaultdict(list)
    for queue, from_ms, until_ms in connection.execute(past.order_by(openings.c.began_at_ms)):
        closed[queue].append(Span(from_ms, until_ms))
    for queue, since_ms in connection.execute(present):
        if since_ms is not None and since_ms < period.until_ms:
            closed[queue].append(Span(since_ms, max(question.now_ms, since_ms)))
    return OpenTimes(question, closed)
