"""Stays of cases in lines."""

import msgspec

from casebaton.history.book.batch import Tally
from casebaton.history.book.events import BookEvent
from casebaton.history.book.places import Place
from casebaton.history.book.quarters import quarter_of, split
from casebaton.history.book.records import CaseRecord, Stay
from casebaton.history.book.visits import ARRIVALS

OVERFLOWS = "engine:plan"  # who sends a case on that has waited for too long


def is_overflow(event: BookEvent) -> bool:
    """Does the case change its queue because it waited for too long, or because the queue was full?"""
    return event.overflow_from != "" or (event.type == "case_transferred" and event.actor == OVERFLOWS)


class Lines:
    """Counts stays as they begin and end."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def begin(self, case: CaseRecord, event: BookEvent) -> None:
        """The case comes into a line."""
        is_again = event.type not in ARRIVALS
        key = (quarter_of(event.at_ms), *case.work)
        self._tally.add("queue_quarters", key, stays_begun=1, stays_again=int(is_again))
        how = "overflowed" if is_overflow(event) else event.type.removeprefix("case_")
        case.stay = Stay(event.at_ms, how, is_first=not case.is_owned)
        if case.visit is not None:
            case.visit.stays += 1

    def end(self, case: CaseRecord, event: BookEvent, after: Place) -> None:
        """It leaves it: owned, for another line, or over."""
        stay, case.stay = case.stay, None
        if stay is None:
            return
        if after.line:
            how = "overflowed" if is_overflow(event) else "transferred"
        else:
            how = "owned" if after.owner else event.state
        waited = event.waited or {}
        self._tally.row(
            "stays",
            seq=event.log_seq,
            case_id=event.case,
            visit=case.visit_number,
            **case.work._asdict(),
            began_at_ms=stay.began_at_ms,
            began_how=stay.began_how,
            ended_at_ms=event.at_ms,
            ended_how=how,
            agent=after.owner,
            is_first=stay.is_first,
            dwell_ms=event.at_ms - stay.began_at_ms,
            waited=msgspec.json.encode(waited, order="sorted").decode(),
        )
        self._count(case, event, stay, waited)

    def _count(self, case: CaseRecord, event: BookEvent, stay: Stay, waited: dict[str, int]) -> None:
        measure = "dwell" if stay.is_first else "dwell_again"
        self._tally.length(measure, event.at_ms, case.work, event.at_ms - stay.began_at_ms)
        for quarter, ms in split(stay.began_at_ms, event.at_ms):
            self._tally.add("queue_quarters", (quarter, *case.work), waiting_ms=ms)
        for cause, ms in waited.items():
            self._tally.add("waits", (quarter_of(event.at_ms), *case.work, cause), total_ms=ms, stays=1)
