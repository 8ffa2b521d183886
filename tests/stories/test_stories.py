"""The worked examples of the domain, step by step. Tn is n seconds after T0."""

import asyncio
from typing import Any

from tests.engine import BASIC, Engine


async def test_story_1_race(engine: Engine) -> None:
    """Pull queue. Ana holds 3 of 3; Bo and Cy hold nothing; all three take #1 at once."""
    for agent in ("ana", "bo", "cy"):
        await engine.add_agent(agent, queues=["pool"])
    for case in ("a", "b", "c"):
        await engine.submit(case, "pool")
        await engine.act("ana", "take", case)
    await engine.submit("one", "pool")
    baton = (await engine.case("one"))["baton"]

    results: list[Any] = await asyncio.gather(
        *(engine.act(agent, "take", "one", baton=baton, command_id=f"take-{agent}") for agent in ("ana", "bo", "cy")),
        return_exceptions=True,
    )

    answers = dict(zip(("ana", "bo", "cy"), results, strict=True))
    owner = (await engine.case("one"))["agent"]
    assert owner in ("bo", "cy")
    loser = "cy" if owner == "bo" else "bo"
    assert answers[loser].code == "TAKEN"
    assert answers[loser].current["owner"] == f"agent:{owner}"
    assert answers["ana"].code in ("NO_ROOM", "TAKEN")
    assert await engine.load("ana") == (3, 3)
    taken = [event for event in await engine.events("case_taken") if event["case"] == "one"]
    assert len(taken) == 1

    again = await engine.act(owner, "take", "one", baton=baton, command_id=f"take-{owner}")
    assert again == answers[owner]
    assert [event for event in await engine.events("case_taken") if event["case"] == "one"] == taken


