"""Events of a log by what they are about, and the stretches in which those of a case agree: what things are made of
when a log is counted anew.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

Event = dict[str, Any]
Work = tuple[str, str, int, str]
QUARTER = 900_000
LINE, HAND, ENDED = {"waiting", "offered"}, {"active", "parked", "wrapping"}, {"closed", "cancelled", "abandoned"}
OPEN_STAGES = {"scheduled", "dispatched", "travelling", "in_progress"}
END: Event = {"type": "", "log_seq": 10**15, "at_ms": 10**15}  # of what goes on


def runs(events: list[Event], key: Callable[[Event], Any]) -> Iterator[tuple[Any, list[Event], Event]]:
    """Stretches in which something is the same: what, the events of it, and the one that ended it, or END."""
    groups = [(what, list(group)) for what, group in groupby(events, key)]
    ends = [group[0] for _, group in groups[1:]] + [END]
    return ((what, group, end) for (what, group), end in zip(groups, ends, strict=True) if what)


def by(events: Iterable[Event], name: Callable[[Event], str | None]) -> dict[str, list[Event]]:
    """Events by what they are about."""
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if (about := name(event)) is not None:
            found[about].append(event)
    return found


def floor(at_ms: int, width: int = QUARTER) -> int:
    """The first instant of a quarter, or of a longer time."""
    return at_ms // width * width


def overlap(spans: list[tuple[Event, Event]], from_ms: int, until_ms: int) -> int:
    """How much of some time lies in these spans, which follow each other."""
    first = bisect_left(spans, from_ms, key=lambda span: span[1]["at_ms"])
    last = bisect_left(spans, until_ms, key=lambda span: span[0]["at_ms"])
    return sum(min(until_ms, end["at_ms"]) - max(from_ms, begin["at_ms"]) for begin, end in spans[first:last])


def visits_of(life: list[Event]) -> list[list[Event]]:
    """A case's events by visit."""
    begins = [i for i, event in enumerate(life) if event["type"] in ("case_queued", "case_reopened")]
    return [life[begin:end] for begin, end in pairwise([*begins, len(life)])]


def work_of(event: Event) -> Work:
    """What a case asks, by an event that shows it whole."""
    skills = "".join(f"{name}," for name in sorted(event.get("skills", {})))
    return event["queue"], event["channel"], event["priority"], skills and f",{skills}"


def line_of(event: Event) -> str | None:
    """In whose line the case is."""
    return event["queue"] if event["state"] in LINE else None


def offered_to(event: Event) -> str | None:
    """At whom it rings out of the line."""
    return event["agent"] if event["state"] == "offered" else None


def owner_of(event: Event) -> str | None:
    """Whose it is."""
    return event["agent"] if event["state"] in HAND else None


def worked_on(event: Event) -> tuple[str, str] | None:
    """Who works on it, and how."""
    return (event["agent"], event["state"]) if event["state"] in ("active", "wrapping") else None


def stage_of(event: Event) -> tuple[str, str] | None:
    """Its stage, and whose."""
    return (event["stage"], event["agent"]) if event.get("stage") in OPEN_STAGES else None


def is_overflow(event: Event) -> bool:
    """Is it sent on because it has waited for too long?"""
    return (event["type"], event["actor"]) == ("case_transferred", "engine:plan")


def how_owned(event: Event) -> str:
    """How the first owner came to it."""
    if event["type"] == "case_assigned" and event["actor"] != "engine:match":
        return "assigned"
    return "taken" if event["type"] == "case_taken" else "pushed"


def shared_work(visits: Iterable[list[Event]]) -> set[tuple[str, int]]:
    """The stretches of work (case, first entry) beside which its agent worked on another case."""
    ends: defaultdict[str, list[tuple[int, int, tuple[str, int]]]] = defaultdict(list)
    for visit in visits:
        for (agent, _), group, end in runs(visit, worked_on):
            stretch = (visit[0]["case"], group[0]["log_seq"])
            ends[agent] += [(group[0]["log_seq"], 1, stretch), (end["log_seq"], 0, stretch)]
    shared: set[tuple[str, int]] = set()
    for instants in ends.values():
        present: set[tuple[str, int]] = set()
        for _, is_begin, stretch in sorted(instants):
            present ^= {stretch}
            shared |= present if is_begin and len(present) > 1 else set()
    return shared
