"""Cases that have ended, by what stands on them."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select, true

from casebaton.history.schema import ownerships, visits
from casebaton.history.words import customer_key, folded
from casebaton.reports.asked import Within

MOST_LOOKED_AT = 20_000  # of the newest, word by word
MOST_WORDS = 10
MOST_VISITS = 10  # of a case of which others may be found
Columns = tuple[Any, ...]


class EndedCase(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case's last visit that has ended: where it arrived, how it ended (closed, cancelled, abandoned), and whose it
    was.
    """

    case: str
    queue: str
    channel: str
    arrived_at_ms: int
    ended_at_ms: int
    ended_how: str
    subject: str = ""
    customer: str = ""
    agent: str = ""
    disposition: str = ""


class EndedCases(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found, the newest first. `more`: there are others. `back_to_ms`: words were looked for only on what has
    ended since then.
    """

    items: list[EndedCase]
    more: bool = False
    back_to_ms: int | None = None


def find_ended(
    connection: Connection, workspace: str, text: str, limit: int, within: Within | None = None
) -> EndedCases:
    """Find by the whole id or the whole customer in all of the history, and by words of id, subject, customer or queue
    on the newest 20,000 visits. What was erased has neither subject nor customer any more.
    """
    whole, words = text.strip(), folded(text).split()[:MOST_WORDS]
    if not words:
        return EndedCases(items=[])
    known = _visits(workspace, within)
    named = or_(visits.c.case_id == whole, visits.c.customer_key == customer_key(whole))
    # Sorted by an expression: by the column alone a database may walk through all visits in their order.
    by_name = known.where(named).order_by((visits.c.ended_at_ms + 0).desc()).limit(limit * MOST_VISITS)
    found: dict[str, EndedCase] = {}
    for row in connection.execute(by_name):
        found.setdefault(row.case_id, _case(row))
    looked_at = 0
    oldest_ms = None
    for row in _newest(connection, known):
        looked_at += 1
        oldest_ms = row.ended_at_ms
        if len(found) > limit:
            break
        if row.case_id not in found and _has(row, words):
            found[row.case_id] = _case(row)
    items = list(found.values())
    is_cut = looked_at == MOST_LOOKED_AT and len(items) <= limit
    return EndedCases(items=items[:limit], more=len(items) > limit, back_to_ms=oldest_ms if is_cut else None)


def _visits(workspace: str, within: Within | None) -> Select[Columns]:
    is_seen: ColumnElement[bool] = true()
    if within is not None:
        same = and_(*(ownerships.c[name] == visits.c[name] for name in ("workspace", "case_id", "visit")))
        is_theirs = exists().where(same, ownerships.c.team.in_(within.teams))
        is_seen = or_(visits.c.queue.in_(within.queues), is_theirs)
    return select(visits).where(visits.c.workspace == workspace, is_seen)


def _newest(connection: Connection, known: Select[Columns]) -> Iterator[Row[Columns]]:
    newest = known.order_by(visits.c.ended_at_ms.desc()).limit(MOST_LOOKED_AT)
    yield from connection.execute(newest.execution_options(yield_per=1000))


def _has(row: Row[Columns], words: list[str]) -> bool:
    text = folded(f"{row.case_id} {row.subject} {row.customer} {row.queue}")
    return all(word in text for word in words)


def _case(row: Row[Columns]) -> EndedCase:
    names = ("queue", "channel", "arrived_at_ms", "ended_at_ms", "ended_how", "subject", "customer", "agent")
    return EndedCase(case=row.case_id, disposition=row.disposition, **{name: getattr(row, name) for name in names})
