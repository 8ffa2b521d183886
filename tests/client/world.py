"""A toy engine: it moves cases between two queues and two agents, and tells of it as the protocol says.

It decides nothing the way the real one does; it only keeps events, snapshots and pages true to one another.
"""

import itertools
from collections.abc import Callable
from typing import Any

import msgspec

from casebaton.client.events import Event
from casebaton.client.state import QueuePage, Snapshot

QUEUES = ("billing", "support")
AGENTS = ("ana", "bo")
VIEW = frozenset(
    {"card", "channel", "priority", "pool", "cost", "created_at_ms", "requested_at_ms", "queued_at_ms", "parked_cost"}
    | {"window", "linked_case", "notes"}
)
HELD = ("offered", "active", "parked", "wrapping")
# What is told of a case only while it stays in its state.
STAY = ("agent", "deadline_at_ms", "ends_as", "extensions", "disposition", "wake_at_ms", "wake_pending", "stage")
TRANSFER = ("target", "target_baton", "target_deadline_at_ms", "targeted_at")
Json = dict[str, Any]


class World:
    """All cases and agents, and the log: events with the topics that they concern."""

    def __init__(self) -> None:
        self.log: list[tuple[set[str], Json]] = []
        self._cases: dict[str, Json] = {}
        self._agents: dict[str, Json] = {
            each: {"agent": each, "name": each, "team": "", "status": "online", "status_cause": "agent"}
            | {"channels": ["*"], "presence": "connected", "capacity": 10, "interruptible_capacity": 3}
            | {
                "queues": list(QUEUES),
                "auto_accept": False,
                "next_status": "",
                "label": "online",
                "label_before": "offline",
                "channels_before": ["*"],
            }
            for each in AGENTS
        }
        self._ids = itertools.count(1)
        self._now = 1000

    # -- what a client is shown ---------------------------------------------------------------------------

    @property
    def position(self) -> str:
        return f"1-{len(self.log)}"

    def snapshot(self, agent: str) -> Snapshot:
        held = [case for case in self._cases.values() if case.get("agent") == agent]
        return msgspec.convert(
            {
                "agent": self._agents[agent] | self._load(agent),
                "offers": [case for case in held if case["state"] == "offered"] + self._rung(agent),
                "desk": [case for case in held if case["state"] != "offered"],
            },
            Snapshot,
        )

    def _rung(self, agent: str) -> list[Json]:
        """What colleagues want to hand over, as its target is shown it."""
        return [
            case
            | {"baton": case["target_baton"], "state_at_ms": case["targeted_at"]}
            | {"deadline_at_ms": case["target_deadline_at_ms"]}
            for case in self._cases.values()
            if case.get("target") == agent
        ]

    def page(self, queue: str, limit: int) -> QueuePage:
        waiting = [each for each in self._cases.values() if each["state"] == "waiting" and each["queue"] == queue]
        waiting.sort(key=lambda case: (case["score"], case["case"]))
        page = {"queue": queue, "mode": "both", "waiting": len(waiting), "cases": waiting[:limit]}
        return msgspec.convert(page, QueuePage)

    def events(self, after: int, *topics: str) -> list[Event]:
        """Read the log after so many entries, as a connection with these topics hears it."""
        return [msgspec.convert(body, Event) for to, body in self.log[after:] if to & set(topics)]

    # -- what may happen ----------------------------------------------------------------------------------

    def step(self, choice: int, pick: int) -> None:
        """Let something happen; what is not possible now does nothing."""
        moves: tuple[Callable[[int], None], ...] = (
            self._submit,
            self._offer,
            self._accept,
            self._decline,
            self._take,
            self._return,
            self._transfer,
            self._cancel,
            self._complete,
            self._update,
            self._change_status,
            self._change_capacity,
            self._move_clock,
            self._change_presence,
            self._assign,
            self._wrap,
            self._extend,
            self._park,
            self._wake,
            self._resume,
            self._reopen,
            self._transfer_to,
            self._answer_transfer,
            self._note,
            self._go_on,
        )
        self._now += 1 + pick % 3
        moves[choice % len(moves)](pick)

    def _submit(self, pick: int) -> None:
        case = f"c-{next(self._ids)}"
        self._cases[case] = {"case": case, "state": "", "queue": QUEUES[pick % 2], "channel": "case", "revision": 0}
        self._cases[case] |= {"pool": "interruptible", "cost": 1, "priority": pick % 3, "created_at_ms": self._now}
        self._cases[case] |= {"requested_at_ms": self._now, "card": {"subject": f"about {case}"}, "parked_cost": 0}
        self._cases[case] |= {"linked_case": "c-0"} if pick % 2 else {}
        self._cases[case] |= {"window": {"from_ms": pick, "until_ms": pick + 1}} if pick % 3 else {}
        self._move("case_queued", self._cases[case], "waiting", shows_card=True)

    def _offer(self, pick: int) -> None:
        if case := self._one(pick, "waiting"):
            deadline = self._now + 30_000
            self._move("case_offered", case, "offered", AGENTS[pick % 2], deadline, shows_card=True)

    def _accept(self, pick: int) -> None:
        if case := self._one(pick, "offered"):
            self._move("case_accepted", case, "active", case["agent"])

    def _decline(self, pick: int) -> None:
        if case := self._one(pick, "offered"):
            self._move("case_declined", case, "waiting", shows_card=True)

    def _take(self, pick: int) -> None:
        if case := self._one(pick, "waiting"):
            self._move("case_taken", case, "active", AGENTS[pick % 2], shows_card=True)

    def _assign(self, pick: int) -> None:
        if case := self._one(pick, "waiting"):
            self._move("case_assigned", case, "active", AGENTS[pick % 2], shows_card=True)

    def _return(self, pick: int) -> None:
        if case := self._one(pick, "active", "wrapping"):
            self._move("case_returned", case, "waiting", shows_card=True)

    def _transfer(self, pick: int) -> None:
        if case := self._one(pick, "waiting", "offered", "active"):
            self._move("case_transferred", case, "waiting", queue=QUEUES[pick % 2], shows_card=True)

    def _cancel(self, pick: int) -> None:
        if case := self._one(pick, "waiting", "offered", "active"):
            if case["state"] == "active":
                self._begin_wrap_up(case, ends_as="cancelled")
            else:
                self._move("case_cancelled", case, "cancelled")

    def _wrap(self, pick: int) -> None:
        if case := self._one(pick, "active"):
            self._begin_wrap_up(case, ends_as="closed", disposition="solved")

    def _extend(self, pick: int) -> None:
        if case := self._one(pick, "wrapping"):
            before = dict(case)
            case |= {"extensions": case["extensions"] + 1, "deadline_at_ms": self._now + 60_000}
            self._tell("wrap_up_extended", case, before, shows_card=False)

    def _park(self, pick: int) -> None:
        if case := self._one(pick, "active"):
            stays = {"wake_at_ms": self._now + pick} if pick % 2 else None
            self._move("case_parked", case, "parked", case["agent"], stays=stays)

    def _wake(self, pick: int) -> None:
        if case := self._one(pick, "parked"):
            before = dict(case)
            case.pop("wake_at_ms", None)
            case["wake_pending"] = True
            self._tell("case_wake_pending", case, before, shows_card=False)

    def _resume(self, pick: int) -> None:
        if case := self._one(pick, "parked"):
            self._move("case_resumed", case, "active", case["agent"])

    def _reopen(self, pick: int) -> None:
        if case := self._one(pick, "closed"):
            self._move("case_reopened", case, "waiting", shows_card=True)

    def _transfer_to(self, pick: int) -> None:
        if case := self._one(pick, "active"):
            before = dict(case)
            case |= {"target": next(each for each in AGENTS if each != case["agent"]), "targeted_at": self._now}
            case |= {"target_baton": f"t-{len(self.log)}", "target_deadline_at_ms": self._now + 30_000}
            self._tell("transfer_offered", case, before, shows_card=True)

    def _answer_transfer(self, pick: int) -> None:
        rung = [case for case in self._cases.values() if "target" in case]
        if rung and pick % 2:
            self._move("case_transferred", rung[0], "active", rung[0]["target"], shows_card=True)
        elif rung:
            before = dict(rung[0])
            for gone in TRANSFER:
                del rung[0][gone]
            self._tell("transfer_failed", rung[0], before, shows_card=False)

    def _complete(self, pick: int) -> None:
        if case := self._one(pick, "active", "wrapping"):
            self._move("case_closed", case, "closed")

    def _update(self, pick: int) -> None:
        if case := self._one(pick, "waiting", *HELD):
            before = dict(case)
            case["priority"] = pick % 3
            case["card"] = {"subject": f"changed at {self._now}"}
            if pick % 5 == 0:
                case.pop("window", None)
            case["score"] = self._score(case)
            self._tell("case_updated", case, before, shows_card=True)

    def _note(self, pick: int) -> None:
        if case := self._one(pick, "waiting", *HELD):
            before = dict(case)
            case["notes"] = case.get("notes", 0) + 1
            self._tell("note_added", case, before, shows_card=True)

    def _go_on(self, pick: int) -> None:
        if case := self._one(pick, "active", "parked"):
            before = dict(case)
            case["stage"] = ("dispatched", "travelling")[pick % 2]
            self._tell("stage_changed", case, before, shows_card=False)

    def _change_status(self, pick: int) -> None:
        agent = self._agents[AGENTS[pick % 2]]
        agent |= {
            "status": ("online", "busy", "offline")[pick % 3],
            "status_cause": ("agent", "missed_offers")[pick % 4 // 2],
            "label": ("online", "lunch", "offline")[pick % 3],
            "label_before": agent["label"],
            "channels": [("*", "chat")[pick % 2]],
            "channels_before": agent["channels"],
            "next_status": ("", "offline")[pick % 2],
        }
        names = (
            "agent",
            "status",
            "status_cause",
            "channels",
            "label",
            "label_before",
            "channels_before",
            "next_status",
        )
        self._log("agent_status_changed", {f"agent:{agent['agent']}"}, {name: agent[name] for name in names})

    def _change_presence(self, pick: int) -> None:
        agent = self._agents[AGENTS[pick % 2]]
        agent["presence"] = ("connected", "grace", "gone")[pick % 3]
        body = {"agent": agent["agent"], "presence": agent["presence"]}
        self._log("agent_presence_changed", {f"agent:{agent['agent']}"}, body)

    def _change_capacity(self, pick: int) -> None:
        agent = self._agents[AGENTS[pick % 2]]
        agent |= {"capacity": pick % 7, "interruptible_capacity": pick % 5, "queues": list(QUEUES[: pick % 3])}
        agent |= {"auto_accept": pick % 2 == 1, "ring_factor": 1 + pick % 3}
        self._log("agent_updated", {f"agent:{agent['agent']}"}, agent)

    def _move_clock(self, pick: int) -> None:
        for case in self._cases.values():
            for deadline in case.keys() & {"deadline_at_ms", "target_deadline_at_ms"}:
                case[deadline] += pick
        everyone = {f"agent:{each}" for each in AGENTS} | {f"queue:{each}" for each in QUEUES}
        self._log("clock_moved", everyone, {"by_ms": pick})

    # -- how it is told -----------------------------------------------------------------------------------

    def _one(self, pick: int, *states: str) -> Json | None:
        found = [case for case in self._cases.values() if case["state"] in states]
        return found[pick % len(found)] if found else None

    def _begin_wrap_up(self, case: Json, **stay: str) -> None:
        stays: Json = {"extensions": 0, **stay}
        self._move("case_wrapping", case, "wrapping", case["agent"], self._now + 60_000, stays=stays)

    def _score(self, case: Json) -> int:
        priority, age = case["priority"], case["requested_at_ms"]
        return int(priority * 2**39 + age)

    def _load(self, agent: str) -> Json:
        held = [each["state"] for each in self._cases.values() if each.get("agent") == agent]
        held = [state for state in held if state != "parked"]
        held += ["offered" for _ in self._rung(agent)]
        return {"held_primary": 0, "held_interruptible": len(held), "offers": held.count("offered")}

    def _move(
        self,
        kind: str,
        case: Json,
        state: str,
        agent: str | None = None,
        deadline: int | None = None,
        *,
        queue: str | None = None,
        shows_card: bool = False,
        stays: Json | None = None,
    ) -> None:
        before = dict(case)
        if case["state"] in ("active", "wrapping"):
            case["worked_ms"] = case.get("worked_ms", 0) + self._now - case["state_at_ms"]
        for gone in (*STAY, *TRANSFER):
            case.pop(gone, None)
        case |= {"state": state, "baton": f"b-{len(self.log)}", "state_at_ms": self._now}
        case["queue"] = queue or case["queue"]
        case["owner"] = f"queue:{case['queue']}" if state in ("waiting", "offered") else f"agent:{agent}"
        case["score"] = self._score(case)
        if state == "waiting":
            case["queued_at_ms"] = self._now
        if agent:
            case["agent"] = agent
        if deadline:
            case["deadline_at_ms"] = deadline
        case |= stays or {}
        self._tell(kind, case, before, shows_card=shows_card)
        if case.get("agent") != before.get("agent"):
            case.pop("worked_ms", None)

    def _tell(self, kind: str, case: Json, before: Json, *, shows_card: bool) -> None:
        case["revision"] += 1
        hidden = {"state_at_ms", "targeted_at", *(() if shows_card else VIEW)}
        body = {name: value for name, value in case.items() if name not in hidden}
        if before["state"]:
            body["state_before"] = before["state"]
        topics = {f"queue:{case['queue']}", f"queue:{before['queue']}"}
        if before["queue"] != case["queue"]:
            body["queue_before"] = before["queue"]
        if "agent" in before:
            body["agent_before"] = before["agent"]
        if "target" in before:
            body["target_before"] = before["target"]
        concerned = {each[name] for each in (case, before) for name in ("agent", "target") if name in each}
        body["held"] = [self._held(each) for each in sorted(concerned)]
        self._log(kind, topics | {f"agent:{each}" for each in concerned}, body)

    def _held(self, agent: str) -> Json:
        load = self._load(agent)
        return {"agent": agent, "primary": 0, "interruptible": load["held_interruptible"], "offers": load["offers"]}

    def _log(self, kind: str, topics: set[str], body: Json) -> None:
        position = f"1-{len(self.log) + 1}"
        self.log.append((topics, {"type": kind, "position": position, "at_ms": self._now} | body))
