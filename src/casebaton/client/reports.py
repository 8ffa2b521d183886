"""What the history amounts to: reports, and cases' lives in words."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from casebaton.client.session import Session
from casebaton.wire.messages import ReadLife, ReadReport

Row = dict[str, Any]


class ReportColumn(Struct, frozen=True, kw_only=True):
    """A number's name, in what it is counted, and what it means."""

    name: str
    unit: str
    says: str


class ReportBefore(Struct, frozen=True, kw_only=True):
    """The same of the period before."""

    from_ms: int
    until_ms: int
    rows: tuple[Row, ...]
    total: Row


class Advice(Struct, frozen=True, kw_only=True):
    """So many more agents from one clock time to another would be enough; `says` is all of it in words."""

    queue: str
    more: int
    begins: str
    ends: str
    says: str


class Report(Struct, frozen=True, kw_only=True):
    """A report over a period (ms), in a time zone. What happened after `stored_ms` the history does not have yet,
    nor what was before `begins_ms`.
    """

    report: str
    from_ms: int
    until_ms: int
    zone: str
    as_of_ms: int
    columns: tuple[ReportColumn, ...]
    rows: tuple[Row, ...]
    total: Row
    stored_ms: int | None = None
    begins_ms: int | None = None
    previous: ReportBefore | None = None
    notes: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()


class Moment(Struct, frozen=True, kw_only=True):
    """Something that happened to a case: when, how long after what happened before, what, and by whom."""

    at_ms: int
    after_ms: int
    event: str
    says: str
    actor: str = ""


class CaseLife(Struct, frozen=True, kw_only=True):
    """What is kept of a case, oldest first; `is_cut` when these are the last moments of more."""

    case: str
    moments: tuple[Moment, ...]
    is_cut: bool = False


class Reports:
    """Part of the client; its commands raise what the client's do."""

    _session: Session

    async def report(self, report: str, query: Mapping[str, str] | None = None) -> Report:
        """Read a report, such as `queues`; the query has the parameters of HTTP: `{"period": "yesterday"}`."""
        command = ReadReport(id=self._session.command_id(), report=report, query=dict(query or {}))
        return (await self._session.command(command)).read(Report)

    async def case_life(self, case: str) -> CaseLife:
        """Read what became of a case, in words."""
        return (await self._session.command(ReadLife(id=self._session.command_id(), case=case))).read(CaseLife)
