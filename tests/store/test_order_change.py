"""Another order for a line in which cases wait: everybody gets a new place, and nobody overtakes meanwhile."""

import pytest

from tests.engine import BASIC, START
from tests.store.soundness import WatchedEngine, is_sorting, read

SLICE = 20


def with_support(*settings: str) -> str:
    return BASIC.replace("[queues.support]", "\n".join(("[queues.support]", "rank = 1", *settings)))


PRIORITY = with_support()
DUE = with_support('order = "due"')
CREDIT = with_support('order = "credit"', "credit_s = 60")


async def first_slice(engine: WatchedEngine) -> None:
    """Let one timer fire."""
    await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")


async def wait_in_reverse(engine: WatchedEngine, count: int) -> list[str]:
    """Let cases wait of which the last is due first; their names in the order in which they are due."""
    for n in range(count):
        await engine.submit(f"c-{n:02}", due_at=START + (1000 - n) * 1000)
        engine.now += 1
    return [f"c-{n:02}" for n in reversed(range(count))]


async def test_who_waits_gets_a_new_place_and_is_told_so_once(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.submit("never", priority=0)
    await watched.submit("later", due_at=START + 7_200_000)
    await watched.submit("soon", due_at=START + 3_600_000)
    await watched.apply(DUE)
    await watched.tick()

    assert await watched.line("support") == ["soon", "later", "never"]
    told = await watched.events("case_updated")
    assert {(event["actor"], event["cause"]) for event in told} == {("engine:order", "sort")}
    assert {event["case"]: event["score"] for event in told} == {
        case: (await watched.case(case))["score"] for case in ("soon", "later", "never")
    }
    assert len(told) == 3
    assert not is_sorting(await read(watched), "support")


async def test_an_agent_gets_who_comes_first_by_the_new_order(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    cases = await wait_in_reverse(watched, 2 * SLICE + 5)
    await watched.apply(DUE)
    await watched.add_agent("ana", room=5)
    assert await watched.offers("ana") == []
    for case in cases[:3]:
        await watched.tick()
        assert await watched.offers("ana") == [case]
        await watched.act("ana", "accept", case)


async def test_what_comes_in_the_middle_only_queues_and_has_a_new_place_at_once(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.add_agent("ana", queues=["billing"])
    cases = await wait_in_reverse(watched, 2 * SLICE + 5)
    await watched.apply(DUE)
    await watched.set_agent("ana", queues="support")
    await first_slice(watched)
    assert is_sorting(await read(watched), "support")
    await watched.submit("first", due_at=START + 1)
    await watched.submit("last")
    assert await watched.offers("ana") == []

    await watched.tick()
    assert await watched.offers("ana") == ["first"]
    assert await watched.line("support") == [*cases, "last"]


async def test_what_is_in_somebodys_hands_comes_back_to_its_new_place(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.add_agent("ana")
    await watched.submit("owned", due_at=START + 2_000)
    await watched.act("ana", "accept", "owned")
    await watched.submit("rings", due_at=START + 1_000)
    await watched.submit("waits", priority=0, due_at=START + 3_000)
    await watched.apply(DUE)
    await watched.set_status("ana", "busy")
    await watched.act("ana", "return", "owned", reason="not_mine", place="keep")
    await watched.tick()
    assert await watched.line("support") == ["rings", "owned", "waits"]


@pytest.mark.parametrize("place", ["front", "back"])
async def test_it_may_come_back_to_the_front_or_the_back(watched: WatchedEngine, place: str) -> None:
    await watched.apply(PRIORITY)
    await watched.add_agent("ana")
    await watched.submit("owned", priority=9)
    await watched.act("ana", "accept", "owned")
    await watched.set_status("ana", "busy")
    await watched.submit("waits", priority=9)
    await watched.apply(CREDIT)
    await watched.tick()
    watched.now += 1000
    await watched.act("ana", "return", "owned", reason="not_mine", place=place)
    assert await watched.line("support") == (["owned", "waits"] if place == "front" else ["waits", "owned"])


async def test_a_paused_queue_is_put_in_order_and_stays_paused(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.add_agent("ana")
    await watched.on_queue("pause")
    cases = await wait_in_reverse(watched, SLICE + 5)
    await watched.apply(DUE)
    await watched.tick()
    assert await watched.line("support") == cases
    assert await watched.offers("ana") == []
    await watched.on_queue("resume")
    await watched.tick()
    assert await watched.offers("ana") == cases[:1]


async def test_resumed_in_the_middle_it_goes_on_when_its_line_is_in_order(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.add_agent("ana")
    await watched.on_queue("pause")
    cases = await wait_in_reverse(watched, SLICE + 5)
    await watched.apply(DUE)
    await first_slice(watched)
    await watched.on_queue("resume")
    assert (await watched.queue())["paused"] is False
    assert await watched.offers("ana") == []
    await watched.tick()
    assert await watched.offers("ana") == cases[:1]


async def test_paused_in_the_middle_it_stays_so(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    cases = await wait_in_reverse(watched, SLICE + 5)
    await watched.apply(DUE)
    await watched.add_agent("ana")
    await first_slice(watched)
    await watched.on_queue("pause")
    await watched.tick()
    assert (await watched.line("support"), await watched.offers("ana")) == (cases, [])


async def test_a_third_order_in_the_middle_of_the_second(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await wait_in_reverse(watched, SLICE + 5)
    await watched.submit("urgent", priority=0)
    before = await watched.line("support")
    await watched.apply(DUE)
    await first_slice(watched)
    await watched.apply(CREDIT)
    await watched.tick()
    assert await watched.line("support") == before
    await watched.apply(with_support('order = "credit"', "credit_s = 0"))
    await watched.tick()
    assert await watched.line("support") == [*before[1:], "urgent"]
    await watched.apply(PRIORITY)
    await watched.tick()
    assert await watched.line("support") == before


async def test_from_a_queue_that_is_taken_from_one_takes_in_the_middle_too(watched: WatchedEngine) -> None:
    def pulled(order: str) -> str:
        return BASIC.replace("[queues.pool]", f'[queues.pool]\nrank = 1\norder = "{order}"')

    await watched.apply(pulled("priority"))
    await watched.add_agent("ana", queues=["pool"])
    await watched.submit("late", "pool", due_at=START + 9_000)
    await watched.submit("soon", "pool", due_at=START + 5_000)
    await watched.submit("never", "pool", priority=0)
    await watched.apply(pulled("due"))
    await watched.act("ana", "take", "never")
    await watched.tick()
    assert (await watched.run("take_next", ("agent", "ana"), queue="pool"))["case"] == "soon"


async def test_what_waits_for_one_agent_alone_moves_with_the_others(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.add_agent("ana")
    await watched.set_status("ana", "busy")
    await watched.submit("early", required_agent="ana")
    await watched.submit("due", required_agent="ana", due_at=START + 1_000)
    await watched.apply(DUE)
    await watched.set_status("ana", "online")
    assert await watched.offers("ana") == []
    await watched.tick()
    assert await watched.offers("ana") == ["due"]


async def test_an_empty_line_is_in_every_order(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.apply(DUE)
    assert not is_sorting(await read(watched), "support")
    await watched.add_agent("ana")
    await watched.submit("one")
    assert await watched.offers("ana") == ["one"]


async def test_who_keeps_its_place_is_not_told(watched: WatchedEngine) -> None:
    await watched.apply(CREDIT)
    await watched.submit("plain", priority=0)
    await watched.apply(with_support('order = "credit"', "credit_s = 30"))
    await watched.tick()
    assert not await watched.events("case_updated")


async def test_where_the_time_in_line_went_is_not_forgotten(watched: WatchedEngine) -> None:
    await watched.apply(PRIORITY)
    await watched.submit("one", due_at=START + 1_000)
    await watched.advance(by=10)
    await watched.apply(DUE)
    watched.now += 500
    await watched.tick()
    await watched.add_agent("ana")
    await watched.act("ana", "accept", "one")
    (accepted,) = await watched.events("case_accepted")
    assert accepted["waited"] == {"no_agent": 10_000, "stopped": 500}
