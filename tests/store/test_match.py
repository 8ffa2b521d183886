"""Who gets what, checked after every command: no match that was possible is left unmade."""

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine, assert_sound, read

PULLED, PUSHED = BASIC.replace("[queues.support]\n", '[queues.support]\nmode = "pull"\n'), BASIC


async def arrive(engine: WatchedEngine, *agents: str, room: int = 3, queues: tuple[str, ...] = ("support",)) -> None:
    """Agents sign in one second after the other, so that the first named has been idle longest."""
    for agent in agents:
        await engine.add_agent(agent, room=room, queues=queues)
        engine.now += 1000


async def fill(engine: WatchedEngine, count: int, *, room: int = 1) -> list[str]:
    """Members of queue support in the order of their ids, all at once; checked only at the end."""
    names = [f"m-{n:03}" for n in range(count)]
    engine.watching = False
    for name in names:
        await engine.add_agent(name, room=room)
    engine.watching = True
    await assert_sound(engine)
    return names


async def held_by(engine: WatchedEngine, *cases: str) -> list[str]:
    """Who each case rings at or belongs to; `-` when it waits."""
    return [(await engine.case(case)).get("agent", "-") for case in cases]


async def class_states(engine: WatchedEngine) -> set[str]:
    return set((await read(engine)).class_states().values())


class TestWhichCase:
    async def test_the_most_urgent_then_the_oldest_then_the_least_id(self, watched: WatchedEngine) -> None:
        await watched.submit("late", priority=1)
        for case in ("b", "a"):
            await watched.submit(case, priority=5)
        watched.now += 1000
        await watched.submit("urgent", priority=0)
        await watched.submit("young", priority=5)
        assert await watched.line("support") == ["urgent", "late", "a", "b", "young"]
        await arrive(watched, "ana", room=5)
        for case in ("urgent", "late", "a", "b", "young"):
            assert await watched.offers("ana") == [case]
            await watched.act("ana", "accept", case)

    async def test_of_several_queues_the_best_head(self, watched: WatchedEngine) -> None:
        await watched.submit("one", "support", priority=5)
        await watched.submit("two", "billing", priority=4)
        await watched.submit("three", "mixed", priority=6)
        await arrive(watched, "ana", queues=("support", "billing", "mixed"))
        for case in ("two", "one", "three"):
            assert await watched.offers("ana") == [case]
            await watched.act("ana", "accept", case)

    async def test_a_pull_queue_offers_nothing(self, watched: WatchedEngine) -> None:
        await arrive(watched, "ana", queues=("pool",))
        await watched.submit("one", "pool")
        assert await held_by(watched, "one") == ["-"]

    async def test_raising_a_waiting_case_moves_it_ahead(self, watched: WatchedEngine) -> None:
        for case in ("one", "two"):
            await watched.submit(case)
        await watched.steer("producer", "update", "two", priority=0)
        assert await watched.line("support") == ["two", "one"]

    async def test_a_case_too_heavy_for_the_room_is_passed_over_and_not_lost(self, watched: WatchedEngine) -> None:
        await watched.submit("chat", channel="chat", priority=0)
        await watched.submit("case", priority=9)
        await watched.add_agent("ana", capacity=4)
        assert await watched.offers("ana") == ["case"]
        await watched.set_agent("ana", capacity=6)
        await watched.act("ana", "accept", "case")
        assert await watched.offers("ana") == ["chat"]

    async def test_an_agent_gets_only_channels_it_accepts(self, watched: WatchedEngine) -> None:
        await watched.submit("chat", channel="chat", priority=0)
        await watched.set_agent("ana", create=1, queues="support", capacity=10, interruptible_capacity=3)
        await watched.connect("ana")
        await watched.set_status("ana", "online", channels="case")
        assert await watched.offers("ana") == []
        await watched.submit("case")
        assert await watched.offers("ana") == ["case"]
        await watched.set_status("ana", "online", channels="chat")
        assert await held_by(watched, "chat", "case") == ["ana", "-"]
        (revoked,) = await watched.events("offer_revoked")
        assert revoked["case"] == "case"

    async def test_a_case_that_makes_room_by_going_comes_behind_a_better_one_that_fits_now(
        self, watched: WatchedEngine
    ) -> None:
        await watched.apply("[channels.case]\n[queues.support]\nexclusion_s = 0\n[queues.mixed]\nexclusion_s = 0\n")
        await watched.add_agent("ana", queues=("support", "mixed"), room=2)
        await watched.submit("before", queue="mixed")  # so that such cases are known there
        await watched.steer("producer", "cancel", "before", reason="withdrawn")
        await watched.submit("one")
        await watched.act("ana", "accept", "one")
        await watched.submit("heavy", priority=0, cost=2)
        assert await watched.offers("ana") == []
        await watched.act("ana", "transfer", "one", queue="mixed")
        assert await watched.offers("ana") == ["heavy"]

    async def test_a_case_that_makes_room_by_going_is_the_agent_s_own_turn_where_nothing_else_waits(
        self, watched: WatchedEngine
    ) -> None:
        await watched.apply("[channels.case]\n[queues.support]\nexclusion_s = 0\n[queues.mixed]\nexclusion_s = 0\n")
        await watched.submit("urgent", priority=0)  # a better one was looked for before, and is gone
        await watched.add_agent("ana", queues=("support", "mixed"), room=2)
        await watched.act("ana", "accept", "urgent")
        await watched.act("ana", "complete", "urgent")
        await watched.submit("before", queue="mixed")  # so that such cases are known there
        await watched.steer("producer", "cancel", "before", reason="withdrawn")
        await watched.submit("one")
        await watched.act("ana", "accept", "one")
        await watched.act("ana", "transfer", "one", queue="mixed")
        assert (await watched.events("case_offered"))[-1]["decision"]["rule"] == "longest_idle"


