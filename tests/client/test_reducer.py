"""The reducer: a snapshot and the events after it give a later snapshot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casebaton.client.events import Event
from casebaton.client.reducer import View, apply, close_line, from_snapshot, is_after, is_thin, open_line
from casebaton.client.state import QueueSummary
from tests.client.world import World

# Every third move is a submit, so that lines grow long enough to be cut.
moves = st.integers(-10, 24).map(lambda choice: max(choice, 0))
steps = st.lists(st.tuples(moves, st.integers(0, 1000)), max_size=60)


def after(world: World, taken: list[tuple[int, int]]) -> int:
    """Let the moves happen; gives the length of the log then."""
    for choice, pick in taken:
        world.step(choice, pick)
    return len(world.log)


def fold(view: View, events: list[Event]) -> View:
    for event in events:
        view = apply(view, event)
    return view


@given(before=steps, then=steps)
def test_a_snapshot_and_its_events_give_the_later_snapshot(
    before: list[tuple[int, int]], then: list[tuple[int, int]]
) -> None:
    world = World()
    cut = after(world, before)
    view = from_snapshot(world.snapshot("ana"), world.position, {})
    after(world, then)

    view = fold(view, world.events(cut, "agent:ana"))

    later = from_snapshot(world.snapshot("ana"), view.position, {})
    assert view == later


@given(before=steps, then=steps)
def test_a_whole_line_and_its_events_give_the_later_page(
    before: list[tuple[int, int]], then: list[tuple[int, int]]
) -> None:
    world = World()
    cut = after(world, before)
    view = open_line(View(), world.page("billing", 200), 200, world.position, [])
    after(world, then)

    line = fold(view, world.events(cut, "queue:billing")).lines["billing"]

    page = world.page("billing", 200)
    assert (line.waiting, line.cases) == (page.waiting, page.cases)


@given(before=steps, then=steps, limit=st.integers(1, 6))
def test_a_first_part_of_a_line_stays_a_first_part(
    before: list[tuple[int, int]], then: list[tuple[int, int]], limit: int
) -> None:
    world = World()
    cut = after(world, before)
    view = open_line(View(), world.page("billing", limit), limit, world.position, [])
    after(world, then)

    line = fold(view, world.events(cut, "queue:billing")).lines["billing"]

    page = world.page("billing", 200)
    assert line.waiting == page.waiting
    assert line.cases == page.cases[: len(line.cases)]
    assert len(line.cases) <= limit


@given(before=steps, on_its_way=steps, answered=steps, then=steps)
def test_events_that_overtake_a_page_are_in_it_once(
    before: list[tuple[int, int]],
    on_its_way: list[tuple[int, int]],
    answered: list[tuple[int, int]],
    then: list[tuple[int, int]],
) -> None:
    world = World()
    asked = after(world, before)
    after(world, on_its_way)
    page, position = world.page("billing", 200), world.position
    replied = after(world, answered)
    early = world.events(asked, "queue:billing")
    after(world, then)

    view = open_line(View(), page, 200, position, early)
    line = fold(view, world.events(replied, "queue:billing")).lines["billing"]

    now = world.page("billing", 200)
    assert (line.waiting, line.cases) == (now.waiting, now.cases)


def test_what_an_event_does_not_touch_stays_the_same_object() -> None:
    world = World()
    for move in ((0, 0), (1, 0), (0, 0)):
        world.step(*move)
    view = from_snapshot(world.snapshot("ana"), world.position, {})
    seen = len(world.log)
    world.step(2, 0)  # ana accepts
    accepted = fold(view, world.events(seen, "agent:ana"))
    seen = len(world.log)
    world.step(10, 0)  # ana's status
    changed = fold(accepted, world.events(seen, "agent:ana"))

    assert (set(view.offers), set(view.desk)) == ({"c-1"}, set())
    assert (set(accepted.offers), set(accepted.desk)) == (set(), {"c-1"})
    assert changed.desk is accepted.desk
    assert changed.offers is accepted.offers


@pytest.mark.parametrize("choice", [10, 11, 13], ids=["status", "capacity", "presence"])
def test_an_agents_own_events_leave_it_as_a_snapshot_shows_it(choice: int) -> None:
    world = World()
    first = view = from_snapshot(world.snapshot("ana"), world.position, {})
    world.step(choice, 2)

    view = fold(view, world.events(0, "agent:ana"))

    assert view.agent == world.snapshot("ana").agent
    assert view.agent != first.agent


def test_a_later_protocols_case_event_moves_its_case() -> None:
    world = World()
    for move in ((0, 0), (1, 0), (2, 0)):
        world.step(*move)
    view = from_snapshot(world.snapshot("ana"), world.position, {})
    event = world.events(0, "agent:ana")[-1]
    event.type, event.state, event.position = "case_parked", "parked", "1-99"

    view = apply(view, event)

    assert view.desk["c-1"].state == "parked"


def test_a_line_shows_whether_its_queue_is_stopped() -> None:
    summary = QueueSummary(queue="billing", mode="both", waiting=0)
    view = open_line(View(queues=(summary,)), World().page("billing", 5), 5, "1-0", [])
    paused = Event(type="queue_paused", queue="billing", paused=True, draining=True, position="1-1")

    after = apply(apply(view, paused), Event(type="queue_paused", queue="support", paused=False, position="1-2"))

    line, listed = after.lines["billing"], after.queues[0]
    assert (line.paused, line.draining, listed.paused, listed.draining) == (True, True, True, True)
    assert after.position == "1-2"


def test_a_line_shows_when_its_queue_opens() -> None:
    view = open_line(View(), World().page("billing", 5), 5, "1-0", [])
    closed = Event(type="queue_closed", queue="billing", open=False, next_change_at_ms=9, position="1-1")

    line = apply(view, closed).lines["billing"]

    assert (line.open, line.next_change_at_ms) == (False, 9)


def test_a_page_that_knows_of_a_pause_already_is_not_changed_by_an_older_event() -> None:
    resumed = Event(type="queue_resumed", queue="billing", position="1-1")
    page = replace(World().page("billing", 5), paused=True)

    old = open_line(View(), page, 5, "1-1", [resumed]).lines["billing"]
    new = open_line(View(), page, 5, "1-0", [resumed]).lines["billing"]

    assert (old.paused, new.paused) == (True, False)


def test_a_node_that_speaks_for_itself_changes_nothing() -> None:
    view = View(position="1-7")

    assert apply(view, Event(type="draining", reconnect_after_ms=5)) is view


def test_a_thin_line_is_short_of_cases_that_wait() -> None:
    world = World()
    for _ in range(6):
        world.step(0, 0)

    def line(limit: int, shown: int) -> bool:
        view = open_line(View(), world.page("billing", shown), limit, world.position, [])
        return is_thin(view.lines["billing"])

    assert (line(4, 1), line(4, 2), line(50, 6)) == (True, False, False)


def test_a_case_that_may_stand_behind_hidden_ones_is_counted_and_not_shown() -> None:
    world = World()
    for _ in range(4):
        world.step(0, 0)
    view = open_line(View(), world.page("billing", 2), 2, world.position, [])
    seen = len(world.log)
    world.step(4, 0)  # the first is taken
    world.step(0, 0)  # a fifth comes in last

    line = fold(view, world.events(seen, "queue:billing")).lines["billing"]

    assert (line.waiting, [case.case for case in line.cases]) == (4, ["c-2"])


def test_a_closed_line_is_forgotten() -> None:
    view = open_line(View(), World().page("billing", 5), 5, "1-0", [])

    assert close_line(view, "billing").lines == {}


def test_places_in_the_log_compare_as_numbers() -> None:
    assert is_after("10-0", "9-9")
    assert is_after("9-10", "9-9")
    assert not is_after("9-9", "9-9")


def test_an_agent_sees_for_what_it_is_kept_free_until_that_is_over() -> None:
    world = World()
    view = from_snapshot(world.snapshot("ana"), world.position, {})

    def told(kind: str, number: int) -> Event:
        return Event(type=kind, agent="ana", case="heavy", queue="billing", position=f"9999999999999-{number}")

    kept = apply(view, told("agent_reserved", 1))
    free = apply(kept, told("reservation_ended", 2))
    assert kept.agent is not None
    assert free.agent is not None
    assert (kept.agent.reserved_case, free.agent.reserved_case) == ("heavy", "")
    assert (kept.offers, kept.desk) == (view.offers, view.desk)


def test_a_view_tells_that_the_desk_shows_not_all() -> None:
    world = World()
    assert not from_snapshot(world.snapshot("ana"), world.position, {}).truncated
    assert from_snapshot(replace(world.snapshot("ana"), truncated=True), world.position, {}).truncated
