"""All reports by name, and how they are asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, select

from casebaton.errors import CasebatonError
from casebaton.history.database import reaching
from casebaton.history.schema import gaps
from casebaton.reports import ageing, agents, durations, field, queues, reasons, staffing, statuses, waits
from casebaton.reports.answer import Answer
from casebaton.reports.asked import Sought, Within
from casebaton.reports.cuts import inside
from casebaton.reports.ended import EndedCases, find_ended
from casebaton.reports.extent import begins_ms, stored_ms
from casebaton.reports.life import Life, tell
from casebaton.reports.names import unknown
from casebaton.reports.periods import INTERVALS, Interval
from casebaton.reports.question import Dimension, Question, read_question


class Report(Struct, frozen=True, kw_only=True):
    """A report: what it tells, by what and how else it may be asked, and what answers it. `usual` is by what it is when
    nobody says.
    """

    name: str
    says: str
    answer: Callable[[Connection, Question], Answer]
    by: tuple[Dimension, ...]
    usual: tuple[Dimension, ...]
    more: tuple[str, ...] = ()
    intervals: tuple[Interval, ...] = INTERVALS
    may_compare: bool = True


REPORTS = {
    report.name: report
    for report in (
        Report(
            name="queues",
            says="What came, the service level, how long it took to the first owner, what became of it.",
            answer=queues.report,
            by=queues.BY,
            usual=("queue",),
        ),
        Report(
            name="durations",
            says="How long everything takes: percentiles, means, histograms.",
            answer=durations.report,
            by=durations.BY,
            usual=(),
            more=durations.SAYS,
        ),
        Report(
            name="waits",
            says="Where waiting time went.",
            answer=waits.report,
            by=waits.BY,
            usual=("queue",),
        ),
        Report(
            name="agents",
            says="What agents did, their handle times, occupancy, and where their time went.",
            answer=agents.report,
            by=agents.BY,
            usual=("agent",),
        ),
        Report(
            name="statuses",
            says="How long agents had which status.",
            answer=statuses.report,
            by=statuses.BY,
            usual=("agent",),
        ),
        Report(
            name="reasons",
            says="Why cases were declined, returned, transferred, cancelled; how they were closed.",
            answer=reasons.report,
            by=reasons.BY,
            usual=(),
        ),
        Report(
            name="ageing",
            says="What is under way now, and for how long.",
            answer=ageing.report,
            by=ageing.BY,
            usual=("queue",),
            more=ageing.SAYS,
            intervals=(),
            may_compare=False,
        ),
        Report(
            name="staffing",
            says="How many agents each queue would need for its service level, and how many were there.",
            answer=staffing.report,
            by=staffing.BY,
            usual=("queue",),
            more=staffing.SAYS,
            intervals=staffing.INTERVALS,
            may_compare=False,
        ),
        Report(
            name="field",
            says="Appointments: acceptance time, on-time arrival, how long each stage takes.",
            answer=field.report,
            by=field.BY,
            usual=("queue",),
        ),
    )
}


def listed() -> list[dict[str, object]]:
    """What reports there are, and how each may be asked."""
    return [
        {
            "report": report.name,
            "says": report.says,
            "by": report.by,
            "usual": report.usual,
            "more": report.more,
            "intervals": report.intervals,
            "may_compare": report.may_compare,
        }
        for report in REPORTS.values()
    ]


def ask(
    engine: Engine,
    name: str,
    given: Mapping[str, Sequence[str]],
    *,
    workspace: str,
    now_ms: int,
    within: Within | None = None,
) -> Answer:
    """Answer a report's query. `now_ms` is engine time, as far as whoever asks knows it.

    Raises CasebatonError NO_SUCH_PAGE for a report that there is not, Invalid for a parameter, Unavailable.
    """
    if name not in REPORTS:
        raise CasebatonError("NO_SUCH_PAGE", f"reports are {', '.join(REPORTS)}")
    report = REPORTS[name]
    question = read_question(
        given,
        workspace=workspace,
        now_ms=now_ms,
        by=report.by,
        usual=report.usual,
        more=report.more,
        intervals=report.intervals,
        may_compare=report.may_compare,
        within=within,
    )
    with _reading(engine) as connection:
        stored, begins = stored_ms(connection, workspace), begins_ms(connection, workspace)
        answer = report.answer(connection, replace(question, begins_ms=begins))
        notes = (*answer.notes, *unknown(connection, question), *_gaps(connection, question))
        return replace(answer, notes=notes, stored_ms=stored, begins_ms=begins)


def ask_life(engine: Engine, case: str, *, workspace: str, within: Within | None = None) -> Life:
    """Tell a case's life. Raises what `tell` does, and Unavailable."""
    with _reading(engine) as connection:
        return tell(connection, workspace, case, within)


def ask_ended(engine: Engine, sought: Sought, *, workspace: str, within: Within | None = None) -> EndedCases:
    """Find cases that have ended. Raises Unavailable."""
    with _reading(engine) as connection:
        return find_ended(connection, workspace, sought.text, sought.limit, within)


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    """A connection by which everything is read as of one instant: with PostgreSQL that has to be said."""
    with reaching(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _gaps(connection: Connection, question: Question) -> list[str]:
    """What the history lacks in the period."""
    query = (
        select(gaps.c.from_seq, gaps.c.until_seq, gaps.c.what, gaps.c.at_ms)
        .where(gaps.c.workspace == question.workspace, inside(gaps.c.at_ms, question.period))
        .order_by(gaps.c.from_seq)
    )
    says = "Entries {} to {} of the log are missing here ({}), at {:%Y-%m-%d %H:%M}."
    return [
        says.format(first, last, what, question.period.clock(at_ms))
        for first, last, what, at_ms in connection.execute(query)
    ]
