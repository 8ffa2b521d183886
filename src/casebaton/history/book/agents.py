"""Agents: their statuses, and their time by quarter hours."""

from collections.abc import Mapping

from casebaton.history.book.batch import Row, Tally
from casebaton.history.book.events import MATCH, BookEvent
from casebaton.history.book.quarters import quarter_of, split
from casebaton.history.book.records import AgentRecord, Work, encode
from casebaton.store.events import Held
from casebaton.store.facts import AgentFact

# For so long a log that is silent may still tell of who is there; after that more likely nothing ran at all.
SILENCE_MS = 24 * 3_600_000


class Agents:
    """All agents that the history has heard of. `changed` are those of which something is other than before."""

    def __init__(self, tally: Tally) -> None:
        self.records: dict[str, AgentRecord] = {}
        self.changed: dict[str, None] = {}
        self._there: dict[str, None] = {}  # whose time is counted
        self._tally = tally

    def open(self, records: Mapping[str, AgentRecord]) -> None:
        """Go on with what was stored."""
        self.records.update(records)
        for name, record in records.items():
            self._look(name, record)

    def anchor(self, facts: Mapping[str, AgentFact], teams: Mapping[str, str], at_ms: int) -> None:
        """These are all agents, as of an entry. What they did since the last that is known does not count."""
        for name in self.records.keys() | facts.keys():
            self.changed[name] = None
            fact, before = facts.get(name), self.records.pop(name, AgentRecord())
            self._there.pop(name, None)
            if fact is None:
                continue
            record = self.records[name] = AgentRecord(
                team=teams.get(name, before.team),
                status=fact.status,
                label=fact.label,
                presence=fact.presence,
                capacity=fact.capacity,
                interruptible_capacity=fact.interruptible_capacity,
                held_primary=fact.held_primary,
                held_interruptible=fact.held_interruptible,
                offers=fact.offers,
                counted_at_ms=at_ms,
                offline_ms=before.offline_ms,
                offline_at_ms=at_ms if fact.status == "offline" else None,
                touched_at_ms=at_ms,
            )
            self._look(name, record)

    def team(self, name: str) -> str:
        """Its team, as far as is known."""
        record = self.records.get(name)
        return record.team if record else ""

    def away_ms(self, name: str, at_ms: int) -> int:
        """For how long it has been offline in all, as far as is known."""
        record = self.records.get(name)
        return record.away_ms(at_ms) if record else 0

    def count(self, work: Work, at_ms: int, agent: str, **counts: int) -> None:
        """What an agent did with a case."""
        key = (quarter_of(at_ms), agent, self.team(agent), work.queue, work.channel)
        self._tally.add("agent_quarters", key, **counts)

    def count_reason(self, work: Work, at_ms: int, agent: str, what: str, reason: str) -> None:
        """What was given as a reason, by an agent or by nobody."""
        key = (quarter_of(at_ms), work.queue, work.channel, agent, self.team(agent), what, reason)
        self._tally.add("reasons", key, count=1)

    # -- what the log says -------------------------------------------------------------------------------------------

    def take(self, event: BookEvent) -> None:
        """An agent's own event."""
        record = self._counted(event.agent, event.at_ms)
        if event.type == "agent_removed":
            self._end_status(event, record)
            del self.records[event.agent]
            self._there.pop(event.agent, None)
            return
        if event.type == "agent_updated":
            record.team, record.presence = event.team, event.presence
            record.capacity, record.interruptible_capacity = event.capacity, event.interruptible_capacity
            if event.status_cause == "created" and record.held_primary < 0:
                record.held_primary = record.held_interruptible = 0
        if event.type == "agent_presence_changed":
            record.presence = event.presence
        else:
            self._set_status(event, record)
        if record.presence != "gone" or record.status == "offline":
            record.is_reachable = False
        record.touched_at_ms = event.at_ms
        self._look(event.agent, record)

    def hold(self, held: Held, event: BookEvent) -> None:
        """A case's event tells what an agent holds now."""
        record = self._counted(held.agent, event.at_ms)
        record.is_reachable |= record.presence == "gone" and event.actor == MATCH and event.agent == held.agent
        record.held_primary, record.held_interruptible = held.primary, held.interruptible
        record.offers = held.offers
        self._look(held.agent, record)

    def _set_status(self, event: BookEvent, record: AgentRecord) -> None:
        if record.status == "offline" != event.status and record.offline_at_ms is not None:
            record.offline_ms, record.offline_at_ms = record.away_ms(event.at_ms), None
        elif event.status == "offline" != record.status:
            record.offline_at_ms = event.at_ms
        if (record.label, record.status) == (event.label, event.status):
            return
        self._end_status(event, record)
        record.label_at_ms = event.at_ms if record.label or _begins(event) else None
        record.label, record.status = event.label, event.status

    def _end_status(self, event: BookEvent, record: AgentRecord) -> None:
        if record.label_at_ms is None:
            return
        self._tally.row(
            "statuses",
            seq=event.log_seq,
            agent=event.agent,
            team=record.team,
            label=record.label,
            status=record.status,
            began_at_ms=record.label_at_ms,
            ended_at_ms=event.at_ms,
        )

    # -- time --------------------------------------------------------------------------------------------------------

    def pass_quarter(self, at_ms: int) -> None:
        """A quarter hour is over: what whoever is there did in it is in the sums, though nothing may have happened."""
        for name in self._there:
            self._counted(name, at_ms)

    def _counted(self, name: str, at_ms: int) -> AgentRecord:
        """An agent whose time is in the sums up to an instant: now it may change."""
        record = self.records.setdefault(name, AgentRecord())
        self.changed[name] = None
        if name in self._there:
            for quarter, ms in split(record.counted_at_ms, min(at_ms, record.counted_at_ms + SILENCE_MS)):
                key = (quarter, name, record.team, record.label, record.status)
                self._tally.add("agent_time", key, **_time(record, ms))
        record.counted_at_ms = max(record.counted_at_ms, at_ms)
        return record

    def _look(self, name: str, record: AgentRecord) -> None:
        """Is its time counted from now on?"""
        if record.is_known and record.is_there:
            self._there[name] = None
        else:
            self._there.pop(name, None)

    # -- rows --------------------------------------------------------------------------------------------------------

    def live(self, name: str) -> Row | None:
        """Its row; None: it is gone."""
        record = self.records.get(name)
        if record is None:
            return None
        return {
            "state": record.status,
            "agent": name,
            "team": record.team,
            "since_ms": record.label_at_ms,
            "touched_at_ms": record.touched_at_ms or None,
            "record": encode(record),
        }


def _begins(event: BookEvent) -> bool:
    """Does a status begin with the event, of an agent who is not known yet? It may only tell of other channels, or of
    the status that is to follow.
    """
    if event.type == "agent_updated":
        return event.status_cause == "created"
    return event.label != event.label_before and not event.next_status


def _time(record: AgentRecord, ms: int) -> dict[str, int]:
    """What so many milliseconds add to the sums."""
    primary, interruptible = record.held_primary, record.held_interruptible
    capacity, room = record.capacity, record.interruptible_capacity
    holds_nothing = primary == interruptible == record.offers == 0
    is_full_of_interruptible = room > 0 and (interruptible >= room or primary + interruptible >= capacity)
    return {
        "total_ms": ms,
        "gone_ms": ms if record.presence != "connected" else 0,
        "full_ms": ms if 0 < capacity <= primary else 0,
        "full_interruptible_ms": ms if is_full_of_interruptible else 0,
        "idle_ms": ms if record.status == "online" and holds_nothing else 0,
        "held_primary_ms": primary * ms,
        "held_interruptible_ms": interruptible * ms,
        "capacity_ms": capacity * ms,
        "interruptible_capacity_ms": room * ms,
    }
