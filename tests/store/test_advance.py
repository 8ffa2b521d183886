"""advance: timers in order and in slices, misses, outages, the clock."""

from typing import Any

from tests.engine import BASIC, START
from tests.store.soundness import WatchedEngine


async def advance_once(engine: WatchedEngine, limit: int = 50, silent_ms: int | str = "") -> Any:
    return await engine.run("advance", ("engine", "timers"), command_id="", limit=limit, silent_ms=silent_ms)


class TestSlices:
    async def test_at_most_so_many_fire_in_a_call_and_in_the_order_of_their_times(self, watched: WatchedEngine) -> None:
        agents = [f"a-{n:02}" for n in range(12)]
        for n, agent in enumerate(agents):
            watched.now = START + n  # not in the order of the ids alone
            await watched.add_agent(agent)
            await watched.submit(f"c-{11 - n:02}")
        await watched.advance(by=29)
        watched.now += 1100
        fired = []
        for _ in range(4):
            answer = await advance_once(watched, limit=5)
            fired.append((answer["fired"], answer["next_ms"] == 0))
        assert fired == [(5, True), (5, True), (2, False), (0, False)]
        expired = [event["case"] for event in await watched.events("offer_expired")]
        assert expired == [f"c-{n:02}" for n in reversed(range(12))]

    async def test_the_answer_says_when_the_next_is_due(self, watched: WatchedEngine) -> None:
        assert (await advance_once(watched))["next_ms"] == -1
        await watched.add_agent("ana")
        assert (await advance_once(watched))["next_ms"] == 5_000
        await watched.advance(4)
        assert (await advance_once(watched))["next_ms"] == 5_000

    async def test_bulk_work_counts_for_25(self, watched: WatchedEngine) -> None:
        watched.watching = False
        for n in range(60):
            await watched.add_agent(f"a-{n:02}")
        watched.watching = True
        for queue in ("support", "billing", "mixed"):
            await watched.set_agent("a-00", queues="billing,mixed,support")
            await watched.submit(queue, queue)
        assert (await advance_once(watched, limit=26))["fired"] == 25


class TestMisses:
    async def test_three_in_a_row_make_the_agent_not_responding(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        for n in range(4):
            await watched.submit(f"c-{n}")
        await watched.advance(89)
        assert (await watched.agent("ana"))["agent"]["status"] == "online"
        await watched.advance(90)
        found = (await watched.agent("ana"))["agent"]
        assert (found["status"], found["status_cause"], found["missed"]) == ("not_responding", "missed_offers", 3)
        assert await watched.offers("ana") == []
        await watched.set_status("ana", "online")
        assert (await watched.agent("ana"))["agent"]["missed"] == 0
        assert await watched.offers("ana") != []

    async def test_one_missed_chat_is_enough_and_takes_other_offers_back(self, watched: WatchedEngine) -> None:
        await watched.apply(BASIC + "[workspace]\noffer_limit = 2\n")
        await watched.add_agent("ana")
        await watched.submit("chat", channel="chat")
        await watched.advance(10)
        await watched.submit("case")
        await watched.advance(30)
        assert [event["case"] for event in await watched.events("offer_expired")] == ["chat"]
        assert [(event["case"], event["reason"]) for event in await watched.events("offer_revoked")] == [
            ("case", "not_responding")
        ]

    async def test_an_accept_forgets_the_misses_before_it(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        for n in range(3):
            await watched.submit(f"c-{n}")
        await watched.advance(60)
        await watched.act("ana", "accept", "c-2")
        assert (await watched.agent("ana"))["agent"]["missed"] == 0

    async def test_an_accept_wins_until_the_expiry_has_happened(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        watched.now += 31_000
        await watched.act("ana", "accept", "one")
        await watched.tick()
        assert await watched.desk("ana") == ["one"]
        assert not await watched.events("offer_expired")

    async def test_wrap_up_ends_by_its_timer(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.act("ana", "accept", "one")
        await watched.steer("producer", "cancel", "one", reason="withdrawn")
        await watched.advance(59)
        assert ((await watched.case("one"))["state"], await watched.load("ana")) == ("wrapping", (1, 3))
        await watched.advance(60)
        assert ((await watched.case("one"))["state"], await watched.load("ana")) == ("cancelled", (0, 3))
        assert (await watched.events("case_cancelled"))[-1]["reason"] == "wrap_up_over"


class TestTheClock:
    async def test_after_an_outage_nobody_is_reaped_and_deadlines_move_by_the_gap(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.advance(3)
        deadline = (await watched.case("one"))["deadline_at_ms"]
        watched.now += 10_000
        await watched.tick()
        (moved,) = await watched.events("clock_moved")
        assert moved["by_ms"] == 10_000
        assert (await watched.agent("ana"))["agent"]["presence"] == "connected"
        assert (await watched.case("one"))["deadline_at_ms"] == deadline + 10_000
        await watched.renew()
        await watched.advance(39)
        assert await watched.offers("ana") == ["one"]
        await watched.advance(40)
        assert [event["case"] for event in await watched.events("offer_expired")] == ["one"]
        assert len(await watched.events("clock_moved")) == 1

    async def test_a_pause_of_two_seconds_is_no_outage(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.tick()
        watched.now += 2_000
        await watched.tick()
        assert not await watched.events("clock_moved")

    async def test_with_nothing_to_lose_a_long_silence_is_no_outage(self, watched: WatchedEngine) -> None:
        await watched.tick()
        watched.now += 3_600_000
        await watched.tick()
        assert not await watched.events("clock_moved")

    async def test_cool_downs_are_absolute_and_an_outage_counts_towards_them(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.act("ana", "decline", "one", reason="busy")
        await watched.tick()
        watched.now += 60_000
        await watched.tick()
        assert await watched.offers("ana") == ["one"]

    async def test_a_clock_set_back_stands_still(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.advance(20)
        watched.now -= 3_600_000
        await watched.tick()
        await watched.submit("two")
        assert (await watched.case("two"))["requested_at_ms"] == START + 20_000
        times = [event["at_ms"] for event in await watched.events()]
        assert times == sorted(times)
        watched.now = START + 20_000
        await watched.advance(30)
        assert [event["case"] for event in await watched.events("offer_expired")] == ["one"]

    async def test_a_rival_acts_only_when_nobody_has_for_so_long(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.advance(29)
        watched.now += 1000
        before = await watched.dump()
        assert await advance_once(watched, silent_ms=1500) == {"next_ms": 0, "fired": 0}
        assert await watched.dump() == before
        watched.now += 500
        assert (await advance_once(watched, silent_ms=1500))["fired"] == 1
