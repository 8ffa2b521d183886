"""The pure centre of the client: a view and an event make the next view.

Nothing here is changed in place, and what an event does not touch stays the same object: `is` tells whether a
part changed. Any event that names a case and its state moves that case, also one of a later protocol: an
event says by itself where the case was and where it is.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from casebaton.client.events import Event
from casebaton.client.state import AgentState, Case, Flag, QueuePage, QueueSummary, Snapshot, StatusChoice
from casebaton.wire.channels import ChannelSummary

ON_DESK = frozenset({"active", "parked", "wrapping"})
QUEUE_CHANGES = frozenset({"queue_paused", "queue_draining", "queue_resumed", "queue_opened", "queue_closed"})


class Line(Struct, frozen=True, kw_only=True):
    """A watched queue's waiting cases, best first: the whole line, or a first part of at most `limit`."""

    queue: str
    mode: str
    waiting: int
    cases: tuple[Case, ...]
    limit: int
    position: str
    """Events up to here are already in it."""
    paused: bool = False
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None


class View(Struct, frozen=True, kw_only=True):
    """What one connection sees; `agent` is None for other roles, which hold neither offers nor a desk."""

    agent: AgentState | None = None
    offers: Mapping[str, Case] = {}
    desk: Mapping[str, Case] = {}
    queues: tuple[QueueSummary, ...] = ()
    lines: Mapping[str, Line] = {}
    position: str = "0-0"
    statuses: tuple[StatusChoice, ...] = ()
    channels: Mapping[str, ChannelSummary] = {}
    truncated: bool = False
    """When the connection began the agent had more in hand than the newest 500, which the desk shows."""


def from_snapshot(snapshot: Snapshot, position: str, lines: Mapping[str, Line]) -> View:
    """Start from a snapshot. Lines stay as they were until their queues' pages have come again."""
    return View(
        agent=snapshot.agent,
        offers={case.case: case for case in snapshot.offers},
        desk={case.case: case for case in snapshot.desk},
        queues=snapshot.queues,
        lines=lines,
        position=position,
        statuses=snapshot.statuses,
        channels=snapshot.channels,
        truncated=snapshot.truncated,
    )


def apply(view: View, event: Event) -> View:
    """Fold one event into a view."""
    if event.waiting is not None:
        return count(view, event.waiting)
    if not event.position or event.changes is not None:
        return view  # said by the node, not by the log
    if event.case and event.state:
        return _case_moved(view, event)
    agent = view.agent
    if agent is not None and event.agent == agent.agent:
        agent = _agent_changed(agent, event)
    if event.type == "clock_moved":
        view = _deadlines_moved(view, event.by_ms)
    if event.type in QUEUE_CHANGES:
        view = _queue_changed(view, event)
    return replace(view, agent=agent, position=event.position)


def count(view: View, waiting: Mapping[str, int]) -> View:
    """Put other counts into the queues' summaries."""
    return replace(view, queues=tuple(replace(one, waiting=waiting.get(one.queue, one.waiting)) for one in view.queues))


def open_line(view: View, page: QueuePage, limit: int, position: str, since: Iterable[Event]) -> View:
    """Open or renew a line with a page as of `position`; `since` came while the page was on its way."""
    line = Line(
        queue=page.queue,
        mode=page.mode,
        waiting=page.waiting,
        cases=page.cases,
        limit=limit,
        position=position,
        paused=page.paused,
        draining=page.draining,
        open=page.open,
        next_change_at_ms=page.next_change_at_ms,
    )
    for event in since:
        line = _state_after(line, event) if event.type in QUEUE_CHANGES else _line_after(line, event)
    return replace(view, lines={**view.lines, page.queue: line})


def close_line(view: View, queue: str) -> View:
    """Forget a line."""
    return replace(view, lines={each: line for each, line in view.lines.items() if each != queue})


