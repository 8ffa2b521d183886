"""Kinds of work come and go: a class in which nothing waits makes room for another, and goes when it is not used."""

from itertools import pairwise

from casebaton.audit import check
from tests.engine import BASIC, Engine
from tests.store.soundness import Snapshot, WatchedEngine, read

MOST, KEPT, LOOK_S = 256, 32, 600
PULLED = BASIC.replace("[queues.support]", '[queues.support]\nmode = "pull"')


def kind(cost: int) -> str:
    """The class of cases that cost so much."""
    return f"support/case/i{cost}/-/*"


def kinds(state: Snapshot) -> set[str]:
    return set(state.hash("classes").get("support", {}))


async def wait(engine: Engine, *costs: int) -> None:
    """Let a case of each of these kinds wait."""
    for cost in costs:
        await engine.submit(f"c-{cost}", cost=cost)


async def come_and_go(engine: Engine, *costs: int) -> None:
    """Let a case of each of these kinds come and be withdrawn."""
    for cost in costs:
        await engine.submit(f"c-{cost}", cost=cost)
        await engine.steer("producer", "cancel", f"c-{cost}", reason="withdrawn")


async def add_experts(engine: Engine, *agents: str) -> None:
    for agent in agents:
        await engine.add_agent(agent, capacity=1000, room=1000)


async def test_three_hundred_kinds_of_work_go_through_one_queue(engine: Engine) -> None:
    await add_experts(engine, "ana", "bo")
    for cost in range(300):
        await engine.submit(f"c-{cost}", cost=cost)
        await engine.tick()
        agent = (await engine.case(f"c-{cost}"))["agent"]
        await engine.act(agent, "accept", f"c-{cost}")
        await engine.act(agent, "complete", f"c-{cost}")

    state = await read(engine)
    assert len(kinds(state)) == MOST
    for agent in ("ana", "bo"):
        row = state.hash("agent")[agent]
        assert set(row["classes"].split(",")) == set(row["ready"].split(",")) == kinds(state)
    assert (await check(engine.store, "acme")).violations == []


async def test_unused_kinds_of_work_go_after_a_while_and_come_again_as_at_first(engine: Engine) -> None:
    await add_experts(engine, "ana")
    await engine.set_status("ana", "busy")
    await come_and_go(engine, *range(100))
    await engine.advance(by=2 * LOOK_S, step_ms=2000)

    state = await read(engine)
    assert len(kinds(state)) == KEPT
    assert set(state.hash("agent")["ana"]["classes"].split(",")) == kinds(state)
    assert not state.hash("progress")
    await engine.set_status("ana", "online")
    for cost in range(100):
        await engine.submit(f"again-{cost}", cost=cost)
        assert await engine.offers("ana") == [f"again-{cost}"]
        await engine.act("ana", "accept", f"again-{cost}")
        await engine.act("ana", "complete", f"again-{cost}")
    assert (await check(engine.store, "acme")).violations == []


async def test_what_is_used_now_and_then_stays(engine: Engine) -> None:
    await come_and_go(engine, *range(KEPT + 10))
    for n in range(4):
        await engine.advance(by=LOOK_S / 2, step_ms=2000)
        await engine.submit(f"now-and-then-{n}", cost=KEPT + 9)
        await engine.steer("producer", "cancel", f"now-and-then-{n}", reason="withdrawn")
    assert len(found := kinds(await read(engine))) == KEPT
    assert kind(KEPT + 9) in found


async def test_where_something_waits_the_class_stays(engine: Engine) -> None:
    await wait(engine, *range(MOST))
    assert (await engine.refusal(engine.submit("one", cost=MOST))).code == "TOO_MANY_CLASSES"
    await engine.steer("producer", "cancel", "c-7", reason="withdrawn")
    await engine.advance(by=2 * LOOK_S, step_ms=2000)
    await engine.submit("one", cost=MOST)
    assert kinds(await read(engine)) == {kind(cost) for cost in range(MOST + 1) if cost != 7}
    await add_experts(engine, "ana")
    await engine.steer("supervisor", "update", "c-9", priority=0)
    await engine.act("ana", "decline", (await engine.offers("ana"))[0], reason="busy")
    assert await engine.offers("ana") == ["c-9"]


async def test_a_paused_queue_gives_up_what_is_empty_only_for_another_kind(watched: WatchedEngine) -> None:
    await add_experts(watched, "ana")
    watched.watching = False
    await come_and_go(watched, *range(MOST))
    watched.watching = True
    await watched.on_queue("pause")
    await watched.submit("one", cost=MOST)
    await watched.tick()
    assert len(kinds(await read(watched))) == MOST
    await watched.on_queue("resume")
    await watched.tick()
    assert await watched.offers("ana") == ["one"]
    assert int((await read(watched)).meta["unsettled"]) == 0


