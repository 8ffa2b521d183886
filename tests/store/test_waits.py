"""Where waiting time goes: every moment has one cause, and they add up to the stay in the queue."""

from typing import Any

from tests.engine import BASIC, START, Engine


async def ended(engine: Engine, case: str) -> Any:
    """Where the time of the case's last stay went, in seconds; the event that ended it says so."""
    found = [event for event in await engine.events() if event.get("case") == case and "waited" in event]
    return {cause: ms / 1000 for cause, ms in found[-1]["waited"].items()}


async def test_nobody_is_there_then_all_are_busy_then_it_rings(engine: Engine) -> None:
    await engine.submit("one")
    await engine.advance(to=10)
    await engine.add_agent("ana", room=1)
    await engine.advance(to=15)
    await engine.submit("two")
    await engine.act("ana", "accept", "one")
    await engine.advance(to=40)
    await engine.act("ana", "complete", "one")
    await engine.advance(to=42)
    await engine.act("ana", "accept", "two")
    assert await ended(engine, "one") == {"no_agent": 10, "offered": 5}
    assert await ended(engine, "two") == {"busy": 25, "offered": 2}


async def test_a_cool_down_counts_while_whoever_has_it_has_room(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.advance(to=10)
    await engine.act("ana", "decline", "one", reason="busy")
    await engine.advance(to=30)
    for case in ("a", "b", "c"):  # now she is full as well
        await engine.submit(case)
        await engine.act("ana", "accept", case)
    await engine.advance(to=50)
    await engine.act("ana", "complete", "a")
    await engine.advance(to=75)
    await engine.act("ana", "accept", "one")
    assert await ended(engine, "one") == {"offered": 15, "cooling": 40, "busy": 20}


async def test_a_pause_comes_before_everything_else_also_while_it_rings(engine: Engine) -> None:
    await engine.submit("one")
    await engine.advance(to=10)
    await engine.on_queue("pause")
    await engine.advance(to=15)
    await engine.add_agent("ana")
    await engine.on_queue("resume")
    await engine.tick()
    await engine.advance(to=20)
    await engine.on_queue("pause")
    await engine.advance(to=28)
    await engine.on_queue("resume")
    await engine.act("ana", "accept", "one")
    assert await ended(engine, "one") == {"no_agent": 10, "stopped": 13, "offered": 5}


async def test_whom_a_case_names_is_a_cause_of_its_own(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.add_agent("bo", room=1)
    await engine.submit("zero", required_agent="bo")
    await engine.act("bo", "accept", "zero")
    await engine.submit("one", preferred_agent="bo", preferred_ms=30_000)
    await engine.advance(to=33)
    await engine.act("ana", "accept", "one")
    assert await ended(engine, "one") == {"named": 30, "offered": 3}


async def test_in_a_pull_queue_nobody_took_it(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.advance(to=12)
    await engine.act("ana", "take", "one")
    assert await ended(engine, "one") == {"untaken": 12}


async def test_a_queue_that_begins_to_push_is_worked_off_by_the_engine(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.advance(to=10)
    await engine.apply(BASIC.replace('[queues.pool]\nmode = "pull"', "[queues.pool]"))
    engine.now += 500
    await engine.tick()
    await engine.act("ana", "accept", "one")
    assert await ended(engine, "one") == {"untaken": 10, "engine": 0.5}


async def test_a_stay_ends_when_the_case_goes_to_another_queue_and_when_it_ends(engine: Engine) -> None:
    await engine.submit("one")
    await engine.advance(to=10)
    await engine.steer("supervisor", "transfer", "one", queue="billing")
    assert await ended(engine, "one") == {"no_agent": 10}
    await engine.advance(to=14)
    await engine.steer("producer", "cancel", "one", reason="withdrawn")
    assert await ended(engine, "one") == {"no_agent": 4}


async def test_a_decline_goes_on_with_the_stay_and_a_return_begins_another(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.advance(to=10)
    await engine.act("ana", "decline", "one", reason="busy")
    assert (await engine.case("one"))["queued_at_ms"] == START
    await engine.add_agent("bo")
    await engine.act("bo", "accept", "one")
    await engine.advance(to=20)
    await engine.act("bo", "return", "one", reason="not_mine", place="keep")
    assert await ended(engine, "one") == {"offered": 10}
    assert (await engine.case("one"))["queued_at_ms"] == START + 20_000


async def test_other_classes_than_the_agents_know_nobody(engine: Engine) -> None:
    await engine.add_agent("ana", skills="german=1")
    await engine.submit("one", skills="german=2")
    await engine.advance(to=10)
    await engine.set_agent("ana", skills="german=2")
    await engine.act("ana", "accept", "one")
    assert await ended(engine, "one") == {"no_agent": 10}
