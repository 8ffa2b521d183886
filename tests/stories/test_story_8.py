"""Reopened to a full owner. #8 reopens at T0 and prefers Bo for 120 s; Bo 3/3, Ana free."""

from tests.engine import Engine


async def prepare(engine: Engine) -> int:
    """Let Bo close #8 and fill up; when #8 was first requested."""
    await engine.add_agent("bo")
    for case in ("eight", "a", "b"):
        await engine.submit(case)
        await engine.act("bo", "accept", case)
    requested_at: int = (await engine.case("eight"))["requested_at_ms"]
    await engine.act("bo", "complete", "eight")
    await engine.submit("c")
    await engine.act("bo", "accept", "c")
    assert await engine.load("bo") == (3, 3)
    await engine.add_agent("ana")
    return requested_at


async def reopen(engine: Engine) -> None:
    await engine.steer("producer", "reopen", "eight", preferred_ms=120_000)


async def test_it_waits_for_bo_and_then_it_is_anas(engine: Engine) -> None:
    requested_at = await prepare(engine)
    await reopen(engine)
    case = await engine.case("eight")
    assert (case["state"], case["preferred_agent"], case["requested_at_ms"]) == ("waiting", "bo", requested_at)
    await engine.advance(119)
    assert await engine.offers("ana") == []
    await engine.advance(120)
    assert await engine.offers("ana") == ["eight"]


async def test_it_rings_bo_as_soon_as_he_has_room(engine: Engine) -> None:
    await prepare(engine)
    await reopen(engine)
    await engine.advance(60)
    await engine.act("bo", "complete", "a")
    assert await engine.offers("bo") == ["eight"]


async def test_when_bo_is_offline_it_is_anas_at_once(engine: Engine) -> None:
    await prepare(engine)
    await engine.set_status("bo", "offline")
    await reopen(engine)
    assert await engine.offers("ana") == ["eight"]
