"""A channel whose cases reach agents without a connection: presence does not count for it, the status still does."""

from typing import Any

import pytest

from casebaton import audit
from casebaton.auth import Identity
from casebaton.errors import Invalid
from casebaton.service import why
from casebaton.workspace import document
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine

OFFLINE = "[channels.visit]\nreachable_offline = true\nring_s = 600\ncooldown_s = 60\nmiss_limit = 2\n"
TEXT = BASIC.replace("[queues.support]", f"{OFFLINE}[workspace]\noffer_limit = 5\n[queues.support]")
ANA = ("agent", "ana")


async def begin(engine: Engine, presence: str = "gone") -> None:
    """Ana is online, and connected, in grace or gone; Bo is busy."""
    await engine.apply(TEXT)
    await engine.add_agent("ana", queues=["support", "pool", "mixed"])
    await engine.add_agent("bo", queues=["support"])
    await engine.set_status("bo", "busy")
    if presence != "connected":
        await engine.disconnect("ana")
    if presence == "gone":
        await engine.advance(by=30)
    assert (await engine.agent("ana"))["agent"]["presence"] == presence


@pytest.mark.parametrize("presence", ["connected", "grace", "gone"])
async def test_an_agent_is_offered_and_accepts_whether_or_not_it_is_connected(
    watched: WatchedEngine, presence: str
) -> None:
    await begin(watched, presence)
    await watched.submit("one", channel="visit")
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "accept", "one")
    assert (await watched.case("one"))["owner"] == "agent:ana"
    assert (await audit.check(watched.store, watched.workspace)).violations == []


