"""Figures by the minute, counted anew from the whole log by other means: each case by itself, from its events alone."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from casebaton.store.figures import Levels, Minute
from casebaton.store.log import Entry

MINUTE_MS = 60_000
Rows = dict[tuple[str, int], dict[str, int]]


def counts(row: Minute) -> dict[str, int]:
    """What of a minute is not zero, but for instants."""
    fields = [field for field in row.__struct_fields__ if not field.endswith("_ms") and field != "queue"]
    return {field: getattr(row, field) for field in fields if getattr(row, field)}


def recount(entries: Iterable[Entry], now_ms: int, levels: Levels) -> Rows:
    """What is not zero of each queue's minutes, by their beginnings."""
    events = [json.loads(entry.body) for entry in entries]
    rows: defaultdict[tuple[str, int], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for i, event in enumerate(events):
        row = rows[event.get("queue", ""), _minute(event["at_ms"])]
        match event["type"]:
            case "case_closed":
                row["closed"] += 1
            case "offer_expired":
                row["missed"] += 1
            case "case_declined":
                row["declined"] += 1
            case "case_queued" | "case_reopened":
                row["arrived"] += 1
                for field in _became(event, events[i + 1 :], events, now_ms, levels):
                    row[field] += 1
    for minute in range(_minute(events[0]["at_ms"]), _minute(now_ms), MINUTE_MS):
        for queue, waiting in _waiting(events, minute + MINUTE_MS).items():
            rows[queue, minute]["waiting"] = waiting
    return {key: dict(row) for key, row in rows.items() if row}


def _minute(at_ms: int) -> int:
    return at_ms - at_ms % MINUTE_MS


def _became(arrival: dict[str, Any], after: list[Any], events: list[Any], now_ms: int, levels: Levels) -> list[str]:
    """What became of a case that arrived."""
    own = (event for event in after if event.get("case") == arrival["case"] and "state" in event)
    end = next((event for event in own if event["state"] not in ("waiting", "offered")), None)
    level_ms, short_ms = levels.service_level_ms[arrival["queue"]], levels.short_abandon_ms
    wait_ms = _open_ms(events, arrival["queue"], arrival["at_ms"], end["at_ms"] if end else now_ms)
    if end is None:
        return ["overdue"] if wait_ms > level_ms else []
    if end["state"] == "active":
        return ["owned", "in_time"] if wait_ms <= level_ms else ["owned"]
    if end["state"] == "abandoned":
        return ["short_abandoned"] if wait_ms < short_ms else ["abandoned"]
    return []


def _open_ms(events: list[Any], queue: str, from_ms: int, until_ms: int) -> int:
    """For how long of this time the queue was open."""
    found, since_ms = 0, 0
    is_open = True
    gates = [e for e in events if e["type"] in ("queue_opened", "queue_closed") and e["queue"] == queue]
    for gate in [*gates, {"type": "", "at_ms": until_ms}]:
        at_ms = min(gate["at_ms"], until_ms)
        found += max(0, at_ms - max(since_ms, from_ms)) if is_open else 0
        since_ms, is_open = at_ms, gate["type"] == "queue_opened"
    return found


def _waiting(events: list[Any], before_ms: int) -> dict[str, int]:
    """How many cases waited in each queue just before an instant."""
    where = {e["case"]: (e["queue"], e["state"]) for e in events if "state" in e and e["at_ms"] < before_ms}
    queues = [queue for queue, state in where.values() if state == "waiting"]
    return {queue: queues.count(queue) for queue in sorted(set(queues))}
