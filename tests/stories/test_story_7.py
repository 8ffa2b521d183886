"""Shift end. Bo: chat A active, case B active, C parked till 09:00, D ringing. 16:55 he picks "offline next".

T0 is 16:54.
"""

from tests.engine import BASIC, START, Engine

AFTER_ONE = BASIC.replace("[channels.case]", '[channels.case]\non_offline = "return"').replace(
    "[channels.chat]", "[channels.chat]\nwrap_up_s = 600"
)
TOMORROW_S = 16 * 3600 + 360


async def test_what_rings_goes_at_once_and_what_is_owned_when_the_chat_has_ended(engine: Engine) -> None:
    await engine.apply(AFTER_ONE)
    await engine.add_agent("bo", capacity=10, room=3)
    await engine.submit("a", channel="chat")
    await engine.act("bo", "accept", "a")
    for case in ("b", "c"):
        await engine.submit(case)
        await engine.act("bo", "accept", case)
    await engine.act("bo", "park", "c", wake_at_ms=START + TOMORROW_S * 1000)
    requested_at = (await engine.case("b"))["requested_at_ms"]
    await engine.advance(60)
    await engine.submit("d")
    assert await engine.offers("bo") == ["d"]

    await engine.set_next_status("bo", "offline")
    assert [event["case"] for event in await engine.events("offer_revoked")] == ["d"]
    await engine.submit("e")
    assert await engine.offers("bo") == []

    await engine.act("bo", "wrap", "a")
    assert (await engine.agent("bo"))["agent"]["status"] == "online"
    await engine.advance(600)
    await engine.act("bo", "complete", "a")
    await engine.advance(by=1)
    shown = (await engine.agent("bo"))["agent"]
    assert (shown["status"], shown["status_cause"]) == ("offline", "shift_end")
    (returned,) = await engine.events("case_returned")
    assert (returned["case"], returned["reason"]) == ("b", "shift_end")
    assert (await engine.case("b"))["requested_at_ms"] == requested_at
    assert await engine.load("bo") == (0, 3)
    assert await engine.desk("bo") == ["c"]

    await engine.disconnect("bo")
    await engine.advance(by=30)
    engine.now = (
        START + TOMORROW_S * 1000 - 1
    )  # nobody is there all night: no lease, no offer, nothing that an outage would move
    await engine.tick()
    assert (await engine.case("c"))["state"] == "parked"
    engine.now += 1
    await engine.tick()
    case = await engine.case("c")
    assert (case["state"], case["owner"]) == ("waiting", "queue:support")
