"""Judges from the log alone who got what: an account of the rules that shares nothing with the engine's own.

It knows the workspace's document and reads events; of what the engine writes it takes neither scores nor held units,
but works both out. An *instant* is all that the log has of one millisecond: whoever drives the engine fires what is due
at the end of each, so nothing that was possible may be left undone there. Agents whom the instant itself set free are
asked after those who were ready before, so their turn is not compared. Skills that count only on some days are not
judged.
"""

import math
from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import Struct

from casebaton.workspace.document import Document, Queue

Kind = Literal["idle_match", "overtaken_case", "overtaken_agent", "not_eligible"]
LATEST_MS = 1000  # so long after its end a cool-down may go on unnoticed
IN_HAND = frozenset({"offered", "active", "parked", "wrapping"})
STEP = 2**45  # milliseconds: what ranks above any instant
MOST = 1000  # steps into which a load is divided
# Whoever ends work, refuses, or does not answer goes to the end of the idle line.
RESTARTS = frozenset({"case_declined", "offer_expired", "case_returned", "case_closed"})
RESTARTS_UNLESS_OFFERED = frozenset({"case_transferred", "case_cancelled"})


class Event(Struct, frozen=True):
    """What is read of an event."""

    type: str
    log_seq: int
    at_ms: int
    cause: str = ""
    case: str = ""
    state: str = ""
    state_before: str = ""
    agent: str = ""
    agent_before: str = ""
    queue: str = ""
    channel: str | None = None
    pool: str = "interruptible"
    cost: int = 1
    priority: int = 0
    due_at_ms: int | None = None
    requested_at_ms: int = 0
    place: str = "keep"
    step: str = ""
    tier: str = "*"
    required_agent: str = ""
    preferred_agent: str = ""
    skills: dict[str, int] = {}
    status: str = ""
    next_status: str = ""
    presence: str = ""
    channels: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    tiers: dict[str, int] = {}
    capacity: int = 0
    interruptible_capacity: int = 0
    limits: dict[str, int] = {}


read = msgspec.json.Decoder(Event).decode


class Case(Struct):
    """A live case. `place`: lower comes first among queues of one rank; `named`: the one agent whom it waits for."""

    id: str
    queue: str = ""
    channel: str = ""
    pool: str = "interruptible"
    cost: int = 0
    priority: int = 0
    due_at_ms: int | None = None
    age_at_ms: int = 0
    place: int = 0
    skills: dict[str, int] = {}
    tier: str = "*"
    named: str = ""
    state: str = ""
    agent: str = ""


class Agent(Struct):
    """An agent; `units` by pool, and `cases`, are what is in hand, offers included."""

    id: str
    idle_at_ms: int
    status: str = "offline"
    next_status: str = ""
    presence: str = "gone"
    channels: tuple[str, ...] = ("*",)
    queues: tuple[str, ...] = ()
    skills: dict[str, int] = {}
    tiers: dict[str, int] = {}
    capacity: int = 0
    interruptible_capacity: int = 0
    units: dict[str, int] = msgspec.field(default_factory=lambda: {"primary": 0, "interruptible": 0})
    offers: int = 0
    cases: int = 0
    limits: dict[str, int] = {}
    by_channel: dict[str, int] = msgspec.field(default_factory=dict)
    reserved_case: str = ""

    def free(self, pool: str) -> int:
        """Units that a case of the pool may still take."""
        free = self.capacity - self.units["primary"]
        if pool == "primary":
            return free
        return min(free, self.interruptible_capacity) - self.units["interruptible"]

    def is_available(self, case: Case, offer_limit: int) -> bool:
        """Is the agent there, and neither asked already nor kept free for another case?"""
        is_willing = self.status == "online" and not self.next_status and self.presence == "connected"
        return is_willing and self.offers < offer_limit and self.reserved_case in ("", case.id)

    def is_within_limit(self, case: Case) -> bool:
        """May the agent have one more case of this channel?"""
        held = self.by_channel.get(case.channel, 0)
        return case.channel not in self.limits or held < self.limits[case.channel]

    def has_skills(self, required: dict[str, int]) -> bool:
        """Has the agent each of them at its level?"""
        return all(self.skills.get(name, 0) >= level for name, level in required.items())

    def is_among(self, case: Case) -> bool:
        """Is the agent one of those whom the case is for?"""
        if case.named:
            return case.named == self.id
        is_member = case.queue in self.queues
        return is_member and (case.tier == "*" or self.tiers.get(case.queue, 0) <= int(case.tier))

    def can_take(self, case: Case) -> bool:
        """Does the case go with the agent's queues, tier, skills, channels and room?"""
        accepts = "*" in self.channels or case.channel in self.channels
        fits = self.free(case.pool) >= case.cost and self.is_within_limit(case)
        return accepts and self.is_among(case) and self.has_skills(case.skills) and fits


