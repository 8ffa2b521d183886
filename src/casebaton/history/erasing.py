"""Erases a customer: what was written of one goes, the figures stay.

The log tells of it twice: each live case whose card was emptied (`case_updated` with `erased`), and then the customer
by its key. Ended cases are found here by that key; what the store still has of them is erased by their ids.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, union, update

from casebaton.history.book.events import BookEvent
from casebaton.history.schema import erasures, events, fragments, visits

CUSTOMER_ERASED = "customer_erased"
_AT_ONCE = 500
# The members of an event in which people write, and the digest of whom it erases.
_TOLD = frozenset({"card", "note", "text", "customer_key"})


def cases_of(connection: Connection, workspace: str, customer_key: str) -> list[str]:
    """The customer's cases that have ended, one visit at least, or of which the history has not seen what became."""
    found = [
        select(table.c.case_id).where(table.c.workspace == workspace, table.c.customer_key == customer_key)
        for table in (visits, fragments)
    ]
    return list(connection.execute(union(*found)).scalars())


def erase(connection: Connection, workspace: str, told: Iterable[BookEvent]) -> None:
    """Erase what these events say is to be erased, and write down that it was."""
    for event in told:
        if event.erased:
            _strip(connection, workspace, [event.case], event.log_seq)
        elif event.type == CUSTOMER_ERASED:
            cases = cases_of(connection, workspace, event.customer_key)
            _strip(connection, workspace, cases, event.log_seq)
            connection.execute(
                update(visits)
                .where(
                    visits.c.workspace == workspace,
                    visits.c.customer_key == event.customer_key,
                    visits.c.arrived_at_ms <= event.at_ms,
                )
                .values(customer="", customer_key="", subject="", url="")
            )
            connection.execute(
                delete(fragments).where(
                    fragments.c.workspace == workspace, fragments.c.customer_key == event.customer_key
                )
            )
            row = {"erasure": str(event.log_seq), "at_ms": event.at_ms, "actor": event.actor, "cases": len(cases)}
            connection.execute(insert(erasures), {"workspace": workspace, **row})
            _strip_where(connection, workspace, events.c.seq == event.log_seq)


def _strip(connection: Connection, workspace: str, cases: Sequence[str], last_seq: int) -> None:
    """Take what people wrote out of the events of these cases, up to a number."""
    for start in range(0, len(cases), _AT_ONCE):
        names = cases[start : start + _AT_ONCE]
        _strip_where(connection, workspace, and_(events.c.case_id.in_(names), events.c.seq <= last_seq))


def _strip_where(connection: Connection, workspace: str, are_meant: ColumnElement[bool]) -> None:
    found = select(events.c.seq, events.c.body).where(events.c.workspace == workspace, are_meant)
    rows = [{"of": row.seq, "stripped": text} for row in connection.execute(found) if (text := stripped(row.body))]
    if rows:
        connection.execute(
            update(events)
            .where(events.c.workspace == workspace, events.c.seq == bindparam("of"))
            .values(body=bindparam("stripped")),
            rows,
        )


def stripped(body: str) -> str | None:
    """An event without what people wrote; None when it has nothing of it."""
    event: dict[str, Any] = msgspec.json.decode(body)
    if not event.keys() & _TOLD:
        return None
    return msgspec.json.encode({name: value for name, value in event.items() if name not in _TOLD}).decode()
