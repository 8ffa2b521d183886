"""Why a case is where it is, and what will change next.

The engine answers for one slice of agents at a time, by the same rule that matches: a long list never holds anybody up.
The slices are not one instant; each agent is told as it was when its slice was read.
"""

import asyncio
from collections import Counter

import msgspec
from msgspec import Raw, Struct

from casebaton.auth import Identity
from casebaton.store import log
from casebaton.store.client import StoreClient

SLICE = 250
AT_ONCE = 2  # slices under way: others' commands go out between two
SHOWN = 200  # agents named one by one; all are counted
LOOK_BACK = 1000  # log entries from which the pace of a queue is estimated
REMEMBERED = 200  # of the case's own events, for what was decided
GIVING = frozenset({"case_offered", "case_assigned", "case_taken", "transfer_offered"})
FEWEST = 3  # owned cases that make a pace
STALE = 3  # paces after which, without another owned case, it holds no more
# What an agent fails by who will have room by itself, and the pace says when. Whoever fails by anything else gets the
# case only after something else has changed.
PASSING = frozenset({"none", "open_offer", "waking", "room", "limit", "reserved", "cooling"})
OWNED = frozenset({"case_accepted", "case_taken", "case_assigned"})


class Candidate(Struct, omit_defaults=True):
    """An agent who might get the case. `fails` is the first condition that does not hold; null: none fails.

    `reserved_case`: for what it is kept free, if that is what keeps it from this case.
    """

    agent: str
    fails: str | None
    until_ms: int | None = None
    reserved_case: str | None = None


class Change(Struct):
    """The next thing that will change by itself, and when."""

    what: str
    at_ms: int


class Decision(Struct, omit_defaults=True):
    """Who got the case, when, and how that came about, as the event `position` has it.

    `rule` is what the engine chose by: the queue's choice among agents, its order among cases for an agent who became
    free, `named`, `reserved`; it is absent when `actor` chose. `considered` are the agent and up to four whose turn was
    next, `passed` up to five whose turn was sooner but who were kept from the case. `config` is the version in force.
    """

    event: str
    position: str
    at_ms: int
    agent: str
    actor: str
    config: int
    rule: str | None = None
    considered: list[str] = []
    passed: list[str] = []


class Stay(Struct):
    """A stay in a queue that ended: by which event, and where its time went, in ms by cause."""

    ended_by: str
    until_ms: int
    waited: dict[str, int]


class Why(Struct, omit_defaults=True):
    """The answer. `counts` is over all candidates, `agents` the first 200 of them.

    `waited` is where the time of the present stay has gone so far, in ms by cause. `decisions` and `stays` are from the
    case's last 200 events, newest first.

    `reserved_agent` is kept free for the case.

    `place` counts from 1; `estimated_wait_ms` is the place times the queue's recent pace, absent where that says
    nothing of this case.
    """

    case: Raw
    at_ms: int
    config: int
    reason: str
    counts: dict[str, int]
    agents: list[Candidate]
    place: int | None = None
    waiting: int | None = None
    next_change: Change | None = None
    estimated_wait_ms: int | None = None
    waited: dict[str, int] | None = None
    decisions: list[Decision] = []
    stays: list[Stay] = []
    reserved_agent: str | None = None


class _Case(Struct):
    state: str
    queue: str
    deadline_at_ms: int | None = None
    preferred_until_ms: int | None = None
    window: dict[str, int] | None = None


class _Step(Struct):
    step: str
    at_ms: int


class _Moment(Struct):
    type: str
    at_ms: int
    queue: str = ""


class _Match(Struct):
    rule: str
    considered: list[str]
    passed: list[str] = []


class _Past(Struct):
    type: str
    position: str
    at_ms: int
    actor: str
    config: int
    agent: str = ""
    target: str = ""
    decision: _Match | None = None
    waited: dict[str, int] | None = None


class _History(Struct):
    items: list[_Past]


class _Slice(Struct):
    at_ms: int
    config: int
    mode: str
    case: Raw
    counts: dict[str, int]
    agents: list[Candidate]
    candidates: int
    cools_until_ms: int | None = None
    place: int | None = None
    waiting: int | None = None
    waited: dict[str, int] | None = None
    class_state: str = "open"
    next_step: _Step | None = None
    paused: bool = False
    open: bool = True
    next_change_at_ms: int | None = None
    reserved_agent: str | None = None


