"""A case's life, told in words from its events."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, or_, select

from casebaton.errors import CasebatonError
from casebaton.history.schema import events, live, offers, ownerships, stays
from casebaton.reports.asked import Within
from casebaton.reports.changes import View, changes_of, view_of

MOST = 2000  # events of a case that are told
Event = dict[str, Any]
CAUSES = {
    "stopped": "the queue was paused or closed",
    "offered": "it rang",
    "named": "it waited for one agent alone",
    "untaken": "nobody took it",
    "no_agent": "nobody was there who may have it",
    "cooling": "whoever had room was kept from it",
    "busy": "all were busy",
    "engine": "it was being matched",
}


class Moment(Struct, frozen=True):
    """Something that happened: when (engine time, ms), how long after what happened before, what, and by whom."""

    at_ms: int
    after_ms: int
    event: str
    says: str
    actor: str = ""


class Life(Struct, frozen=True):
    """All that is kept of a case, oldest first; `is_cut` when it is more than 2,000 events, of which these are the
    last.
    """

    case: str
    moments: list[Moment]
    is_cut: bool = False


def tell(connection: Connection, workspace: str, case: str, within: Within | None = None) -> Life:
    """Tell a case's life. Raises CasebatonError CASE_NOT_FOUND, and OUT_OF_SCOPE when neither a queue in which it ever
    was nor an agent who ever had it is within the scope.
    """
    query = (
        select(events.c.body)
        .where(events.c.workspace == workspace, events.c.case_id == case)
        .order_by(events.c.seq.desc())
        .limit(MOST + 1)
    )
    bodies = list(connection.scalars(query))
    if not bodies:
        raise CasebatonError("CASE_NOT_FOUND", f"the history has no case {case}")
    if within is not None and not _is_within(connection, workspace, case, within):
        raise CasebatonError("OUT_OF_SCOPE", f"case {case} is outside the token's scope")
    told = [msgspec.json.decode(body, type=Event) for body in reversed(bodies[:MOST])]
    return Life(case, list(_moments(told)), len(bodies) > MOST)


def _is_within(connection: Connection, workspace: str, case: str, within: Within) -> bool:
    queues, teams = list(within.queues), list(within.teams)
    asked = [
        select(events.c.seq).where(_of(events, workspace, case), events.c.queue.in_(queues)),
        select(stays.c.seq).where(_of(stays, workspace, case), stays.c.queue.in_(queues)),
        *(
            select(table.c.seq).where(_of(table, workspace, case), table.c.team.in_(teams))
            for table in (offers, ownerships)
        ),
        select(live.c.name).where(
            live.c.workspace == workspace,
            live.c.kind == "case",
            live.c.name == case,
            or_(live.c.queue.in_(queues), live.c.team.in_(teams)),
        ),
    ]
    return any(connection.scalar(query.limit(1)) is not None for query in asked)


def _of(table: Any, workspace: str, case: str) -> Any:
    return (table.c.workspace == workspace) & (table.c.case_id == case)


def _moments(told: Iterable[Event]) -> Iterable[Moment]:
    before_ms: int | None = None
    view: View | None = None
    for event in told:
        at_ms = int(event["at_ms"])
        after_ms = 0 if before_ms is None else at_ms - before_ms
        yield Moment(at_ms, after_ms, event["type"], says(event, view), str(event.get("actor", "")))
        before_ms, view = at_ms, view_of(event, view)


def says(event: Event, before: View | None) -> str:
    """An event in a sentence; `before` is what was seen of the case until then."""
    sentence = _updated(event, before) if event["type"] == "case_updated" else _sentence(event)
    return " ".join(part for part in (sentence + ".", _waited(event)) if part)


def _sentence(event: Event) -> str:
    tell_it = SENTENCES.get(event["type"])
    return str(event["type"]).replace("_", " ") if tell_it is None else tell_it(event)


def _waited(event: Event) -> str:
    """Where the time of the stay that it ends went."""
    waited = event.get("waited") or {}
    whole_ms = sum(waited.values())
    if not whole_ms:
        return ""
    causes = sorted(waited.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{length(ms)} {CAUSES.get(cause, cause)}" for cause, ms in causes if ms)
    return f"It had waited {length(whole_ms)}: {parts}."


def length(ms: int) -> str:
    """A length of time for people: 1.2 s, 4 min 5 s, 2 h 10 min, 3 d 4 h."""
    if ms < 60_000:
        return f"{ms / 1000:.1f} s".replace(".0 s", " s")
    units = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000))
    found: list[tuple[int, str]] = []
    for name, unit_ms in units:
        count, ms = divmod(ms, unit_ms)
        if count or found:
            found.append((count, name))
    return " ".join(f"{count} {name}" for count, name in found[:2] if count)


def _because(event: Event) -> str:
    return f" ({event['reason']})" if event.get("reason") else ""


def _queued(event: Event) -> str:
    card = event.get("card") or {}
    subject = f": “{card['subject']}”" if card.get("subject") else ""
    over = f", as {event['overflow_from']} was full or closed" if event.get("overflow_from") else ""
    return f"Submitted to {event.get('queue', '')} by {_who(event)}{over}{subject}"


def _who(event: Event) -> str:
    """The actor, without the kind where that is plain."""
    kind, _, name = str(event.get("actor", "")).partition(":")
    if kind == "engine":
        return "the engine"
    return f"{kind} {name}" if name else kind


def _offered(event: Event) -> str:
    decision = event.get("decision") or {}
    rule = f", chosen by {decision['rule']}" if decision.get("rule") else ""
    passed = f"; passed over {', '.join(decision['passed'])}" if decision.get("passed") else ""
    return f"Offered to {event.get('agent', '')}{rule}{passed}"


def _transferred(event: Event) -> str:
    before = str(event.get("owner_before", "")).partition(":")[2]
    to = event.get("agent") if event.get("state") == "active" else event.get("queue")
    verb = "Overflowed" if event.get("reason") == "overflow" else "Transferred"
    return f"{verb} from {before} to {to}" + ("" if verb == "Overflowed" else _because(event))


def _assigned(event: Event) -> str:
    by = "without being asked, by the engine" if _who(event) == "the engine" else f"by {_who(event)}"
    over = ", over capacity" if event.get("over_capacity") else ""
    return f"Given to {event.get('agent', '')} {by}{over}{_because(event)}"


def _closed(event: Event) -> str:
    worked = f" after {length(event['worked_ms'])} of work" if event.get("worked_ms") else ""
    as_what = f" as {event['disposition']}" if event.get("disposition") else ""
    by = "" if event.get("agent_before") in (None, "") else f" by {_who(event)}"
    return f"Closed{as_what}{by}{worked}"


def _updated(event: Event, before: View | None) -> str:
    if event.get("erased"):
        return f"What is said of its customer erased by {_who(event)}"
    if event.get("actor") == "engine:order":
        return "Another place in the line: the queue has another order"
    return f"Changed by {_who(event)}: {changes_of(event, before)}"


def _staged(event: Event) -> str:
    before = f" after {event['stage_before']}" if event.get("stage_before") else ""
    return f"Stage {event.get('stage', '')}{before}, said {_who(event)}{_because(event)}"


def _failed(event: Event) -> str:
    return f"{event.get('target_before', 'The colleague')} did not take it over{_because(event)}"


def _noted(event: Event) -> str:
    note = event.get("note") or {}
    return f"{'Task' if note.get('kind') == 'task' else 'Note'} by {_who(event)}"


SENTENCES: dict[str, Callable[[Event], str]] = {
    "case_queued": _queued,
    "case_offered": _offered,
    "case_accepted": lambda event: f"Accepted by {event.get('agent', '')}",
    "case_taken": lambda event: f"Taken by {event.get('agent', '')}",
    "case_assigned": _assigned,
    "case_declined": lambda event: f"Declined by {event.get('agent_before', '')}{_because(event)}",
    "offer_expired": lambda event: f"Missed by {event.get('agent_before', '')}",
    "offer_revoked": lambda event: f"Taken back from {event.get('agent_before', '')}{_because(event)}",
    "case_returned": lambda event: (
        f"Returned from {event.get('agent_before', '')} to {event.get('queue', '')}" + _because(event)
    ),
    "case_transferred": _transferred,
    "transfer_offered": lambda event: f"{event.get('agent', '')} asks {event.get('target', '')} to take it over",
    "transfer_failed": _failed,
    "case_parked": lambda event: f"Parked by {event.get('agent', '')}",
    "case_wake_pending": lambda event: f"Woken, waits for room at {event.get('agent', '')}",
    "case_resumed": lambda event: f"Resumed by {event.get('agent', '')}",
    "case_wrapping": lambda event: f"Wrap-up of {event.get('agent', '')}{_because(event)}",
    "wrap_up_extended": lambda event: f"Wrap-up extended by {event.get('agent', '')}",
    "case_closed": _closed,
    "case_cancelled": lambda event: f"Cancelled by {_who(event)}{_because(event)}",
    "case_abandoned": lambda _: "Abandoned: the customer left",
    "case_reopened": lambda event: f"Reopened by {_who(event)}, waits in {event.get('queue', '')}",
    "case_relaxed": lambda event: f"Asks for less: {event.get('step') or event.get('reason') or 'its plan says so'}",
    "stage_changed": _staged,
    "note_added": _noted,
    "target_warned": lambda event: f"The time for {event.get('clock', 'its target')} is nearly over",
    "target_breached": lambda event: f"The time for {event.get('clock', 'its target')} is over",
    "alert_raised": lambda event: f"Alert {event.get('alert', '')}",
    "automation_triggered": lambda event: f"Automation {event.get('name', '')} told, after {event.get('on', '')}",
    "owner_notified": lambda event: f"{event.get('agent', '')} told that it is {event.get('owner', '')} now",
    "effect_failed": lambda event: f"Rule {event.get('rule', '')} failed{_because(event)}",
    "agent_reserved": lambda event: f"{event.get('agent', '')} is kept free for it",
    "reservation_ended": lambda event: f"{event.get('agent', '')} is kept free for it no longer{_because(event)}",
    "flag_raised": lambda event: f"{event.get('agent', '')} calls a supervisor about it",
    "flag_answered": lambda event: f"The call of {event.get('agent', '')} is answered",
}
