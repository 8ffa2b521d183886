"""What a supervisor sees of a workspace, its agents and queues, folded from the log.

Pure: no I/O, no clock. An overview begins with pages that were read one after the other while the log went on, and then
takes in every entry since before the first page. Each event says what is so after it, whatever was before, so it does
not matter which of them a page had in it already: once the entry is reached up to which the last page was read, all is
as it was at that entry, and so it stays.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from heapq import heapify, heappop, heappush
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from casebaton.store.events import FLAG, QUEUE_EVENTS, RESERVATION
from casebaton.store.facts import ENDED
from casebaton.store.overview_events import OverviewEvent

Kind = Literal["agent", "queue"]
Item = tuple[Kind, str]
SPARE = 64  # entries of a heap beside those that count, before it is made anew

_OF_STATUS = ("status", "status_cause", "label", "channels", "next_status")
_OF_AGENT = (*_OF_STATUS, "name", "team", "presence", "capacity", "interruptible_capacity", "queues", "queues_by_skill")
_OF_QUEUE = ("paused", "draining", "open", "next_change_at_ms")


class Flag(Struct, frozen=True, omit_defaults=True):
    """An agent's raised hand."""

    raised_at_ms: int
    case: str = ""
    text: str = ""


class Pause(Struct, frozen=True, omit_defaults=True):
    """Since when (engine time in ms), by whom (role and name, with a colon between) and for what reason a queue is
    paused.
    """

    at_ms: int
    by: str
    reason: str = ""


class AgentOverview(Struct, omit_defaults=True, kw_only=True):
    """One agent: its status and presence and since when (engine time in ms), the units it holds, how many cases ring at
    it (`offers`), and how many it owns in which state.
    """

    agent: str
    name: str = ""
    team: str = ""
    status: str = ""
    status_cause: str = ""
    status_at_ms: int | None = None
    label: str = ""
    channels: tuple[str, ...] = ()
    next_status: str = ""
    presence: str = ""
    presence_at_ms: int = 0
    capacity: int = 0
    interruptible_capacity: int = 0
    held_primary: int = 0
    held_interruptible: int = 0
    offers: int = 0
    active: int = 0
    parked: int = 0
    wrapping: int = 0
    queues: tuple[str, ...] = ()
    queues_by_skill: tuple[str, ...] = ()
    flag: Flag | None = None
    reserved_case: str = ""


class QueueOverview(Struct, omit_defaults=True, kw_only=True):
    """One queue: what stops it, how many of its cases are in which state, and since when the one waits that has waited
    longest in this stay. A `retired` queue takes nothing new. `service_level_ms`: within what time a case should have
    its first owner.
    """

    queue: str
    mode: str = ""
    retired: bool = False
    paused: bool = False
    pause: Pause | None = None
    draining: bool = False
    open: bool = True
    next_change_at_ms: int | None = None
    waiting: int = 0
    oldest_at_ms: int | None = None
    offered: int = 0
    active: int = 0
    parked: int = 0
    wrapping: int = 0
    service_level_ms: int = 0

    @property
    def is_shown(self) -> bool:
        """Does it take cases, or has it any left?"""
        has_cases = self.waiting or self.offered or self.active or self.parked or self.wrapping
        return self.mode != "" and (not self.retired or has_cases > 0)


class Place(NamedTuple):
    """Where a live case is; `agent` is empty while it waits."""

    state: str
    queue: str
    agent: str


