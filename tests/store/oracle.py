"""What must hold, worked out apart from the engine: what is allowed, who may be offered what, what the log implies."""

import json
from typing import Any

from casebaton.store.fold import ENDED, Fold, LogEvent, read_event
from casebaton.store.log import read_after
from tests.engine import Engine
from tests.store.ownership import MOVES, WORKED_ON, next_case, rings_at, shows
from tests.store.soundness import LIVE, Hash, Snapshot, check, class_of, may_be_offered, read

CASE_FIELDS = (
    "state", "queue", "baton", "revision", "score", "channel", "pool", "cost", "priority", "agent",
    "parked_cost", "target",
)  # fmt: skip
AGENT_FIELDS = (
    "status", "presence", "channels", "queues", "capacity", "interruptible_capacity", "held_primary",
    "held_interruptible", "offers",
    "waking",
)  # fmt: skip
READERS: dict[bytes, tuple[bytes | int, ...]] = {
    b"string": (b"GET", b"%b"),
    b"hash": (b"HGETALL", b"%b"),
    b"set": (b"SMEMBERS", b"%b"),
    b"zset": (b"ZRANGE", b"%b", 0, -1, b"WITHSCORES"),
    b"list": (b"LRANGE", b"%b", 0, -1),
    b"stream": (b"XLEN", b"%b"),
}
REFUSALS = {"case_declined", "offer_expired", "case_returned"}
FIRST_EVENT = {
    "submit_case": "case_queued",
    "accept_case": "case_accepted",
    "decline_case": "case_declined",
    "take_case": "case_taken",
    "return_case": "case_returned",
    "transfer_case": "case_transferred",
    "update_case": "case_updated",
    "revoke_offer": "offer_revoked",
    "abandon_case": "case_abandoned",
    "take_next": "case_taken",
    "assign_case": "case_assigned",
    "wrap_case": "case_wrapping",
    "extend_wrap_up": "wrap_up_extended",
    "park_case": "case_parked",
    "resume_case": "case_resumed",
    "reopen_case": "case_reopened",
    "transfer_to_agent": "transfer_offered",
}


def first_events(name: str, args: dict[str, Any], case: Hash | None) -> list[str]:
    """The events that an accepted command begins with. What moves a case ends its transfer first."""
    is_rung = case is not None and bool(case["target"])
    if name == "transfer_case" and args.get("agent"):
        name = "transfer_to_agent"
    if is_rung and name in ("accept_case", "decline_case"):
        return ["case_transferred" if name == "accept_case" else "transfer_failed"]
    expected = [FIRST_EVENT[name]] if name in FIRST_EVENT else []
    is_moved = name in FIRST_EVENT.keys() | {"cancel_case"} and name not in ("update_case", "submit_case")
    return ["transfer_failed", *expected] if is_rung and is_moved else expected


def is_allowed(state: Snapshot, name: str, actor: tuple[str, str], args: dict[str, Any], now: int) -> bool:
    """May this command be accepted in this state, at this instant?"""
    if name == "set_agent":
        agent = state.hash("agent")[args["agent"]]
        limits = (args.get(field, agent[field]) for field in ("interruptible_capacity", "capacity"))
        return int(next(limits)) <= int(next(limits))
    if name in ("set_status", "connect", "disconnect"):
        return True
    if name == "take_next":
        return next_case(state, actor[1], args["queue"]) is not None
    case = state.hash("case").get(args["case"])
    if name == "submit_case":
        return bool(state.config("queue", args["queue"])) if case is None else case["digest"] == args["digest"]
    return case is not None and _may_move(state, name, actor, case, args | {"now": now})


def _may_move(state: Snapshot, name: str, actor: tuple[str, str], case: Hash, args: dict[str, Any]) -> bool:
    role, subject = actor
    if name in ("accept_case", "decline_case") and rings_at(case, subject, args["baton"]):
        return True
    if not shows(case, role, args["baton"]):
        return False
    if name == "transfer_case" and args.get("agent"):
        name = "transfer_to_agent"
    if name in MOVES:
        return MOVES[name](state, case, subject, args | {"by": role})
    if role == "agent" and case["agent"] != subject:
        return False
    if name == "transfer_case" and args["queue"] == case["queue"]:
        return False
    return case["state"] in _states(name, role)


