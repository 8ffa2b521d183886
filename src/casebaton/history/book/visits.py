"""Visits of cases: from their coming to their first owner and to their end."""

from casebaton.history.book.batch import Tally
from casebaton.history.book.events import MATCH, BookEvent
from casebaton.history.book.places import Place
from casebaton.history.book.quarters import quarter_of
from casebaton.history.book.queues import Queues
from casebaton.history.book.records import CaseRecord, Visit, Work
from casebaton.store.customers import key_of

ARRIVALS = frozenset({"case_queued", "case_reopened"})
_COUNTED = ("stays", "offers", "declined", "missed", "revoked", "returned", "transferred")


def how_owned(event: BookEvent) -> str:
    """How a case out of a line came into an agent's hands, as reports tell it apart."""
    if event.type == "case_taken":
        return "taken"
    return "assigned" if event.type == "case_assigned" and event.actor != MATCH else "pushed"


class Visits:
    """Counts what becomes of each visit, in the quarter hour of its arrival whenever it happens."""

    def __init__(self, tally: Tally, queues: Queues) -> None:
        self._tally = tally
        self._queues = queues

    def begin(self, event: BookEvent, work: Work) -> Visit:
        """A case comes: submitted, or reopened, and then it is as if it had been asked for only now."""
        is_reopened = event.type == "case_reopened"
        self._count_arrival(event.at_ms, work, arrived=1, reopened=int(is_reopened))
        if event.overflow_from:
            missed = (quarter_of(event.at_ms), *work._replace(queue=event.overflow_from))
            self._tally.add("queue_quarters", missed, overflowed=1)
        return Visit(
            work,
            "reopened" if is_reopened else "queued",
            arrived_at_ms=event.at_ms,
            created_at_ms=event.created_at_ms,
            requested_at_ms=event.requested_at_ms,
            open_ms=self._queues.open_ms(work.queue, event.at_ms),
            target_ms=self._queues.levels.service_level_ms.get(work.queue, 0),
        )

    def own(self, visit: Visit, event: BookEvent) -> None:
        """It has its first owner."""
        visit.owned_at_ms, visit.owned_by, visit.owned_how = event.at_ms, event.agent, how_owned(event)
        visit.open_wait_ms = self._open_wait_ms(visit, event.at_ms)
        is_in_time = visit.open_wait_ms <= visit.target_ms
        self._count_arrival(visit.arrived_at_ms, visit.work, owned=1, in_time=int(is_in_time))
        self._tally.add("queue_quarters", (quarter_of(event.at_ms), *visit.work), **{visit.owned_how: 1})
        created_at_ms = visit.arrived_at_ms if visit.began_how == "reopened" else visit.created_at_ms
        self._length(f"speed_{visit.owned_how}", visit, event, visit.arrived_at_ms)
        self._length("first_owner", visit, event, _asked_at_ms(visit))
        self._length("first_owner_created", visit, event, created_at_ms)

    def end(self, case: CaseRecord, visit: Visit, event: BookEvent, before: Place) -> None:
        """It is over."""
        if visit.owned_at_ms is None:
            self._give_up(visit, event)
        elif before.line:
            self._tally.add("queue_quarters", (quarter_of(event.at_ms), *case.work), ended_again=1)
        self._tally.length("age", event.at_ms, case.work, event.at_ms - _asked_at_ms(visit))
        if event.state == "closed":
            self._tally.length("handle", event.at_ms, case.work, visit.handled_ms)
        self._write(case, visit, event, before.owner)

    def _give_up(self, visit: Visit, event: BookEvent) -> None:
        """Nobody has owned it."""
        visit.open_wait_ms = self._open_wait_ms(visit, event.at_ms)
        what = event.state
        if what == "abandoned":
            is_short = visit.open_wait_ms < self._queues.levels.short_abandon_ms
            what = "short_abandoned" if is_short else what
            self._length("patience", visit, event, visit.arrived_at_ms)
        self._count_arrival(visit.arrived_at_ms, visit.work, **{what: 1})

    def _write(self, case: CaseRecord, visit: Visit, event: BookEvent, agent: str) -> None:
        self._tally.row(
            "visits",
            case_id=event.case,
            visit=case.visit_number,
            began_how=visit.began_how,
            **visit.work._asdict(),
            customer=case.customer,
            customer_key=key_of(case.customer),
            subject=case.subject,
            url=case.url,
            created_at_ms=visit.created_at_ms,
            requested_at_ms=visit.requested_at_ms,
            arrived_at_ms=visit.arrived_at_ms,
            target_ms=visit.target_ms,
            owned_at_ms=visit.owned_at_ms,
            owned_by=visit.owned_by,
            owned_how=visit.owned_how,
            open_wait_ms=visit.open_wait_ms,
            ended_at_ms=event.at_ms,
            ended_how=event.state,
            disposition=event.disposition,
            agent=agent,
            window_from_ms=case.window.from_ms if case.window else None,
            window_until_ms=case.window.until_ms if case.window else None,
            **{name: getattr(visit, name) for name in _COUNTED},
            **visit.columns(),
        )

    def _count_arrival(self, arrived_at_ms: int, work: Work, **counts: int) -> None:
        self._tally.add("queue_quarters", (quarter_of(arrived_at_ms), *work), **counts)

    def _open_wait_ms(self, visit: Visit, at_ms: int) -> int:
        return self._queues.open_ms(visit.work.queue, at_ms) - visit.open_ms

    def _length(self, measure: str, visit: Visit, event: BookEvent, since_ms: int) -> None:
        self._tally.length(measure, event.at_ms, visit.work, event.at_ms - since_ms)


def _asked_at_ms(visit: Visit) -> int:
    return visit.arrived_at_ms if visit.began_how == "reopened" else visit.requested_at_ms
