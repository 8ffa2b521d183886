"""The first case in order that an agent may take, of all that wait."""

from typing import Any

from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine


async def take_next(engine: Engine, agent: str = "ana", queue: str = "", **options: Any) -> Any:
    return await engine.run("take_next", ("agent", agent), queue=queue, **options)


async def test_it_takes_the_most_urgent_of_all_the_queues_that_are_taken_from(watched: WatchedEngine) -> None:
    await watched.apply(BASIC + '[queues.later]\nmode = "pull"\n')
    await watched.add_agent("ana", queues=["later", "pool", "support"])
    await watched.set_status("ana", "busy")
    await watched.submit("old", "pool")
    watched.now += 1000
    await watched.submit("pushed", "support", priority=0)
    await watched.submit("urgent", "later", priority=1)
    await watched.submit("foreign", "mixed", priority=0)

    first = await take_next(watched)

    assert (first["case"], first["state"], first["owner"]) == ("urgent", "active", "agent:ana")
    assert first == await watched.case("urgent")
    assert (await take_next(watched))["case"] == "old"
    assert (await watched.refusal(take_next(watched))).code == "NOTHING_TO_TAKE"
    taken = await watched.events("case_taken")
    assert [(event["case"], event["cause"]) for event in taken] == [("urgent", "take_next"), ("old", "take_next")]


async def test_it_takes_from_the_queue_that_was_named(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["mixed", "pool"])
    await watched.set_status("ana", "busy")
    await watched.submit("first", "pool", priority=0)
    await watched.submit("second", "mixed")
    assert (await take_next(watched, queue="mixed"))["case"] == "second"


async def test_ties_go_by_id(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    for case in ("b", "a", "c"):
        await watched.submit(case, "pool")
    assert [(await take_next(watched))["case"] for _ in range(3)] == ["a", "b", "c"]


async def test_what_is_too_heavy_is_passed_over(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"], capacity=3)
    await watched.submit("chat", "pool", channel="chat", priority=0)
    await watched.submit("light", "pool")
    assert (await take_next(watched))["case"] == "light"
    assert (await watched.refusal(take_next(watched))).code == "NO_ROOM"


async def test_what_cools_down_for_the_agent_is_passed_over_until_it_has(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    for case in ("one", "two"):
        await watched.submit(case, "pool")
    await take_next(watched)
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert (await take_next(watched))["case"] == "two"
    assert (await watched.refusal(take_next(watched))).code == "NOTHING_TO_TAKE"
    await watched.advance(by=300)
    assert (await take_next(watched))["case"] == "one"


async def test_sent_twice_it_takes_one_case(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    for case in ("one", "two"):
        await watched.submit(case, "pool")
    answers = [await take_next(watched, command_id="same") for _ in range(2)]
    assert answers[0] == answers[1]
    assert await watched.desk("ana") == ["one"]


async def test_a_queue_of_a_higher_rank_comes_first_whatever_the_priority(watched: WatchedEngine) -> None:
    await watched.apply(BASIC + '[queues.later]\nmode = "pull"\nrank = 2\n')
    await watched.add_agent("ana", queues=["later", "pool"])
    await watched.submit("urgent", "later", priority=0)
    await watched.submit("first", "pool", priority=9)
    assert [(await take_next(watched))["case"] for _ in range(2)] == ["first", "urgent"]


async def test_what_waits_for_somebody_else_alone_is_passed_over_and_what_waits_for_the_agent_is_not(
    watched: WatchedEngine,
) -> None:
    for agent in ("ana", "bo"):
        await watched.add_agent(agent, queues=["pool"])
    await watched.submit("bos", "pool", priority=0, required_agent="bo")
    await watched.submit("rather-bos", "pool", priority=1, preferred_agent="bo")
    await watched.submit("anas", "pool", priority=2, required_agent="ana")
    await watched.submit("anybodys", "pool", priority=3)
    assert [(await take_next(watched))["case"] for _ in range(2)] == ["anas", "anybodys"]
    assert (await watched.refusal(take_next(watched))).code == "NOTHING_TO_TAKE"


async def test_skills_count_only_where_the_queue_asks_for_them(watched: WatchedEngine) -> None:
    picky = '[queues.picky]\nmode = "pull"\ntake_needs_skills = true\n'
    await watched.apply(BASIC + picky)
    await watched.add_agent("ana", queues=["picky", "pool"])
    await watched.submit("strict", "picky", priority=0, skills="german=1")
    await watched.submit("lenient", "pool", skills="german=1")
    assert (await take_next(watched))["case"] == "lenient"
    assert (await watched.refusal(take_next(watched))).code == "NOTHING_TO_TAKE"
    await watched.set_agent("ana", skills="german=1")
    assert (await take_next(watched))["case"] == "strict"