class _Line:
    """Since when each case of a line waits, and since when the one that has waited longest."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []  # those that wait, and some that no longer do

    def __len__(self) -> int:
        return len(self._since)

    def put(self, case: str, since_ms: int) -> None:
        """The case waits."""
        if self._since.get(case) != since_ms:
            self._since[case] = since_ms
            heappush(self._heap, (since_ms, case))

    def drop(self, case: str) -> None:
        """It no longer does."""
        del self._since[case]
        if len(self._heap) > 2 * len(self._since) + SPARE:
            self._heap = [(since_ms, case) for case, since_ms in self._since.items()]
            heapify(self._heap)

    @property
    def oldest_at_ms(self) -> int | None:
        """The first instant; None when nobody waits."""
        while self._heap and self._since.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None


class Overview:
    """A workspace as of entry `log_seq`.

    `changes` tells what has changed at which entry, the earliest first, each item once; `departures` what agents were
    before they left a team or a queue, or the workspace. Both grow until they are forgotten.
    """

    def __init__(self) -> None:
        self.log_seq = 0
        self.agents: dict[str, AgentOverview] = {}
        self.queues: dict[str, QueueOverview] = {}
        self.changes: dict[Item, int] = {}
        self.departures: list[tuple[int, AgentOverview]] = []
        self.is_reconfigured = False  # by an entry, since somebody has last read the queues
        self._places: dict[str, Place] = {}
        self._lines: defaultdict[str, _Line] = defaultdict(_Line)
        self._hands: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))

    @property
    def places(self) -> Mapping[str, Place]:
        """Where each live case is, roughly in the order in which they came."""
        return self._places

    def forget(self, log_seq: int) -> None:
        """Let go of what changed up to this entry."""
        for item, changed_at in list(self.changes.items()):
            if changed_at > log_seq:
                break
            del self.changes[item]
        self.departures = [departure for departure in self.departures if departure[0] > log_seq]

    # -- what pages say ----------------------------------------------------------------------------------------------

    def take_agent(self, agent: AgentOverview, hand: Iterable[tuple[str, str, str]]) -> None:
        """An agent, and the cases in its hands: case, state, queue."""
        self._add_agent(agent)
        for case, state, queue in hand:
            self._move(case, Place(state, queue, agent.agent), 0)

    def take_queue(self, queue: QueueOverview) -> None:
        """How a queue is configured, and what stops it. Its cases are counted here."""
        fields = {name: getattr(queue, name) for name in ("mode", "retired", "service_level_ms", "pause", *_OF_QUEUE)}
        self._change("queue", queue.queue, self._queue(queue.queue), fields)

    def take_wait(self, queue: str, case: str, since_ms: int) -> None:
        """A case waits in a queue's line."""
        self._move(case, Place("waiting", queue, ""), since_ms)

    # -- what the log says -------------------------------------------------------------------------------------------

    def take(self, event: OverviewEvent) -> None:
        """The log's next entry."""
        self.log_seq = event.log_seq
        if event.case and event.state:
            after = None if event.state in ENDED else Place(event.state, event.queue, event.agent)
            self._move(event.case, after, event.queued_at_ms)
            for held in event.held:
                load = {"held_primary": held.primary, "held_interruptible": held.interruptible, "offers": held.offers}
                self._change_agent(held.agent, load)
        elif event.type in QUEUE_EVENTS:
            self._change_queue(event)
        elif event.type == "config_applied":
            self.is_reconfigured = True
        else:
            self._apply_to_agent(event)

    def _apply_to_agent(self, event: OverviewEvent) -> None:
        match event.type:
            case "agent_updated":
                self._update_agent(event)
            case "agent_removed":
                self._remove_agent(event.agent)
            case "agent_status_changed":
                self._change_status(event)
            case "agent_presence_changed":
                self._change_agent(event.agent, {"presence": event.presence, "presence_at_ms": event.at_ms})
            case kind if kind in FLAG:
                flag = Flag(event.at_ms, event.case, event.text) if kind == "flag_raised" else None
                self._change_agent(event.agent, {"flag": flag})
            case kind if kind in RESERVATION:
                self._change_agent(event.agent, {"reserved_case": event.case if kind == "agent_reserved" else ""})

    def _update_agent(self, event: OverviewEvent) -> None:
        fields = {name: getattr(event, name) for name in _OF_AGENT}
        known = self.agents.get(event.agent)
        if known is None:
            self._add_agent(AgentOverview(agent=event.agent, status_at_ms=event.at_ms, **fields))
            return
        if (known.team, known.queues, known.queues_by_skill) != (event.team, event.queues, event.queues_by_skill):
            self.departures.append((self.log_seq, copy(known)))
        self._change_agent(event.agent, fields)

    def _remove_agent(self, name: str) -> None:
        known = self.agents.pop(name, None)
        if known is not None:
            self.departures.append((self.log_seq, known))
            self._touch("agent", name)
            if not any(self._hands[name].values()):
                del self._hands[name]

    def _change_status(self, event: OverviewEvent) -> None:
        fields = {name: getattr(event, name) for name in _OF_STATUS}
        known = self.agents.get(event.agent)
        if known is not None and known.label != event.label:
            fields["status_at_ms"] = event.at_ms
        self._change_agent(event.agent, fields)

    def _change_queue(self, event: OverviewEvent) -> None:
        known = self._queue(event.queue)
        fields = {name: getattr(event, name) for name in _OF_QUEUE}
        pause = Pause(event.at_ms, event.actor, event.reason) if event.type == "queue_paused" else known.pause
        self._change("queue", event.queue, known, fields | {"pause": pause if event.paused else None})

    # -- where cases are ---------------------------------------------------------------------------------------------

    def _move(self, case: str, after: Place | None, since_ms: int) -> None:
        before = self._places.get(case)
        if before is not None and before != after:
            self._leave(case, before)
        if after is None:
            self._places.pop(case, None)
        elif before != after:
            self._places[case] = Place(*map(sys.intern, after))  # many cases, few places: each text is kept once
            self._enter(case, after, since_ms)

    def _enter(self, case: str, place: Place, since_ms: int) -> None:
        if place.state == "waiting":
            self._lines[place.queue].put(case, since_ms)
            self._measure(place.queue)
        else:
            self._count(place, 1)

    def _leave(self, case: str, place: Place) -> None:
        if place.state == "waiting":
            self._lines[place.queue].drop(case)
            self._measure(place.queue)
        else:
            self._count(place, -1)

    def _measure(self, queue: str) -> None:
        line = self._lines[queue]
        self._change("queue", queue, self._queue(queue), {"waiting": len(line), "oldest_at_ms": line.oldest_at_ms})

    def _count(self, place: Place, by: int) -> None:
        state, hand, queue = place.state, self._hands[place.agent], self._queue(place.queue)
        self._change("queue", place.queue, queue, {state: getattr(queue, state) + by})
        hand[state] += by
        if state != "offered":  # what rings at an agent is told with its load
            self._change_agent(place.agent, {state: hand[state]})

    # -- items -------------------------------------------------------------------------------------------------------

    def _queue(self, name: str) -> QueueOverview:
        return self.queues.setdefault(name, QueueOverview(queue=name))

    def _add_agent(self, agent: AgentOverview) -> None:
        """What is in its hands was counted while nobody knew it, if pages were behind the log."""
        hand = self._hands[agent.agent]
        agent.active, agent.parked, agent.wrapping = hand["active"], hand["parked"], hand["wrapping"]
        self.agents[agent.agent] = agent
        self._touch("agent", agent.agent)

    def _change_agent(self, name: str, fields: Mapping[str, Any]) -> None:
        """What is told of an agent whom no page has shown, since it has left, is nobody's."""
        known = self.agents.get(name)
        if known is not None:
            self._change("agent", name, known, fields)

    def _change(self, kind: Kind, name: str, item: Struct, fields: Mapping[str, Any]) -> None:
        is_changed = False
        for field, value in fields.items():
            if getattr(item, field) != value:
                setattr(item, field, value)
                is_changed = True
        if is_changed:
            self._touch(kind, name)

    def _touch(self, kind: Kind, name: str) -> None:
        item = (kind, name)
        self.changes.pop(item, None)
        self.changes[item] = self.log_seq