class Fault(Struct, frozen=True):
    """A rule that was broken, noticed at the event with this number."""

    kind: Kind
    log_seq: int
    says: str


class Judge:
    """Takes one workspace's events in order; `faults` grow, and are whole once `end` was called."""

    def __init__(self, document: Document) -> None:
        self.faults: list[Fault] = []
        self.transitions = 0
        self.offers = 0
        self._document = document
        self._cases: dict[str, Case] = {}
        self._waiting: dict[str, Case] = {}
        self._agents: dict[str, Agent] = {}
        self._cooling: dict[tuple[str, str], int] = {}
        self._idle: set[tuple[str, str]] = set()
        self._freed: set[str] = set()
        self._now = self._before = 0
        self._seq = 0

    def see(self, event: Event) -> None:
        """Take the next event in."""
        if event.at_ms != self._now:
            self._end_instant(max(self._now, event.at_ms - LATEST_MS))
            self._begin_instant(event.at_ms)
        self._seq = event.log_seq
        if event.case and event.state:
            self._see_case(event)
        elif event.type in ("agent_reserved", "reservation_ended"):
            self.transitions += 1
            self._agents[event.agent].reserved_case = event.case if event.type == "agent_reserved" else ""
        elif event.type.startswith("agent_"):
            self._see_agent(event)
        self._freed |= {event.agent, event.agent_before}

    def end(self) -> None:
        """The log ends here."""
        self._end_instant(self._now)

    # What an event changes

    def _see_case(self, event: Event) -> None:
        self.transitions += 1
        case = self._cases.setdefault(event.case, Case(event.case))
        if event.type in ("case_offered", "case_assigned"):
            self._judge_offer(case, self._agents[event.agent])
        self._shift(case, -1)
        self._move(case, event)
        self._shift(case, 1)
        if before := self._agents.get(event.agent_before):
            self._restart_idle(before, event)
            self._cool(case, before, event)
        self._waiting.pop(case.id, None)
        if case.state == "waiting":
            self._waiting[case.id] = case
        elif case.state not in IN_HAND:
            del self._cases[case.id]

    def _shift(self, case: Case, sign: int) -> None:
        if case.state in IN_HAND:
            agent = self._agents[case.agent]
            agent.units[case.pool] += sign * case.cost
            agent.cases += sign
            agent.by_channel[case.channel] = agent.by_channel.get(case.channel, 0) + sign
            agent.offers += sign * (case.state == "offered")

    def _move(self, case: Case, event: Event) -> None:
        was = (case.queue, case.priority, case.due_at_ms)
        case.state, case.agent, case.queue = event.state, event.agent, event.queue
        if event.channel is not None:  # the event shows the whole case
            case.channel, case.pool, case.cost = event.channel, event.pool, event.cost
            case.priority, case.due_at_ms = event.priority, event.due_at_ms
            case.skills, case.tier = event.skills, event.tier
            case.named = event.required_agent or event.preferred_agent
        if event.type == "case_queued":
            case.age_at_ms = event.requested_at_ms
        if event.place == "back":
            case.age_at_ms = event.at_ms
        has_moved = was != (case.queue, case.priority, case.due_at_ms) or event.step == "raise_priority"
        if event.place == "front":
            self._move_to_front(case)
        elif has_moved or event.place == "back":
            case.place = self._place(case)

    def _queue(self, case: Case) -> Queue:
        return self._document.queues[case.queue]

    def _place(self, case: Case) -> int:
        queue = self._queue(case)
        if queue.order == "credit":
            return case.age_at_ms + case.priority * round(queue.credit_s * 1000)
        if queue.order == "due":
            return STEP + case.age_at_ms if case.due_at_ms is None else case.due_at_ms
        return case.priority * STEP + case.age_at_ms

    def _move_to_front(self, case: Case) -> None:
        """Before the first of its priority, in other orders before the first of all, and no later than it stood."""
        by_priority = self._queue(case).order == "priority"
        line = [
            other.place
            for other in self._waiting.values()
            if other.queue == case.queue and (not by_priority or other.priority == case.priority)
        ]
        place = min([case.place, *(place - 1 for place in line)])
        case.age_at_ms += place - case.place
        case.place = place

    def _restart_idle(self, agent: Agent, event: Event) -> None:
        is_over = event.type in RESTARTS_UNLESS_OFFERED and event.state_before != "offered"
        if event.type in RESTARTS or is_over:
            agent.idle_at_ms = event.at_ms

    def _cool(self, case: Case, agent: Agent, event: Event) -> None:
        is_taken_back = event.type == "offer_revoked" and event.cause == "revoke_offer"
        if event.type in ("case_declined", "offer_expired") or is_taken_back:
            seconds = self._document.channels[case.channel].cooldown_s
        elif event.type in ("case_returned", "case_transferred"):
            seconds = self._queue(case).exclusion_s
        else:
            return
        until = event.at_ms + round(seconds * 1000)
        if seconds:
            self._cooling[case.id, agent.id] = max(until, self._cooling.get((case.id, agent.id), 0))

    def _see_agent(self, event: Event) -> None:
        self.transitions += 1
        if event.type == "agent_removed":
            del self._agents[event.agent]
            return
        agent = self._agents.setdefault(event.agent, Agent(event.agent, event.at_ms))
        if event.type == "agent_presence_changed":
            if agent.presence == "gone":
                agent.idle_at_ms = event.at_ms
            agent.presence = event.presence
            return
        agent.status, agent.next_status, agent.channels = event.status, event.next_status, event.channels
        if event.type == "agent_updated":
            agent.presence, agent.queues = event.presence, event.queues
            agent.skills, agent.tiers = event.skills, event.tiers
            agent.capacity, agent.interruptible_capacity = event.capacity, event.interruptible_capacity
            agent.limits = event.limits

    # What is judged

    def _fault(self, kind: Kind, says: str) -> None:
        self.faults.append(Fault(kind, self._seq, says))

    def _may_have(self, agent: Agent, case: Case, at_ms: int) -> bool:
        is_cooling = self._cooling.get((case.id, agent.id), 0) > at_ms
        is_available = agent.is_available(case, self._document.workspace.offer_limit)
        return self._queue(case).mode != "pull" and is_available and not is_cooling and agent.can_take(case)

    def _begin_instant(self, at_ms: int) -> None:
        """Whose cool-down has just ended is set free, even for a case that has ended since."""
        self._before, self._now = self._now, at_ms
        self._cooling = {pair: until for pair, until in self._cooling.items() if until > self._before}
        self._freed = {agent for (_, agent), until in self._cooling.items() if until <= at_ms}

    def _end_instant(self, at_ms: int) -> None:
        idle = {
            (case.id, agent.id)
            for case in self._waiting.values()
            for agent in self._agents.values()
            if self._may_have(agent, case, at_ms)
        }
        for case_id, agent_id in sorted(idle - self._idle):
            self._fault("idle_match", f"{case_id} waits beside {agent_id}")
        self._idle = idle

    def _judge_offer(self, case: Case, agent: Agent) -> None:
        self.offers += 1
        if not self._may_have(agent, case, self._now):
            self._fault("not_eligible", f"{case.id} went to {agent.id}")
        mine = self._turn_of(case)
        for rival in self._waiting.values():
            if self._turn_of(rival) < mine and self._may_have(agent, rival, self._before):
                self._fault("overtaken_case", f"{agent.id} got {case.id} before {rival.id}")
        if case.named:
            return
        turn = self._turn(agent, case)
        for other in self._agents.values():
            is_ready = other.id not in self._freed and self._may_have(other, case, self._before)
            if is_ready and self._turn(other, case) < turn:
                self._fault("overtaken_agent", f"{case.id} went to {agent.id} before {other.id}")

    def _turn_of(self, case: Case) -> tuple[int, int, str]:
        return self._queue(case).rank, case.place, case.id

    def _turn(self, agent: Agent, case: Case) -> tuple[int, int, int, str]:
        return agent.tiers.get(case.queue, 0), self._load_of(agent, case), agent.idle_at_ms, agent.id

    def _load_of(self, agent: Agent, case: Case) -> int:
        """What the queue chooses by, lower first."""
        free = agent.free(case.pool)
        limit = agent.capacity if case.pool == "primary" else agent.interruptible_capacity
        match self._queue(case).choice:
            case "least_active":
                return min(agent.cases, MOST)
            case "least_loaded":
                return max(0, min(MOST, math.floor((limit - free) * MOST / limit))) if limit else MOST
            case "most_available":
                return MOST - max(0, min(MOST, free))
            case _:
                return 0


def judge(document: Document, bodies: Iterable[bytes]) -> Judge:
    """Judge a whole log."""
    found = Judge(document)
    for body in bodies:
        found.see(read(body))
    found.end()
    return found
