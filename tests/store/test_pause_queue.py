"""pause_queue and resume_queue: nothing is offered or taken in between, and nothing is left behind afterwards."""

from typing import Any

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine, read

PULLED = BASIC.replace("[queues.support]", '[queues.support]\nmode = "pull"')


async def class_states(engine: WatchedEngine) -> set[str]:
    return set((await read(engine)).class_states().values())


async def test_a_paused_queue_offers_nothing_until_it_is_resumed(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.on_queue("pause", reason="fire drill")
    await watched.submit("one")
    assert (await watched.waits("one"), await watched.offers("ana")) == (True, [])
    await watched.on_queue("resume")
    await watched.tick()
    assert await watched.offers("ana") == ["one"]


async def test_the_events_say_what_the_queue_is_and_who_made_it_so(watched: WatchedEngine) -> None:
    answer = await watched.on_queue("pause", reason="fire drill")
    await watched.on_queue("drain")
    await watched.on_queue("resume")
    told = [
        (event["type"], event["paused"], event["draining"])
        for event in await watched.events("queue_paused", "queue_draining", "queue_resumed")
    ]
    assert told == [("queue_paused", True, False), ("queue_draining", True, True), ("queue_resumed", False, False)]
    (paused,) = await watched.events("queue_paused")
    assert (paused["queue"], paused["actor"], paused["reason"]) == ("support", "supervisor:sue", "fire drill")
    assert answer == {"queue": "support", "mode": "push", "waiting": 0, "paused": True, "draining": False, "open": True}


async def test_paused_or_resumed_twice_it_changes_nothing(watched: WatchedEngine) -> None:
    for verb in ("pause", "drain", "resume"):
        await watched.on_queue(verb)
        before = await watched.dump_state()
        await watched.on_queue(verb)
        assert await watched.dump_state() == before


async def test_what_rings_goes_on_ringing_and_may_be_accepted(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.on_queue("pause")
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await watched.waits("one")
    await watched.advance(by=301)
    assert await watched.waits("one")
    await watched.on_queue("resume")
    await watched.tick()
    assert await watched.offers("ana") == ["one"]


async def test_a_paused_queue_does_not_stop_another(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["billing", "support"])
    await watched.on_queue("pause")
    await watched.submit("one")
    await watched.submit("two", "billing")
    assert await watched.offers("ana") == ["two"]


async def test_who_comes_goes_or_changes_meanwhile_is_known_when_it_is_resumed(watched: WatchedEngine) -> None:
    for agent in ("ana", "bo"):
        await watched.add_agent(agent)
    await watched.submit("seen")
    await watched.act("ana", "accept", "seen")
    await watched.on_queue("pause")
    for n in range(3):
        await watched.submit(f"c-{n}")
    await watched.set_status("ana", "busy")
    await watched.set_agent("bo", queues="-")
    await watched.add_agent("cy")
    await watched.submit("german", skills="german=1")
    await watched.add_agent("dee", skills="german=1")
    await watched.on_queue("resume")
    await watched.tick()
    offers = [await watched.offers(agent) for agent in ("ana", "bo", "cy", "dee")]
    assert offers == [[], [], ["c-0"], ["c-1"]]


async def test_a_line_longer_than_a_slice_is_worked_off_in_order(watched: WatchedEngine) -> None:
    watched.watching = False
    names = [f"a-{n:03}" for n in range(120)]
    for name in names:
        await watched.add_agent(name)
        watched.now += 1
    await watched.on_queue("pause")
    for n in range(130):
        await watched.submit(f"c-{n:03}")
        watched.now += 1
    watched.watching = True
    await watched.tick()
    await watched.on_queue("resume")
    assert await class_states(watched) == {"dirty"}
    await watched.submit("late", priority=9)
    await watched.tick()
    assert [await watched.offers(name) for name in names] == [[f"c-{n:03}"] for n in range(120)]
    assert await class_states(watched) == {"open"}
    assert (await watched.line("support"))[-1] == "late"


async def test_a_pause_in_the_middle_of_a_drain_ends_it_and_the_next_begins_at_the_front(
    watched: WatchedEngine,
) -> None:
    watched.watching = False
    for n in range(60):
        await watched.add_agent(f"a-{n:03}", skills="billing=1")
    await watched.on_queue("pause")
    for n in range(120):
        await watched.submit(f"c-{n:03}", skills="billing=1")
    watched.watching = True
    await watched.tick()
    await watched.on_queue("resume")
    await watched.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
    await watched.on_queue("pause")
    assert await class_states(watched) == {"stopped"}
    await watched.tick()
    await watched.steer("supervisor", "revoke", "c-000", reason="vip")
    await watched.on_queue("resume")
    await watched.tick()
    assert await class_states(watched) == {"open"}
    held = [case for n in range(60) for case in await watched.offers(f"a-{n:03}")]
    assert sorted(held) == [f"c-{n:03}" for n in range(60)]


async def test_a_class_that_is_born_or_flipped_while_paused_stays_stopped(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.on_queue("pause")
    await watched.submit("one")
    assert await class_states(watched) == {"stopped"}
    for text in (PULLED, BASIC):
        await watched.apply(text)
        await watched.tick()
    assert await class_states(watched) == {"stopped"}
    await watched.on_queue("resume")
    await watched.tick()
    assert await watched.offers("ana") == ["one"]


async def test_a_pull_queue_resumes_as_one(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    await watched.on_queue("pause", "pool")
    await watched.submit("one", "pool")
    assert (await watched.refusal(watched.act("ana", "take", "one"))).code == "QUEUE_PAUSED"
    await watched.on_queue("resume", "pool")
    assert await class_states(watched) == {"off"}
    await watched.act("ana", "take", "one")


async def test_a_case_for_one_agent_alone_is_held_back_too(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.on_queue("pause")
    await watched.submit("one", required_agent="ana")
    await watched.submit("two", preferred_agent="ana", preferred_ms=60_000)
    await watched.set_status("ana", "busy")
    await watched.set_status("ana", "online")
    assert await watched.offers("ana") == []
    await watched.on_queue("resume")
    await watched.tick()
    assert await watched.offers("ana") == ["one"]


async def state_of(engine: WatchedEngine, queue: str) -> tuple[Any, Any]:
    found = await engine.queue(queue)
    return found["paused"], found["draining"]


async def test_a_line_says_whether_its_queue_is_stopped(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    await watched.on_queue("pause", "pool")
    page = await watched.run("read_line", ("agent", "ana"), command_id="", queue="pool", after="", limit=1)
    assert (page["paused"], page["draining"]) == (True, False)
    assert (await watched.agent("ana"))["queues"][0]["paused"]
    assert await state_of(watched, "pool") == (True, False)
    assert await state_of(watched, "support") == (False, False)


async def test_the_next_case_to_take_is_not_of_a_paused_queue(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["mixed", "pool"])
    await watched.set_status("ana", "busy")
    await watched.submit("one", "pool", priority=0)
    await watched.submit("two", "mixed")
    await watched.on_queue("pause", "pool")
    assert (await watched.run("take_next", ("agent", "ana"), queue=""))["case"] == "two"
    assert (await watched.refusal(watched.run("take_next", ("agent", "ana"), queue=""))).code == "NOTHING_TO_TAKE"


async def test_a_supervisor_assigns_out_of_a_paused_queue(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.on_queue("pause")
    await watched.submit("one")
    await watched.steer("supervisor", "assign", "one", agent="ana", over_capacity="")
    assert await watched.desk("ana") == ["one"]
