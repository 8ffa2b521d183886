import json
from typing import Any

from casebaton.replay import owners
from casebaton.replay.owners import FollowedCase
from casebaton.replay.paths import Explained, LoggedPaths, Unexplained, compare
from tests.replay.traces import row, trace


def body(owner: str, *, kind: str = "case_taken", agent: str = "ana", load: int = 1, **fields: Any) -> bytes:
    held = [{"agent": agent, "primary": 0, "interruptible": load, "offers": 0}]
    event = {"type": kind, "case": "a", "state": "active", "owner": owner, "agent": agent, "held": held} | fields
    return json.dumps(event).encode()


def logged(*bodies: bytes) -> LoggedPaths:
    paths = LoggedPaths(3)
    for each in bodies:
        paths.saw(each)
    return paths


def cases(*rows: str) -> tuple[FollowedCase, ...]:
    return owners.read(trace(rows)).cases


def test_an_owner_who_stays_is_named_once() -> None:
    paths = logged(body("queue:group-1"), body("agent:ana"), body("agent:ana"), body("queue:group-1"))
    assert paths.owners("a") == ("queue:group-1", "agent:ana", "queue:group-1")


def test_what_moves_no_case_does_not_count() -> None:
    paths = logged(b'{"type":"agent_updated","agent":"ana"}', b'{"type":"automation_triggered","case":"a","owner":"x"}')
    assert paths.owners("a") == ()


def test_more_than_an_agent_may_hold_is_an_override_when_the_log_says_so() -> None:
    paths = logged(body("agent:ana", kind="case_assigned", load=4, over_capacity=True))
    assert (paths.recorded_overrides, paths.over_capacity) == (1, 0)


def test_more_than_an_agent_may_hold_without_a_word_is_over_capacity() -> None:
    paths = logged(body("agent:ana", load=3), body("agent:ana", load=4), body("none", kind="case_closed", load=4))
    assert (paths.recorded_overrides, paths.over_capacity) == (0, 1)


def test_the_load_of_who_lost_the_case_does_not_count() -> None:
    held = [{"agent": "bo", "interruptible": 4}, {"agent": "ana", "interruptible": 3}]
    assert logged(body("agent:ana", kind="case_assigned", held=held)).over_capacity == 0


def test_equal_paths_are_counted() -> None:
    followed = cases(row("A", "Active", 0, "08:00", "Group 1", "Ana"))
    found = compare(followed, logged(body("queue:group-1"), body("agent:ana")), {})
    assert (found.paths_equal, found.paths_different) == (1, 0)


def test_another_owner_is_a_difference_that_nothing_explains() -> None:
    followed = cases(row("A", "Active", 0, "08:00", "Group 1", "Ana"))
    found = compare(followed, logged(body("queue:group-1"), body("agent:bo")), {"a": "own: TAKEN"})
    assert (found.paths_equal, found.paths_different, found.explained) == (0, 1, [])
    assert found.unexplained == [
        Unexplained("a", ("queue:group-1", "agent:ana"), ("queue:group-1", "agent:bo"), "own: TAKEN")
    ]


def test_a_case_that_the_log_never_saw_is_not_explained() -> None:
    rows = row("A", "Closed", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 1", "Ana")
    assert compare(cases(*rows), logged(), {}).unexplained[0].log == ()


def test_a_path_that_ends_where_it_must_is_explained() -> None:
    rows = row("A", "Closed", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 1", "Ana")
    found = compare(cases(*rows), logged(body("queue:group-1"), body("none")), {})
    assert (found.paths_different, found.explained) == (1, [Explained("a", "reopened_unowned")])
