"""What must hold, worked out apart from the engine: what is allowed, who may be offered what, what the log implies."""

import json
from collections.abc import Callable
from typing import Any

from casebaton.store.client import Actor
from casebaton.store.events import TRANSITIONS, LogEvent, read_event
from casebaton.store.facts import ENDED, CaseFact
from casebaton.store.fold import Fold
from casebaton.store.log import read_after
from tests.engine import Engine
from tests.store.attribution import Waits
from tests.store.days import Days
from tests.store.ownership import MOVES, WORKED_ON, next_case, rings_at, shows
from tests.store.soundness import (
    LIVE,
    Hash,
    Ranked,
    Snapshot,
    can_take_on,
    check,
    has_skills,
    is_meant,
    is_sorting,
    is_stopped,
    may_be_offered,
    memberships,
    missing_units,
    read,
    tier_of,
    within_limit,
    work_of,
)
from tests.store.stages import OVER, stage_after
from tests.store.windows import may_be_planned, overlap

CASE_FIELDS = (
    "state", "queue", "baton", "revision", "score", "channel", "pool", "cost", "priority", "agent", "tier",
    "parked_cost", "target",
    "stage",
    "reserved_agent",
)  # fmt: skip
AGENT_FIELDS = (
    "status", "presence", "channels", "queues", "capacity", "interruptible_capacity", "held_primary",
    "held_interruptible", "offers",
    "label", "auto_accept", "next_status",
    "waking",
    "limits", "channel_cases",
    "reserved_case",
)  # fmt: skip
READERS: dict[bytes, tuple[bytes | int, ...]] = {
    b"string": (b"GET", b"%b"),
    b"hash": (b"HGETALL", b"%b"),
    b"set": (b"SMEMBERS", b"%b"),
    b"zset": (b"ZRANGE", b"%b", 0, -1, b"WITHSCORES"),
    b"list": (b"LRANGE", b"%b", 0, -1),
    b"stream": (b"XLEN", b"%b"),
}
BUILT_IN = {"online", "busy", "offline"}
LENGTHS = {
    "case_offered": "ring_ms", "case_wrapping": "wrap_up_ms", "wrap_up_extended": "wrap_up_ms",
    "transfer_offered": "ring_ms",
}  # fmt: skip
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
    "add_note": "note_added",
}


def first_events(name: str, args: dict[str, Any], case: Hash | None) -> list[str]:
    """The events that an accepted command begins with. What moves a case ends its transfer first."""
    is_rung = case is not None and bool(case["target"])
    if name == "transfer_case" and args.get("agent"):
        name = "transfer_to_agent"
    if is_rung and name in ("accept_case", "decline_case"):
        return ["case_transferred" if name == "accept_case" else "transfer_failed"]
    if name == "set_stage":
        expected = ["case_closed"] if args["stage"] in OVER else ["stage_changed"]
        return ["transfer_failed", *expected] if is_rung and args["stage"] in OVER else expected
    expected = [FIRST_EVENT[name]] if name in FIRST_EVENT else []
    is_moved = name in FIRST_EVENT.keys() | {"cancel_case"} and name not in ("update_case", "submit_case", "add_note")
    return ["transfer_failed", *expected] if is_rung and is_moved else expected


def is_allowed(state: Snapshot, name: str, actor: Actor, args: dict[str, Any], now: int) -> bool:
    """May this command be accepted in this state, at this instant?"""
    if len(actor) == 3 and not in_scope(state, json.loads(actor[2]), name, args):
        return False
    if name in OF_AGENTS:
        return OF_AGENTS[name](state, actor[1], args)
    if name in ("pause_queue", "drain_queue", "resume_queue"):
        return bool(state.config("queue", args["queue"]))
    case = state.hash("case").get(args["case"])
    if name == "submit_case":
        return _may_submit(state, args) if case is None else case["digest"] == args["digest"]
    return case is not None and _may_move(state, name, actor, case, args | {"now": now})


