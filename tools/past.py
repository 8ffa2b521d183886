"""Some days of a service desk's past as the history has them, for pictures and checks of reports: always the same."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp, pi, sin
from typing import Any

from sqlalchemy import Engine, Table, insert

from casebaton.history import schema
from casebaton.history.buckets import bucket_of
from casebaton.history.words import customer_key

OPENS, CLOSES = 8, 18  # o'clock, UTC
QUARTER_MS = schema.QUARTER_MS
LEVEL_MS = 20_000
# By queue: cases an hour at the busiest time, mean time at work and in the line (s), and who serves it.
QUEUES: dict[str, tuple[float, int, float, tuple[str, ...]]] = {
    "support": (24, 420, 14, ("ana", "bo")),
    "billing": (14, 300, 9, ("cy", "dan")),
    "returns": (8, 600, 90, ("eve", "ana")),
    "live-chat": (18, 240, 6, ("ana", "bo")),
}
TEAMS = {"ana": "front", "bo": "front", "cy": "back", "dan": "back", "eve": "back"}
CAUSES = (("busy", 0.62), ("offered", 0.21), ("no_agent", 0.11), ("cooling", 0.06))
REASONS = {
    "declined": ("busy", "busy", "not_my_field"),
    "returned": ("not_my_field", "needs_parts", "end_of_shift"),
    "closed": ("solved", "solved", "solved", "advised", "refunded", ""),
}
STAGES = (("scheduled", 7200), ("dispatched", 1500), ("travelling", 1900), ("in_progress", 3300))
SUBJECTS = ("The lamp does not turn on", "Wrong colour sent", "Where is my parcel?", "An invoice twice", "A spare part")

Key = tuple[tuple[str, Any], ...]


class Past:
    """Rows of one workspace, added up in memory until they are written. Days end with yesterday."""

    def __init__(self, workspace: str, now: datetime, days: int) -> None:
        self._days = days
        self._workspace = workspace
        self._random = random.Random(7)  # noqa: S311 (the same days each time)
        self._first = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=days)
        self._sums: defaultdict[tuple[str, Key], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._rows: list[tuple[Table, dict[str, Any]]] = []
        self._cases = 0

    def write(self, engine: Engine) -> None:
        """Make it up and put it into a history whose tables are there."""
        for at_ms, hour in self._quarters():
            for queue in QUEUES:
                self._serve(queue, at_ms, hour)
            for agent in TEAMS:
                self._spend_time(agent, at_ms, hour)
        for day in range(self._days):
            for number in range(6):
                self._visit(round((self._first + timedelta(days=day, hours=9 + number)).timestamp() * 1000))
        summed = ((schema.metadata.tables[name], dict(key) | counts) for (name, key), counts in self._sums.items())
        found: defaultdict[tuple[str, frozenset[str]], list[dict[str, Any]]] = defaultdict(list)
        for table, row in (*self._rows, *summed):  # rows of the same columns go together
            found[table.name, frozenset(row)].append({"workspace": self._workspace, **row})
        with engine.begin() as connection:
            for (name, _), rows in found.items():
                connection.execute(insert(schema.metadata.tables[name]), rows)

    def _quarters(self) -> Iterator[tuple[int, float]]:
        for day in range(self._days):
            for quarter in range(OPENS * 4, CLOSES * 4):
                at = self._first + timedelta(days=day, minutes=15 * quarter)
                yield round(at.timestamp() * 1000), quarter / 4

    def _add(self, table: Table, counts: dict[str, int], **key: Any) -> None:
        of = self._sums[table.name, tuple(sorted(key.items()))]
        for name, count in counts.items():
            of[name] += count

    def _measure(self, measure: str, at_ms: int, length_ms: int, work: dict[str, Any]) -> None:
        for table, width_ms in ((schema.durations, QUARTER_MS), (schema.duration_blocks, schema.BLOCK_MS)):
            start_ms = at_ms // width_ms * width_ms
            of = {name: value for name, value in work.items() if name in table.c}
            key = {"measure": measure, "at_ms": start_ms, "bucket": bucket_of(length_ms), **of}
            self._add(table, {"count": 1, "total_ms": length_ms}, **key)

    def _serve(self, queue: str, at_ms: int, hour: float) -> None:
        """What came into a queue in a quarter of an hour, and what became of it."""
        peak, handle_s, dwell_s, agents = QUEUES[queue]
        rush = 0.35 + 0.65 * max(sin((hour - OPENS) / (CLOSES - OPENS) * pi), exp(-((hour - 11) ** 2)))
        for _ in range(self._random.choices((0, 1, 2), (0.25, 0.5, 0.25))[0] + int(peak * rush / 4)):
            channel, priority = "chat" if queue == "live-chat" else "case", self._random.choice((1, 5, 5, 5))
            work = {"queue": queue, "channel": channel, "skills": "", "priority": priority}
            agent = self._random.choice(agents)
            slow = 4 if 11 <= hour < 13 and queue == "support" else 1
            dwell_ms = round(self._random.expovariate(1 / (dwell_s * slow * rush)) * 1000) + 900
            if dwell_ms > 60_000 and self._random.random() < 0.35:
                self._leave(at_ms, dwell_ms, work)
            else:
                self._own(at_ms, dwell_ms, work, agent, handle_s)

    def _leave(self, at_ms: int, dwell_ms: int, work: dict[str, Any]) -> None:
        counts = {"arrived": 1, "abandoned": 1, "stays_begun": 1, "waiting_ms": dwell_ms}
        self._add(schema.queue_quarters, counts, at_ms=at_ms, **work)
        self._measure("patience", at_ms, dwell_ms, work)
        self._wait(at_ms, dwell_ms, work)

    def _own(self, at_ms: int, dwell_ms: int, work: dict[str, Any], agent: str, handle_s: int) -> None:
        is_missed, is_returned = self._random.random() < 0.06, self._random.random() < 0.05
        counts = {
            **dict.fromkeys(("arrived", "owned", "stays_begun", "pushed", "accepted", "closed"), 1),
            "in_time": int(dwell_ms <= LEVEL_MS), "offered": 1 + is_missed, "missed": int(is_missed),
            "returned": int(is_returned), "waiting_ms": dwell_ms,
        }  # fmt: skip
        self._add(schema.queue_quarters, counts, at_ms=at_ms, **work)
        worked_ms = round(self._random.gammavariate(3, handle_s / 3) * 1000)
        for measure in ("first_owner", "speed_pushed", "dwell"):
            self._measure(measure, at_ms, dwell_ms, work)
        self._measure("handle", at_ms, worked_ms, work)
        self._wait(at_ms, dwell_ms, work)
        shape = {"at_ms": at_ms, "queue": work["queue"], "channel": work["channel"]}
        whose = {"agent": agent, "team": TEAMS[agent]}
        done = {"accepted": 1, "missed": int(is_missed), "response_ms": 4_000, "handled": 1, "active_ms": worked_ms}
        self._add(schema.agent_quarters, done | {"wrap_up_ms": 20_000}, **shape, **whose)
        self._close(at_ms, dwell_ms, worked_ms, work, agent)
        given = {"closed": True, "returned": is_returned, "declined": self._random.random() < 0.04}
        for what in (what for what, is_so in given.items() if is_so):
            reason = self._random.choice(REASONS[what])
            self._add(schema.reasons, {"count": 1}, **shape, **whose, what=what, reason=reason)

    def _wait(self, at_ms: int, dwell_ms: int, work: dict[str, Any]) -> None:
        for cause, share in CAUSES:
            self._add(schema.waits, {"total_ms": round(dwell_ms * share), "stays": 1}, at_ms=at_ms, cause=cause, **work)

    def _close(self, at_ms: int, dwell_ms: int, worked_ms: int, work: dict[str, Any], agent: str) -> None:
        """One in ten has a visit and a life to be read."""
        self._cases += 1
        if self._cases % 10:
            return
        case, subject = f"past-{self._cases}", SUBJECTS[self._cases // 10 % len(SUBJECTS)]
        ended_ms = at_ms + dwell_ms + worked_ms
        customer = f"Customer {self._cases % 97}"
        whose = {"customer": customer, "customer_key": customer_key(customer), "url": ""}
        ended = {"ended_at_ms": ended_ms, "ended_how": "closed", "disposition": "solved", "agent": agent}
        begun = dict.fromkeys(("created_at_ms", "requested_at_ms", "arrived_at_ms"), at_ms)
        times = {"target_ms": LEVEL_MS, "open_wait_ms": dwell_ms, "active_ms": worked_ms, "stays": 1}
        who = {"case_id": case, "visit": self._cases * 4, "began_how": "queued", "subject": subject}
        self._rows.append((schema.visits, who | whose | work | ended | begun | times))
        told: tuple[tuple[int, dict[str, Any]], ...] = (
            (0, {"type": "case_queued", "actor": "producer:shop", "card": {"subject": subject}}),
            (dwell_ms - 800, {"type": "case_offered", "actor": "engine", "agent": agent}),
            (dwell_ms, {"type": "case_accepted", "actor": f"agent:{agent}", "agent": agent}),
            (dwell_ms + worked_ms, {"type": "case_closed", "actor": f"agent:{agent}", "agent_before": agent}),
        )
        for number, (after_ms, event) in enumerate(told):
            body = {"at_ms": at_ms + after_ms, "queue": work["queue"], **event}
            row = {"seq": self._cases * 4 + number - 10**9, "position": "0-0", "at_ms": body["at_ms"]}
            names = {"case_id": case, "queue": work["queue"], "type": event["type"], "agent": event.get("agent", "")}
            self._rows.append((schema.events, row | names | {"body": json.dumps(body)}))

    def _spend_time(self, agent: str, at_ms: int, hour: float) -> None:
        has_break = 12 <= hour < 12.75 and agent in ("ana", "cy")
        status, label = ("busy", "break") if has_break else ("online", "online")
        idle = round(QUARTER_MS * self._random.uniform(0.05, 0.45)) if status == "online" else 0
        counts = {
            "total_ms": QUARTER_MS, "idle_ms": idle, "full_ms": (QUARTER_MS - idle) // 4,
            "capacity_ms": 10 * QUARTER_MS, "interruptible_capacity_ms": 6 * QUARTER_MS,
            "held_primary_ms": 4 * (QUARTER_MS - idle), "held_interruptible_ms": 2 * (QUARTER_MS - idle),
        }  # fmt: skip
        key = {"at_ms": at_ms, "agent": agent, "team": TEAMS[agent], "label": label, "status": status}
        self._add(schema.agent_time, counts, **key)

    def _visit(self, at_ms: int) -> None:
        """An appointment: each of its stages."""
        self._cases += 1
        case, visit = f"visit-{self._cases}", self._cases * 4
        work = {"queue": "field", "channel": "appointment", "priority": 5, "skills": ""}
        ends = ("dispatched", "travelling", "in_progress")
        is_done = self._random.random() < 0.88
        came_ms = began_ms = at_ms
        for (stage, mean_s), following in zip(
            STAGES, (*ends, "completed" if is_done else "cannot_complete"), strict=True
        ):
            ended_ms = began_ms + round(self._random.gammavariate(6, mean_s / 6) * 1000)
            row = {"seq": visit + len(self._rows) - 2 * 10**9, "case_id": case, "visit": visit, "agent": "eve"}
            row |= {"stage": stage, "next_stage": following, "began_at_ms": began_ms, "ended_at_ms": ended_ms}
            self._rows.append((schema.stages, row | {"queue": work["queue"], "channel": work["channel"]}))
            came_ms, began_ms = (ended_ms if following == "in_progress" else came_ms), ended_ms
        if not is_done:
            key = {"at_ms": began_ms // QUARTER_MS * QUARTER_MS, "queue": "field", "channel": "appointment"}
            reason = self._random.choice(("nobody_home", "nobody_home", "missing_part"))
            whose = {"agent": "eve", "team": TEAMS["eve"]}
            self._add(schema.reasons, {"count": 1}, **key, **whose, what="cannot_complete", reason=reason)
        self._measure("response_accepted", at_ms, round(self._random.expovariate(1 / 900)) * 1000, work)
        window_ms = came_ms - self._random.randint(-1_800_000, 3_600_000)
        until_ms = window_ms + 3_600_000
        row = {"case_id": case, "visit": visit, "began_how": "queued", "subject": "No warm water", "customer": ""}
        row |= {
            "ended_at_ms": began_ms,
            "ended_how": "closed",
            "window_from_ms": window_ms,
            "window_until_ms": until_ms,
        }
        begun = dict.fromkeys(("created_at_ms", "requested_at_ms", "arrived_at_ms"), at_ms)
        rest = {"target_ms": 14_400_000, "open_wait_ms": 900_000, "url": "", "agent": "eve", "disposition": ""}
        self._rows.append((schema.visits, row | work | begun | rest))


def write_past(engine: Engine, workspace: str, now: datetime, days: int) -> None:
    """So many days until yesterday, of a workspace, into a history."""
    Past(workspace, now, days).write(engine)