def is_thin(line: Line) -> bool:
    """Has the line lost so many of its first cases that the next ones should be asked for?"""
    return len(line.cases) < min(line.waiting, line.limit / 2)


def is_after(position: str, other: str) -> bool:
    """Compare two places in the log (`ms-n`)."""
    return _place(position) > _place(other)


def _place(position: str) -> tuple[int, int]:
    ms, _, n = position.partition("-")
    return int(ms), int(n or 0)


def _case_moved(view: View, event: Event) -> View:
    agent, offers, desk = view.agent, view.offers, view.desk
    if agent is not None:
        mine = event.agent == agent.agent
        known = offers.get(event.case) or desk.get(event.case)
        case = _case_after(event, known)
        rings = event.target == agent.agent
        offer = _transfer_after(case, event, known) if rings else case
        offers = _with(offers, offer, rings or (mine and event.state == "offered"))
        desk = _with(desk, case, mine and event.state in ON_DESK)
        agent = _with_load(agent, event)
    lines = view.lines
    for queue, line in view.lines.items():
        after = _line_after(line, event)
        if after is not line:
            lines = {**lines, queue: after}
    return replace(view, agent=agent, offers=offers, desk=desk, lines=lines, position=event.position)


def _case_after(event: Event, known: Case | None) -> Case:
    if known is not None and known.baton == event.baton:
        state_at_ms = known.state_at_ms
    elif event.state == event.state_before == "waiting":
        state_at_ms = event.queued_at_ms or event.at_ms
    else:
        state_at_ms = event.at_ms
    # What the case is, beside where it is, comes only when it enters somebody's view.
    shown = event if event.card is not None or known is None else known
    return Case(
        case=event.case,
        state=event.state,
        owner=event.owner,
        queue=event.queue,
        baton=event.baton,
        revision=event.revision,
        channel=shown.channel,
        priority=shown.priority,
        agent=event.agent,
        pool=shown.pool,
        cost=shown.cost,
        score=event.score,
        created_at_ms=shown.created_at_ms,
        requested_at_ms=shown.requested_at_ms,
        queued_at_ms=shown.queued_at_ms,
        state_at_ms=state_at_ms,
        deadline_at_ms=event.deadline_at_ms,
        card=shown.card,
        skills=shown.skills,
        tier=shown.tier,
        plan_step=shown.plan_step,
        due_at_ms=shown.due_at_ms,
        preferred_agent=shown.preferred_agent,
        preferred_until_ms=shown.preferred_until_ms,
        required_agent=shown.required_agent,
        ends_as=event.ends_as,
        extensions=event.extensions,
        disposition=event.disposition,
        parked_cost=shown.parked_cost,
        wake_at_ms=event.wake_at_ms,
        wake_pending=event.wake_pending,
        linked_case=shown.linked_case,
        target=event.target,
        target_baton=event.target_baton,
        target_deadline_at_ms=event.target_deadline_at_ms,
        notes=shown.notes,
        first_owner_due_at_ms=shown.first_owner_due_at_ms,
        completion_due_at_ms=shown.completion_due_at_ms,
        stage=event.stage,
        window=shown.window,
        worked_ms=event.worked_ms or 0 if event.agent is not None and event.agent == event.agent_before else 0,
    )


def _transfer_after(case: Case, event: Event, known: Case | None) -> Case:
    """What a colleague wants to hand over: to its target an offer, with the baton that accepts it."""
    is_known = known is not None and known.baton == event.target_baton
    return replace(
        case,
        baton=event.target_baton or "",
        state_at_ms=known.state_at_ms if is_known and known else event.at_ms,
        deadline_at_ms=event.target_deadline_at_ms,
    )


def _with(cases: Mapping[str, Case], case: Case, is_there: bool) -> Mapping[str, Case]:
    if is_there:
        return {**cases, case.case: case}
    if case.case not in cases:
        return cases
    return {key: each for key, each in cases.items() if key != case.case}