def in_scope(state: Snapshot, scope: dict[str, list[str]], name: str, args: dict[str, Any]) -> bool:
    """Is whatever the command steers within the scope?"""

    def has_agent(agent: str, *, by_queue: bool = True) -> bool:
        row = state.hash("agent").get(agent)
        is_member = row is not None and by_queue and not set(scope["queues"]).isdisjoint(memberships(row))
        return row is not None and (row["team"] in scope["teams"] or is_member)

    if "case" in args:
        case = state.hash("case").get(args["case"])
        if case is None or not (case["queue"] in scope["queues"] or has_agent(case["agent"], by_queue=False)):
            return False
    return (not args.get("agent") or has_agent(args["agent"])) and (
        name not in ("pause_queue", "drain_queue", "resume_queue") or args["queue"] in scope["queues"]
    )


def _may_move(state: Snapshot, name: str, actor: Actor, case: Hash, args: dict[str, Any]) -> bool:
    role, subject = actor[:2]
    if name in ("accept_case", "decline_case") and rings_at(case, subject, args["baton"]):
        return True
    if not shows(case, role, args["baton"]):
        return False
    if name == "transfer_case" and args.get("agent"):
        name = "transfer_to_agent"
    if name == "reopen_case" and entry(state, case["queue"]) == "":
        return False
    if name in MOVES:
        return MOVES[name](state, case, subject, args | {"by": role})
    if role == "agent" and case["agent"] != subject:
        return False
    if name == "transfer_case" and (args["queue"] == case["queue"] or not admits(state, args["queue"])):
        return False
    if name == "update_case" and not may_be_planned(state, args["case"], case, args.get("window", "")):
        return False
    if name == "add_note" and case["notes"] == "100":
        return False
    return case["state"] in _states(name, role)


def _may_set_agent(state: Snapshot, _: str, args: dict[str, Any]) -> bool:
    is_fit = int(args["interruptible_capacity"]) <= int(args["capacity"])
    channels = (item.split("=")[0] for item in args.get("limits", "").strip("-").split(",") if item)
    return (
        is_fit
        and all(state.config("channel", channel) for channel in channels)
        and _is_status(state, args.get("status") or "online")
    )


def _may_set_status(state: Snapshot, subject: str, args: dict[str, Any]) -> bool:
    channels = args["channels"].strip("*").split(",")
    is_known = all(state.config("channel", channel) for channel in channels if channel)
    return subject in state.hash("agent") and _is_status(state, args["status"]) and is_known


def _may_remove_agent(state: Snapshot, _: str, args: dict[str, Any]) -> bool:
    name = args["agent"]
    waiting = [row for row in state.hash("case").values() if row["state"] == "waiting"]
    is_awaited = any(name in (row["required_agent"], row["preferred_agent"]) for row in waiting)
    return name in state.hash("agent") and not state.zset("held", name) and not is_awaited


def _may_raise_flag(state: Snapshot, subject: str, args: dict[str, Any]) -> bool:
    agent, case = state.hash("agent").get(subject), state.hash("case").get(args["case"])
    is_own = case is not None and case["state"] in WORKED_ON and case["agent"] == subject
    return agent is not None and not agent["flag_at"] and (is_own or not args["case"])


def _may_answer_flag(state: Snapshot, _: str, args: dict[str, Any]) -> bool:
    agent = state.hash("agent").get(args["agent"])
    return agent is not None and bool(agent["flag_at"])


OF_AGENTS: dict[str, Callable[[Snapshot, str, dict[str, Any]], bool]] = {
    "set_agent": _may_set_agent,
    "remove_agent": _may_remove_agent,
    "set_status": _may_set_status,
    "connect": lambda state, subject, args: (
        subject in state.hash("agent") and f"lease:{args['node']}:0" in state.zset("deadlines")
    ),
    "disconnect": lambda *_: True,
    "take_next": lambda state, subject, args: next_case(state, subject, args["queue"]) is not None,
    "take_lease": lambda *_: True,
    "drain_agent": lambda state, _, args: args["agent"] in state.hash("agent"),
    "requeue_agent": lambda state, _, args: args["agent"] in state.hash("agent"),
    "raise_flag": _may_raise_flag,
    "lower_flag": lambda state, subject, _: subject in state.hash("agent"),
    "answer_flag": _may_answer_flag,
}


def _may_submit(state: Snapshot, args: dict[str, Any]) -> bool:
    asks = json.loads(args.get("asks") or "{}")
    named = {asks[field] for field in ("preferred_agent", "required_agent") if field in asks}
    is_planned = "window" in asks and state.config("channel", args["channel"])["windows"] != "1"
    return entry(state, args["queue"]) != "" and named <= state.hash("agent").keys() and not is_planned


