"""An agent with more cases in hand than one script looks at: nothing of it is forgotten."""

import pytest

from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine, assert_sound

MANY = 510  # more than a snapshot shows
SOME = 60  # more than two slices return
TEXT = BASIC.replace(
    "[channels.case]", '[channels.case]\non_offline = "return"\non_lost = "return"\non_lost_after_s = 10'
)


async def hand_over(engine: Engine, count: int, *, is_parked: bool = False) -> list[str]:
    """So many more cases of the queue `pool` that Ana owns."""
    cases = [f"c{number:03}" for number in range(count)]
    for case in cases:
        engine.now += 1
        await engine.submit(case, "pool")
        await engine.steer("supervisor", "assign", case, agent="ana", over_capacity=1)
        if is_parked:
            await engine.act("ana", "park", case)
    return cases


@pytest.fixture
async def ana(engine: Engine) -> Engine:
    """Ana has room for a thousand."""
    await engine.apply(TEXT)
    await engine.add_agent("ana", capacity=1000, room=1000)
    await engine.set_agent("ana", interruptible_capacity=1)
    return engine


async def returned(engine: Engine) -> set[str]:
    return {event["case"] for event in await engine.events("case_returned")}


async def test_an_offer_behind_many_cases_is_taken_back(ana: Engine) -> None:
    await ana.submit("ringing")
    assert await ana.offers("ana") == ["ringing"]
    await hand_over(ana, MANY)
    assert await ana.offers("ana") == ["ringing"]
    await ana.set_status("ana", "busy")
    assert await ana.offers("ana") == []
    (revoked,) = await ana.events("offer_revoked")
    assert (revoked["case"], revoked["reason"]) == ("ringing", "agent_busy")
    await assert_sound(ana)


async def test_a_transfer_that_rings_behind_many_cases_fails(ana: Engine) -> None:
    await ana.add_agent("bo", queues=["billing"])
    await ana.submit("bos", "billing")
    await ana.act("bo", "accept", "bos")
    await ana.act("bo", "transfer", "bos", agent="ana")
    await hand_over(ana, MANY)
    await ana.set_agent("ana", interruptible_capacity=0)
    (failed,) = await ana.events("transfer_failed")
    assert (failed["case"], failed["reason"]) == ("bos", "capacity_lowered")


async def test_a_snapshot_says_that_it_does_not_show_all_and_shows_every_offer(ana: Engine) -> None:
    await ana.submit("ringing")
    cases = await hand_over(ana, MANY)
    found = await ana.agent("ana")
    assert (found["truncated"], [case["case"] for case in found["offers"]]) == (True, ["ringing"])
    assert [case["case"] for case in found["desk"]] == cases[:-501:-1]


async def test_who_goes_offline_gives_back_the_oldest_too(ana: Engine) -> None:
    await ana.submit("old")
    await ana.act("ana", "accept", "old")
    await hand_over(ana, MANY, is_parked=True)
    await ana.set_status("ana", "offline")
    await ana.tick()
    assert await returned(ana) == {"old"}
    await assert_sound(ana)


async def test_who_is_lost_gives_back_everything_slice_by_slice(ana: Engine) -> None:
    cases = await hand_over(ana, SOME)
    await ana.disconnect("ana")
    await ana.advance(by=29)
    assert await returned(ana) == set()
    await ana.advance(by=1)
    assert await returned(ana) == set(cases)
    await assert_sound(ana)


async def test_requeuing_an_agent_returns_all(ana: Engine) -> None:
    cases = await hand_over(ana, MANY)
    ana.now += 1
    await ana.run("requeue_agent", ("supervisor", "sue"), agent="ana", reason="ill")
    await ana.tick()
    assert await returned(ana) == set(cases)
    await assert_sound(ana)


class TestWhoIsAwayAlready:
    @pytest.fixture
    async def away(self, watched: WatchedEngine) -> WatchedEngine:
        """Ana was there once; a case waits for nobody."""
        await watched.apply(TEXT)
        await watched.add_agent("ana")
        await watched.submit("one", "pool")
        return watched

    async def test_an_assignment_to_somebody_offline_goes_back_at_once(self, away: WatchedEngine) -> None:
        await away.set_status("ana", "offline")
        await away.steer("supervisor", "assign", "one", agent="ana")
        assert await away.desk("ana") == ["one"]
        await away.tick()
        (event,) = await away.events("case_returned")
        assert (event["case"], event["reason"], event["agent_before"]) == ("one", "agent_offline", "ana")

    async def test_an_assignment_to_somebody_gone_goes_back_after_the_same_time(self, away: WatchedEngine) -> None:
        await away.disconnect("ana")
        await away.advance(by=60)
        await away.steer("supervisor", "assign", "one", agent="ana")
        await away.advance(by=9)
        assert await away.desk("ana") == ["one"]
        await away.advance(by=1)
        (event,) = await away.events("case_returned")
        assert (event["case"], event["reason"]) == ("one", "agent_lost")

    async def test_it_goes_with_what_was_there_before_and_does_not_keep_that(self, away: WatchedEngine) -> None:
        await away.submit("two", "pool")
        await away.steer("supervisor", "assign", "two", agent="ana")
        await away.disconnect("ana")
        await away.advance(by=25)
        await away.steer("supervisor", "assign", "one", agent="ana")
        await away.advance(by=5)
        assert await returned(away) == {"one", "two"}

    async def test_whoever_is_back_in_time_keeps_it(self, away: WatchedEngine) -> None:
        await away.disconnect("ana")
        await away.advance(by=60)
        await away.steer("supervisor", "assign", "one", agent="ana")
        await away.connect("ana")
        await away.advance(by=60)
        assert await away.desk("ana") == ["one"]

    async def test_a_case_that_is_resumed_for_somebody_offline_goes_back_too(self, away: WatchedEngine) -> None:
        await away.steer("supervisor", "assign", "one", agent="ana")
        await away.act("ana", "park", "one")
        await away.set_status("ana", "offline")
        await away.tick()
        await away.steer("supervisor", "resume", "one")
        await away.tick()
        assert await returned(away) == {"one"}
