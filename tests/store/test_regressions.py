"""What the property machine once found, told as plain stories."""

import pytest

from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine


@pytest.fixture
async def two_offers(engine: Engine) -> Engine:
    """Ana may have two open offers at once; one case rings at her already, and there is nobody else."""
    await engine.apply(BASIC + "[workspace]\noffer_limit = 2\n")
    await engine.add_agent("ana")
    await engine.submit("one")
    assert await engine.offers("ana") == ["one"]
    return engine


async def test_an_offer_revoked_for_lowered_capacity_does_not_ring_at_the_same_agent_again(two_offers: Engine) -> None:
    await two_offers.set_agent("ana", capacity=0, interruptible_capacity=0)
    assert await two_offers.offers("ana") == []
    assert await two_offers.line("support") == ["one"]


async def test_an_offer_revoked_for_a_status_does_not_ring_at_the_same_agent_again(two_offers: Engine) -> None:
    await two_offers.set_status("ana", "offline")
    assert await two_offers.offers("ana") == []
    assert await two_offers.line("support") == ["one"]


async def test_a_new_kind_of_work_does_not_overtake_for_an_agent_who_has_just_become_free(engine: Engine) -> None:
    """Bo's only case moves to a queue that never had its kind; a more urgent one already waits for him."""
    await engine.apply(BASIC + "[queues.fresh]\nexclusion_s = 0\n")
    await engine.add_agent("bo", queues=["support", "fresh"], room=1)
    await engine.submit("his", priority=9)
    await engine.act("bo", "accept", "his")
    await engine.submit("urgent", priority=0)
    await engine.steer("supervisor", "transfer", "his", queue="fresh")
    assert await engine.offers("bo") == ["urgent"]
    assert await engine.line("fresh") == ["his"]


async def test_lowered_capacity_revokes_only_what_no_longer_fits(engine: Engine) -> None:
    """Ana holds more cases than she may now, but the chat that rings still fits: it is not taken away to ring again."""
    await engine.add_agent("ana", capacity=6, room=1)
    await engine.submit("case")
    await engine.act("ana", "accept", "case")
    await engine.submit("chat", channel="chat")
    await engine.set_agent("ana", interruptible_capacity=0)
    assert await engine.offers("ana") == ["chat"]
    assert not await engine.events("offer_revoked")


async def test_a_missed_offer_is_placed_before_a_class_is_drained(engine: Engine) -> None:
    """Both fall due in one call: the case that Bo misses is more urgent than what a change of mode sets free."""
    await engine.add_agent("bo")
    await engine.submit("urgent", priority=0)
    await engine.submit("later", "pool", priority=9)
    await engine.add_agent("cy", queues=["support", "pool"])
    await engine.advance(29.5)
    await engine.apply(BASIC.replace('[queues.pool]\nmode = "pull"', "[queues.pool]"))
    engine.now += 1500
    await engine.run("advance", ("engine", "timers"), command_id="", limit=25, silent_ms="")
    assert await engine.line("pool") == ["later"]

    await engine.tick()
    assert await engine.offers("cy") == ["urgent"]
    assert await engine.line("pool") == ["later"]


async def test_an_agent_set_free_while_a_class_is_built_is_ready_for_it(engine: Engine) -> None:
    """The end of Ana's cool-down and the building of the pool's class fall due in one call."""
    await engine.add_agent("ana", queues=["support", "pool"])
    await engine.submit("first", "pool")
    await engine.submit("one")
    await engine.act("ana", "decline", "one", reason="busy")
    await engine.steer("supervisor", "cancel", "one", reason="withdrawn")
    await engine.steer("supervisor", "cancel", "first", reason="withdrawn")
    await engine.advance(59.5)
    engine.now += 500
    await engine.apply(BASIC.replace('[queues.pool]\nmode = "pull"', "[queues.pool]"))
    await engine.tick()
    await engine.submit("second", "pool")
    assert await engine.offers("ana") == ["second"]


async def test_a_lowered_total_takes_back_the_offer_that_blended_work_no_longer_leaves_room_for(
    watched: WatchedEngine,
) -> None:
    await watched.add_agent("bo", capacity=10, room=6)
    for case in ("a", "b", "c", "d"):
        await watched.submit(case)
        await watched.act("bo", "accept", case)
    await watched.submit("chat", channel="chat")
    await watched.act("bo", "accept", "chat")
    await watched.submit("ringing")
    assert await watched.offers("bo") == ["ringing"]
    await watched.set_agent("bo", capacity=9)
    assert await watched.offers("bo") == []


async def test_a_shorter_exclusion_does_not_end_a_longer_one(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[queues.billing]", "[queues.billing]\nexclusion_s = 1"))
    await watched.add_agent("ana", queues=["mixed"])
    await watched.submit("one", "mixed")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    await watched.act("ana", "take", "one")
    await watched.act("ana", "transfer", "one", queue="billing")
    await watched.advance(10)
    await watched.steer("supervisor", "transfer", "one", queue="mixed")
    assert await watched.waits("one")
    await watched.advance(300)
    assert await watched.offers("ana") == ["one"]


async def test_an_agent_taken_out_of_a_queue_loses_what_rings_from_there(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["billing", "support"])
    await watched.submit("one")
    await watched.set_agent("ana", queues="billing")
    assert await watched.offers("ana") == []
    assert (await watched.events("offer_revoked"))[-1]["reason"] == "not_eligible"
