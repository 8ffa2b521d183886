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