def _is_status(state: Snapshot, name: str) -> bool:
    return name in BUILT_IN or bool(state.config("status", name))


def admits(state: Snapshot, queue: str) -> bool:
    """May a case come into this queue from outside?"""
    settings = state.config("queue", queue)
    limit = int(settings.get("length_limit", 0))
    is_full = limit > 0 and len(state.zset("line", queue)) >= limit
    return bool(settings) and not is_draining(state, queue) and not is_shut(state, queue) and not is_full


def is_shut(state: Snapshot, queue: str) -> bool:
    """Is it closed by its hours, and lets nothing in meanwhile?"""
    is_closed = bool(state.hash("queue").get(queue, {}).get("closed_at"))
    return is_closed and state.config("queue", queue)["when_closed"] != "wait"


def is_draining(state: Snapshot, queue: str) -> bool:
    """Is the queue being drained?"""
    return bool(state.hash("queue").get(queue, {}).get("draining"))


def entry(state: Snapshot, queue: str) -> str:
    """The queue that a new case for this one comes into, or nothing."""
    while queue and not admits(state, queue):
        settings = state.config("queue", queue)
        refuses = is_draining(state, queue) or (is_shut(state, queue) and settings["when_closed"] == "refuse")
        queue = "" if refuses else settings.get("overflow", "")
    return queue


def _states(name: str, role: str) -> set[str]:
    if name in ("accept_case", "decline_case", "revoke_offer"):
        return {"offered"}
    if name == "cancel_case":
        return {"waiting", "offered", "active", "parked"}
    if name in ("complete_case", "return_case") or role == "agent":
        return WORKED_ON
    return LIVE


def text_of(skills: dict[str, int]) -> str:
    """Required skills as the engine keeps them."""
    return "&".join(f"{name}={skills[name]}" for name in sorted(skills)) or "-"


def _stored(value: Any) -> str:
    """A folded value as the store writes it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict):
        return ",".join(f"{name}={value[name]}" for name in sorted(value))
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _effect_of(action: str, event: LogEvent, actor: str) -> str:
    """The event that a rule's action makes, or none."""
    if action == "notify_previous_owner":
        before = event.owner_before or ""
        return "owner_notified" if before.startswith("agent:") and before not in (event.owner, actor) else ""
    return "automation_triggered" if action == "event" else "note_added"