async def test_other_channels_still_ask_for_a_connection(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.submit("one")
    assert await watched.waits("one")
    found = await why.explain(watched.store, Identity("acme", "supervisor", "sue", 0), "one", now=watched.now)
    assert {candidate.agent: candidate.fails for candidate in found.agents} == {"ana": "presence", "bo": "status"}


async def test_the_status_still_counts(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.set_status("ana", "busy")
    await watched.submit("one", channel="visit")
    assert await watched.waits("one")
    await watched.set_status("ana", "online")
    assert await watched.offers("ana") == ["one"]


async def test_what_waited_is_offered_to_whom_its_channel_reaches(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.apply(TEXT.replace("reachable_offline = true", "reachable_offline = false"))
    await watched.submit("one", channel="visit")
    await watched.tick()
    assert await watched.waits("one")
    await watched.apply(TEXT)
    await watched.tick()
    assert await watched.offers("ana") == ["one"]
    assert (await audit.check(watched.store, watched.workspace)).violations == []


async def test_a_lost_connection_takes_back_only_what_needs_one(watched: WatchedEngine) -> None:
    await begin(watched, "connected")
    await watched.submit("here")
    await watched.submit("there", channel="visit")
    assert sorted(await watched.offers("ana")) == ["here", "there"]
    await watched.disconnect("ana")
    await watched.advance(by=30)
    assert await watched.offers("ana") == ["there"]
    (revoked,) = await watched.events("offer_revoked")
    assert (revoked["case"], revoked["reason"]) == ("here", "agent_lost")


async def test_a_deadline_while_away_is_a_miss(watched: WatchedEngine) -> None:
    await begin(watched)
    watched.watching = False  # twenty minutes, second by second
    await watched.submit("one", channel="visit")
    await watched.advance(by=600)
    assert (await watched.agent("ana"))["agent"]["missed"] == 1
    assert await watched.offers("ana") == []
    await watched.advance(by=60)
    assert await watched.offers("ana") == ["one"]
    await watched.advance(by=600)
    assert (await watched.agent("ana"))["agent"]["status"] == "not_responding"
    assert (len(await watched.events("offer_expired")), await watched.events("offer_revoked")) == (2, [])


async def test_what_an_agent_owns_stays_when_it_is_gone(watched: WatchedEngine) -> None:
    await begin(watched, "connected")
    await watched.submit("one", channel="visit")
    await watched.act("ana", "accept", "one")
    await watched.disconnect("ana")
    await watched.advance(by=600)
    assert (await watched.case("one"))["owner"] == "agent:ana"


def test_nobody_is_lost_to_it() -> None:
    with pytest.raises(Invalid, match=r"\$\.channels\.visit\.on_lost: nobody is ever lost"):
        document.parse(TEXT.replace("ring_s = 600", 'ring_s = 600\non_lost = "return"'))


async def test_a_preferred_agent_who_is_gone_is_waited_for(watched: WatchedEngine) -> None:
    await begin(watched, "connected")
    await watched.add_agent("cy", queues=["support"])
    await watched.set_agent("ana", capacity=0, interruptible_capacity=0)
    await watched.submit("there", channel="visit", preferred_agent="ana")
    await watched.submit("here", preferred_agent="ana")
    await watched.disconnect("ana")
    await watched.advance(by=30)
    assert (await watched.waits("there"), await watched.offers("cy")) == (True, ["here"])
    await watched.set_agent("ana", capacity=1, interruptible_capacity=1)
    assert await watched.offers("ana") == ["there"]


async def test_a_parked_case_wakes_to_an_owner_who_is_gone(watched: WatchedEngine) -> None:
    await begin(watched, "connected")
    await watched.submit("one", channel="visit")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "park", "one", wake_at_ms=watched.now + 60_000)
    await watched.disconnect("ana")
    await watched.advance(by=90)
    case = await watched.case("one")
    assert (case["state"], case["owner"]) == ("active", "agent:ana")


async def test_a_woken_case_waits_for_the_room_of_an_owner_who_is_gone(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.set_agent("ana", capacity=1, interruptible_capacity=1)
    for case in ("one", "two"):
        await watched.submit(case, "pool", channel="visit")
        await watched.act("ana", "take", case)
        if case == "one":
            await watched.act("ana", "park", case)
    await watched.steer("producer", "update", "one", customer_activity=1)
    assert (await watched.case("one"))["wake_pending"]
    await watched.act("ana", "complete", "two")
    assert (await watched.case("one"))["state"] == "active"


async def test_taking_without_a_connection(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.submit("here", "pool")
    for call in (watched.act("ana", "take", "here"), watched.run("take_next", ANA, queue="pool")):
        assert (await watched.refusal(call)).code == "NOT_CONNECTED"
    await watched.submit("there", "pool", channel="visit")
    assert (await watched.run("take_next", ANA, queue="pool"))["case"] == "there"
    await watched.submit("too", "pool", channel="visit")
    await watched.act("ana", "take", "too")


async def test_a_colleague_who_is_gone_is_asked(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.set_status("bo", "online")
    await watched.set_status("ana", "busy")
    await watched.submit("one", channel="visit")
    await watched.submit("two")
    for case in ("one", "two"):
        await watched.act("bo", "accept", case)
    await watched.set_status("ana", "online")
    assert (await watched.refusal(watched.act("bo", "transfer", "two", agent="ana"))).code == "TARGET_OFFLINE"
    await watched.act("bo", "transfer", "one", agent="ana")
    await watched.advance(by=600)
    failed: Any = (await watched.events("transfer_failed"))[0]
    assert (failed["reason"], (await watched.agent("ana"))["agent"]["missed"]) == ("expired", 1)


async def test_an_agent_who_is_gone_is_kept_free_for_what_reaches_it(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.apply(TEXT.replace("ring_s = 600", "ring_s = 600\nreserve_after_s = 30"))
    await watched.submit("light", channel="visit")
    await watched.act("ana", "accept", "light")
    await watched.submit("heavy", channel="visit", cost=3)
    await watched.advance(by=60)
    await watched.connect("ana")
    await watched.disconnect("ana")
    await watched.advance(by=60)
    assert [event["case"] for event in await watched.events("agent_reserved")] == ["heavy"]
    assert await watched.events("reservation_ended") == []
    await watched.act("ana", "complete", "light")
    assert await watched.offers("ana") == ["heavy"]


async def test_when_all_who_are_reached_have_declined_it_is_told(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.submit("one", channel="visit")
    await watched.act("ana", "decline", "one", reason="too_far")
    assert [event["alert"] for event in await watched.events("alert_raised")] == ["all_declined"]