async def explain(store: StoreClient, identity: Identity, case: str, *, now: int | None = None) -> Why:
    """Ask the engine about all candidates of a case; `now` is a virtual clock in ms. Raises Refused or Unavailable."""
    first = await _slice(store, identity, case, 0, now)
    fact = msgspec.json.decode(first.case, type=_Case)
    further, (decisions, stays), pace_ms = await asyncio.gather(
        _further_slices(store, identity, case, first.candidates, now),
        _look_back(store, identity, case),
        _pace(store, identity.workspace, fact.queue, first.at_ms),
    )
    slices = [first, *further]
    counts: Counter[str] = Counter()
    for found in slices:
        counts.update(found.counts)
    cools_until = [found.cools_until_ms for found in slices if found.cools_until_ms is not None]
    return Why(
        case=first.case,
        at_ms=first.at_ms,
        config=first.config,
        reason=_reason(fact, first, counts),
        counts=dict(counts),
        agents=[agent for found in slices for agent in found.agents][:SHOWN],
        place=first.place,
        waiting=first.waiting,
        next_change=_next_change(fact, first, cools_until),
        estimated_wait_ms=_estimate(fact, first, counts, pace_ms),
        reserved_agent=first.reserved_agent,
        waited=first.waited,
        decisions=decisions,
        stays=stays,
    )


async def _further_slices(
    store: StoreClient, identity: Identity, case: str, candidates: int, now: int | None
) -> list[_Slice]:
    """All candidates but those of the first slice."""
    found: list[_Slice] = []
    for begin in range(SLICE, candidates, SLICE * AT_ONCE):
        offsets = range(begin, min(begin + SLICE * AT_ONCE, candidates), SLICE)
        found += await asyncio.gather(*(_slice(store, identity, case, offset, now) for offset in offsets))
    return found


async def _slice(store: StoreClient, identity: Identity, case: str, offset: int, now: int | None) -> _Slice:
    """The candidates from the one at `offset` on."""
    answer = await store.run(
        "why_case", identity.workspace, identity.actor, now=now, case=case, offset=offset, limit=SLICE,
        show=max(0, SHOWN - offset),
    )  # fmt: skip
    return msgspec.json.decode(answer.body, type=_Slice)


async def _look_back(store: StoreClient, identity: Identity, case: str) -> tuple[list[Decision], list[Stay]]:
    """The case's last events, newest first: who got it and why, where its waiting time went."""
    answer = await store.run(
        "read_history", identity.workspace, identity.actor, case=case, before="", limit=REMEMBERED
    )  # fmt: skip
    events = msgspec.json.decode(answer.body, type=_History).items
    decisions = [_decision(event) for event in events if event.type in GIVING]
    return decisions, [Stay(event.type, event.at_ms, event.waited) for event in events if event.waited is not None]


def _decision(event: _Past) -> Decision:
    match = event.decision
    return Decision(
        event=event.type,
        position=event.position,
        at_ms=event.at_ms,
        agent=event.target if event.type == "transfer_offered" else event.agent,
        actor=event.actor,
        config=event.config,
        rule=match.rule if match else None,
        considered=match.considered if match else [],
        passed=match.passed if match else [],
    )


def _reason(case: _Case, found: _Slice, counts: Counter[str]) -> str:
    """One word for all of it; of several conditions the one that most candidates fail."""
    if case.state != "waiting":
        return case.state
    if found.paused:
        return "queue_paused"
    if not found.open:
        return "queue_closed"
    if found.mode == "pull":
        return "pull_queue"
    if found.class_state != "open":
        return found.class_state
    if not counts:
        return "no_members"
    if counts["none"]:
        return "being_matched"
    return counts.most_common(1)[0][0]


def _next_change(case: _Case, found: _Slice, cools_until: list[int]) -> Change | None:
    changes = [Change("cooldown_ends", min(cools_until))] if cools_until else []
    if found.next_step is not None:
        changes.append(Change(found.next_step.step, found.next_step.at_ms))
    if case.preferred_until_ms is not None and case.state in ("waiting", "offered"):
        changes.append(Change("stop_preferring", case.preferred_until_ms))
    if not found.open and found.next_change_at_ms is not None:
        changes.append(Change("queue_opens", found.next_change_at_ms))
    if case.deadline_at_ms is not None:
        changes.append(Change("deadline", case.deadline_at_ms))
    return min(changes, key=lambda change: change.at_ms, default=None)


def _estimate(case: _Case, found: _Slice, counts: Counter[str], pace_ms: float | None) -> int | None:
    """How long the case waits still at the queue's pace, in ms, where it waits for nothing but its turn."""
    is_served = not found.paused and found.open and found.class_state == "open"
    if found.place is None or pace_ms is None or not is_served or case.window is not None:
        return None
    return round(found.place * pace_ms) if PASSING & counts.keys() or found.mode == "pull" else None


async def _pace(store: StoreClient, workspace: str, queue: str, now_ms: int) -> float | None:
    """What it took from one owned case to the next in this queue, in ms, by the last log entries; if it holds."""
    entries = await log.read_last(store.redis, workspace, LOOK_BACK)
    events = [msgspec.json.decode(entry.body, type=_Moment) for entry in entries]
    owned = [event.at_ms for event in events if event.type in OWNED and event.queue == queue]
    if len(owned) < FEWEST:
        return None
    pace_ms = (owned[-1] - events[0].at_ms) / len(owned)
    return pace_ms if now_ms - owned[-1] <= STALE * pace_ms else None
