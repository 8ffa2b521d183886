"""What is in agents' hands: ownerships, and the stages of appointments."""

from collections import defaultdict

from casebaton.history.book.agents import Agents
from casebaton.history.book.batch import Tally
from casebaton.history.book.events import MATCH, BookEvent
from casebaton.history.book.records import CaseRecord, Stint

AT_WORK = frozenset({"active", "wrapping"})
OPEN_STAGES = frozenset({"scheduled", "dispatched", "travelling", "in_progress"})
_SPANS = {"active": "active_ms", "parked": "parked_ms", "wrapping": "wrap_up_ms"}
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
        case.stint.add(lengths)
        if case.visit is not None:
            case.visit.add(lengths)

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
            self._agents.count(case.work, event.at_ms, event.agent, **{how: 1})
        case.stint = Stint(event.at_ms, how)

    def end_stint(self, case: CaseRecord, event: BookEvent) -> None:
        """It leaves them."""
        how = event.type.removeprefix("case_")
        counts = {"handled" if how in _HANDLED else "handed_on": 1}
        stint, case.stint = case.stint, None
        if stint is not None:
            counts |= {"shared": int(stint.is_shared)} | stint.columns()
            self._write(case, event, stint, how)
            self._tally.length("stint", event.at_ms, case.work, stint.handled_ms)
            for measure, ms in (("wrap_up", stint.wrap_up_ms), ("parked", stint.parked_ms)):
                if ms:
                    self._tally.length(measure, event.at_ms, case.work, ms)
        self._agents.count(case.work, event.at_ms, case.agent, **counts)

    def _write(self, case: CaseRecord, event: BookEvent, stint: Stint, how: str) -> None:
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
            reason=reason_of(case, event),
            is_shared=stint.is_shared,
            **stint.columns(),
        )

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
            self._agents.count_reason(case.work, event.at_ms, case.agent, event.stage, event.reason)
        case.stage, case.stage_at_ms = event.stage, event.at_ms


def reason_of(case: CaseRecord, event: BookEvent) -> str:
    """Why a case leaves its owner, or its line."""
    if event.type == "case_closed":
        return event.disposition
    if event.type == "case_cancelled" and case.state == "wrapping":
        return case.cancel_reason
    return case.transfer.reason if event.target_before and case.transfer else event.reason
