"""A case that is too heavy for everybody's present room has an agent kept free for it after a time."""

from typing import Any

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

AFTER_S = 30
TEXT = BASIC.replace("[channels.case]", f"[channels.case]\nreserve_after_s = {AFTER_S}")


async def reservations(engine: WatchedEngine) -> list[Any]:
    """What began and ended so far: agent, case and, at the end, the reason."""
    found = await engine.events("agent_reserved", "reservation_ended")
    return [(event["agent"], event["case"], event.get("reason")) for event in found]


async def reserved(engine: WatchedEngine, agent: str = "ana") -> str | None:
    """For which case an agent is kept free."""
    found: str | None = (await engine.agent(agent))["agent"].get("reserved_case")
    return found


async def give_light_work(engine: WatchedEngine, agent: str, *cases: str, queue: str = "support") -> None:
    """Cases of one unit that the agent owns."""
    for case in cases:
        await engine.submit(case, queue)
        await engine.act(agent, "accept", case)


@pytest.fixture
async def starved(watched: WatchedEngine) -> WatchedEngine:
    """Ana has room for three units and works on two; a case of three waits, since now."""
    await watched.apply(TEXT)
    await watched.add_agent("ana", queues=["support", "pool"])
    await give_light_work(watched, "ana", "one", "two")
    await watched.submit("heavy", cost=3)
    return watched


@pytest.fixture
async def kept(starved: WatchedEngine) -> WatchedEngine:
    """The same a while later: Ana is kept free for the heavy case."""
    await starved.advance(by=AFTER_S)
    assert await reservations(starved) == [("ana", "heavy", None)]
    return starved


