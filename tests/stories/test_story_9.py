"""Transfer to an agent. Ana owns #1."""

from typing import Any

import pytest

from tests.engine import Engine


async def prepare(engine: Engine) -> Any:
    """Ana owns #1; Bo is online with room, Dan is offline; the case as it is."""
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.add_agent("bo", queues=["billing"])
    await engine.add_agent("dan", queues=["billing"])
    await engine.set_status("dan", "offline")
    return await engine.case("one")


async def test_to_dan_who_is_offline(engine: Engine) -> None:
    before = await prepare(engine)
    refused = await engine.refusal(engine.act("ana", "transfer", "one", agent="dan"))
    assert refused.code == "TARGET_OFFLINE"
    assert await engine.case("one") == before
    assert await engine.load("ana") == (1, 3)


async def test_to_bo_who_is_full(engine: Engine) -> None:
    before = await prepare(engine)
    for case in ("a", "b", "c"):
        await engine.submit(case, "billing")
        await engine.act("bo", "accept", case)
    refused = await engine.refusal(engine.act("ana", "transfer", "one", agent="bo"))
    assert refused.code == "TARGET_FULL"
    assert await engine.case("one") == before
    assert (await engine.load("ana"), await engine.load("bo")) == ((1, 3), (3, 3))


async def test_to_bo_it_rings_and_both_hold_a_unit(engine: Engine) -> None:
    before = await prepare(engine)
    await engine.act("ana", "transfer", "one", agent="bo")
    case = await engine.case("one")
    assert (case["owner"], case["baton"]) == ("agent:ana", before["baton"])
    assert await engine.offers("bo") == ["one"]
    assert (await engine.load("ana"), await engine.load("bo")) == ((1, 3), (1, 3))


@pytest.mark.parametrize("end", ["decline", "expiry"])
async def test_he_declines_or_it_expires(engine: Engine, end: str) -> None:
    before = await prepare(engine)
    await engine.act("ana", "transfer", "one", agent="bo")
    if end == "decline":
        baton = (await engine.case("one"))["target_baton"]
        await engine.act("bo", "decline", "one", baton=baton, reason="busy")
    else:
        await engine.advance(30)
    case = await engine.case("one")
    assert (case["owner"], case["state"], case["baton"]) == ("agent:ana", "active", before["baton"])
    assert len(await engine.events("transfer_failed")) == 1
    assert not await engine.events("case_transferred")
    assert (await engine.load("ana"), await engine.load("bo")) == ((1, 3), (0, 3))


async def test_he_accepts(engine: Engine) -> None:
    await prepare(engine)
    await engine.act("ana", "transfer", "one", agent="bo")
    seen = len(await engine.events())
    await engine.act("bo", "accept", "one", baton=(await engine.case("one"))["target_baton"])
    assert (await engine.case("one"))["owner"] == "agent:bo"
    changes = [event for event in (await engine.events())[seen:] if event.get("owner") != event.get("owner_before")]
    assert [(event["type"], event["owner"]) for event in changes] == [("case_transferred", "agent:bo")]
    assert (await engine.load("ana"), await engine.load("bo")) == ((0, 3), (1, 3))