async def test_a_queue_that_is_paused_forgets_which_classes_were_idle(watched: WatchedEngine) -> None:
    await come_and_go(watched, *range(KEPT + 1))
    watched.watching = False
    await watched.advance(by=LOOK_S, step_ms=2000)
    watched.watching = True
    assert set((await read(watched)).class_states().values()) == {"idle"}
    await watched.on_queue("pause")
    await watched.submit("one", cost=1)
    await watched.on_queue("resume")
    await add_experts(watched, "ana")
    await watched.tick()
    assert await watched.offers("ana") == ["one"]


async def test_a_pull_queues_kinds_go_too(watched: WatchedEngine) -> None:
    await watched.apply(PULLED)
    await add_experts(watched, "ana")
    watched.watching = False
    await come_and_go(watched, *range(KEPT + 20))
    await watched.submit("one", cost=KEPT + 19)
    await watched.advance(by=LOOK_S, step_ms=2000)
    watched.watching = True
    found = kinds(await read(watched))
    assert (len(found), kind(KEPT + 19) in found) == (KEPT, True)
    assert (await watched.run("take_next", ("agent", "ana"), queue="support"))["case"] == "one"


async def test_what_the_library_remembers_of_lists_is_bounded(engine: Engine) -> None:
    queues = [f"queue-{n}-{'x' * 40}" for n in range(6)]
    await engine.apply("[channels.case]\n" + "".join(f"[queues.{queue}]\n" for queue in queues))
    for left_out in queues:  # so that each has lists of its own; nobody has room for anything
        among = [queue for queue in queues if queue != left_out]
        await engine.add_agent(f"not-in-{left_out}", queues=among, capacity=0, room=0)
    for cost in range(1, 81):
        for queue in queues:
            await engine.submit(f"{queue[:7]}-{cost}", queue, cost=cost)
    assert (await engine.store.redis.info("memory"))["used_memory_vm_functions"] < 25_000_000


class TestLargeQueue:
    """More members than one slice takes out of a class."""

    MEMBERS = 120

    async def begin(self, engine: Engine) -> None:
        """Bring the queue to the limit, and let one kind more come: the first is on its way out."""
        for n in range(self.MEMBERS):
            await engine.set_agent(f"a-{n:03}", create=1, queues="support", capacity=1000, interruptible_capacity=1000)
        await come_and_go(engine, *range(MOST))
        await engine.tick()
        await engine.submit("one", cost=MOST)
        assert len(kinds(await read(engine))) == MOST

    async def members(self, engine: Engine, of: str) -> int:
        rows = (await read(engine)).hash("agent").values()
        return sum(of in row["classes"].split(",") for row in rows)

    async def test_members_leave_a_class_that_was_given_up_in_slices(self, engine: Engine) -> None:
        await self.begin(engine)
        (gone,) = {kind(cost) for cost in range(MOST)} - kinds(await read(engine))
        seen = [await self.members(engine, gone)]
        while seen[-1]:
            await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
            seen.append(await self.members(engine, gone))
        assert seen == sorted(seen, reverse=True)
        assert max(before - after for before, after in pairwise(seen)) < 12  # each is in hundreds of classes
        await engine.tick()
        assert (await check(engine.store, "acme")).violations == []

    async def test_a_class_that_is_on_its_way_out_is_born_again_by_a_case_that_comes(self, engine: Engine) -> None:
        await self.begin(engine)
        (gone,) = {kind(cost) for cost in range(MOST)} - kinds(await read(engine))
        while await self.members(engine, gone) == self.MEMBERS:
            await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
        for n in (0, self.MEMBERS - 1):
            await engine.connect(f"a-{n:03}")
            await engine.set_status(f"a-{n:03}", "online")
        await engine.submit("two", cost=int(gone.split("/")[2][1:]))
        await engine.tick()
        assert await self.members(engine, gone) == self.MEMBERS
        assert {(await engine.case(case))["state"] for case in ("one", "two")} == {"offered"}
        assert (await check(engine.store, "acme")).violations == []


async def test_a_case_whose_kind_was_given_up_may_still_be_changed_in_what_it_does_not_ask(engine: Engine) -> None:
    await add_experts(engine, "ana")
    await engine.submit("mine", cost=MOST + 1)
    await engine.act("ana", "accept", "mine")
    await engine.set_status("ana", "busy")
    await wait(engine, *range(1, MOST + 1))
    assert kind(MOST + 1) not in kinds(await read(engine))
    await engine.act("ana", "update", "mine", priority=2)
    assert (await engine.case("mine"))["priority"] == 2
    asked = engine.act("ana", "update", "mine", skills="german=1")
    assert (await engine.refusal(asked)).code == "TOO_MANY_CLASSES"