async def test_story_1_an_agent_who_is_full_is_told_so(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    for case in ("a", "b", "c", "one"):
        await engine.submit(case, "pool")
    for case in ("a", "b", "c"):
        await engine.act("ana", "take", case)

    assert (await engine.refusal(engine.act("ana", "take", "one"))).code == "NO_ROOM"
    assert await engine.load("ana") == (3, 3)


async def test_story_2_all_decline(engine: Engine) -> None:
    """Ana longest idle. Both decline #1; it comes round when the first cool-down ends."""
    await engine.add_agent("ana")
    engine.now += 1
    await engine.add_agent("bo")
    engine.now -= 1
    await engine.submit("one")
    assert await engine.offers("ana") == ["one"]

    await engine.advance(10)
    await engine.act("ana", "decline", "one", reason="busy")
    assert await engine.offers("bo") == ["one"]

    await engine.advance(20)
    await engine.act("bo", "decline", "one", reason="busy")
    case = await engine.case("one")
    assert (case["state"], case["owner"]) == ("waiting", "queue:support")
    assert [(alert["alert"], alert["case"]) for alert in await engine.events("alert_raised")] == [
        ("all_declined", "one")
    ]

    await engine.advance(25)
    await engine.submit("two")
    assert await engine.offers("ana") == ["two"]
    await engine.advance(30)
    await engine.act("ana", "accept", "two")
    await engine.advance(69)
    assert (await engine.case("one"))["state"] == "waiting"

    await engine.advance(70)
    assert await engine.offers("ana") == ["one"]
    assert (await engine.case("one"))["requested_at_ms"] == case["requested_at_ms"]


class TestStory3Wifi:
    """Ana owns A; B rings at T0; her socket dies."""

    async def prepare(self, engine: Engine) -> str:
        await engine.add_agent("ana")
        await engine.submit("a")
        await engine.act("ana", "accept", "a")
        await engine.submit("b")
        await engine.add_agent("bo")
        assert await engine.offers("ana") == ["b"]
        baton: str = (await engine.case("b"))["baton"]
        return baton

    async def test_her_offer_goes_to_bo_after_five_seconds_and_nothing_counts_against_her(self, engine: Engine) -> None:
        baton = await self.prepare(engine)
        await engine.advance(4)
        await engine.disconnect("ana")
        await engine.advance(8)
        assert await engine.offers("ana") == ["b"]

        await engine.advance(9)
        revoked = await engine.events("offer_revoked")
        assert [(event["case"], event["reason"]) for event in revoked] == [("b", "agent_lost")]
        assert await engine.offers("bo") == ["b"]

        await engine.advance(15)
        snapshot = await engine.connect("ana", "ana-2")
        assert [case["case"] for case in snapshot["desk"]] == ["a"]
        assert (snapshot["agent"]["status"], snapshot["agent"]["missed"]) == ("online", 0)
        late = await engine.refusal(engine.act("ana", "accept", "b", baton=baton))
        assert (late.code, late.current["state"], late.current["agent"]) == ("STALE_BATON", "offered", "bo")

    async def test_back_within_grace_it_still_rings(self, engine: Engine) -> None:
        await self.prepare(engine)
        await engine.advance(4)
        await engine.disconnect("ana")
        await engine.advance(7)
        await engine.connect("ana", "ana-2")
        await engine.advance(20)
        assert await engine.offers("ana") == ["b"]
        assert not await engine.events("offer_revoked")

    async def test_a_deadline_that_falls_into_grace_is_a_revoke(self, engine: Engine) -> None:
        await self.prepare(engine)
        await engine.advance(27)
        await engine.disconnect("ana")
        await engine.advance(30)
        assert [event["case"] for event in await engine.events("offer_revoked")] == ["b"]
        assert not await engine.events("offer_expired")
        assert (await engine.agent("ana"))["agent"]["missed"] == 0


async def test_story_5_lowered(engine: Engine) -> None:
    """Bo I = 5: four owned, one ringing. Sue sets I = 3."""
    await engine.add_agent("bo", room=5)
    for case in ("a", "b", "c", "d"):
        await engine.submit(case)
        await engine.act("bo", "accept", case)
    await engine.submit("e", "support")
    await engine.submit("f", "mixed")
    await engine.set_agent("bo", queues="mixed,support")
    assert await engine.offers("bo") == ["e"]

    await engine.set_agent("bo", interruptible_capacity=3)
    assert [event["case"] for event in await engine.events("offer_revoked")] == ["e"]
    assert await engine.load("bo") == (4, 3)

    await engine.act("bo", "complete", "a")
    assert await engine.load("bo") == (3, 3)
    assert await engine.offers("bo") == []
    assert (await engine.refusal(engine.act("bo", "take", "f"))).code == "NO_ROOM"

    await engine.act("bo", "complete", "b")
    assert await engine.offers("bo") == ["e"]


async def test_story_5_blended(engine: Engine) -> None:
    """C = 10, I = 6, J = 6: a chat of 5 fits, a case does not until two are closed."""
    await engine.add_agent("bo", capacity=10, room=6)
    cases = [f"case-{i}" for i in range(6)]
    for case in cases:
        await engine.submit(case)
        await engine.act("bo", "accept", case)
    await engine.submit("chat", channel="chat")
    await engine.act("bo", "accept", "chat")
    await engine.submit("next")
    assert await engine.offers("bo") == []

    await engine.act("bo", "complete", cases[0])
    assert await engine.offers("bo") == []
    await engine.act("bo", "complete", cases[1])
    assert await engine.offers("bo") == ["next"]
    await engine.act("bo", "accept", "next")
    await engine.submit("last")
    assert await engine.offers("bo") == []


async def test_story_7_going_offline_takes_the_ringing_offer_back_at_once(engine: Engine) -> None:
    """On channels that `keep`: what rings goes to others uncounted, what is owned stays."""
    await engine.add_agent("bo")
    await engine.submit("b")
    await engine.act("bo", "accept", "b")
    await engine.submit("d")
    await engine.set_status("bo", "offline")
    assert [event["case"] for event in await engine.events("offer_revoked")] == ["d"]
    assert await engine.desk("bo") == ["b"]
    await engine.submit("e")
    assert await engine.offers("bo") == []


async def test_story_7_shift_end(engine: Engine) -> None:
    """Bo: chat A active, case B active, D ringing. 16:55 he picks "offline next"; A's wrap-up ends at 17:04."""
    await engine.apply(BASIC.replace("[channels.case]\n", '[channels.case]\non_offline = "return"\n'))
    await engine.add_agent("bo")
    await engine.submit("a", channel="chat")
    await engine.act("bo", "accept", "a")
    await engine.submit("b")
    await engine.act("bo", "accept", "b")
    before = await engine.case("b")
    await engine.submit("d")
    assert await engine.offers("bo") == ["d"]

    await engine.set_next_status("bo", "offline")
    assert [event["case"] for event in await engine.events("offer_revoked")] == ["d"]
    await engine.submit("e")
    await engine.advance(480, step_ms=2000)
    assert (await engine.offers("bo"), await engine.desk("bo")) == ([], ["a", "b"])
    await engine.steer("producer", "cancel", "a", reason="withdrawn")
    await engine.advance(539)
    assert (await engine.agent("bo"))["agent"]["status"] == "online"

    await engine.advance(541)
    found = (await engine.agent("bo"))["agent"]
    assert (found["status"], found["status_cause"]) == ("offline", "shift_end")
    assert [(event["case"], event["reason"]) for event in await engine.events("case_returned")] == [("b", "shift_end")]
    assert (await engine.case("b"))["score"] == before["score"]
    assert (found["held_primary"], found["held_interruptible"], found["missed"]) == (0, 0, 0)


class TestStory10ReturnedInALine:
    """Ana and Bo full. Ana owns V (p0, 09:00); waiting W (p0, 09:05) and X (p1, 08:30). At 09:10 she returns V."""

    async def prepare(self, engine: Engine) -> None:
        await engine.add_agent("ana", room=1)
        await engine.add_agent("bo", room=1, queues=["billing"])
        await engine.submit("bos-own", "billing")
        await engine.act("bo", "accept", "bos-own")
        await engine.set_agent("bo", queues="billing,support")
        await engine.submit("anas-own")
        await engine.act("ana", "accept", "anas-own")
        await engine.submit("x", priority=1)
        await engine.advance(by=1800, step_ms=2000)
        await engine.submit("v", priority=0)
        await engine.act("ana", "complete", "anas-own")
        await engine.act("ana", "accept", "v")
        await engine.advance(by=300, step_ms=2000)
        await engine.submit("w", priority=0)
        await engine.advance(by=300, step_ms=2000)
        assert await engine.line("support") == ["w", "x"]

    async def test_kept_it_is_first_and_the_returner_gets_the_next(self, engine: Engine) -> None:
        await self.prepare(engine)
        await engine.act("ana", "return", "v", reason="not_mine", place="keep")
        returned = (await engine.events("case_returned"))[-1]
        assert await engine.offers("ana") == ["w"]
        assert await engine.line("support") == ["v", "x"]
        assert returned["score"] < (await engine.case("w"))["score"] < (await engine.case("x"))["score"]
        await engine.act("bo", "complete", "bos-own")
        assert await engine.offers("bo") == ["v"]

    async def test_at_the_back_it_stays_before_lower_priorities_and_keeps_its_request_time(
        self, engine: Engine
    ) -> None:
        await self.prepare(engine)
        requested = (await engine.case("v"))["requested_at_ms"]
        await engine.set_status("ana", "busy")
        await engine.act("ana", "return", "v", reason="not_mine", place="back")
        assert await engine.line("support") == ["w", "v", "x"]
        assert (await engine.case("v"))["requested_at_ms"] == requested

    async def test_front_never_passes_a_more_urgent_priority(self, engine: Engine) -> None:
        await self.prepare(engine)
        await engine.act("ana", "complete", "v")
        assert await engine.offers("ana") == ["w"]
        await engine.act("ana", "decline", "w", reason="busy")
        assert await engine.offers("ana") == ["x"]
        await engine.act("ana", "accept", "x")
        await engine.submit("y", priority=1)
        await engine.set_status("ana", "busy")
        await engine.act("ana", "return", "x", reason="not_mine", place="front")
        assert await engine.line("support") == ["w", "x", "y"]

    async def test_the_returner_may_get_it_again_after_five_minutes(self, engine: Engine) -> None:
        await self.prepare(engine)
        await engine.act("ana", "return", "v", reason="not_mine", place="keep")
        await engine.act("ana", "accept", "w")
        await engine.act("ana", "complete", "w")
        await engine.act("ana", "accept", "x")
        await engine.act("ana", "complete", "x")
        await engine.advance(by=299)
        assert await engine.line("support") == ["v"]
        await engine.advance(by=1)
        assert await engine.offers("ana") == ["v"]
