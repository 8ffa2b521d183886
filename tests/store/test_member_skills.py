"""Whoever has a queue's `member_skills` is a member without being listed."""

from typing import Any

from tests.engine import BASIC, START
from tests.store.soundness import WatchedEngine

GERMAN = BASIC.replace("[queues.support]", "[queues.support]\nmember_skills = {german = 2}")


async def joined(engine: WatchedEngine, agent: str) -> Any:
    return (await engine.agent(agent))["agent"].get("queues_by_skill", [])


async def test_who_has_the_skills_is_a_member(watched: WatchedEngine) -> None:
    await watched.apply(GERMAN)
    await watched.add_agent("low", queues=[], skills="german=1")
    await watched.add_agent("ana", queues=[], skills="german=2")
    await watched.submit("one")
    assert await watched.offers("ana") == ["one"]
    assert (await joined(watched, "ana"), await joined(watched, "low")) == (["support"], [])
    found = await watched.agent("ana")
    assert (found["agent"]["queues"], [queue["queue"] for queue in found["queues"]]) == ([], ["support"])


async def test_a_skill_that_is_learnt_or_lost_counts_at_once(watched: WatchedEngine) -> None:
    await watched.apply(GERMAN)
    await watched.add_agent("ana", queues=["billing"])
    await watched.submit("one")
    await watched.set_agent("ana", skills="german=3")
    assert await watched.offers("ana") == ["one"]
    await watched.set_agent("ana", skills="-")
    assert (await watched.waits("one"), await joined(watched, "ana")) == (True, [])


async def test_a_skill_counts_from_its_first_day_to_its_last(watched: WatchedEngine) -> None:
    await watched.apply(GERMAN)
    await watched.add_agent("ana", queues=[], skills=f"german=2~{START + 10_000}~{START + 20_000}")
    await watched.submit("one")
    await watched.advance(9)
    assert await watched.offers("ana") == []
    await watched.advance(10)
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "accept", "one")
    await watched.advance(20)
    await watched.submit("two")
    assert (await watched.waits("two"), await joined(watched, "ana")) == (True, [])
    assert [event.get("queues_by_skill") for event in await watched.events("agent_updated")] == [
        None,
        ["support"],
        None,
    ]


async def test_a_listed_queue_is_not_named_twice(watched: WatchedEngine) -> None:
    await watched.apply(GERMAN)
    await watched.add_agent("ana", skills="german=2")
    assert await joined(watched, "ana") == []
    await watched.set_agent("ana", queues="-")
    assert await joined(watched, "ana") == ["support"]
    await watched.submit("one")
    assert await watched.offers("ana") == ["one"]


async def test_a_changed_document_regroups_all_agents_in_slices(watched: WatchedEngine) -> None:
    watched.watching = False
    for n in range(120):
        await watched.add_agent(f"a-{n:03}", queues=[], skills="german=2" if n % 2 else "loans=1")
    await watched.submit("one")
    watched.watching = True
    await watched.apply(GERMAN)
    await watched.tick()
    assert [n for n in range(120) if await joined(watched, f"a-{n:03}")] == list(range(1, 120, 2))
    assert await watched.offers("a-001") == ["one"]
    await watched.apply(GERMAN.replace("german = 2", "loans = 1"))
    await watched.tick()
    assert [n for n in range(120) if await joined(watched, f"a-{n:03}")] == list(range(0, 120, 2))
    await watched.apply(BASIC)
    await watched.tick()
    assert not [n for n in range(120) if await joined(watched, f"a-{n:03}")]


async def test_an_apply_that_changes_nothing_of_it_looks_at_nobody(watched: WatchedEngine) -> None:
    await watched.apply(GERMAN)
    await watched.tick()
    await watched.apply(GERMAN + "[queues.more]\n")
    assert not [timer async for timer in watched.store.redis.zscan_iter("{acme}:timers") if b"regroup" in timer[0]]


async def test_an_agent_who_is_removed_leaves_such_a_queue_too(watched: WatchedEngine) -> None:
    await watched.apply(GERMAN)
    await watched.add_agent("ana", queues=[], skills="german=2")
    await watched.run("remove_agent", ("admin", "adm"), agent="ana")
    assert not await watched.store.redis.exists("{acme}:members:support")


async def test_such_a_member_may_take_and_read(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[queues.pool]", "[queues.pool]\nmember_skills = {german = 1}"))
    await watched.add_agent("ana", queues=[], skills="german=1")
    await watched.submit("one", "pool")
    page = await watched.run("read_line", ("agent", "ana"), command_id="", queue="pool", after="", limit=1)
    assert [case["case"] for case in page["cases"]] == ["one"]
    await watched.act("ana", "take", "one")
    assert await watched.desk("ana") == ["one"]
