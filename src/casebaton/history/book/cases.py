"""Cases: what each event ends and begins, by where the case was before it and where it is now.

Every event of a case says where it stands and has a number in its life. One that does not follow the last that is known
says that something between them is missing: what was under way then is not followed any further, and the case is known
from here on.
"""

from collections.abc import Mapping
from sys import intern

from casebaton.history.book.agents import Agents
from casebaton.history.book.batch import Row, Tally
from casebaton.history.book.events import BookEvent
from casebaton.history.book.hands import Hands, reason_of
from casebaton.history.book.lines import Lines, is_overflow
from casebaton.history.book.offers import Offers
from casebaton.history.book.places import Place
from casebaton.history.book.quarters import quarter_of
from casebaton.history.book.queues import Queues
from casebaton.history.book.records import CaseRecord, Work, encode, skills_of
from casebaton.history.book.visits import ARRIVALS, Visits
from casebaton.store.customers import key_of
from casebaton.store.facts import ENDED, IN_HAND, CaseFact

_MOVES = {"case_returned": "returned", "case_transferred": "transferred", "case_closed": "closed"}


class Cases:
    """All live cases that the history has heard of. `changed` are those of which something is other than before."""

    def __init__(self, tally: Tally, agents: Agents, queues: Queues) -> None:
        self.records: dict[str, CaseRecord] = {}
        self.changed: dict[str, None] = {}
        self._tally = tally
        self._visits = Visits(tally, queues)
        self._lines = Lines(tally)
        self._agents = agents
        self._offers = Offers(tally, agents)
        self._hands = Hands(tally, agents, self.records, self.changed)

    def open(self, records: dict[str, CaseRecord]) -> None:
        """Go on with what was stored."""
        self.records.update(records)
        self._hands.open()

    def anchor(self, facts: Mapping[str, CaseFact], seq: int, at_ms: int) -> None:
        """These are all live cases, as of an entry. Of whichever no event is missing goes on."""
        for name in self.records.keys() - facts.keys():
            self._drop(name)
        for name, fact in facts.items():
            known = self.records.get(name)
            if known is None or known.revision != fact.revision:
                self._drop(name)
                work = Work(fact.queue, fact.channel, fact.priority, skills_of(fact.skills))
                case = CaseRecord(fact.state, fact.agent, fact.revision, seq, work, is_owned=True, touched_at_ms=at_ms)
                case.window, case.stage = fact.window, fact.stage
                self.records[name] = case
                self._hands.meet(name, case)

    def take(self, event: BookEvent) -> None:
        """A case's event."""
        case = self._find(event)
        before = Place(case.state, case.agent, case.work.queue)
        after = Place(intern(event.state), intern(event.agent), intern(event.queue))
        self._leave(case, event, before, after)
        self._read(case, event)
        self.changed[event.case] = None
        if event.state in ENDED:
            if case.visit is not None:
                self._visits.end(case, case.visit, event, before)
            else:
                self._keep_customer(event.case, case)
            del self.records[event.case]
        else:
            self._enter(case, event, before, after)

    def live(self, name: str) -> Row | None:
        """Its row; None: it is over."""
        case = self.records.get(name)
        if case is None:
            return None
        began = case.stay or case.stint
        row = {
            "state": case.state,
            "agent": case.agent,
            **case.work._asdict(),
            "customer": case.customer,
            "subject": case.subject,
            "requested_at_ms": case.requested_at_ms,
            "since_ms": began.began_at_ms if began else None,
            "touched_at_ms": case.touched_at_ms,
            "record": encode(case),
        }
        visit = case.visit
        if visit is not None:
            row["target_ms"] = visit.target_ms
        if visit is not None and visit.owned_at_ms is None:
            row["arrived_at_ms"], row["arrived_queue"] = visit.arrived_at_ms, visit.work.queue
            row["arrived_priority"], row["arrived_skills"] = visit.work.priority, visit.work.skills
            row["overdue_open_ms"] = visit.open_ms + visit.target_ms
        return row

    def _find(self, event: BookEvent) -> CaseRecord:
        """The case as it was before its event."""
        case = self.records.get(event.case)
        if event.type not in ARRIVALS and case is not None and case.revision + 1 == event.revision:
            return case
        self._drop(event.case)
        if event.type in ARRIVALS:
            case = CaseRecord("", "", event.revision, event.log_seq, _work(event, event.queue))
            case.visit = self._visits.begin(event, case.work)
        else:
            case = _meet(event)
        self.records[event.case] = case
        return case

    def _drop(self, name: str) -> None:
        """What was known of the case does not count any more."""
        self.changed[name] = None
        case = self.records.pop(name, None)
        if case is not None:
            self._keep_customer(name, case)
            self._hands.drop(name, case)

    def _keep_customer(self, name: str, case: CaseRecord) -> None:
        """Of a visit that has not been seen whole no more than whose it was is written down, for their being erased."""
        if case.customer:
            key = key_of(case.customer)
            self._tally.row("fragments", case_id=name, visit=case.visit_number, customer_key=key)

    def _read(self, case: CaseRecord, event: BookEvent) -> None:
        """What the event tells of the case beside where it is."""
        case.revision, case.touched_at_ms = event.revision, event.at_ms
        if event.card is not None:
            case.customer, case.subject, case.url = event.card.customer, event.card.subject, event.card.url
        if event.channel:
            case.requested_at_ms, case.window = event.requested_at_ms, event.window

    # -- what ends ---------------------------------------------------------------------------------------------------

    def _leave(self, case: CaseRecord, event: BookEvent, before: Place, after: Place) -> None:
        self._count_move(case, event, before)
        if before.rings_at and before.rings_at != after.rings_at:
            self._offers.end(case, event, before)
        if before.line and before.line != after.line:
            self._lines.end(case, event, after)
        if before.work and before.work != after.work:
            self._hands.end_span(case, event)
        if event.stage != case.stage or (case.stage and before.owner != after.owner):
            self._hands.end_stage(case, event)
        if before.owner and before.owner != after.owner:
            self._hands.end_stint(case, event)
        if event.target_before and event.target_before != event.target:
            self._offers.end_transfer(case, event)

    def _count_move(self, case: CaseRecord, event: BookEvent, before: Place) -> None:
        """It goes elsewhere, or is closed."""
        what = _MOVES.get(event.type)
        if what is not None and is_overflow(event):
            what = "overflowed"
        if what is not None:
            self._tally.add("queue_quarters", (quarter_of(event.at_ms), *case.work), **{what: 1})
        if what in ("returned", "transferred") and case.visit is not None:
            setattr(case.visit, what, getattr(case.visit, what) + 1)
        if what != "overflowed" and (what is not None or event.state == "cancelled"):
            reason = reason_of(case, event)
            self._agents.count_reason(case.work, event.at_ms, before.owner, what or event.state, reason)

    # -- what begins -------------------------------------------------------------------------------------------------

    def _enter(self, case: CaseRecord, event: BookEvent, before: Place, after: Place) -> None:
        case.state, case.agent = after.state, after.agent
        if after.line and after.line != before.line:
            case.work = _work(event, after.queue)
            self._lines.begin(case, event)
        if after.rings_at and after.rings_at != before.rings_at:
            self._offers.begin(case, event)
        if event.target and event.target != event.target_before:
            self._offers.begin_transfer(case, event)
        if after.owner and after.owner != before.owner:
            if not case.is_owned and case.visit is not None:
                self._visits.own(case.visit, event)
            case.is_owned = True
            self._hands.begin_stint(case, event)
        if after.work and after.work != before.work:
            self._hands.begin_span(case, event)


def _meet(event: BookEvent) -> CaseRecord:
    """A case that nobody knew, as it was before its event; nor does anybody know whether somebody has owned it."""
    work = _work(event, event.queue_before or event.queue)
    case = CaseRecord(event.state_before, event.agent_before, event.revision, event.log_seq, work, is_owned=True)
    keeps_owner = event.state_before in IN_HAND and event.agent_before == event.agent
    case.stage = event.stage_before or (event.stage if keeps_owner else "")
    return case


def _work(event: BookEvent, queue: str) -> Work:
    """What a case asks by an event that shows it whole; by another nobody knows."""
    if not event.channel or event.priority is None:
        return Work(intern(queue))
    return Work(intern(queue), intern(event.channel), event.priority, intern(skills_of(event.skills)))
