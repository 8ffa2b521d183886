from pathlib import Path

import pytest

from casebaton.errors import Invalid
from casebaton.replay import trace
from casebaton.replay.trace import Step
from tests.replay.traces import HEADER, SAMPLE, row
from tests.replay.traces import trace as lines

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "incident_event_log.csv"


def steps_of(*rows: str) -> list[tuple[str, float]]:
    (case,) = trace.read(lines(rows)).cases
    return [(step.kind, step.after_s) for step in case.steps]


def test_rows_become_a_transfer_one_return_and_a_completion() -> None:
    first, second = trace.read(SAMPLE).cases
    assert first.steps == (
        Step("transfer", 600, queue="group-2"),
        Step("return", 1200, reason="awaiting-user-info"),
        Step("complete", 1800),
    )
    assert (first.case, first.queue, first.priority, first.customer) == ("inc1", "group-1", 3, "Caller 1")
    assert first.subject == "Category 5, Subcategory 7"
    assert second.steps == (Step("complete", 0),)


def test_arrivals_begin_at_zero_and_keep_their_order() -> None:
    assert [case.at_s for case in trace.read(SAMPLE).cases] == [0, 7200]


def test_rows_after_the_end_are_ignored_and_counted() -> None:
    plan = trace.read(SAMPLE)
    assert (plan.rows, plan.rows_ignored) == (8, 2)


def test_a_groups_agents_are_all_its_assignees_and_a_missing_group_is_one_more_queue_with_a_stand_in() -> None:
    assert trace.read(SAMPLE).queues == {
        "group-1": ("resolver-1",),
        "group-2": ("resolver-2", "resolver-3"),
        "no-group": ("stand-in-no-group",),
    }


def test_a_change_of_group_in_the_last_row_is_a_transfer_before_the_end() -> None:
    rows = (row("A", "New", 0, "08:00", "Group 1"), row("A", "Closed", 1, "08:05", "Group 2"))
    assert steps_of(*rows) == [("transfer", 300), ("complete", 0)]


def test_rows_count_by_their_number_not_by_their_place() -> None:
    rows = (row("A", "Closed", 2, "08:20", "Group 1"), row("A", "New", 0, "08:00", "Group 1"))
    assert steps_of(*rows) == [("complete", 1200)]


def test_time_that_runs_backwards_counts_as_none() -> None:
    rows = (row("A", "New", 0, "08:30", "Group 1"), row("A", "Closed", 1, "08:10", "Group 1"))
    assert steps_of(*rows) == [("complete", 0)]


def test_a_case_that_the_excerpt_does_not_end_is_completed_where_it_stands() -> None:
    rows = (row("A", "New", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 1"))
    assert steps_of(*rows) == [("complete", 600)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ([HEADER], "no rows"),
        (["number,incident_state", "A,New"], "lacks the columns sys_mod_count"),
        ([HEADER, "A,New"], "line 2: fewer fields"),
        ([HEADER, row("A", "New", 0, "8 o'clock", "Group 1")], "line 2: sys_updated_at is not a time"),
        ([HEADER, row("A", "New", 0, "08:00", "G").replace("New,0", "New,x")], "line 2: sys_mod_count is not a number"),
    ],
)
def test_a_faulty_trace_is_refused_with_its_line(text: list[str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        trace.read(text)


def test_fitting_keeps_the_rhythm_and_the_proportions() -> None:
    plan = trace.fit(trace.read(SAMPLE), 60, at_once=3)
    assert [case.at_s for case in plan.cases] == [0, 60]
    transfer, back, end = plan.cases[0].steps
    assert back.after_s == pytest.approx(2 * transfer.after_s)
    assert end.after_s == pytest.approx(3 * transfer.after_s)
    assert plan.time_scale == pytest.approx(60 / 7200)


def test_fitting_lets_the_busiest_agent_work_as_long_as_it_can_bear() -> None:
    load = trace.load(trace.fit(trace.read(SAMPLE), 60, at_once=3))
    assert max(load.values()) == pytest.approx(trace.BEARABLE * 60 * 3)


def test_fitting_clips_the_longest_handling_times() -> None:
    ends = ["08:01"] * 19 + ["20:00"]
    lives = [
        each
        for number, end in enumerate(ends)
        for each in (
            row(f"C{number}", "New", 0, "08:00", "Group 1"),
            row(f"C{number}", "Closed", 1, end, "Group 1"),
        )
    ]
    fitted = trace.fit(trace.read(lines(lives)), 60, at_once=1)
    times = {step.after_s for case in fitted.cases for step in case.steps}
    assert len(times) == 1


def test_a_trace_of_one_instant_can_be_fitted() -> None:
    plan = trace.fit(trace.read(lines([row("A", "Closed", 0, "08:00", "Group 1")])), 10, at_once=1)
    assert (plan.cases[0].at_s, plan.cases[0].steps) == (0, (Step("complete", 0),))


@pytest.mark.skipif(not REAL.exists(), reason="the real trace is not beside this checkout")
def test_the_real_trace() -> None:
    with REAL.open(newline="") as file:
        plan = trace.read(file)
    assert (plan.rows, len(plan.cases), len(plan.queues)) == (5998, 890, 62)
    assert (plan.count("complete"), plan.count("transfer"), plan.count("return")) == (890, 871, 311)
    assert plan.rows_ignored == 985
    agents = {name for names in plan.queues.values() for name in names}
    assert len({name for name in agents if not name.startswith("stand-in")}) == 122
    assert all(case.steps[-1].kind == "complete" for case in plan.cases)
