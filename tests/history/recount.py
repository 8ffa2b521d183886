"""What the history must hold, counted anew from a whole log by other means than the book's: each thing by itself, out
of the stretches in which the events of a case or agent agree, and every sum out of the things.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import pairwise
from typing import Any

from casebaton.history.buckets import bucket_of
from casebaton.store.figures import Levels
from casebaton.store.log import Entry
from tests.history.stretches import (
    END,
    ENDED,
    QUARTER,
    Event,
    Work,
    by,
    floor,
    how_owned,
    is_overflow,
    line_of,
    offered_to,
    overlap,
    owner_of,
    runs,
    shared_work,
    stage_of,
    visits_of,
    work_of,
    worked_on,
)

BLOCK = 10_800_000
OF_AGENTS = {"agent_updated", "agent_status_changed", "agent_presence_changed", "agent_removed"}
ANSWERS = {"case_accepted": "accepted", "case_declined": "declined", "offer_expired": "expired"}
MEASURES = {"active_ms": "active", "parked_ms": "parked", "wrap_up_ms": "wrapping"}
KNOWN = {"status", "label", "presence", "team", "capacity", "interruptible_capacity"}


def customer_key(customer: str) -> str:
    """A digest of a customer, if there is one."""
    return sha256(customer.encode()).hexdigest()[:24] if customer else ""


class Recount:
    """`rows` and `sums` by the tables' names. What is 0 is left out, and of `agent_time` the running quarter."""

    def __init__(self, entries: Iterable[Entry], levels: Mapping[int, Levels]) -> None:
        self.events = [json.loads(entry.body) for entry in entries]
        self.levels, self.until_ms = levels, floor(self.events[-1]["at_ms"])
        self.rows: defaultdict[str, list[Event]] = defaultdict(list)
        self.sums: defaultdict[str, defaultdict[Any, defaultdict[str, int]]]
        self.sums = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
        self.agents = by(self.events, lambda e: e["agent"] if e["type"] in OF_AGENTS else None)
        self.teams = by(self.events, lambda e: e["agent"] if e["type"] in ("agent_updated", "agent_removed") else None)
        self.offline = {
            agent: [
                (e, end) for e, end in pairwise([*(e for e in own if "status" in e), END]) if e["status"] == "offline"
            ]
            for agent, own in self.agents.items()
        }
        self.gates = by(self.events, lambda e: e["queue"] if e["type"] in ("queue_opened", "queue_closed") else None)
        lives = by(self.events, lambda e: e["case"] if "case" in e and "state" in e else None)
        visits = [visit for life in lives.values() for visit in visits_of(life)]
        self.shared = shared_work(visits)
        for visit in visits:
            self.visit(visit)
        for agent, own in self.agents.items():
            self.agent(agent, own)
        for queue, gates in self.gates.items():
            for one, end in pairwise(gates):
                self.row("openings", one, end, queue=queue, is_open=one["open"])

    # -- what is written ---------------------------------------------------------------------------------------------

    def row(
        self, table: str, begin: Event, end: Event, *, to_begin: str = "began", to_end: str = "ended", **told: Any
    ) -> None:
        """A row of a table for what has ended."""
        if end is not END:
            instants = {f"{to_begin}_at_ms": begin["at_ms"], f"{to_end}_at_ms": end["at_ms"]}
            self.rows[table].append({"seq": end["log_seq"]} | instants | told)

    def add(self, table: str, at_ms: int, *key: Any, **counts: int) -> None:
        """Add to sums of an instant's quarter."""
        for column, count in counts.items():
            if count:
                self.sums[table][(floor(at_ms), *key)][column] += count

    def length(self, measure: str, end: Event, work: Work, ms: int) -> None:
        """A length of time that ended with an event."""
        for table, width, asked in (("durations", QUARTER, work), ("duration_blocks", BLOCK, work[:2])):
            sums = self.sums[table][(measure, floor(end["at_ms"], width), *asked, bucket_of(max(ms, 0)))]
            sums["count"] += 1
            sums["total_ms"] += max(ms, 0)

    # -- what is looked up -------------------------------------------------------------------------------------------

    def team(self, agent: str, event: Event) -> str:
        """An agent's team just before an event."""
        told = self.teams.get(agent, [])
        place = bisect_left(told, event["log_seq"], key=lambda e: e["log_seq"])
        return str(told[place - 1].get("team", "")) if place else ""

    def offline_ms(self, agent: str, from_ms: int, until_ms: int) -> int:
        """For how long of this time an agent was offline."""
        return overlap(self.offline[agent], from_ms, until_ms)

    def open_ms(self, queue: str, from_ms: int, until_ms: int) -> int:
        """For how long of this time a queue was open."""
        gates = pairwise([*self.gates.get(queue, ()), END])
        return until_ms - from_ms - overlap([(e, end) for e, end in gates if not e["open"]], from_ms, until_ms)

    # -- visits ------------------------------------------------------------------------------------------------------

    def visit(self, visit: list[Event]) -> None:
        """One visit of a case, whatever has become of it by now."""
        begins = [group[0] for _, group, _ in runs(visit, line_of)]
        seqs = [begin["log_seq"] for begin in begins]

        def asked(event: Event) -> Work:
            """What the case asked when the last stay before an event began."""
            return work_of(begins[max(bisect_left(seqs, event["log_seq"]) - 1, 0)])

        first, last = visit[0], visit[-1]
        owned = next((event for event in visit if event["state"] == "active"), None)
        named = {"case_id": first["case"], "visit": first["log_seq"]}
        for _, group, end in runs(visit, line_of):
            is_first = owned is None or owned["log_seq"] > group[0]["log_seq"]
            self.stay(named, group[0], end, is_first=is_first, is_again=group[0] is not first)
        answers = [self.offer(named, asked(end), group, end) for _, group, end in runs(visit, offered_to)]
        answers += [
            self.transfer(named, asked(end), group, end) for _, group, end in runs(visit, lambda e: e.get("target"))
        ]
        spans = [self.stint(named, asked(end), visit, group, end) for _, group, end in runs(visit, owner_of)]
        for (stage, agent), group, end in runs(visit, stage_of):
            following = end.get("stage", "")
            reason = end.get("reason", "") if following == "cannot_complete" else ""
            queue, channel, *_ = asked(end)
            told = {"queue": queue, "channel": channel, "agent": agent, "stage": stage, "next_stage": following}
            self.row("stages", group[0], end, **named, **told, reason=reason)
        moves = [self.move(visit, before, event, asked(event)) for before, event in pairwise(visit)]
        counts = {what: answers.count(what) for what in ("declined", "missed", "revoked")}
        counts |= {what: moves.count(what) for what in ("returned", "transferred")} | {"stays": len(begins)}
        counts["offers"] = sum(answer is not None for answer in answers)
        counts |= {name: sum(span[name] for span in spans) for name in (*MEASURES, "away_ms")}
        wait_ms = self.become(visit, owned, last if last["state"] in ENDED else None)
        if last["state"] in ENDED:
            self.end(named, visit, asked(last), owned, counts | {"open_wait_ms": wait_ms})

    def become(self, visit: list[Event], owned: Event | None, end: Event | None) -> int:
        """What has become of an arrival; returns the open time it waited for that."""
        first, settled = visit[0], owned or end
        at_ms, work, is_reopened = first["at_ms"], work_of(first), first["type"] == "case_reopened"
        self.add("queue_quarters", at_ms, *work, arrived=1, reopened=int(is_reopened))
        if "overflow_from" in first:
            self.add("queue_quarters", at_ms, first["overflow_from"], *work[1:], overflowed=1)
        if settled is None:
            return 0
        wait_ms = self.open_ms(first["queue"], at_ms, settled["at_ms"])
        if owned is not None:
            how, target_ms = how_owned(owned), self.levels[first["config"]].service_level_ms[first["queue"]]
            self.add("queue_quarters", at_ms, *work, owned=1, in_time=int(wait_ms <= target_ms))
            self.add("queue_quarters", owned["at_ms"], *work, **{how: 1})
            self.length(f"speed_{how}", owned, work, owned["at_ms"] - at_ms)
            for measure, asked in (("first_owner", "requested_at_ms"), ("first_owner_created", "created_at_ms")):
                self.length(measure, owned, work, owned["at_ms"] - (at_ms if is_reopened else first[asked]))
            return wait_ms
        what = settled["state"]
        if what == "abandoned":
            self.length("patience", settled, work, settled["at_ms"] - at_ms)
            is_short = wait_ms < self.levels[settled["config"]].short_abandon_ms
            what = "short_abandoned" if is_short else what
        self.add("queue_quarters", at_ms, *work, **{what: 1})
        return wait_ms

    def end(self, named: Event, visit: list[Event], work: Work, owned: Event | None, counts: Event) -> None:
        """A visit is over."""
        first, before, last = visit[0], visit[-2], visit[-1]
        asked_at_ms = first["at_ms"] if first["type"] == "case_reopened" else first["requested_at_ms"]
        self.length("age", last, work, last["at_ms"] - asked_at_ms)
        if last["state"] == "closed":
            self.length("handle", last, work, counts["active_ms"] + counts["wrap_up_ms"] - counts["away_ms"])
        if owned is not None and line_of(before):
            self.add("queue_quarters", last["at_ms"], *work, ended_again=1)
        card = [event["card"] for event in visit if "card" in event][-1]
        window = [event for event in visit if "channel" in event][-1].get("window", {})
        queue, channel, priority, skills = work_of(first)
        self.rows["visits"].append(
            named | counts | {name: card.get(name, "") for name in ("customer", "subject", "url")} | {
                "customer_key": customer_key(card.get("customer", "")),
                "began_how": first["type"].removeprefix("case_"), "arrived_at_ms": first["at_ms"],
                "queue": queue, "channel": channel, "priority": priority, "skills": skills,
                "created_at_ms": first["created_at_ms"], "requested_at_ms": first["requested_at_ms"],
                "target_ms": self.levels[first["config"]].service_level_ms[first["queue"]],
                "owned_at_ms": owned and owned["at_ms"], "owned_by": owned["agent"] if owned else "",
                "owned_how": how_owned(owned) if owned else "", "ended_at_ms": last["at_ms"],
                "ended_how": last["state"], "disposition": last.get("disposition", ""), "agent": owner_of(before) or "",
                "window_from_ms": window.get("from_ms"), "window_until_ms": window.get("until_ms"),
            }
        )  # fmt: skip

    def stay(self, named: Event, begin: Event, end: Event, *, is_first: bool, is_again: bool) -> None:
        """A stay in a line."""
        work, began, ended = work_of(begin), begin["at_ms"], end["at_ms"]
        self.add("queue_quarters", began, *work, stays_begun=1, stays_again=int(is_again))
        if end is END:
            return
        came = "overflowed" if is_overflow(begin) or "overflow_from" in begin else begin["type"].removeprefix("case_")
        went = ("overflowed" if is_overflow(end) else "transferred") if line_of(end) else end["state"]
        owner = owner_of(end)
        told = {**_asking(work), "began_how": came, "ended_how": "owned" if owner else went, "agent": owner or ""}
        told |= {"is_first": is_first, "dwell_ms": ended - began, "waited": end["waited"]}
        self.row("stays", begin, end, **named, **told)
        self.length("dwell" if is_first else "dwell_again", end, work, ended - began)
        for quarter in range(floor(began), ended, QUARTER):
            ms = min(ended, quarter + QUARTER) - max(began, quarter)
            self.add("queue_quarters", quarter, *work, waiting_ms=ms)
        for cause, ms in end["waited"].items():
            self.add("waits", ended, *work, cause, total_ms=ms, stays=1)

    # -- offers and ownerships ---------------------------------------------------------------------------------------

    def offer(self, named: Event, work: Work, group: list[Event], end: Event) -> str | None:
        """An offer out of the line; returns what its answer is called where it is counted."""
        begin = group[0]
        self.add("queue_quarters", begin["at_ms"], *work, offered=1)
        if end is END:
            return None
        answer = ANSWERS.get(end["type"], "revoked")
        reason = end["reason"] if end["type"] in ("case_declined", "offer_revoked") else ""
        if answer == "revoked" and not reason:
            reason = end["type"].removeprefix("case_")
        what = self.answer(named, work, begin, end, begin["agent"], answer, reason, is_transfer=False)
        self.add("queue_quarters", end["at_ms"], *work, **{what: 1})
        if answer != "revoked":
            self.length(f"response_{what}", end, work, end["at_ms"] - begin["at_ms"])
        return what

    def transfer(self, named: Event, work: Work, group: list[Event], end: Event) -> str | None:
        """The same of a case that a colleague hands over."""
        if end is END:
            return None
        if end["type"] == "case_transferred":
            answer, reason = "accepted", ""
        elif end["reason"] == "declined":
            answer, reason = "declined", end["decline_reason"]
        else:
            is_miss = end["reason"] == "expired"
            answer, reason = ("expired", "") if is_miss else ("revoked", end["reason"])
        return self.answer(named, work, group[0], end, group[0]["target"], answer, reason, is_transfer=True)

    def answer(
        self, named: Event, work: Work, begin: Event, end: Event, agent: str, answer: str, reason: str,
        *, is_transfer: bool,
    ) -> str:  # fmt: skip
        """What both have in common."""
        what, ms, team = {"expired": "missed"}.get(answer, answer), end["at_ms"] - begin["at_ms"], self.team(agent, end)
        told = {"agent": agent, "team": team, "is_transfer": is_transfer, "answer": answer, "reason": reason}
        self.row(
            "offers",
            begin,
            end,
            to_begin="offered",
            to_end="answered",
            **named,
            **_asking(work),
            **told,
            response_ms=ms,
        )
        counts = {what: 1, "response_ms": 0 if answer == "revoked" else ms}
        self.add("agent_quarters", end["at_ms"], agent, team, *work[:2], **counts)
        if answer != "accepted":
            self.add("reasons", end["at_ms"], *work[:2], agent, team, what, reason, count=1)
        return what

    def stint(self, named: Event, work: Work, visit: list[Event], group: list[Event], end: Event) -> Event:
        """An ownership; returns its lengths."""
        begin, agent = group[0], group[0]["agent"]
        came = begin["type"].removeprefix("case_")
        if came == "assigned" and begin["actor"] == "engine:match":
            came = "auto_accepted"
        if came in ("taken", "assigned"):
            self.add("agent_quarters", begin["at_ms"], agent, self.team(agent, begin), *work[:2], **{came: 1})
        if end is END:
            return dict.fromkeys((*MEASURES, "away_ms"), 0)
        steps = list(pairwise([*group, end]))
        lengths = {
            name: sum(b["at_ms"] - a["at_ms"] for a, b in steps if a["state"] == state)
            for name, state in MEASURES.items()
        }
        lengths["away_ms"] = sum(
            self.offline_ms(agent, a["at_ms"], b["at_ms"]) for a, b in steps if a["state"] in ("active", "wrapping")
        )
        is_shared = any((begin["case"], g[0]["log_seq"]) in self.shared for _, g, _ in runs(group, worked_on))
        team, went = self.team(agent, end), end["type"].removeprefix("case_")
        told = {"agent": agent, "team": team, "began_how": came, "ended_how": went, "reason": why(visit, end)}
        self.row("ownerships", begin, end, **named, **_asking(work), **told, **lengths, is_shared=is_shared)
        how = "handled" if went in ("closed", "cancelled") else "handed_on"
        self.add("agent_quarters", end["at_ms"], agent, team, *work[:2], **{how: 1}, shared=int(is_shared), **lengths)
        self.length("stint", end, work, lengths["active_ms"] + lengths["wrap_up_ms"] - lengths["away_ms"])
        for measure, name in (("wrap_up", "wrap_up_ms"), ("parked", "parked_ms")):
            if lengths[name]:
                self.length(measure, end, work, lengths[name])
        return lengths

    def move(self, visit: list[Event], before: Event, event: Event, work: Work) -> str | None:
        """The case leaves its place for good; returns what that is called."""
        moves = {"case_returned": "returned", "case_transferred": "transferred", "case_closed": "closed"}
        what = "overflowed" if is_overflow(event) else moves.get(event["type"])
        if what is not None:
            self.add("queue_quarters", event["at_ms"], *work, **{what: 1})
        owner = owner_of(before) or ""
        place = (event["at_ms"], *work[:2], owner, self.team(owner, event) if owner else "")
        if event["state"] == "cancelled" or what not in (None, "overflowed"):
            self.add("reasons", *place, what or "cancelled", why(visit, event), count=1)
        if event.get("stage") == "cannot_complete":
            self.add("reasons", *place, "cannot_complete", event["reason"], count=1)
        return what

    # -- agents ------------------------------------------------------------------------------------------------------

    def agent(self, agent: str, own: list[Event]) -> None:
        """An agent's statuses, and its time up to the running quarter."""
        told = [event for event in own if event["type"] != "agent_presence_changed"]
        for (label, status), group, end in runs(told, lambda e: "label" in e and (e["label"], e["status"])):
            team = self.team(agent, end)
            self.row("statuses", group[0], end, agent=agent, team=team, label=label, status=status)
        held = [event for event in self.events if any(load["agent"] == agent for load in event.get("held", ()))]
        known: Event = {}
        for event, end in pairwise([*sorted(own + held, key=lambda e: e["log_seq"]), END]):
            if event["type"] == "agent_removed":
                known = {}
                continue
            known = known or {"primary": 0, "interruptible": 0, "offers": 0, "found": False}
            known |= {name: event[name] for name in KNOWN if name in event}
            is_found = event["actor"] == "engine:match" and event["agent"] == agent
            known |= next((load for load in event.get("held", ()) if load["agent"] == agent), {})
            is_away = (known["presence"], known["status"] == "offline") == ("gone", False)
            known["found"] = is_away and (known["found"] or is_found)
            end_ms = min(end["at_ms"], self.until_ms)
            for quarter in range(floor(event["at_ms"]), end_ms, QUARTER):
                ms = min(end_ms, quarter + QUARTER) - max(event["at_ms"], quarter)
                if is_there(known):
                    self.time(quarter, agent, known, ms)

    def time(self, quarter: int, agent: str, known: Event, ms: int) -> None:
        """So many milliseconds of an agent, as it is."""
        primary, interruptible, capacity = known["primary"], known["interruptible"], known["capacity"]
        room = known["interruptible_capacity"]
        is_idle = known["status"] == "online" and not (primary or interruptible or known["offers"])
        has_room = interruptible < room and primary + interruptible < capacity
        self.add(
            "agent_time", quarter, agent, known["team"], known["label"], known["status"],
            total_ms=ms, gone_ms=ms * (known["presence"] != "connected"),
            full_ms=ms * (capacity > 0 and primary >= capacity),
            full_interruptible_ms=ms * (room > 0 and not has_room), idle_ms=ms * is_idle,
            held_primary_ms=primary * ms, held_interruptible_ms=interruptible * ms,
            capacity_ms=capacity * ms, interruptible_capacity_ms=room * ms,
        )  # fmt: skip


def is_there(known: Event) -> bool:
    """Is an agent where work can reach it?"""
    holds = known["primary"] or known["interruptible"] or known["offers"]
    return known["presence"] != "gone" or (known["status"] != "offline" and bool(holds or known["found"]))


def why(visit: list[Event], event: Event) -> str:
    """What was given as the reason for a move."""
    before = [each for each in visit if each["log_seq"] < event["log_seq"]]
    if event["type"] == "case_closed":
        return str(event.get("disposition", ""))
    if event["type"] == "case_cancelled" and before[-1]["state"] == "wrapping":
        event = [each for each in before if each["type"] == "case_wrapping"][-1]
    if event["type"] == "case_transferred" and event["state"] == "active":
        event = [each for each in before if each["type"] == "transfer_offered"][-1]
    return str(event.get("reason", ""))


def _asking(work: Work) -> Event:
    return dict(zip(("queue", "channel", "priority", "skills"), work, strict=True))
