"""drain_queue: nothing new comes in, what is there is served, and it is told when the line is empty."""

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

OVERFLOWING = BASIC.replace("[queues.support]", '[queues.support]\nplan = "relax"') + (
    "[plans.relax]\nsteps = [{after_s = 10, overflow = 'billing'}]\n"
)


async def told_empty(engine: WatchedEngine) -> list[str]:
    return [event["queue"] for event in await engine.events("queue_empty")]


async def test_what_is_there_is_served_and_the_last_to_leave_the_line_is_told(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    for case in ("one", "three", "two"):
        await watched.submit(case)
    await watched.on_queue("drain")
    assert (await watched.refusal(watched.submit("four"))).code == "QUEUE_DRAINING"
    await watched.act("ana", "accept", "one")
    assert await watched.offers("ana") == ["three"]
    assert await told_empty(watched) == []
    await watched.steer("producer", "cancel", "two", reason="withdrawn")
    assert await told_empty(watched) == ["support"]
    assert (await watched.events())[-1]["type"] == "queue_empty"


async def test_a_line_that_is_empty_already_is_told_at_once(watched: WatchedEngine) -> None:
    await watched.on_queue("drain")
    assert await told_empty(watched) == ["support"]


async def test_a_queue_that_is_not_drained_is_not_told_empty(watched: WatchedEngine) -> None:
    await watched.on_queue("drain", "billing")
    await watched.submit("one")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert await told_empty(watched) == ["billing"]


async def test_what_is_returned_or_declined_still_fits(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.on_queue("drain")
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await watched.line("support") == ["one"]


async def test_a_case_that_only_changes_its_place_has_not_left(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await watched.on_queue("drain")
    await watched.steer("supervisor", "update", "one", priority=1)
    assert await told_empty(watched) == []


async def test_a_plan_does_not_overflow_into_it(watched: WatchedEngine) -> None:
    await watched.apply(OVERFLOWING)
    await watched.submit("one")
    await watched.on_queue("drain", "billing")
    await watched.advance(10)
    assert (await watched.case("one"))["queue"] == "support"
    assert [event["alert"] for event in await watched.events("alert_raised")] == ["overflow_impossible"]


async def test_resumed_it_takes_cases_in_again(watched: WatchedEngine) -> None:
    await watched.on_queue("drain")
    await watched.on_queue("resume")
    await watched.submit("one")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert await told_empty(watched) == ["support"]
