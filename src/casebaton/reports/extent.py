"""From when to when the history has anything."""

from sqlalchemy import Connection, func, select

from casebaton.history.schema import QUARTER_MS, events, progress
from casebaton.reports.periods import Period


def stored_ms(connection: Connection, workspace: str) -> int | None:
    """When the last event was that the history has."""
    return connection.scalar(select(progress.c.at_ms).where(progress.c.workspace == workspace))


def begins_ms(connection: Connection, workspace: str) -> int | None:
    """When the first event was that the history has."""
    begins: int | None = connection.scalar(select(func.min(events.c.at_ms)).where(events.c.workspace == workspace))
    return begins


def over(connection: Connection, workspace: str, period: Period) -> Period | None:
    """What of a period the history has whole: the quarter hours that are over. None: nothing."""
    first, last = begins_ms(connection, workspace), stored_ms(connection, workspace)
    from_ms = period.from_ms if first is None else max(period.from_ms, -(-first // QUARTER_MS) * QUARTER_MS)
    until_ms = period.until_ms if last is None else min(period.until_ms, last // QUARTER_MS * QUARTER_MS)
    return Period(from_ms, until_ms, period.zone) if from_ms < until_ms else None
