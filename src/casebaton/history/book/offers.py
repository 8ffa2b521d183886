"""Offers, out of a line and from a colleague."""

from casebaton.history.book.agents import Agents
from casebaton.history.book.batch import Tally
from casebaton.history.book.events import BookEvent
from casebaton.history.book.places import Place
from casebaton.history.book.quarters import quarter_of
from casebaton.history.book.records import CaseRecord, Offer

_ANSWERS = {"case_accepted": "accepted", "case_declined": "declined", "offer_expired": "expired"}
_COUNTED = {"expired": "missed"}  # what answers are called where they are counted


class Offers:
    """Counts offers as they are made and answered."""

    def __init__(self, tally: Tally, agents: Agents) -> None:
        self._tally = tally
        self._agents = agents

    def begin(self, case: CaseRecord, event: BookEvent) -> None:
        """It rings."""
        case.offer = Offer(event.agent, event.at_ms)
        self._tally.add("queue_quarters", (quarter_of(event.at_ms), *case.work), offered=1)

    def begin_transfer(self, case: CaseRecord, event: BookEvent) -> None:
        """It rings at a colleague."""
        case.transfer = Offer(event.target, event.at_ms, event.reason)

    def end(self, case: CaseRecord, event: BookEvent, before: Place) -> None:
        """It is answered, or taken back by what else happens to the case."""
        answer, reason = _ANSWERS.get(event.type, "revoked"), ""
        if event.type in ("case_declined", "offer_revoked"):
            reason = event.reason
        elif answer == "revoked":
            reason = event.type.removeprefix("case_")
        offer, case.offer = case.offer, None
        what = self._answer(case, event, before.agent, offer, answer, reason)
        self._tally.add("queue_quarters", (quarter_of(event.at_ms), *case.work), **{what: 1})
        if offer is not None and answer != "revoked":
            self._tally.length(f"response_{what}", event.at_ms, case.work, event.at_ms - offer.offered_at_ms)

    def end_transfer(self, case: CaseRecord, event: BookEvent) -> None:
        """The colleague has answered, or is asked no more."""
        answer, reason = "revoked", event.reason
        if event.type == "case_transferred":
            answer, reason = "accepted", ""
        elif event.reason == "declined":
            answer, reason = "declined", event.decline_reason
        elif event.reason == "expired":
            answer, reason = "expired", ""
        offer, case.transfer = case.transfer, None
        self._answer(case, event, event.target_before, offer, answer, reason, is_transfer=True)

    def _answer(
        self,
        case: CaseRecord,
        event: BookEvent,
        agent: str,
        offer: Offer | None,
        answer: str,
        reason: str,
        *,
        is_transfer: bool = False,
    ) -> str:
        """What both have in common; returns what the answer is called where it is counted."""
        what = _COUNTED.get(answer, answer)
        response_ms = event.at_ms - offer.offered_at_ms if offer is not None else 0
        counted_ms = response_ms if answer != "revoked" else 0
        self._agents.count(case.work, event.at_ms, agent, **{what: 1}, response_ms=counted_ms)
        if answer != "accepted":
            self._agents.count_reason(case.work, event.at_ms, agent, what, reason)
        if case.visit is not None:
            case.visit.offers += 1
            if answer != "accepted":
                setattr(case.visit, what, getattr(case.visit, what) + 1)
        if offer is not None:
            self._tally.row(
                "offers",
                seq=event.log_seq,
                case_id=event.case,
                visit=case.visit_number,
                **case.work._asdict(),
                agent=agent,
                team=self._agents.team(agent),
                is_transfer=is_transfer,
                offered_at_ms=offer.offered_at_ms,
                answered_at_ms=event.at_ms,
                answer=answer,
                reason=reason,
                response_ms=response_ms,
            )
        return what
