"""A customer's live cases."""

from typing import Any

from tests.store.soundness import WatchedEngine


async def cases_of(watched: WatchedEngine, customer: str) -> list[str]:
    page: Any = await watched.run(
        "read_customer", ("supervisor", "sue"), command_id="", customer=customer, after="", limit=200
    )
    return [case["case"] for case in page["items"]]


async def test_they_are_listed_from_their_arrival_to_their_end_and_again_when_reopened(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one", customer="kim")
    watched.now += 1
    await watched.submit("two", customer="kim")
    await watched.submit("other", customer="lee")
    assert await cases_of(watched, "kim") == ["one", "two"]
    await watched.act("ana", "accept", "one")
    assert await cases_of(watched, "kim") == ["one", "two"]
    await watched.act("ana", "complete", "one")
    assert await cases_of(watched, "kim") == ["two"]
    await watched.steer("producer", "reopen", "one")
    assert await cases_of(watched, "kim") == ["one", "two"]


async def test_a_hundred_is_told_for_all_that_are_more(watched: WatchedEngine) -> None:
    watched.watching = False
    for n in range(103):
        await watched.submit(f"c-{n}", "pool", customer="kim")
    told = [event["customer_cases"] for event in await watched.events("case_queued")]
    assert told == [*range(100), 100, 100, 100]


async def test_a_case_that_was_sent_twice_is_not_its_own_duplicate(watched: WatchedEngine) -> None:
    for _ in range(2):
        await watched.submit("one", customer="kim")
    assert [event["customer_cases"] for event in await watched.events("case_queued")] == [0]
    assert await cases_of(watched, "kim") == ["one"]