class TestBegin:
    async def test_what_waits_already_when_its_channel_begins_to_reserve_is_waited_for_as_well(
        self, watched: WatchedEngine
    ) -> None:
        await watched.add_agent("ana")
        await give_light_work(watched, "ana", "one", "two")
        cases = [f"heavy{number:03}" for number in range(120)]  # more than one script times
        for case in cases:
            await watched.submit(case, cost=3)
        await watched.advance(by=AFTER_S)
        await watched.apply(TEXT)
        await watched.tick()
        timers = {timer.decode() for timer in await watched.store.redis.zrange("{acme}:timers", 0, -1)}
        assert {timer.split(":")[1] for timer in timers if timer.startswith("reserve:")} == set(cases)
        await watched.advance(by=AFTER_S)
        assert await reservations(watched) == [("ana", "heavy000", None)]

    async def test_a_shorter_time_counts_from_its_configuration_on(self, starved: WatchedEngine) -> None:
        await starved.apply(TEXT.replace(f"= {AFTER_S}", "= 5"))
        await starved.tick()
        await starved.advance(by=5)
        assert await reservations(starved) == [("ana", "heavy", None)]

    async def test_until_then_light_cases_go_past_the_heavy_one(self, starved: WatchedEngine) -> None:
        await starved.advance(by=AFTER_S - 1)
        assert await reservations(starved) == []
        await starved.submit("light")
        assert await starved.offers("ana") == ["light"]

    async def test_from_then_on_nothing_else_is_offered_and_it_comes_once_it_fits(self, kept: WatchedEngine) -> None:
        await kept.submit("light", priority=0)
        await kept.act("ana", "complete", "one")
        assert (await kept.offers("ana"), await kept.line("support")) == ([], ["light", "heavy"])
        await kept.act("ana", "complete", "two")
        assert await kept.offers("ana") == ["heavy"]
        assert await reservations(kept) == [("ana", "heavy", None), ("ana", "heavy", "offered")]
        (decision,) = [event["decision"] for event in await kept.events("case_offered") if event["case"] == "heavy"]
        assert decision["rule"] == "reserved"

    async def test_what_it_stood_back_for_comes_afterwards(self, kept: WatchedEngine) -> None:
        await kept.submit("light")
        for case in ("one", "two"):
            await kept.act("ana", "complete", case)
        await kept.act("ana", "accept", "heavy")
        await kept.act("ana", "complete", "heavy")
        assert await kept.offers("ana") == ["light"]

    async def test_the_nearest_is_kept(self, starved: WatchedEngine) -> None:
        await starved.add_agent("bo", queues=["billing"])
        await give_light_work(starved, "bo", "three", queue="billing")
        await starved.set_agent("bo", queues="support")
        await starved.advance(by=AFTER_S)
        assert await reservations(starved) == [("bo", "heavy", None)]

    async def test_who_could_never_hold_it_is_passed_over(self, starved: WatchedEngine) -> None:
        await starved.add_agent("aaron", room=2)
        await starved.advance(by=AFTER_S)
        assert await reservations(starved) == [("ana", "heavy", None)]

    async def test_nobody_is_kept_while_somebody_has_room_and_only_an_offer_open(self, watched: WatchedEngine) -> None:
        await watched.apply(TEXT)
        await watched.add_agent("ana", room=5)
        await watched.submit("light")
        await watched.submit("heavy", cost=3)
        await watched.advance(by=29)
        await watched.act("ana", "decline", "light", reason="no")
        assert await watched.offers("ana") == ["heavy"]
        assert await reservations(watched) == []

    async def test_nobody_is_kept_where_the_channel_does_not_say_so(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await give_light_work(watched, "ana", "one", "two")
        await watched.submit("heavy", cost=3)
        await watched.advance(by=600)
        assert await reservations(watched) == []

    async def test_the_second_of_a_kind_waits_for_its_turn(self, starved: WatchedEngine) -> None:
        await starved.advance(by=1)
        await starved.submit("later", cost=3)
        await starved.add_agent("bo")
        assert await starved.offers("bo") == ["heavy"]
        await starved.act("bo", "accept", "heavy")
        await starved.advance(by=AFTER_S)
        assert await reservations(starved) == [("ana", "later", None)]

    async def test_behind_the_first_of_its_kind_nothing_keeps_another_agent(self, kept: WatchedEngine) -> None:
        await kept.submit("later", cost=3)
        await kept.add_agent("bo", queues=["billing"])
        await give_light_work(kept, "bo", "three", queue="billing")
        await kept.set_agent("bo", queues="support")
        await kept.advance(by=2 * AFTER_S)
        assert await reservations(kept) == [("ana", "heavy", None)]

    async def test_an_agent_is_kept_for_one_case_and_a_case_keeps_one(self, kept: WatchedEngine) -> None:
        await kept.submit("other", cost=2)
        await kept.advance(by=2 * AFTER_S)
        assert await reservations(kept) == [("ana", "heavy", None)]
        await kept.add_agent("bo", queues=["billing"])
        await give_light_work(kept, "bo", "three", "four", queue="billing")
        await kept.set_agent("bo", queues="support")
        await kept.advance(by=AFTER_S)
        assert await reservations(kept) == [("ana", "heavy", None), ("bo", "other", None)]

    async def test_who_alone_is_meant_is_kept_too(self, starved: WatchedEngine) -> None:
        await starved.submit("hers", "billing", cost=2, required_agent="ana")
        await starved.steer("supervisor", "cancel", "heavy", reason="withdrawn")
        await starved.advance(by=AFTER_S)
        assert await reservations(starved) == [("ana", "hers", None)]
        await starved.submit("light")
        await starved.act("ana", "complete", "one")
        assert await starved.offers("ana") == ["hers"]


class TestEnd:
    async def test_when_the_case_goes_elsewhere(self, kept: WatchedEngine) -> None:
        await kept.submit("light")
        await kept.add_agent("bo")
        assert await kept.offers("bo") == ["heavy"]
        assert (await reservations(kept))[-1] == ("ana", "heavy", "case_gone")
        assert await kept.offers("ana") == ["light"]

    async def test_when_the_case_is_withdrawn(self, kept: WatchedEngine) -> None:
        await kept.submit("light")
        await kept.steer("supervisor", "cancel", "heavy", reason="withdrawn")
        assert (await reservations(kept))[-1] == ("ana", "heavy", "case_gone")
        assert await kept.offers("ana") == ["light"]

    async def test_when_the_case_moves_to_another_queue(self, kept: WatchedEngine) -> None:
        await kept.steer("supervisor", "transfer", "heavy", queue="billing")
        assert (await reservations(kept))[-1] == ("ana", "heavy", "case_gone")

    async def test_when_the_agent_goes_and_another_is_sought_after_the_same_time(self, kept: WatchedEngine) -> None:
        await kept.add_agent("bo", queues=["pool", "billing"])
        await give_light_work(kept, "bo", "three", queue="billing")
        await kept.set_agent("bo", queues="support")
        await kept.set_status("ana", "busy")
        assert (await reservations(kept))[-1] == ("ana", "heavy", "agent_away")
        await kept.advance(by=AFTER_S - 1)
        assert len(await reservations(kept)) == 2
        await kept.advance(by=1)
        assert (await reservations(kept))[-1] == ("bo", "heavy", None)

    async def test_when_the_agent_is_lost(self, kept: WatchedEngine) -> None:
        await kept.disconnect("ana")
        await kept.advance(by=4)
        assert await reserved(kept) == "heavy"
        await kept.advance(by=1)
        assert (await reservations(kept))[-1] == ("ana", "heavy", "agent_away")

    async def test_not_when_the_agent_is_back_within_grace(self, kept: WatchedEngine) -> None:
        await kept.disconnect("ana")
        await kept.advance(by=3)
        await kept.connect("ana")
        await kept.advance(by=10)
        assert await reserved(kept) == "heavy"

    async def test_when_the_agent_could_never_hold_it_any_more(self, kept: WatchedEngine) -> None:
        await kept.submit("light")
        await kept.set_agent("ana", interruptible_capacity=2)
        assert (await reservations(kept))[-1] == ("ana", "heavy", "not_eligible")

    async def test_when_the_case_asks_for_what_the_agent_lacks(self, kept: WatchedEngine) -> None:
        await kept.steer("producer", "update", "heavy", skills="german=1")
        assert (await reservations(kept))[-1] == ("ana", "heavy", "not_eligible")
        await kept.advance(by=2 * AFTER_S)
        assert await reserved(kept) is None

    async def test_when_the_agent_gets_something_else_for_the_time_of_the_case(self, kept: WatchedEngine) -> None:
        await kept.apply(TEXT.replace("[channels.case]", "[channels.case]\nwindows = true"))
        await kept.steer("producer", "update", "heavy", window="900-1200")
        assert await reserved(kept) == "heavy"
        await kept.submit("other", "pool", window="1100-1300")
        await kept.steer("supervisor", "assign", "other", agent="ana")
        assert (await reservations(kept))[-1] == ("ana", "heavy", "window_taken")

    async def test_not_when_the_case_only_changes_its_place(self, kept: WatchedEngine) -> None:
        await kept.steer("producer", "update", "heavy", priority=1)
        assert await reserved(kept) == "heavy"

    async def test_when_its_queue_is_paused(self, kept: WatchedEngine) -> None:
        await kept.on_queue("pause")
        await kept.tick()
        assert (await reservations(kept))[-1] == ("ana", "heavy", "queue_stopped")

    async def test_when_its_queue_is_taken_from_by_hand_from_now_on(self, kept: WatchedEngine) -> None:
        await kept.apply(TEXT.replace("[queues.support]", '[queues.support]\nmode = "pull"'))
        await kept.tick()
        assert (await reservations(kept))[-1] == ("ana", "heavy", "queue_stopped")

    async def test_a_raised_limit_of_offers_may_let_it_come(self, starved: WatchedEngine) -> None:
        await starved.advance(by=AFTER_S - 5)
        await starved.submit("chat", channel="chat")
        await starved.advance(by=5)
        for case in ("one", "two"):
            await starved.act("ana", "complete", case)
        assert (await starved.offers("ana"), await reserved(starved)) == (["chat"], "heavy")
        await starved.apply(TEXT + "[workspace]\noffer_limit = 2\n")
        await starved.tick()
        assert sorted(await starved.offers("ana")) == ["chat", "heavy"]

    async def test_when_the_channel_does_not_reserve_any_more(self, kept: WatchedEngine) -> None:
        await kept.apply(BASIC)
        await kept.advance(by=AFTER_S)
        assert (await reservations(kept))[-1] == ("ana", "heavy", "switched_off")

    async def test_when_the_agent_is_removed(self, kept: WatchedEngine) -> None:
        await kept.set_status("ana", "offline")
        await kept.run("requeue_agent", ("supervisor", "sue"), agent="ana", reason="ill")
        await kept.set_status("ana", "online")
        await kept.advance(by=AFTER_S)
        await kept.run("remove_agent", ("admin", "ann"), agent="ana")
        assert (await reservations(kept))[-1][2] == "agent_away"


class TestOtherPaths:
    async def test_a_take_that_would_delay_it_is_refused(self, kept: WatchedEngine) -> None:
        await kept.submit("light", "pool")
        refused = await kept.refusal(kept.act("ana", "take", "light"))
        assert (refused.code, refused.detail) == ("NO_ROOM", "ana has to keep its room for case heavy")
        refused = await kept.refusal(kept.run("take_next", ("agent", "ana"), queue="pool"))
        assert (refused.code, "case heavy" in refused.detail) == ("NO_ROOM", True)

    async def test_what_it_is_kept_for_may_be_taken_as_soon_as_it_fits(self, watched: WatchedEngine) -> None:
        await watched.apply(TEXT)
        await watched.add_agent("ana", queues=["support", "mixed"])
        await give_light_work(watched, "ana", "one", "two")
        await watched.submit("heavy", "mixed", cost=3)
        await watched.advance(by=AFTER_S - 5)
        await watched.submit("chat", channel="chat")
        await watched.advance(by=5)
        for case in ("one", "two"):
            await watched.act("ana", "complete", case)
        assert (await watched.offers("ana"), await reserved(watched)) == (["chat"], "heavy")
        assert (await watched.run("take_next", ("agent", "ana"), queue=""))["case"] == "heavy"
        assert (await reservations(watched))[-1] == ("ana", "heavy", "offered")

    async def test_a_take_that_costs_it_nothing_is_not(self, kept: WatchedEngine) -> None:
        await kept.submit("chat", "pool", channel="chat")
        await kept.act("ana", "take", "chat")
        assert (await kept.case("chat"))["owner"] == "agent:ana"

    async def test_a_colleague_finds_the_agent_full(self, kept: WatchedEngine) -> None:
        await kept.add_agent("bo", queues=["billing"])
        await give_light_work(kept, "bo", "bos", queue="billing")
        refused = await kept.refusal(kept.act("bo", "transfer", "bos", agent="ana"))
        assert refused.code == "TARGET_FULL"

    async def test_a_supervisor_assigns_all_the_same(self, kept: WatchedEngine) -> None:
        await kept.submit("light", "pool")
        await kept.steer("supervisor", "assign", "light", agent="ana")
        assert await reserved(kept) == "heavy"
        await kept.steer("supervisor", "assign", "heavy", agent="ana", over_capacity=1)
        assert (await reservations(kept))[-1] == ("ana", "heavy", "offered")

    async def test_what_wakes_on_the_desk_comes_first(self, kept: WatchedEngine) -> None:
        await kept.act("ana", "park", "one")
        await kept.steer("producer", "update", "one", customer_activity=1)
        assert (await kept.case("one"))["state"] == "active"