class Observer:
    """Reads the store and the log after every command and fails when something that must hold does not."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.state = Snapshot()
        self.fold = Fold()
        self.submitted: set[str] = set()
        self._ended: dict[str, str] = {}
        self._alerted: set[str] = set()
        self._position = "0-0"
        self._at_ms = 0
        self._due_effects: list[tuple[str, str, str]] = []
        self._waits = Waits()
        self._days = Days()

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
        self._waits.pass_time(self.engine.now)
        events = []
        self.fold.changed.clear()
        async for entry in read_after(self.engine.store.redis, self.engine.workspace, self._position):
            event = read_event(entry)
            assert entry.seq == event.log_seq, "the topics' number is not the event's"
            self._position = entry.position
            body = json.loads(entry.body)
            self._check_time(body)
            if body.get("alert") == "idle_case":
                self._alerted.add(event.case)
            elif event.type in TRANSITIONS:  # what a target clock tells is no sign of life
                self._alerted.discard(event.case)
            if event.type == "case_queued":
                self._check_customer(event, body, before)
            if event.type in ("case_offered", "case_assigned") and body["actor"] == "engine:match":
                self._check_choice(event, before)
                self._check_asking(event)
            self._check_reservation(event, before)
            if event.type in REFUSALS and body["actor"] != "engine:waking":
                self._check_refusal(event, body["at_ms"])
            if event.state_before == "wrapping" and event.state in ENDED:
                assert event.state == before.hash("case")[event.case]["ends_as"], f"{event.case} ends otherwise"
            channel = self.fold.cases[event.case].channel if event.case in self.fold.cases else ""
            self._check_stage(event, body)
            self.fold.apply(event)
            assert not self.fold.faults, self.fold.faults
            self._check_effects(event, body, channel)
            self._waits.apply(event, body)
            self._days.apply(event, body)
            if event.state in ENDED:
                self._ended[event.case] = event.state
            if event.type == "case_reopened":
                del self._ended[event.case]
            events.append(event)
        assert not self._due_effects, f"nothing came of {self._due_effects}"
        check(self.state)
        self._check_fold()
        self._check_conservation()
        self._check_timers()
        self._check_clocks()
        self._waits.look(self.state)
        self._days.look(self.state)
        return events

    def _check_time(self, event: dict[str, Any]) -> None:
        """Time never goes back, and a deadline lies its whole length ahead."""
        assert event["at_ms"] >= self._at_ms, "engine time went back"
        self._at_ms = event["at_ms"]
        length = LENGTHS.get(event["type"])
        if length:
            settings = self.state.config("channel", self.fold.cases[event["case"]].channel)
            deadline = event.get("target_deadline_at_ms") or event["deadline_at_ms"]
            rung = event["target"] if event["type"] == "transfer_offered" else event["agent"]
            factor = int(self.state.hash("agent")[rung]["ring_factor"] or 1) if length == "ring_ms" else 1
            assert deadline == event["at_ms"] + factor * int(settings[length])

    def _check_customer(self, event: LogEvent, body: dict[str, Any], before: Snapshot) -> None:
        """A new case tells how many others its customer has."""
        customer = self.state.hash("case")[event.case]["customer_key"]
        others = [case for case in before.hash("case").values() if case["state"] in LIVE]
        found = sum(case["customer_key"] == customer for case in others) if customer else None
        assert body.get("customer_cases") == found, f"{event.case}: the customer's other cases"

    def _check_stage(self, event: LogEvent, body: dict[str, Any]) -> None:
        """An appointment's stage begins with each owner and moves only by a word or an end."""
        if event.type not in TRANSITIONS:
            return
        before, channel = self.fold.cases.get(event.case), self.state.hash("case")[event.case]["channel"]
        assert event.stage == stage_after(event, body, before, channel, self.state), f"{event.case}: {event.type}"

    def _check_effects(self, event: LogEvent, body: dict[str, Any], channel: str) -> None:
        """What the rules make of an event stands directly behind it, in their order, and nowhere else."""
        is_effect = body["actor"].startswith("rule:")
        assert is_effect == bool(self._due_effects), f"{event.type} instead of {self._due_effects}"
        if is_effect:
            assert (event.type, event.case, body["actor"]) == self._due_effects.pop(0)
            return
        version = self.state.meta["config"]
        for rule in json.loads(self.state.hash("config").get(f"{version}:effects", {"effects": "[]"})["effects"]):
            if event.type in rule["on"] and rule["queue"] in ("", event.queue) and rule["channel"] in ("", channel):
                kind = _effect_of(rule["action"], event, body["actor"])
                self._due_effects += [(kind, event.case, f"rule:{rule['number']}")] if kind else []

    def _check_refusal(self, event: LogEvent, at_ms: int) -> None:
        """Who did not want a case goes to the end of the idle line and is not asked again for a while."""
        agent = self.state.hash("agent")[event.agent_before]
        assert int(agent["idle_at"]) == at_ms, f"{event.agent_before} kept the turn"
        if event.type == "case_returned":
            cools_for = self.state.config("queue", event.queue)["exclusion_ms"]
        else:
            cools_for = self.state.config("channel", self.fold.cases[event.case].channel)["cooldown_ms"]
        if event.type == "case_declined":
            channel = self.state.config("channel", self.fold.cases[event.case].channel)
            assert channel["on_decline_status"] in ("", agent["label"]), f"{event.agent_before} declined and stays"
        until = self.state.zset("cooling", event.case).get(event.agent_before, 0)
        assert until >= (at_ms + int(cools_for) if int(cools_for) else 0), f"{event.case} comes back at once"

    def _check_fold(self) -> None:
        """The log up to here gives exactly what is stored."""
        cases = {
            name: {field: str(getattr(fact, field)) for field in CASE_FIELDS} for name, fact in self.fold.cases.items()
        }
        stored = {name: row for name, row in self.state.hash("case").items() if row["state"] in LIVE}
        for name, row in stored.items():
            assert text_of(self.fold.cases[name].skills) == row["skills"], f"{name}: skills"
            assert self.fold.cases[name].notes == int(row["notes"] or 0), f"{name}: notes"
            window = self.fold.cases[name].window
            assert row["window"] == (f"{window.from_ms}-{window.until_ms}" if window else ""), f"{name}: window"
        assert cases == {name: {field: row[field] for field in CASE_FIELDS} for name, row in stored.items()}
        assert self.fold.agents.keys() == self.state.hash("agent").keys()
        for name, row in self.state.hash("agent").items():
            assert self._folded_agent(name).items() >= {field: row[field] for field in AGENT_FIELDS}.items()
            raised = self.fold.agents[name].flag
            assert (row["flag_at"], row["flag_case"]) == (
                (str(raised.raised_at_ms), raised.case) if raised else ("", "")
            )
            said = dict(item.partition("~")[0].split("=") for item in filter(None, row["skills"].split(",")))
            assert said == {skill: str(level) for skill, level in self.fold.agents[name].skills.items()}
            assert row["tiers"] == _stored(self.fold.agents[name].tiers), f"{name}: tiers"
            assert int(row["ring_factor"] or 1) == self.fold.agents[name].ring_factor, f"{name}: ring_factor"

        queues = {
            name: (bool(row["paused"]), bool(row["draining"]), not row["closed_at"])
            for name, row in self.state.hash("queue").items()
        }
        told = {name: (fact.paused, fact.draining, fact.open) for name, fact in self.fold.queues.items()}
        untouched = dict.fromkeys(queues, (False, False, True))  # only its line was put into another order
        assert untouched | told == queues
        assert int(self.state.meta.get("draining", 0)) == sum(draining for _, draining, _ in queues.values())

    def _folded_agent(self, name: str) -> Hash:
        values = {field: getattr(self.fold.agents[name], field) for field in AGENT_FIELDS}
        row = {field: _stored(value) for field, value in values.items()}
        abilities = self.state.hash("agent")[name]
        return row | {field: abilities[field] for field in ("levels", "tiers", "joined")}

    def _check_conservation(self) -> None:
        """Every accepted submit is live, or an event ended it."""
        assert self.submitted == self.fold.cases.keys() | self._ended.keys()
        for name, end in self._ended.items():
            assert self.state.hash("case")[name]["state"] == end

    def _check_clocks(self) -> None:
        """A clock that runs has one timer until its instant, one that was stopped has none."""
        ahead, running = set(), set()
        for name in self.fold.cases:
            row = self.state.hash("case")[name]
            assert not (row["first_owner_due"] and row["state"] in WORKED_ON), f"{name}: owned, and still waited for"
            for clock in ("first_owner", "completion"):
                if due := row[f"{clock}_due"]:
                    running.add((name, clock, due))
                    if int(due) > self.engine.now:
                        ahead.add((name, clock, due))
        fired = [timer.split(":")[1:] for timer in self.state.zset("timers") if timer.startswith("target:")]
        timed = [(name, rest.split(".")[0], rest.split(".")[2]) for name, rest in fired]
        assert len(timed) == len(set(timed))
        assert ahead <= set(timed) <= running

    def _check_timers(self) -> None:
        """No limbo: whatever holds a case back has a timer that ends it."""
        timers = self.state.zset("timers")
        for case, pairs in self.state.ranked.get("cooling", {}).items():
            for agent, until in pairs.items():
                assert timers.get(f"cool:{case}:{agent}") == until, f"{case} cools down for {agent} without an end"
        self._check_leaving(timers)
        self._check_idle(timers)
        wanted = {"dirty": "drain", "again": "drain", "building": "build"}
        for name, kind in self.state.class_states().items():
            if kind in wanted:
                assert any(timer.startswith(f"{wanted[kind]}:{name}:") for timer in timers), f"{name} stays {kind}"
        for name in self.state.hash("queue"):
            assert is_sorting(self.state, name) == (f"sort:{name}:0" in timers)

    def _check_leaving(self, timers: Ranked) -> None:
        """What somebody who is offline or gone still works on is kept by its channel, or on its way back."""
        for name, case in self.fold.cases.items():
            if case.state not in ("active", "wrapping"):
                continue
            channel, agent = self.state.config("channel", case.channel), self.state.hash("agent")[case.agent]
            if agent["status"] == "offline" and channel["on_offline"] == "return":
                is_timed = any(timer.startswith(f"offboard:{case.agent}:") for timer in timers)
                assert is_timed, f"{name} stays with {case.agent}, who is offline"
            if agent["presence"] == "gone" and channel["on_lost"] == "return":
                lost = f"lost:{case.agent}:{agent['presence_at']}/"
                due = [at for timer, at in self.state.zset("deadlines").items() if timer.startswith(lost)]
                assert due, f"{name} stays with {case.agent}, who is gone"

    def _check_idle(self, timers: Ranked) -> None:
        """Each active case of a channel that says so has one timer to its alert, until that is raised."""
        watched = {
            f"idle:{name}:{case.baton}"
            for name, case in self.fold.cases.items()
            if case.state == "active" and name not in self._alerted
            and int(self.state.config("channel", case.channel)["idle_alert_ms"])
        }  # fmt: skip
        assert watched == {timer for timer in timers if timer.startswith("idle:")}

    def _check_choice(self, event: LogEvent, before: Snapshot) -> None:
        """The case was the best for this agent, and the agent the first for this case, at the moment of the offer.

        Agents whom this very command set free are asked after those who were ready before: their turn is not compared.
        """
        agent, case = event.agent, event.case
        assert agent not in self.state.zset("cooling", case), f"{case} was offered to {agent} too soon"
        assert self._may_be_offered(agent, case), f"{case} was offered to {agent}, who is not eligible"
        assert self._has_time(agent, case), f"{case} was offered to {agent}, who has something else then"
        for rival, fact in self.fold.cases.items():
            if fact.state == "waiting" and self._is_eligible(agent, rival, before):
                assert self._place(rival) >= self._place(case), f"{agent} was offered {case}, but {rival} comes first"
        if self._named(case):
            return
        turn = self._turn(agent, case)
        for other in self.fold.agents:
            was_ready = other != agent and ("agent", other) not in self.fold.changed
            if was_ready and self._is_eligible(other, case, before) and not self._has_better(other, case):
                assert self._turn(other, case) >= turn, f"{case} was offered to {agent}, but it is the turn of {other}"

    def _check_reservation(self, event: LogEvent, before: Snapshot) -> None:
        """Of all who might have a case but for room the one who lacks the fewest units is kept free; none has room."""
        if event.type != "agent_reserved":
            return
        lacking = {
            name: units
            for name in self.fold.agents
            if self._named(event.case) in ("", name)
            and (units := self._units_lacking(name, event.case, before)) is not None
        }
        assert lacking[event.agent] == min(lacking.values()), f"{event.agent} is not the nearest: {lacking}"
        assert lacking[event.agent] > 0, f"{event.case} fits and waits"

    def _units_lacking(self, agent: str, case: str, before: Snapshot) -> int | None:
        """How many units an agent lacks who might have the case but for room; nothing when it might not."""
        fact, row = self.fold.cases[case], self._folded_agent(agent)
        skills = [state.hash("agent").get(agent, {}).get("levels") for state in (before, self.state)]
        asked = {"pool": fact.pool, "cost": str(fact.cost), "queue": fact.queue, "skills": text_of(fact.skills)}
        asked |= {name: self.state.hash("case")[case][name] for name in ("required_agent", "preferred_agent")}
        asked |= {"channel": fact.channel, "tier": fact.tier}
        roomy = row | {
            "held_primary": "0",
            "held_interruptible": "0",
            "offers": "0",
            "waking": "0",
            "channel_cases": "",
        }
        could = can_take_on(self.state, roomy, work_of(asked)) and is_meant(row, agent, asked)
        is_barred = agent in self.state.zset("cooling", case) or not self._has_time(agent, case)
        if skills[0] != skills[1] or not could or is_barred:
            return None
        units = missing_units(row, asked)
        return None if not units and not within_limit(row, fact.channel) else units

    def _check_asking(self, event: LogEvent) -> None:
        """An agent is asked, unless channel, queue or agent says that the case is theirs at once."""
        channel = self.state.config("channel", self.fold.cases[event.case].channel)
        settings = (channel, self.state.config("queue", event.queue))
        is_accepted = self.fold.agents[event.agent].auto_accept or any(row["auto_accept"] == "1" for row in settings)
        assert event.type == ("case_assigned" if is_accepted else "case_offered")

    def _has_better(self, agent: str, case: str) -> bool:
        """Does a better case wait for the agent by now, since its cool-down has just ended? The agent gets that one."""
        return any(
            fact.state == "waiting"
            and self._place(rival) < self._place(case)
            and agent not in self.state.zset("cooling", rival)
            and self._has_time(agent, rival)
            and self._may_be_offered(agent, rival)
            for rival, fact in self.fold.cases.items()
        )

    def _place(self, case: str) -> tuple[int, int, str]:
        """Where a case stands among all that an agent might get."""
        fact = self.fold.cases[case]
        return int(self.state.config("queue", fact.queue)["rank"]), fact.score, case

    def _turn(self, agent: str, case: str) -> tuple[int, int, int, str]:
        """Where an agent stands among all that might get a case, at the moment before the offer."""
        row, fact = self.state.hash("agent")[agent], self.fold.cases[case]
        choice = self.state.config("queue", fact.queue)["choice"]
        return tier_of(row, fact.queue), self._load(agent, choice, fact), int(row["idle_at"]), agent

    def _load(self, agent: str, choice: str, case: CaseFact) -> int:
        """What the queue's choice compares, without this very case."""
        held, is_offered = self.fold.agents[agent], case.agent == agent
        own = case.cost if is_offered else 0
        primary = held.held_primary - (own if case.pool == "primary" else 0)
        interruptible = held.held_interruptible - (own if case.pool == "interruptible" else 0)
        limit = held.capacity if case.pool == "primary" else held.interruptible_capacity
        free = held.capacity - primary
        if case.pool == "interruptible":
            free = min(free, limit) - interruptible
        if choice == "least_active":
            return sum(agent in (fact.agent, fact.target) for fact in self.fold.cases.values()) - is_offered
        if choice == "least_loaded":
            return max(0, min(1000, (limit - free) * 1000 // limit)) if limit else 1000
        if choice == "most_available":
            return 1000 - max(0, min(1000, free))
        return 0

    def _named(self, case: str) -> str:
        """For whom alone the case is, as the engine has it."""
        row = self.state.hash("case").get(case, {})
        return row.get("required_agent") or row.get("preferred_agent") or ""

    def _may_be_offered(self, agent: str, case: str) -> bool:
        fact, row = self.fold.cases[case], self._folded_agent(agent)
        if self.state.config("queue", fact.queue).get("mode", "pull") == "pull" or is_stopped(self.state, fact.queue):
            return False
        if named := self._named(case):
            is_able = has_skills(row, text_of(fact.skills)) and can_take_on(self.state, row, self._work_of(case), case)
            return agent == named and is_able
        return may_be_offered(self.state, row, self._work_of(case), case)

    def _work_of(self, case: str) -> str:
        fact = self.fold.cases[case]
        row = {field: str(getattr(fact, field)) for field in CASE_FIELDS}
        return work_of(row | {"skills": text_of(fact.skills)})

    def _is_eligible(self, agent: str, case: str, before: Snapshot) -> bool:
        """Could this offer have been made just then? No when a bulk change was still being worked off."""
        of_class = self._work_of(case)
        states = {before.class_states().get(of_class, "open"), self.state.class_states().get(of_class, "open")}
        attend = f"attend:{self.fold.cases[case].queue}:"  # what waits for one agent alone is offered afresh, in slices
        if self._named(case) and any(timer.startswith(attend) for timer in before.zset("timers")):
            return False
        is_cooling = any(agent in state.zset("cooling", case) for state in (before, self.state))
        is_free = not is_cooling and self._has_time(agent, case)
        return states <= {"open", "idle"} and is_free and self._may_be_offered(agent, case)

    def _has_time(self, agent: str, case: str) -> bool:
        """Has the agent nothing else in the case's window, at the moment before the offer?"""

        def window(fact: CaseFact) -> str:
            return f"{fact.window.from_ms}-{fact.window.until_ms}" if fact.window else ""

        planned = self.fold.cases[case]
        if self.state.config("channel", planned.channel)["windows"] != "1":
            return True
        others = (fact for name, fact in self.fold.cases.items() if name != case)
        return not any(overlap(window(planned), window(fact)) for fact in others if agent in (fact.agent, fact.target))