def _states(name: str, role: str) -> set[str]:
    if name in ("accept_case", "decline_case", "revoke_offer"):
        return {"offered"}
    if name == "cancel_case":
        return {"waiting", "offered", "active", "parked"}
    if name in ("complete_case", "return_case") or role == "agent":
        return WORKED_ON
    return LIVE


class Observer:
    """Reads the store and the log after every command and fails when something that must hold does not."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.state = Snapshot()
        self.fold = Fold()
        self.submitted: set[str] = set()
        self._ended: dict[str, str] = {}
        self._position = "0-0"
        self._at_ms = 0

    async def everything(self) -> dict[bytes, Any]:
        """Every key of the workspace with its value. Not DUMP, which shows how a hash table happens to be laid out."""
        redis = self.engine.store.redis
        keys = sorted([key async for key in redis.scan_iter(f"{{{self.engine.workspace}}}:*", count=1000)])
        pipeline = redis.pipeline(transaction=False)
        for key in keys:
            pipeline.type(key)
        for key, kind in zip(keys, await pipeline.execute(), strict=True):
            pipeline.execute_command(*(part % key if part == b"%b" else part for part in READERS[kind]))
        values = await pipeline.execute()
        return {
            key: sorted(value) if isinstance(value, list) else value for key, value in zip(keys, values, strict=True)
        }

    async def look(self) -> list[LogEvent]:
        """Check everything after one command; the events it made."""
        before, self.state = self.state, await read(self.engine)
        events = []
        self.fold.changed.clear()
        async for entry in read_after(self.engine.store.redis, self.engine.workspace, self._position):
            event = read_event(entry)
            assert entry.seq == event.log_seq, "the topics' number is not the event's"
            self._position = entry.position
            body = json.loads(entry.body)
            self._check_time(body)
            if event.type == "case_queued":
                customer = self.state.hash("case")[event.case].get("customer")
                others = [case for case in before.hash("case").values() if case["state"] in LIVE]
                found = sum(case.get("customer") == customer for case in others) if customer else None
                assert body.get("customer_cases") == found, f"{event.case}: the customer's other cases"
            if event.type == "case_offered":
                self._check_choice(event, before)
            if event.type in REFUSALS and body["actor"] != "engine:waking":
                self._check_refusal(event, body["at_ms"])
            if event.state_before == "wrapping" and event.state in ENDED:
                assert event.state == before.hash("case")[event.case]["ends_as"], f"{event.case} ends otherwise"
            self.fold.apply(event)
            assert not self.fold.faults, self.fold.faults
            if event.type in ("case_closed", "case_cancelled", "case_abandoned"):
                self._ended[event.case] = event.state
            if event.type == "case_reopened":
                del self._ended[event.case]
            events.append(event)
        check(self.state)
        self._check_fold()
        self._check_conservation()
        self._check_timers()
        return events

    def _check_time(self, event: dict[str, Any]) -> None:
        """Time never goes back, and a deadline lies its whole length ahead."""
        assert event["at_ms"] >= self._at_ms, "engine time went back"
        self._at_ms = event["at_ms"]
        lengths = {"case_offered": "ring_ms", "case_wrapping": "wrap_up_ms", "wrap_up_extended": "wrap_up_ms"}
        length = lengths.get(event["type"])
        if event["type"] == "transfer_offered":
            settings = self.state.config("channel", self.fold.cases[event["case"]].channel)
            assert event["target_deadline_at_ms"] == event["at_ms"] + int(settings["ring_ms"])
        if length:
            settings = self.state.config("channel", self.fold.cases[event["case"]].channel)
            assert event["deadline_at_ms"] == event["at_ms"] + int(settings[length])

    def _check_refusal(self, event: LogEvent, at_ms: int) -> None:
        """Who did not want a case goes to the end of the idle line and is not asked again for a while."""
        agent = self.state.hash("agent")[event.agent_before]
        assert int(agent["idle_at"]) == at_ms, f"{event.agent_before} kept the turn"
        if event.type == "case_returned":
            cools_for = self.state.config("queue", event.queue)["exclusion_ms"]
        else:
            cools_for = self.state.config("channel", self.fold.cases[event.case].channel)["cooldown_ms"]
        until = self.state.zset("cooling", event.case).get(event.agent_before, 0)
        assert until >= (at_ms + int(cools_for) if int(cools_for) else 0), f"{event.case} comes back at once"

    def _check_fold(self) -> None:
        """The log up to here gives exactly what is stored."""
        cases = {
            name: {field: str(getattr(fact, field)) for field in CASE_FIELDS} for name, fact in self.fold.cases.items()
        }
        stored = {name: row for name, row in self.state.hash("case").items() if row["state"] in LIVE}
        assert cases == {name: {field: row[field] for field in CASE_FIELDS} for name, row in stored.items()}
        for name, row in self.state.hash("agent").items():
            assert self._folded_agent(name) == {field: row[field] for field in AGENT_FIELDS}

    def _folded_agent(self, name: str) -> Hash:
        values = {field: getattr(self.fold.agents[name], field) for field in AGENT_FIELDS}
        return {field: ",".join(value) if isinstance(value, tuple) else str(value) for field, value in values.items()}

    def _check_conservation(self) -> None:
        """Every accepted submit is live, or an event ended it."""
        assert self.submitted == self.fold.cases.keys() | self._ended.keys()
        for name, end in self._ended.items():
            assert self.state.hash("case")[name]["state"] == end

    def _check_timers(self) -> None:
        """No limbo: whatever holds a case back has a timer that ends it."""
        timers = self.state.zset("timers")
        for case, pairs in self.state.ranked.get("cooling", {}).items():
            for agent, until in pairs.items():
                assert timers.get(f"cool:{case}:{agent}") == until, f"{case} cools down for {agent} without an end"
        wanted = {"dirty": "drain", "again": "drain", "building": "build"}
        for name, kind in self.state.class_states().items():
            if kind in wanted:
                assert any(timer.startswith(f"{wanted[kind]}:{name}:") for timer in timers), f"{name} stays {kind}"

    def _check_choice(self, event: LogEvent, before: Snapshot) -> None:
        """The case was the best for this agent, and the agent the first for this case, at the moment of the offer.

        Agents whom this very command set free are asked after those who were ready before: their turn is not compared.
        """
        agent, case = event.agent, event.case
        assert agent not in self.state.zset("cooling", case), f"{case} was offered to {agent} too soon"
        assert self._may_be_offered(agent, case), f"{case} was offered to {agent}, who is not eligible"
        place = (self.fold.cases[case].score, case)
        for rival, fact in self.fold.cases.items():
            if fact.state == "waiting" and self._is_eligible(agent, rival, before):
                assert (fact.score, rival) >= place, f"{agent} was offered {case}, but {rival} comes first"
        turn = self._turn(agent)
        for other in self.fold.agents:
            was_ready = other != agent and ("agent", other) not in self.fold.changed
            if was_ready and self._is_eligible(other, case, before):
                assert self._turn(other) >= turn, f"{case} was offered to {agent}, but {other} is idle for longer"

    def _turn(self, agent: str) -> tuple[int, str]:
        return int(self.state.hash("agent")[agent]["idle_at"]), agent

    def _may_be_offered(self, agent: str, case: str) -> bool:
        fact = self.fold.cases[case]
        is_pushed = self.state.config("queue", fact.queue).get("mode", "pull") != "pull"
        return is_pushed and may_be_offered(self.state, self._folded_agent(agent), self._class_of(case))

    def _class_of(self, case: str) -> str:
        return class_of({field: str(getattr(self.fold.cases[case], field)) for field in CASE_FIELDS})

    def _is_eligible(self, agent: str, case: str, before: Snapshot) -> bool:
        """Could this offer have been made just then? No when a bulk change was still being worked off."""
        of_class = self._class_of(case)
        states = {before.class_states().get(of_class, "open"), self.state.class_states().get(of_class, "open")}
        is_cooling = any(agent in state.zset("cooling", case) for state in (before, self.state))
        return states == {"open"} and not is_cooling and self._may_be_offered(agent, case)