class TestWhichAgent:
    async def test_longest_idle_then_the_least_id(self, watched: WatchedEngine) -> None:
        await arrive(watched, "cy", "bo")
        watched.now -= 1000
        await watched.add_agent("ana")
        for case in ("one", "two", "three"):
            await watched.submit(case)
        assert await held_by(watched, "one", "two", "three") == ["cy", "ana", "bo"]

    async def test_only_ended_work_declines_misses_and_signing_in_restart_idle_time(
        self, watched: WatchedEngine
    ) -> None:
        await arrive(watched, "ana", "bo")
        await watched.set_status("ana", "busy")
        await watched.set_status("ana", "online")
        await watched.disconnect("ana")
        await watched.connect("ana", "ana-2")
        await watched.submit("one")
        assert await watched.offers("ana") == ["one"]
        await watched.steer("supervisor", "revoke", "one", reason="vip")
        assert await watched.offers("bo") == ["one"]
        await watched.submit("two")
        assert await watched.offers("ana") == ["two"]
        await watched.act("ana", "decline", "two", reason="busy")
        await watched.act("bo", "accept", "one")
        await watched.set_agent("cy", create=1)
        assert await held_by(watched, "two") == ["bo"]

    async def test_room_in_both_pools(self, watched: WatchedEngine) -> None:
        """P + c <= C for primary work; J + c <= I and P + J + c <= C for the rest."""
        await watched.add_agent("ana", capacity=6, room=2)
        await watched.submit("chat", channel="chat")
        await watched.act("ana", "accept", "chat")
        await watched.submit("one")
        await watched.act("ana", "accept", "one")
        await watched.submit("two")
        assert await held_by(watched, "two") == ["-"]
        await watched.act("ana", "complete", "chat")
        assert await watched.offers("ana") == ["two"]
        await watched.act("ana", "accept", "two")
        await watched.submit("three")
        await watched.submit("another-chat", channel="chat")
        assert await held_by(watched, "three", "another-chat") == ["-", "ana"]

    async def test_with_two_offers_allowed_two_ring_and_no_more(self, watched: WatchedEngine) -> None:
        await watched.apply(BASIC + "[workspace]\noffer_limit = 2\n")
        await arrive(watched, "ana")
        for case in ("one", "two", "three"):
            await watched.submit(case)
        assert await held_by(watched, "one", "two", "three") == ["ana", "ana", "-"]
        await watched.act("ana", "accept", "two")
        assert await held_by(watched, "three") == ["ana"]

    async def test_a_raised_and_a_lowered_offer_limit_hold_at_once(self, watched: WatchedEngine) -> None:
        await arrive(watched, "ana", room=9)
        for case in ("a", "b", "c", "d"):
            await watched.submit(case)
        await watched.apply(BASIC + "[workspace]\noffer_limit = 2\n")
        await watched.tick()
        assert await held_by(watched, "a", "b", "c") == ["ana", "ana", "-"]
        await watched.apply(BASIC)
        await watched.act("ana", "accept", "a")
        await watched.tick()
        assert await held_by(watched, "b", "c") == ["ana", "-"]


