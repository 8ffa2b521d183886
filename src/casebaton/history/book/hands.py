"""What is in agents' hands: offers, ownerships, and the stages of appointments."""

from collections import defaultdict

from casebaton.history.book.agents import Agents
from casebaton.history.book.batch import Tally
from casebaton.history.book.events import MATCH, BookEvent
from casebaton.history.book.quarters import quarter_of
from casebaton.history.book.records import CaseRecord, Offer, Stint

AT_WORK = frozenset({"active", "wrapping"})
OPEN_STAGES = frozenset({"scheduled", "dispatched", "travelling", "in_progress"})
_SPANS = {"active": "active_ms", "parked": "parked_ms", "wrapping": "wrap_up_ms"}
_ANSWERS = {"case_accepted": "accepted", "case_declined": "declined", "offer_expired": "expired"}
_COUNTS = {"expired": "missed"}  # what answers are called where they are counted
_FAILURES = {"declined": "declined", "expired": "expired"}  # why a transfer came to nothing; whatever else took it back
_HANDLED = frozenset({"closed", "cancelled"})


class Hands:
    """Takes in what each event changes of hands; the records are those of the cases."""

    def __init__(self, tally: Tally, agents: Agents, cases: dict[str, CaseRecord], changed: dict[str, None]) -> None:
        self._tally = tally
        self._agents = agents
        self._cases = cases
        self._changed = changed
        self._at_work: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def open(self) -> None:
        """The records are those that were stored."""
        for name, case in self._cases.items():
            self.meet(name, case)

    def meet(self, name: str, case: CaseRecord) -> None:
        """A case is known as it is now."""
        if case.state in AT_WORK:
            self._at_work[case.agent][name] = None

    def drop(self, name: str, case: CaseRecord) -> None:
        """What was known of it does not count any more."""
        self._at_work[case.agent].pop(name, None)

    # -- offers ------------------------------------------------------------------------------------------------------

    def end_offer(self, case: CaseRecord, event: BookEvent) -> None:
        """What rang at an agent is answered, or taken back by what else happens to it."""
        answer = _ANSWERS.get(event.type, "revoked")
        reason = event.reason if event.type in ("case_declined", "offer_revoked") else ""
        if answer == "revoked" and not reason:
            reason = event.type.removeprefix("case_")
        self._answer(case, event, case.agent, case.offer, answer, reason)
        self._count_queue(case, event, answer)
        if case.offer is not None and answer != "revoked":
            measure = f"response_{_COUNTS.get(answer, answer)}"
            self._tally.length(measure, event.at_ms, case.work, event.at_ms - case.offer.offered_at_ms)
        case.offer = None

    def end_transfer(self, case: CaseRecord, event: BookEvent) -> None:
        """A colleague has answered, or is asked no more."""
        answer = "accepted" if event.type == "case_transferred" else _FAILURES.get(event.reason, "revoked")
        reason = event.decline_reason if answer == "declined" else event.reason if answer == "revoked" else ""
        self._answer(case, event, event.target_before, case.transfer, answer, reason, is_transfer=True)
        case.transfer = None

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
    ) -> None:
        what = _COUNTS.get(answer, answer)
        response_ms = event.at_ms - offer.offered_at_ms if offer is not None else 0
        counted_ms = response_ms if answer != "revoked" else 0
        self._count_agent(case, event, agent, **{what: 1}, response_ms=counted_ms)
        if answer != "accepted":
            self.count_reason(case, event, agent, what, reason)
        if case.visit is not None:
            case.visit.offers += 1
            if answer != "accepted":
                setattr(case.visit, what, getattr(case.visit, what) + 1)
        if offer is None:
            return
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

    # -- ownerships --------------------------------------------------------------------------------------------------

    def end_span(self, case: CaseRecord, event: BookEvent) -> None:
        """The case was active, parked or wrapping, and is no more, or in these hands."""
        is_at_work = case.state in AT_WORK
        if is_at_work:
            self._at_work[case.agent].pop(event.case, None)
        if case.stint is None:
            return
        lengths = {_SPANS[case.state]: event.at_ms - case.state_at_ms}
        if is_at_work:
            lengths["away_ms"] = max(0, self._agents.away_ms(case.agent, event.at_ms) - case.away_ms)
        for total in filter(None, (case.stint, case.visit)):
            for name, ms in lengths.items():
                setattr(total, name, getattr(total, name) + ms)

    def begin_span(self, case: CaseRecord, event: BookEvent) -> None:
        """It is active, parked or wrapping from now on."""
        case.state_at_ms = event.at_ms
        if case.state not in AT_WORK:
            return
        case.cancel_reason = event.reason if event.type == "case_wrapping" else ""
        case.away_ms = self._agents.away_ms(case.agent, event.at_ms)
        others = self._at_work[case.agent]
        if others:
            self._share(case)
            if len(others) == 1:  # of more each was beside another before
                (name,) = others
                self._share(self._cases[name])
                self._changed[name] = None
        others[event.case] = None

    def _share(self, case: CaseRecord) -> None:
        if case.stint is not None:
            case.stint.is_shared = True

    def begin_stint(self, case: CaseRecord, event: BookEvent) -> None:
        """The case comes into an agent's hands."""
        how = event.type.removeprefix("case_")
        if how == "assigned" and event.actor == MATCH:
            how = "auto_accepted"
        if how in ("taken", "assigned"):
            self._count_agent(case, event, event.agent, **{how: 1})
        case.stint = Stint(event.at_ms, how)

    def end_stint(self, case: CaseRecord, event: BookEvent) -> None:
        """It leaves them."""
        how = event.type.removeprefix("case_")
        reason = self.reason(case, event)
        self._count_end(case, event, case.stint, "handled" if how in _HANDLED else "handed_on")
        if case.stint is None:
            return
        stint = case.stint
        lengths = {name: getattr(stint, name) for name in (*_SPANS.values(), "away_ms")}
        self._tally.row(
            "ownerships",
            seq=event.log_seq,
            case_id=event.case,
            visit=case.visit_number,
            **case.work._asdict(),
            agent=case.agent,
            team=self._agents.team(case.agent),
            began_at_ms=stint.began_at_ms,
            began_how=stint.began_how,
            ended_at_ms=event.at_ms,
            ended_how=how,
            reason=reason,
            is_shared=stint.is_shared,
            **lengths,
        )
        self._tally.length(
            "stint", event.at_ms, case.work, stint.active_ms + stint.wrap_up_ms - stint.away_ms
        )  # fmt: skip
        for measure, ms in (("wrap_up", stint.wrap_up_ms), ("parked", stint.parked_ms)):
            if ms:
                self._tally.length(measure, event.at_ms, case.work, ms)
        case.stint = None

    def _count_end(self, case: CaseRecord, event: BookEvent, stint: Stint | None, what: str) -> None:
        if stint is None:
            self._count_agent(case, event, case.agent, **{what: 1})
            return
        lengths = {name: getattr(stint, name) for name in (*_SPANS.values(), "away_ms")}
        self._count_agent(case, event, case.agent, **{what: 1}, shared=int(stint.is_shared), **lengths)

    def reason(self, case: CaseRecord, event: BookEvent) -> str:
        """Why it leaves these hands, or its line."""
        if event.type == "case_closed":
            return event.disposition
        if event.type == "case_cancelled":
            return case.cancel_reason or event.reason
        return case.transfer.reason if event.target_before and case.transfer else event.reason

    # -- stages ------------------------------------------------------------------------------------------------------

    def end_stage(self, case: CaseRecord, event: BookEvent) -> None:
        """An appointment has come further, or its owner is another, or it is over."""
        if case.stage in OPEN_STAGES and case.stage_at_ms is not None:
            self._tally.row(
                "stages",
                seq=event.log_seq,
                case_id=event.case,
                visit=case.visit_number,
                queue=case.work.queue,
                channel=case.work.channel,
                agent=case.agent,
                stage=case.stage,
                began_at_ms=case.stage_at_ms,
                ended_at_ms=event.at_ms,
                next_stage=event.stage,
                reason=event.reason if event.stage == "cannot_complete" else "",
            )
        if event.stage == "cannot_complete":
            self.count_reason(case, event, case.agent, event.stage, event.reason)
        case.stage, case.stage_at_ms = event.stage, event.at_ms

    # -- counts ------------------------------------------------------------------------------------------------------

    def count_reason(self, case: CaseRecord, event: BookEvent, agent: str, what: str, reason: str) -> None:
        """One more of them."""
        key = (
            quarter_of(event.at_ms),
            case.work.queue,
            case.work.channel,
            agent,
            self._agents.team(agent) if agent else "",
        )
        self._tally.add("reasons", (*key, what, reason), count=1)

    def _count_agent(self, case: CaseRecord, event: BookEvent, agent: str, **counts: int) -> None:
        key = (quarter_of(event.at_ms), agent, self._agents.team(agent), case.work.queue, case.work.channel)
        self._tally.add("agent_quarters", key, **counts)

    def _count_queue(self, case: CaseRecord, event: BookEvent, answer: str) -> None:
        key = (quarter_of(event.at_ms), *case.work)
        self._tally.add("queue_quarters", key, **{_COUNTS.get(answer, answer): 1})
