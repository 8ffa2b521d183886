"""A queue's length limit: who is one too many goes to another queue, or is refused."""

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

LIMITED = BASIC.replace("[queues.support]", '[queues.support]\nlength_limit = 2\noverflow = "billing"').replace(
    "[queues.billing]", '[queues.billing]\nlength_limit = 1\noverflow = "mixed"'
)
TIGHT = BASIC.replace("[queues.support]", "[queues.support]\nlength_limit = 1")


async def test_a_case_too_many_goes_along_the_overflows(watched: WatchedEngine) -> None:
    await watched.apply(LIMITED)
    for n in range(4):
        await watched.submit(f"c-{n}")
    lines = [await watched.line(queue) for queue in ("support", "billing", "mixed")]
    assert lines == [["c-0", "c-1"], ["c-2"], ["c-3"]]
    overflown = [event.get("overflow_from") for event in await watched.events("case_queued")]
    assert overflown == [None, None, "support", "support"]


async def test_the_other_queues_rules_apply(watched: WatchedEngine) -> None:
    rules = '[[skill_rules]]\nfield = "queue"\nvalue = "billing"\nskills = {billing = 2}\n'
    await watched.apply(LIMITED + rules)
    for n in range(3):
        await watched.submit(f"c-{n}")
    assert (await watched.case("c-2"))["skills"] == {"billing": 2}
    assert "skills" not in await watched.case("c-1")


async def test_where_the_other_is_full_or_drained_too_it_is_refused_by_the_first(watched: WatchedEngine) -> None:
    await watched.apply(LIMITED)
    for n in range(3):
        await watched.submit(f"c-{n}")
    await watched.on_queue("drain", "mixed")
    refused = await watched.refusal(watched.submit("c-3"))
    assert (refused.code, refused.detail) == ("QUEUE_FULL", "in queue support 2 cases wait already")


async def test_a_draining_queue_overflows_nowhere(watched: WatchedEngine) -> None:
    await watched.apply(LIMITED)
    await watched.on_queue("drain")
    assert (await watched.refusal(watched.submit("one"))).code == "QUEUE_DRAINING"


async def test_what_is_sent_again_is_answered_though_the_queue_is_full_by_now(watched: WatchedEngine) -> None:
    await watched.apply(TIGHT)
    first = await watched.submit("one")
    assert await watched.submit("one") == first


async def test_only_what_waits_counts_and_a_return_always_fits(watched: WatchedEngine) -> None:
    await watched.apply(TIGHT)
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.submit("two")
    await watched.submit("three")
    assert (await watched.refusal(watched.submit("four"))).code == "QUEUE_FULL"
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await watched.line("support") == ["one", "three"]


async def test_a_raised_limit_lets_the_next_one_in(watched: WatchedEngine) -> None:
    await watched.apply(TIGHT)
    await watched.submit("one")
    await watched.apply(BASIC)
    await watched.submit("two")


async def test_a_reopened_case_is_new_work_and_overflows(watched: WatchedEngine) -> None:
    await watched.apply(LIMITED)
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "complete", "one")
    await watched.set_status("ana", "busy")
    for n in range(2):
        await watched.submit(f"c-{n}")
    await watched.steer("producer", "reopen", "one")
    assert await watched.line("billing") == ["one"]
