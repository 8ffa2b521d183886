"""Timed steps that let a case ask for less, and who may begin them again."""

from typing import Any

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

PLAN = """
[plans.relax]
steps = [
  {after_s = 10, drop_skills = true},
  {after_s = 20, drop_skills = true},
  {after_s = 30, open_tier = 1},
  {after_s = 40, raise_priority = 2},
  {after_s = 50, alert = "waits_long"},
  {after_s = 60, overflow = "billing"},
]
"""
TWO_SKILLS: dict[str, Any] = {"additional_skills": "german=1#2,loans=1#1", "skills": "billing=1"}


def planned(text: str = PLAN, queue: str = "support") -> str:
    return BASIC.replace(f"[queues.{queue}]", f'[queues.{queue}]\nplan = "relax"') + text


async def relaxed(engine: WatchedEngine) -> list[tuple[float, Any]]:
    return [((event["at_ms"] - engine.now) / 1000, event["step"]) for event in await engine.events("case_relaxed")]


async def test_step_by_step_a_case_asks_for_less(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.submit("one", **TWO_SKILLS)
    asks = []
    for second in (9, 10, 20, 30, 40):
        await watched.advance(second)
        case = await watched.case("one")
        asks.append((list(case["skills"]), case["tier"], case["priority"], case["plan_step"]))
    assert asks == [
        (["billing", "german", "loans"], "0", 5, 0),
        (["billing", "loans"], "0", 5, 1),
        (["billing"], "0", 5, 2),
        (["billing"], "1", 5, 3),
        (["billing"], "1", 3, 4),
    ]
    await watched.advance(50)
    assert [event["alert"] for event in await watched.events("alert_raised")] == ["waits_long"]
    await watched.advance(60)
    case = await watched.case("one")
    assert case["queue"] == "billing"
    assert (await watched.events("case_transferred"))[-1]["reason"] == "overflow"


async def test_a_dropped_skill_finds_an_agent_at_once(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.add_agent("ana", skills="billing=1,loans=1")
    await watched.submit("one", **TWO_SKILLS)
    await watched.advance(9)
    assert await watched.waits("one")
    await watched.advance(10)
    assert await watched.offers("ana") == ["one"]


async def test_a_tier_opens_at_its_time(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.add_agent("ana", tiers="support=1")
    await watched.submit("one")
    await watched.advance(29)
    assert await watched.waits("one")
    await watched.advance(30)
    assert await watched.offers("ana") == ["one"]


async def test_the_plan_runs_on_while_it_rings_and_stops_when_somebody_works_on_it(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.add_agent("ana", skills="billing=1,german=1,loans=1")
    await watched.submit("one", **TWO_SKILLS)
    await watched.advance(10)
    assert await watched.offers("ana") == ["one"]
    assert (await watched.case("one"))["plan_step"] == 1
    await watched.act("ana", "accept", "one")
    await watched.advance(25)
    assert (await watched.case("one"))["plan_step"] == 1


async def test_a_returned_case_begins_again_and_a_declined_one_goes_on(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.add_agent("ana", skills="billing=1,german=1,loans=1")
    await watched.submit("one", **TWO_SKILLS)
    await watched.advance(10)
    await watched.act("ana", "decline", "one", reason="busy")
    assert (await watched.case("one"))["plan_step"] == 1
    await watched.advance(20)
    assert (await watched.case("one"))["plan_step"] == 2
    await watched.steer("supervisor", "update", "one", priority=1)
    await watched.advance(71)
    assert (await watched.case("one"))["queue"] == "billing"


async def test_a_return_asks_for_everything_again(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.add_agent("ana", skills="billing=1,german=1,loans=1")
    await watched.submit("one", **TWO_SKILLS)
    await watched.advance(10)
    await watched.act("ana", "accept", "one")
    await watched.advance(15)
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    case = await watched.case("one")
    assert (list(case["skills"]), case["plan_step"]) == (["billing", "german", "loans"], 0)
    await watched.advance(24)
    assert (await watched.case("one"))["plan_step"] == 0
    await watched.advance(25)
    assert (await watched.case("one"))["plan_step"] == 1


async def test_a_case_that_rings_overflows_when_it_waits_again(watched: WatchedEngine) -> None:
    await watched.apply(planned("[plans.relax]\nsteps = [{after_s = 10, overflow = 'billing'}]\n"))
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.advance(15)
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "decline", "one", reason="busy")
    await watched.advance(16)
    assert (await watched.case("one"))["queue"] == "billing"


async def test_an_overflow_to_where_nothing_may_enter_is_an_alert(watched: WatchedEngine) -> None:
    await watched.apply(planned("[plans.relax]\nsteps = [{after_s = 10, overflow = 'support'}]\n"))
    await watched.submit("one")
    await watched.advance(10)
    assert [event["alert"] for event in await watched.events("alert_raised")] == ["overflow_impossible"]
    assert (await watched.case("one"))["queue"] == "support"


async def test_two_steps_in_one_run_place_the_case_once(watched: WatchedEngine) -> None:
    await watched.apply(planned())
    await watched.submit("one", **TWO_SKILLS)
    watched.now += 25_000
    await watched.tick()
    assert (await watched.case("one"))["plan_step"] == 2
    assert await watched.line("support") == ["one"]
