from pathlib import Path

import pytest

from casebaton.replay import owners
from casebaton.replay.owners import FollowedCase
from tests.replay.traces import row, trace

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "incident_event_log.csv"


def followed(*rows: str) -> FollowedCase:
    (case,) = owners.read(trace(rows)).cases
    return case


def moves(case: FollowedCase) -> list[str]:
    return [" ".join(filter(None, (act.kind, act.queue, act.agent))) for act in case.acts]


def test_who_appears_as_assignee_owns_the_case_and_closes_it() -> None:
    case = followed(
        row("A", "New", 0, "08:00", "Group 1"),
        row("A", "Active", 1, "08:10", "Group 1", "Ana"),
        row("A", "Closed", 2, "08:20", "Group 1", "Ana"),
    )
    assert moves(case) == ["submit group-1", "own ana", "end"]
    assert case.path == case.reachable == ("queue:group-1", "agent:ana", "none")


def test_a_change_of_group_is_a_transfer_even_when_the_assignee_stays() -> None:
    case = followed(row("A", "Active", 0, "08:00", "Group 1", "Ana"), row("A", "Active", 1, "08:10", "Group 2", "Ana"))
    assert moves(case) == ["submit group-1", "own ana", "transfer group-2", "own ana"]
    assert case.path == ("queue:group-1", "agent:ana", "queue:group-2", "agent:ana")


def test_another_assignee_of_the_same_group_takes_over_at_once() -> None:
    case = followed(row("A", "Active", 0, "08:00", "Group 1", "Ana"), row("A", "Active", 1, "08:10", "Group 1", "Bo"))
    assert moves(case)[1:] == ["own ana", "own bo"]
    assert case.path == ("queue:group-1", "agent:ana", "agent:bo")


def test_an_assignee_who_disappears_returns_the_case() -> None:
    case = followed(row("A", "Active", 0, "08:00", "Group 1", "Ana"), row("A", "New", 1, "08:10", "Group 1"))
    assert moves(case)[1:] == ["own ana", "return"]
    assert case.path == ("queue:group-1", "agent:ana", "queue:group-1")


def test_an_owner_parks_once_on_awaiting_and_resumes_on_leaving_it() -> None:
    states = ("Active", "Awaiting User Info", "Awaiting Vendor", "Active", "Awaiting Vendor", "Resolved")
    rows = [row("A", state, n, f"08:0{n}", "Group 1", "Ana") for n, state in enumerate(states)]
    assert moves(followed(*rows))[2:] == ["park", "resume", "park", "resume", "end"]


def test_what_nobody_owns_is_not_parked() -> None:
    case = followed(
        row("A", "Awaiting User Info", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 1", "Ana")
    )
    assert moves(case) == ["submit group-1", "own ana"]


def test_who_takes_over_a_waiting_case_parks_it_as_well() -> None:
    case = followed(
        row("A", "Awaiting User Info", 0, "08:00", "Group 1", "Ana"),
        row("A", "Awaiting User Info", 1, "08:10", "Group 1", "Bo"),
    )
    assert moves(case)[1:] == ["own ana", "park", "own bo", "park"]


def test_successive_ends_are_one_and_what_moves_between_them_moves_before_it() -> None:
    case = followed(
        row("A", "Resolved", 0, "08:00", "Group 1"),
        row("A", "Resolved", 1, "08:10", "Group 2", "Ana"),
        row("A", "Closed", 2, "08:20", "Group 2", "Ana"),
    )
    assert moves(case) == ["submit group-1", "transfer group-2", "own ana", "end"]
    assert case.path == ("queue:group-1", "queue:group-2", "agent:ana", "none")


def test_a_case_that_is_active_after_its_end_is_reopened_in_the_queue_that_it_had() -> None:
    case = followed(
        row("A", "Closed", 0, "08:00", "Group 1", "Ana"),
        row("A", "Active", 1, "08:10", "Group 2", "Bo"),
        row("A", "Closed", 2, "08:20", "Group 2", "Bo"),
    )
    assert moves(case) == ["submit group-1", "own ana", "end", "reopen", "transfer group-2", "own bo", "end"]
    assert case.path == (
        "queue:group-1", "agent:ana", "none", "queue:group-1", "queue:group-2", "agent:bo", "none",
    )  # fmt: skip
    assert case.reason is None


def test_an_end_that_nobody_owned_cannot_be_undone_which_is_a_reason() -> None:
    case = followed(row("A", "Closed", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 1", "Ana"))
    assert moves(case) == ["submit group-1", "end"]
    assert case.reachable == ("queue:group-1", "none")
    assert case.path == ("queue:group-1", "none", "queue:group-1", "agent:ana")
    assert case.reason == "reopened_unowned"


def test_all_acts_come_evenly_in_the_order_of_the_trace() -> None:
    rows = (
        row("A", "New", 0, "08:00", "Group 1", opened="08:00"),
        row("A", "Active", 1, "08:40", "Group 1", "Ana"),
        row("B", "Active", 0, "08:10", "Group 1", "Ana", opened="08:10"),
        row("B", "Active", 1, "08:05", "Group 1", "Bo"),
    )
    script = owners.pace(owners.read(trace(rows)), 50)
    assert [[act.at_s for act in case.acts] for case in script.cases] == [[0, 40], [10, 20, 30]]


@pytest.mark.skipif(not REAL.exists(), reason="the real trace is not beside this checkout")
def test_the_real_trace_can_be_followed_to_its_end() -> None:
    with REAL.open(newline="") as file:
        script = owners.read(file)
    assert (script.rows, len(script.cases), len(script.queues)) == (5998, 890, 62)
    assert not [case.case for case in script.cases if case.reason]
    assert all(case.path == case.reachable and case.path[-1] == "none" for case in script.cases)
    kinds = [act.kind for case in script.cases for act in case.acts]
    assert (kinds.count("transfer"), kinds.count("reopen"), kinds.count("end")) == (875, 12, 902)
