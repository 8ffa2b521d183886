"""What the property machine once found, told as plain stories."""

import pytest

from tests.engine import BASIC, Engine


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
