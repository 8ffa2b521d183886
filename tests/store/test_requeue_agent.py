"""Everything that an agent has in hand goes back: at its age, said by whom and why, and not to the same agent."""

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

SUE = ("supervisor", "sue")


async def requeue(engine: WatchedEngine, *, command_id: str | None = None) -> None:
    await engine.run("requeue_agent", SUE, command_id=command_id, agent="ana", reason="ill at home")


async def work(engine: WatchedEngine) -> None:
    """Ana owns a chat and a case that was withdrawn, and a third one rings."""
    await engine.add_agent("ana", room=5)
    await engine.submit("chat", channel="chat")
    await engine.act("ana", "accept", "chat")
    engine.now += 1
    await engine.submit("withdrawn")
    await engine.act("ana", "accept", "withdrawn")
    await engine.steer("producer", "cancel", "withdrawn", reason="spam")
    engine.now += 1
    await engine.submit("rings")
    assert (await engine.offers("ana"), await engine.desk("ana")) == (["rings"], ["chat", "withdrawn"])


async def test_what_is_owned_is_returned_and_what_rings_is_revoked(watched: WatchedEngine) -> None:
    await work(watched)
    ages = {case: (await watched.case(case))["score"] for case in ("chat", "withdrawn", "rings")}
    watched.now += 1000
    await requeue(watched)
    assert (await watched.offers("ana"), await watched.desk("ana")) == ([], [])
    assert (await watched.agent("ana"))["agent"]["held_primary"] == 0
    assert await watched.line("support") == ["chat", "withdrawn", "rings"]
    assert {case: (await watched.case(case))["score"] for case in ages} == ages
    events = [event for event in await watched.events() if event.get("cause") == "requeue_agent"]
    assert {(event["type"], event["case"]) for event in events} == {
        ("case_returned", "chat"), ("case_returned", "withdrawn"), ("offer_revoked", "rings"),
    }  # fmt: skip
    assert {(event["actor"], event["reason"], event["agent_before"]) for event in events} == {
        ("supervisor:sue", "ill at home", "ana")
    }


async def test_none_of_it_comes_back_to_the_agent_for_as_long_as_after_a_return(watched: WatchedEngine) -> None:
    await work(watched)
    await requeue(watched)
    await watched.advance(299)
    assert await watched.offers("ana") == []
    await watched.advance(301)
    assert await watched.offers("ana") == ["chat"]


async def test_others_get_it_at_once(watched: WatchedEngine) -> None:
    await work(watched)
    await watched.add_agent("bo")
    await requeue(watched)
    assert await watched.offers("bo") == ["chat"]


async def test_parked_cases_go_too_and_what_a_colleague_wants_to_hand_over_stays_there(watched: WatchedEngine) -> None:
    await watched.add_agent("bo", queues=["support"])
    await watched.submit("handed")
    await watched.act("bo", "accept", "handed")
    await watched.add_agent("ana", queues=["billing"])
    await watched.submit("parked", "billing")
    await watched.act("ana", "accept", "parked")
    await watched.act("ana", "park", "parked", wake_at_ms=watched.now + 60_000)
    await watched.act("bo", "transfer", "handed", agent="ana")
    assert await watched.offers("ana") == ["handed"]
    await requeue(watched)
    assert await watched.line("billing") == ["parked"]
    (failed,) = await watched.events("transfer_failed")
    assert (failed["case"], failed["reason"], failed["owner"]) == ("handed", "ill at home", "agent:bo")
    await watched.advance(by=61)
    assert await watched.waits("parked")


async def test_twice_is_once(watched: WatchedEngine) -> None:
    await work(watched)
    await requeue(watched, command_id="once")
    before = await watched.dump()
    await requeue(watched, command_id="once")
    assert await watched.dump() == before
    before = await watched.dump_state()
    await requeue(watched)
    assert await watched.dump_state() == before


async def fill(engine: WatchedEngine, count: int) -> None:
    """Let Ana own many."""
    await engine.add_agent("ana", capacity=100, room=100)
    await engine.set_agent("ana", auto_accept=1)
    engine.watching = False
    for n in range(count):
        engine.now += 1
        await engine.submit(f"m-{n:02}")
    engine.watching = True
    assert len(await engine.desk("ana")) == count


async def test_more_than_a_script_returns_comes_in_slices(watched: WatchedEngine) -> None:
    await fill(watched, 60)
    watched.now += 1
    await requeue(watched)
    assert len(await watched.desk("ana")) == 35
    await watched.run("advance", ("engine", "timers"), command_id="", limit=25, silent_ms="")
    assert len(await watched.desk("ana")) == 10
    await watched.tick()
    assert await watched.line("support") == [f"m-{n:02}" for n in range(60)]
    returned = await watched.events("case_returned")
    assert {(event["actor"], event["reason"]) for event in returned} == {("supervisor:sue", "ill at home")}
    assert [event["cause"] for event in returned] == ["requeue_agent"] * 25 + ["requeue"] * 35


async def test_later_slices_leave_what_the_agent_has_got_since(watched: WatchedEngine) -> None:
    await fill(watched, 30)
    await watched.submit("new", "billing")
    watched.now += 1
    await watched.set_agent("ana", queues="billing,support")
    await requeue(watched)
    await watched.submit("newer", "billing")
    await watched.tick()
    assert await watched.desk("ana") == ["newer"]
    assert await watched.line("support") == [f"m-{n:02}" for n in range(30)]
    assert await watched.line("billing") == ["new"]


@pytest.mark.parametrize("count", [25, 60])
async def test_a_queue_that_excludes_nobody_gives_each_case_back_once(watched: WatchedEngine, count: int) -> None:
    await watched.apply(BASIC.replace("[queues.support]", "[queues.support]\nexclusion_s = 0"))
    await fill(watched, count)
    watched.now += 1
    await requeue(watched)
    await watched.tick()
    assert len(await watched.events("case_returned")) == count
    assert len(await watched.desk("ana")) == count


async def test_a_slice_of_somebody_who_was_removed_meanwhile_does_nothing(watched: WatchedEngine) -> None:
    await fill(watched, 30)
    watched.now += 1
    await requeue(watched)
    for case in await watched.desk("ana"):
        await watched.steer("supervisor", "transfer", case, queue="billing")
    await watched.run("remove_agent", ("admin", "ann"), agent="ana")
    await watched.tick()
    assert len(await watched.events("case_returned")) == 25
