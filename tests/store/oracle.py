"""What must hold after every command: the store and the log agree, and nothing is lost, doubled or held back."""

import json
from typing import Any

from casebaton.store.events import TRANSITIONS, LogEvent, read_event
from casebaton.store.facts import ENDED
from casebaton.store.fold import Fold
from casebaton.store.log import read_after
from tests.engine import Engine
from tests.store.attribution import Waits
from tests.store.choice import AGENT_FIELDS, CASE_FIELDS, Choice, as_stored, folded_agent, text_of
from tests.store.clocks import check_clocks, check_timers
from tests.store.days import Days
from tests.store.soundness import LIVE, Snapshot, check, read
from tests.store.stages import stage_after

READERS: dict[bytes, tuple[bytes | int, ...]] = {
    b"string": (b"GET", b"%b"),
    b"hash": (b"HGETALL", b"%b"),
    b"set": (b"SMEMBERS", b"%b"),
    b"zset": (b"ZRANGE", b"%b", 0, -1, b"WITHSCORES"),
    b"list": (b"LRANGE", b"%b", 0, -1),
    b"stream": (b"XLEN", b"%b"),
}
LENGTHS = {
    "case_offered": "ring_ms", "case_wrapping": "wrap_up_ms", "wrap_up_extended": "wrap_up_ms",
    "transfer_offered": "ring_ms",
}  # fmt: skip
REFUSALS = {"case_declined", "offer_expired", "case_returned"}


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
        choice = Choice(before, self.state, self.fold)
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
                choice.check_choice(event)
                choice.check_asking(event)
            choice.check_reservation(event)
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
        check_timers(self.state, self.fold, self._alerted)
        check_clocks(self.state, self.fold, self.engine.now)
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
            assert (
                folded_agent(self.state, self.fold, name).items()
                >= {field: row[field] for field in AGENT_FIELDS}.items()
            )
            raised = self.fold.agents[name].flag
            assert (row["flag_at"], row["flag_case"]) == (
                (str(raised.raised_at_ms), raised.case) if raised else ("", "")
            )
            said = dict(item.partition("~")[0].split("=") for item in filter(None, row["skills"].split(",")))
            assert said == {skill: str(level) for skill, level in self.fold.agents[name].skills.items()}
            assert row["tiers"] == as_stored(self.fold.agents[name].tiers), f"{name}: tiers"
            assert int(row["ring_factor"] or 1) == self.fold.agents[name].ring_factor, f"{name}: ring_factor"

        queues = {
            name: (bool(row["paused"]), bool(row["draining"]), not row["closed_at"])
            for name, row in self.state.hash("queue").items()
        }
        told = {name: (fact.paused, fact.draining, fact.open) for name, fact in self.fold.queues.items()}
        untouched = dict.fromkeys(queues, (False, False, True))  # only its line was put into another order
        assert untouched | told == queues
        assert int(self.state.meta.get("draining", 0)) == sum(draining for _, draining, _ in queues.values())

    def _check_conservation(self) -> None:
        """Every accepted submit is live, or an event ended it."""
        assert self.submitted == self.fold.cases.keys() | self._ended.keys()
        for name, end in self._ended.items():
            assert self.state.hash("case")[name]["state"] == end