class TestCoolDowns:
    async def test_an_agent_beyond_32_who_cool_down_is_found_by_the_drain(self, watched: WatchedEngine) -> None:
        names = await fill(watched, 34)
        *decliners, last_to_decline, behind = names
        watched.now += 1000
        await watched.submit("one")
        for name in decliners:
            await watched.act(name, "decline", "one", reason="busy")
        assert await held_by(watched, "one") == [last_to_decline]
        watched.now += 1000
        await watched.submit("two")
        await watched.act(behind, "decline", "two", reason="busy")
        await watched.steer("supervisor", "cancel", "two", reason="withdrawn")

        await watched.act(last_to_decline, "decline", "one", reason="busy")
        assert (await held_by(watched, "one"), await class_states(watched)) == (["-"], {"dirty"})
        await watched.tick()
        assert (await held_by(watched, "one"), await class_states(watched)) == ([behind], {"open"})

    async def decline_all(self, engine: WatchedEngine, agent: str, cases: list[str]) -> None:
        """Let an agent decline case after case, the drains that this takes included."""
        for case in cases:
            await engine.act(agent, "decline", case, reason="busy")
            await engine.tick()

    async def test_a_case_beyond_32_that_cool_down_is_found_by_the_drain(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        cases = [f"c-{n:02}" for n in range(34)]
        for case in cases:
            await watched.submit(case)
        await self.decline_all(watched, "ana", cases[:31])
        await watched.act("ana", "decline", cases[31], reason="busy")
        assert (await watched.offers("ana"), await class_states(watched)) == ([], {"dirty"})
        await watched.submit("urgent", priority=0)
        assert await watched.offers("ana") == []  # nobody overtakes in a dirty class
        await watched.tick()
        assert (await watched.offers("ana"), await class_states(watched)) == (["urgent"], {"open"})
        await watched.act("ana", "accept", "urgent")
        await watched.tick()
        assert await watched.offers("ana") == [cases[32]]

    async def test_cases_that_leave_between_two_slices_hide_no_other_from_the_drain(
        self, watched: WatchedEngine
    ) -> None:
        await watched.add_agent("ana")
        cases = [f"c-{n:02}" for n in range(53)]
        for case in cases:
            await watched.submit(case)
        await self.decline_all(watched, "ana", cases[:51])
        await watched.act("ana", "decline", cases[51], reason="busy")
        await watched.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
        assert (await watched.offers("ana"), await class_states(watched)) == ([], {"dirty"})
        for case in cases[47:50]:
            await watched.steer("producer", "cancel", case, reason="withdrawn")
        await watched.tick()
        assert (await watched.offers("ana"), await class_states(watched)) == ([cases[52]], {"open"})

    async def test_the_end_of_a_cool_down_makes_the_match(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.act("ana", "decline", "one", reason="busy")
        await watched.advance(59)
        assert await held_by(watched, "one") == ["-"]
        await watched.advance(60)
        assert await held_by(watched, "one") == ["ana"]

    async def test_a_cool_down_outlives_its_case_quietly(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.act("ana", "decline", "one", reason="busy")
        await watched.steer("producer", "cancel", "one", reason="withdrawn")
        await watched.advance(60)
        await watched.submit("two")
        assert await watched.offers("ana") == ["two"]


class TestClasses:
    async def test_a_class_of_many_members_is_born_in_slices(self, watched: WatchedEngine) -> None:
        names = await fill(watched, 120)
        await watched.submit("one")
        assert await class_states(watched) == {"building"}
        assert await held_by(watched, "one") == ["-"]
        await watched.submit("two")
        await watched.tick()
        assert await class_states(watched) == {"open"}
        assert await held_by(watched, "one", "two") == names[:2]

    async def test_members_who_come_and_go_during_a_birth_are_counted_once(self, watched: WatchedEngine) -> None:
        await fill(watched, 120)
        await watched.submit("one")
        await watched.set_agent("m-000", queues="-")
        await watched.set_agent("m-119", queues="-")
        await watched.add_agent("a-first", room=1)
        await watched.tick()
        assert await class_states(watched) == {"open"}
        assert await held_by(watched, "one") == ["a-first"]

    async def test_membership_decides_who_is_offered_what_waits(self, watched: WatchedEngine) -> None:
        await watched.submit("one")
        await watched.submit("two", "billing")
        await arrive(watched, "ana", queues=("pool",))
        await watched.set_agent("ana", queues="support")
        assert await watched.offers("ana") == ["one"]
        await watched.set_agent("ana", queues="billing")
        assert await watched.offers("ana") == ["two"]
        await watched.set_agent("ana", queues="-")
        assert await watched.offers("ana") == []
        assert await held_by(watched, "one", "two") == ["-", "-"]


class TestModeFlips:
    async def test_a_queue_becomes_pull_and_push_again_while_cases_wait(self, watched: WatchedEngine) -> None:
        await arrive(watched, "ana", room=2)
        for case in ("a", "b", "c"):
            await watched.submit(case)
        await watched.apply(PULLED)
        await watched.tick()
        assert await class_states(watched) == {"off"}
        await watched.act("ana", "accept", "a")
        assert await held_by(watched, "b") == ["-"]
        await watched.apply(PUSHED)
        assert (await watched.refusal(watched.act("ana", "take", "b"))).code == "PUSH_ONLY"
        assert await held_by(watched, "b") == ["-"]
        await watched.tick()
        assert await held_by(watched, "b", "c") == ["ana", "-"]

    async def test_a_flip_to_pull_overtakes_a_drain_on_its_way(self, watched: WatchedEngine) -> None:
        """The class was dirty when its queue became pull: the drain must not open it again."""
        names = await fill(watched, 60)
        await watched.apply(PULLED)
        await watched.submit("one")
        await watched.tick()
        await watched.apply(PUSHED)
        for _ in range(2):
            await watched.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
        assert await class_states(watched) == {"dirty"}
        await watched.apply(PULLED)
        await watched.tick()
        assert await class_states(watched) == {"off"}
        await watched.set_agent(names[0], queues="billing,support")
        assert await held_by(watched, "one") == ["-"]

    async def test_who_changes_during_the_flip_to_pull_is_offered_nothing(self, watched: WatchedEngine) -> None:
        names = await fill(watched, 120)
        await watched.submit("one")
        await watched.tick()
        await watched.apply(PULLED)
        await watched.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
        assert "building" in await class_states(watched)
        await watched.set_agent(names[1], capacity=9)
        await watched.set_agent(names[1], queues="mixed,support")
        await watched.tick()
        await watched.submit("two")
        assert await held_by(watched, "two") == ["-"]


class TestAlerts:
    async def test_when_all_who_are_there_have_declined_a_supervisor_is_told_once(self, watched: WatchedEngine) -> None:
        await arrive(watched, "ana", "bo", "away")
        await watched.set_status("away", "busy")
        await watched.submit("one")
        await watched.act("ana", "decline", "one", reason="busy")
        assert not await watched.events("alert_raised")
        await watched.act("bo", "decline", "one", reason="busy")
        (alert,) = await watched.events("alert_raised")
        assert (alert["alert"], alert["case"], alert["queue"], alert["cause"]) == (
            "all_declined",
            "one",
            "support",
            "decline_case",
        )
        assert (await watched.case("one"))["state"] == "waiting"

    async def test_a_miss_by_the_last_one_alerts_too(self, watched: WatchedEngine) -> None:
        await arrive(watched, "ana")
        await watched.submit("one")
        await watched.advance(by=31)
        (alert,) = await watched.events("alert_raised")
        assert (alert["alert"], alert["case"]) == ("all_declined", "one")

    async def test_a_member_who_is_only_busy_with_other_work_has_not_declined(self, watched: WatchedEngine) -> None:
        await arrive(watched, "ana")
        await arrive(watched, "bo", room=0)
        await watched.submit("one")
        await watched.act("ana", "decline", "one", reason="busy")
        assert await held_by(watched, "one") == ["-"]
        assert not await watched.events("alert_raised")