def _with_load(agent: AgentState, event: Event) -> AgentState:
    for held in event.held:
        if held.agent == agent.agent:
            return replace(
                agent,
                held_primary=held.primary,
                held_interruptible=held.interruptible,
                offers=held.offers,
            )
    return agent


def _line_after(line: Line, event: Event) -> Line:
    left = event.state_before == "waiting" and (event.queue_before or event.queue) == line.queue
    entered = event.state == "waiting" and event.queue == line.queue
    if not (left or entered) or not is_after(event.position, line.position):
        return line
    known = next((case for case in line.cases if case.case == event.case), None)
    cases = tuple(case for case in line.cases if case is not known)
    waiting = line.waiting - left + entered
    if entered:
        case = _case_after(event, known)
        index = bisect_left(cases, _rank(case), key=_rank)
        # Behind the last known case of a first part others may stand that were never shown.
        is_whole = waiting - 1 == len(cases)
        if index < len(cases) or is_whole:
            cases = (*cases[:index], case, *cases[index:])[: line.limit]
    return replace(line, waiting=waiting, cases=cases, position=event.position)


def _state_after(line: Line, event: Event) -> Line:
    if event.queue != line.queue or not is_after(event.position, line.position):
        return line
    return replace(line, position=event.position, **_state(event))


def _state(event: Event) -> dict[str, Any]:
    """What the event says of its queue."""
    return {
        "paused": event.paused,
        "draining": event.draining,
        "open": event.open,
        "next_change_at_ms": event.next_change_at_ms,
    }


def _queue_changed(view: View, event: Event) -> View:
    queues = tuple(replace(each, **_state(event)) if each.queue == event.queue else each for each in view.queues)
    return replace(view, queues=queues, lines={name: _state_after(line, event) for name, line in view.lines.items()})


def _rank(case: Case) -> tuple[int, str]:
    return case.score or 0, case.case


def _agent_changed(agent: AgentState, event: Event) -> AgentState:
    match event.type:
        case "agent_status_changed":
            return _status_changed(agent, event)
        case "agent_presence_changed":
            return replace(agent, presence=event.presence)
        case "flag_raised":
            return replace(agent, flag=Flag(raised_at_ms=event.at_ms, case=event.case or None, text=event.text))
        case "flag_lowered" | "flag_answered":
            return replace(agent, flag=None)
        case "agent_reserved":
            return replace(agent, reserved_case=event.case)
        case "reservation_ended":
            return replace(agent, reserved_case="")
        case "agent_updated":
            return replace(
                _status_changed(agent, event),
                name=event.name,
                team=event.team,
                presence=event.presence,
                capacity=event.capacity,
                interruptible_capacity=event.interruptible_capacity,
                queues=event.queues,
                skills=event.skills or {},
                tiers=event.tiers,
                auto_accept=event.auto_accept,
                limits=event.limits,
                ring_factor=event.ring_factor,
            )
        case _:
            return agent


def _status_changed(agent: AgentState, event: Event) -> AgentState:
    return replace(
        agent,
        status=event.status,
        status_cause=event.status_cause,
        channels=event.channels,
        label=event.label,
        label_before=event.label_before,
        channels_before=event.channels_before,
        next_status=event.next_status,
    )


def _deadlines_moved(view: View, by_ms: int) -> View:
    def later(at_ms: int | None) -> int | None:
        return None if at_ms is None else at_ms + by_ms

    def moved(cases: Mapping[str, Case]) -> Mapping[str, Case]:
        return {key: later_case(case) for key, case in cases.items()}

    def later_case(case: Case) -> Case:
        if case.deadline_at_ms is None and case.target_deadline_at_ms is None:
            return case
        return replace(
            case,
            deadline_at_ms=later(case.deadline_at_ms),
            target_deadline_at_ms=later(case.target_deadline_at_ms),
        )

    return replace(view, offers=moved(view.offers), desk=moved(view.desk))
