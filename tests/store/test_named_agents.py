"""A case for one agent alone: preferred for a while, or required."""

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine


async def fill(engine: WatchedEngine, agent: str, *, queue: str = "mixed") -> str:
    """Give the agent, who has room for one, a case of another queue; its id."""
    await engine.add_agent(agent, room=1, queues=[queue])
    await engine.submit(f"{agent}s", queue)
    await engine.act(agent, "accept", f"{agent}s")
    await engine.set_agent(agent, queues=f"{queue},support")
    return f"{agent}s"


async def test_a_preferred_agent_who_is_free_gets_the_case(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    watched.now += 1000
    await watched.add_agent("bo")
    await watched.submit("one", preferred_agent="bo")
    assert await watched.offers("bo") == ["one"]


async def test_a_busy_preferred_agent_is_waited_for_and_no_longer(watched: WatchedEngine) -> None:
    mine = await fill(watched, "bo")
    await watched.add_agent("ana")
    await watched.submit("one", preferred_agent="bo", preferred_ms=120_000)
    await watched.submit("two", preferred_agent="bo", preferred_ms=120_000)
    assert await watched.waits("one")
    await watched.advance(60)
    await watched.act("bo", "complete", mine)
    assert await watched.offers("bo") == ["one"]
    await watched.act("bo", "accept", "one")
    await watched.advance(119)
    assert await watched.waits("two")
    await watched.advance(120)
    assert await watched.offers("ana") == ["two"]
    assert (await watched.events("case_relaxed"))[-1]["reason"] == "preferred_over"


async def test_a_preferred_agent_who_is_away_is_not_waited_for(watched: WatchedEngine) -> None:
    await watched.add_agent("bo")
    await watched.set_status("bo", "offline")
    await watched.add_agent("ana")
    await watched.submit("one", preferred_agent="bo")
    assert await watched.offers("ana") == ["one"]


async def test_a_preferred_agent_who_leaves_lets_the_case_go(watched: WatchedEngine) -> None:
    await fill(watched, "bo")
    await watched.add_agent("ana")
    await watched.submit("one", preferred_agent="bo")
    await watched.submit("two", required_agent="bo")
    await watched.set_status("bo", "offline")
    await watched.advance(by=1)
    assert await watched.offers("ana") == ["one"]
    assert await watched.waits("two")


async def test_a_preferred_agent_who_declines_lets_the_case_go(watched: WatchedEngine) -> None:
    await watched.add_agent("bo")
    await watched.submit("one", preferred_agent="bo")
    await watched.add_agent("ana")
    await watched.act("bo", "decline", "one", reason="busy")
    assert await watched.offers("ana") == ["one"]


async def test_a_required_agent_alone_gets_the_case_member_or_not(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.add_agent("bo", queues=["billing"])
    await watched.set_status("bo", "offline")
    await watched.submit("one", required_agent="bo")
    assert await watched.waits("one")
    assert [event["alert"] for event in await watched.events("alert_raised")] == ["required_agent_away"]
    await watched.set_status("bo", "online")
    assert await watched.offers("bo") == ["one"]


async def test_a_named_agent_still_needs_the_skills(watched: WatchedEngine) -> None:
    await watched.add_agent("bo")
    await watched.submit("one", required_agent="bo", skills="german=1")
    assert await watched.waits("one")
    await watched.set_agent("bo", skills="german=1")
    assert await watched.offers("bo") == ["one"]


async def test_a_named_agent_with_room_gets_the_best_of_all(watched: WatchedEngine) -> None:
    mine = await fill(watched, "bo")
    await watched.submit("early", priority=5)
    await watched.submit("named", priority=6, required_agent="bo")
    await watched.submit("urgent", priority=7)
    await watched.set_agent("bo", interruptible_capacity=2)
    assert await watched.offers("bo") == ["early"]
    await watched.act("bo", "complete", mine)
    await watched.act("bo", "accept", "early")
    assert await watched.offers("bo") == ["named"]


async def test_a_transfer_forgets_who_was_named(watched: WatchedEngine) -> None:
    await fill(watched, "bo")
    await watched.add_agent("ana", queues=["billing"])
    await watched.submit("one", required_agent="bo")
    await watched.steer("supervisor", "transfer", "one", queue="billing")
    assert await watched.offers("ana") == ["one"]


async def test_who_served_a_customer_is_preferred_for_the_next_case(watched: WatchedEngine) -> None:
    affinity = "affinity_s = 3600\naffinity_wait_s = 30"
    await watched.apply(BASIC.replace("[queues.support]", f"[queues.support]\n{affinity}"))
    await watched.add_agent("bo")
    await watched.submit("one", customer="k1")
    await watched.act("bo", "accept", "one")
    await watched.add_agent("ana")
    await watched.act("bo", "complete", "one")
    watched.now += 1000
    await watched.submit("two", customer="k1")
    assert await watched.offers("bo") == ["two"]
    await watched.submit("three", customer="k2")
    assert await watched.offers("ana") == ["three"]


async def test_a_queue_that_begins_to_push_offers_what_waits_for_one_agent(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[queues.support]", '[queues.support]\nmode = "pull"'))
    await watched.add_agent("bo")
    await watched.submit("one", required_agent="bo")
    assert await watched.waits("one")
    watched.watching = False
    await watched.apply(BASIC)
    await watched.advance(by=1)
    watched.watching = True
    assert await watched.offers("bo") == ["one"]


async def test_a_preferred_agent_who_does_not_respond_is_not_waited_for(watched: WatchedEngine) -> None:
    await watched.add_agent("bo")
    await watched.submit("rings", channel="chat")
    await watched.advance(by=31)
    assert (await watched.agent("bo"))["agent"]["status"] == "not_responding"
    await watched.add_agent("ana")
    await watched.submit("one", preferred_agent="bo")
    await watched.act("ana", "decline", "rings", reason="busy")
    assert await watched.offers("ana") == ["one"]


async def test_a_preferred_agent_who_is_gone_is_not_waited_for(watched: WatchedEngine) -> None:
    await watched.add_agent("bo")
    await watched.disconnect("bo")
    await watched.advance(by=21)
    await watched.add_agent("ana")
    await watched.submit("one", preferred_agent="bo")
    assert await watched.offers("ana") == ["one"]


async def test_a_preferred_agent_who_comes_back_at_once_is_waited_for_again(watched: WatchedEngine) -> None:
    await fill(watched, "bo")
    await watched.add_agent("ana")
    await watched.submit("one", preferred_agent="bo")
    await watched.set_status("bo", "offline")
    await watched.set_status("bo", "online")
    await watched.advance(by=1)
    assert await watched.offers("ana") == []
    assert await watched.waits("one")


async def test_in_a_pull_queue_nothing_is_offered_to_who_is_named(watched: WatchedEngine) -> None:
    await watched.add_agent("bo", queues=["pool"])
    await watched.set_status("bo", "busy")
    await watched.submit("one", "pool", required_agent="bo")
    await watched.set_status("bo", "online")
    assert await watched.offers("bo") == []
    await watched.act("bo", "take", "one")


async def test_what_is_required_of_an_agent_stays_so_when_the_agent_goes(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.add_agent("bo", room=0)
    await watched.submit("required", required_agent="bo")
    await watched.submit("preferred", preferred_agent="bo")
    await watched.set_status("bo", "offline")
    await watched.tick()
    assert [event["case"] for event in await watched.events("case_relaxed")] == ["preferred"]
    assert await watched.offers("ana") == ["preferred"]
    assert (await watched.case("required"))["required_agent"] == "bo"
