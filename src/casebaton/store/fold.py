"""Folds the log into the state it tells of, and notices where the log contradicts itself.

Pure: no I/O, no clock. The checkpoint keeps a fold's facts, the audit compares them with the live state, tests fold
whole runs. A fault never stops the fold: it takes what the event claims as the truth from there on, so that one fault
is reported once.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from casebaton.store.events import FLAG, KEEPS_BATON, OTHERS, QUEUE_EVENTS, RESERVATION, TRANSITIONS, Held, LogEvent
from casebaton.store.facts import ENDED, AgentFact, CaseFact, FlagFact, Holding, Pool, QueueFact

_MOVES_NOTHING = frozenset({"case_updated", "note_added", "stage_changed"})  # a transfer under way goes on
# What an agent's events change, by the fields of its fact: a change of status, and of what it may hold.
_OF_STATUS = ("status", "channels", "label", "next_status")
_OF_UPDATE = ("queues", "capacity", "interruptible_capacity", "auto_accept", "limits", "tiers", "ring_factor")


class Fault(Struct, frozen=True):
    """A place where the log contradicts itself."""

    code: str
    where: str
    expected: Any
    found: Any


def _fits(agent: AgentFact, pool: Pool) -> bool:
    primary, interruptible = agent.held_primary, agent.held_interruptible
    if pool == "primary":
        return primary <= agent.capacity
    return interruptible <= agent.interruptible_capacity and primary + interruptible <= agent.capacity


def _is_within_limit(agent: AgentFact, channel: str) -> bool:
    return channel not in agent.limits or agent.channel_cases.get(channel, 0) <= agent.limits[channel]


def _counted(cases: dict[str, int], channel: str, by: int) -> dict[str, int]:
    counts = cases | {channel: cases.get(channel, 0) + by}
    return {name: count for name, count in counts.items() if count}


class Fold:
    """The state after `log_seq`. `changed` names the facts touched since it was last emptied; faults pile up in
    `faults`.
    """

    def __init__(
        self,
        log_seq: int = 0,
        cases: dict[str, CaseFact] | None = None,
        agents: dict[str, AgentFact] | None = None,
        queues: dict[str, QueueFact] | None = None,
    ) -> None:
        self.log_seq = log_seq
        self.cases = {} if cases is None else cases
        self.agents = {} if agents is None else agents
        self.queues = {} if queues is None else queues
        self.changed: set[tuple[Literal["case", "agent", "queue"], str]] = set()
        self.faults: list[Fault] = []

    def apply(self, event: LogEvent) -> None:
        """Take the next event in."""
        self._expect("log_gap", "log", self.log_seq + 1, event.log_seq)
        self.log_seq = event.log_seq
        if event.type in TRANSITIONS:
            self._apply_to_case(event)
        elif event.type in ("agent_updated", "agent_status_changed", "agent_presence_changed", "agent_removed", *FLAG):
            self._apply_to_agent(event)
        elif event.type in QUEUE_EVENTS:
            self._apply_to_queue(event)
        elif event.type in RESERVATION:
            self._apply_reservation(event)
        elif event.type not in OTHERS:
            self._fault("unknown_event", f"event:{event.log_seq}", "a known type", event.type)

    def _fault(self, code: str, where: str, expected: Any, found: Any) -> None:
        self.faults.append(Fault(code, where, expected, found))

    def _expect(self, code: str, where: str, expected: Any, found: Any) -> None:
        if expected != found:
            self._fault(code, f"{where}@{self.log_seq}" if where != "log" else where, expected, found)

    # Queues

    def _apply_to_queue(self, event: LogEvent) -> None:
        before, after = self.queues.get(event.queue, QueueFact()), QueueFact(event.paused, event.draining, event.open)
        if before == after:
            self._fault("queue", f"queue:{event.queue}@{self.log_seq}", f"a change of {before}", event.type)
        self.queues[event.queue] = after
        self.changed.add(("queue", event.queue))

    # Cases

    def _apply_to_case(self, event: LogEvent) -> None:
        before, where = self.cases.get(event.case), f"case:{event.case}"
        self._check_continuity(event, before, where)
        after = self._after(event, before)
        if after is None and event.state not in ENDED:
            return  # of an unknown case not even the cost is known: the fault is noted, there is nothing to keep
        self._check_transition(event, before, after, where)
        if after is None:
            self.cases.pop(event.case, None)
        else:
            self.cases[event.case] = after
        self.changed.add(("case", event.case))
        self._shift_load(before, after, is_override=event.over_capacity)
        for held in event.held:
            self._check_claim(held)

    def _after(self, event: LogEvent, before: CaseFact | None) -> CaseFact | None:
        if event.state in ENDED:
            return None

        def kept(name: str) -> Any:
            said = getattr(event, name)
            return said if said is not None else getattr(before, name, None)

        channel, pool, cost, priority = kept("channel"), kept("pool"), kept("cost"), kept("priority")
        if channel is None or pool is None or cost is None or priority is None:
            return None
        return CaseFact(
            state=event.state,
            queue=event.queue,
            baton=event.baton,
            revision=event.revision,
            score=event.score,
            channel=channel,
            pool=pool,
            cost=cost,
            priority=priority,
            agent=event.agent,
            skills=event.skills if event.skills is not None else before.skills if before else {},
            tier=event.tier if event.tier is not None else before.tier if before else "*",
            parked_cost=kept("parked_cost") or 0,
            wake_pending=event.wake_pending,
            target=event.target,
            target_baton=event.target_baton,
            notes=kept("notes") or 0,
            stage=event.stage,
            reserved_agent=before.reserved_agent if before else "",
            queued_at_ms=kept("queued_at_ms") or 0,
            # Told, or not, with all that the case says.
            window=event.window if event.channel is not None or before is None else before.window,
        )

    def _check_continuity(self, event: LogEvent, before: CaseFact | None, where: str) -> None:
        if before is None:
            if event.type == "case_reopened":
                self._expect("state_before", where, "closed", event.state_before)
            elif event.type != "case_queued":
                self._fault("unknown_case", f"{where}@{self.log_seq}", "a live case", event.type)
            else:
                self._expect("revision", where, 1, event.revision)
            return
        self._expect("revision", where, before.revision + 1, event.revision)
        self._expect("state_before", where, before.state, event.state_before)
        self._expect("owner_before", where, before.owner, event.owner_before)
        self._expect("agent_before", where, before.agent, event.agent_before)
        self._expect("target_before", where, before.target, event.target_before)
        self._expect("queue_before", where, before.queue, event.queue_before or event.queue)
        self._expect("stage_before", where, before.stage, event.stage_before or (before.stage and event.stage))

    def _check_transition(self, event: LogEvent, before: CaseFact | None, after: CaseFact | None, where: str) -> None:
        sources, target = TRANSITIONS[event.type]
        if event.type == "case_transferred" and before is not None and before.target:
            target = "active"  # to an agent, who has accepted
            self._expect("agent", where, before.target, event.agent)
        state_before = before.state if before else None
        # A case nobody knew was reported as unknown; a queued case that was live already is in two places.
        if before is not None and state_before not in sources:
            self._fault("transition", f"{where}@{self.log_seq}", sorted(filter(None, sources)), state_before)
        self._expect("state", where, target or state_before, event.state)
        self._expect("owner", where, after.owner if after else "none", event.owner)
        if after is not None and bool(after.agent) == (after.state == "waiting"):
            self._fault("agent", f"{where}@{self.log_seq}", "an agent unless it waits", after.agent)
        if before is not None:
            self._check_target(event, before, where)
        if before is not None and before.queued_at_ms and event.waited is not None:
            self._expect("waited", where, event.at_ms - before.queued_at_ms, sum(event.waited.values()))
        if before is not None and (before.baton == event.baton) != (event.type in KEEPS_BATON):
            self._fault("baton", f"{where}@{self.log_seq}", "a new one when it changes hands", event.baton)

    def _check_target(self, event: LogEvent, before: CaseFact, where: str) -> None:
        """A transfer begins where none was, and ends before anything else moves the case."""
        may_go_on = event.type in ("transfer_failed", "case_transferred") or event.type in _MOVES_NOTHING
        if before.target and not may_go_on:
            self._fault("target", f"{where}@{self.log_seq}", "no transfer under way", before.target)
        stays = before.target if event.type in _MOVES_NOTHING else ""
        if (event.target != stays) != (event.type == "transfer_offered"):
            self._fault("target", f"{where}@{self.log_seq}", stays, event.target)

    def _shift_load(self, before: CaseFact | None, after: CaseFact | None, *, is_override: bool) -> None:
        had: dict[str, Holding] = {}
        if before is not None:
            for holding in before.holdings:
                self._add(before, holding, -1)
                had[holding.agent] = holding
        if after is not None:
            for holding in after.holdings:
                self._add(after, holding, 1)
            for holding in after.holdings:
                self._check_room(after, holding, had.get(holding.agent), is_override=is_override)

    def _add(self, case: CaseFact, holding: Holding, sign: int) -> None:
        agent = self.agents.get(holding.agent)
        if agent is None:
            self._fault("unknown_agent", f"agent:{holding.agent}@{self.log_seq}", "a known agent", None)
            agent = AgentFact()
        units = sign * holding.units
        self._set_agent(
            holding.agent,
            agent,
            held_primary=agent.held_primary + (units if case.pool == "primary" else 0),
            held_interruptible=agent.held_interruptible + (units if case.pool == "interruptible" else 0),
            offers=agent.offers + sign * holding.offers,
            waking=agent.waking + sign * holding.waking,
            channel_cases=_counted(agent.channel_cases, case.channel, sign * holding.cases),
        )

    def _check_room(self, case: CaseFact, now: Holding, had: Holding | None, *, is_override: bool) -> None:
        """Nothing new comes in above capacity or a channel's limit, unless the event says so and then truly: what else
        stands above them was there before they were lowered.
        """
        agent, where = self.agents[now.agent], f"agent:{now.agent}@{self.log_seq}"
        has_more_units = had is None or now.units > had.units
        has_one_more = had is None or now.cases > had.cases
        fits = not has_more_units or _fits(agent, case.pool)
        is_within = not has_one_more or _is_within_limit(agent, case.channel)
        if not has_more_units and not has_one_more:
            return
        if (fits and is_within) == is_override:
            limits = {"capacity": agent.capacity, "interruptible_capacity": agent.interruptible_capacity}
            held = {"primary": agent.held_primary, "interruptible": agent.held_interruptible}
            if agent.limits:
                limits, held = limits | agent.limits, held | agent.channel_cases
            self._fault("over_capacity", where, limits, held)

    def _check_claim(self, held: Held) -> None:
        agent = self.agents.get(held.agent, AgentFact())
        expected = (agent.held_primary, agent.held_interruptible, agent.offers)
        self._expect("held", f"agent:{held.agent}", expected, (held.primary, held.interruptible, held.offers))

    # Reservations: of an agent and a case together

    def _apply_reservation(self, event: LogEvent) -> None:
        agent, case = self.agents.get(event.agent), self.cases.get(event.case)
        begins, where = event.type == "agent_reserved", f"agent:{event.agent}"
        if agent is None:
            self._fault("unknown_agent", f"{where}@{self.log_seq}", "a known agent", event.type)
            return
        self._expect("reserved", where, "" if begins else event.case, agent.reserved_case)
        self._set_agent(event.agent, agent, reserved_case=event.case if begins else "")
        where = f"case:{event.case}"
        if begins:
            self._expect("reserved", where, "waiting", case.state if case else None)
        if case is None:
            return  # it has ended, and its reservation with it
        self._expect("reserved", where, "" if begins else event.agent, case.reserved_agent)
        self.cases[event.case] = msgspec.structs.replace(case, reserved_agent=event.agent if begins else "")
        self.changed.add(("case", event.case))

    # Agents

    def _set_agent(self, name: str, agent: AgentFact, **fields: Any) -> None:
        self.agents[name] = msgspec.structs.replace(agent, **fields)
        self.changed.add(("agent", name))

    def _apply_to_agent(self, event: LogEvent) -> None:
        before, where = self.agents.get(event.agent), f"agent:{event.agent}"
        if event.type == "agent_updated":
            kept = {name: getattr(event, name) for name in (*_OF_STATUS, "presence")}
            agent = before or AgentFact(**kept)
            for name, said in kept.items():
                self._expect(name, where, getattr(agent, name), said)
            changed = {name: getattr(event, name) for name in _OF_UPDATE}
            self._set_agent(event.agent, agent, **changed, skills=event.skills or {})
            return
        if before is None:
            self._fault("unknown_agent", f"{where}@{self.log_seq}", "a known agent", event.type)
            return
        if event.type == "agent_removed":
            self._remove_agent(event, before, where)
        elif event.type == "agent_status_changed":
            self._expect("status_before", where, before.status, event.status_before)
            if event.label != before.label:
                self._expect("label_before", where, before.label, event.label_before)
            self._set_agent(event.agent, before, **{name: getattr(event, name) for name in _OF_STATUS})
        elif event.type in FLAG:
            self._expect("flag", where, event.type != "flag_raised", before.flag is not None)
            is_raised = event.type == "flag_raised"
            self._set_agent(event.agent, before, flag=FlagFact(event.at_ms, event.case) if is_raised else None)
        else:
            self._expect("presence_before", where, before.presence, event.presence_before)
            self._set_agent(event.agent, before, presence=event.presence)

    def _remove_agent(self, event: LogEvent, before: AgentFact, where: str) -> None:
        self._expect("status_before", where, before.status, event.status_before)
        self._expect("presence_before", where, before.presence, event.presence_before)
        self._expect("held", where, (0, 0, 0), (before.held_primary, before.held_interruptible, before.offers))
        self._expect("reserved", where, "", before.reserved_case)
        del self.agents[event.agent]
        self.changed.add(("agent", event.agent))
