"""A supervisor takes an agent out of service: nothing new, what is there is finished, then offline."""

from typing import Any

from tests.store.soundness import WatchedEngine

SUE = ("supervisor", "sue")


async def drain(engine: WatchedEngine, agent: str = "ana") -> Any:
    return await engine.run("drain_agent", SUE, agent=agent)


async def talk(engine: WatchedEngine) -> None:
    """Let Ana own a chat."""
    await engine.add_agent("ana", queues=["support", "pool"])
    await engine.submit("chat", channel="chat")
    await engine.act("ana", "accept", "chat")


async def status(engine: WatchedEngine) -> tuple[str, str, str]:
    found = (await engine.agent("ana"))["agent"]
    return found["status"], found["next_status"], found["status_cause"]


async def test_who_talks_finishes_and_is_offline_then(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.submit("rings")
    await drain(watched)
    assert await status(watched) == ("online", "offline", "agent")
    assert [event["reason"] for event in await watched.events("offer_revoked")] == ["next_status"]
    assert (await watched.events("agent_status_changed"))[-1]["actor"] == "supervisor:sue"
    await watched.act("ana", "complete", "chat")
    assert await status(watched) == ("offline", "", "supervisor")
    assert await watched.waits("rings")


async def test_who_has_no_primary_work_is_offline_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("rings")
    answer = await drain(watched)
    assert (answer["status"], answer["status_cause"], answer["next_status"]) == ("offline", "supervisor", "")
    assert await watched.waits("rings")


async def test_who_is_drained_takes_nothing_by_hand(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.submit("one", "pool")
    await drain(watched)
    assert (await watched.refusal(watched.act("ana", "take", "one"))).code == "NOT_AVAILABLE"


async def test_an_end_of_shift_that_the_agent_chose_becomes_the_supervisors(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.set_next_status("ana", "offline")
    await drain(watched)
    await watched.act("ana", "complete", "chat")
    assert await status(watched) == ("offline", "", "supervisor")


async def test_the_agents_own_choice_of_the_same_end_changes_nothing(watched: WatchedEngine) -> None:
    await talk(watched)
    await drain(watched)
    before = await watched.dump_state()
    await watched.set_next_status("ana", "offline")
    assert await watched.dump_state() == before


async def test_choosing_a_status_ends_the_drain(watched: WatchedEngine) -> None:
    await talk(watched)
    await drain(watched)
    await watched.set_status("ana", "online")
    await watched.submit("one", "pool")
    await watched.act("ana", "take", "one")
    await watched.act("ana", "complete", "chat")
    assert await status(watched) == ("online", "", "agent")


async def test_twice_is_once_and_so_is_who_is_offline_already(watched: WatchedEngine) -> None:
    await talk(watched)
    await drain(watched)
    before = await watched.dump_state()
    await drain(watched)
    assert await watched.dump_state() == before
    await watched.act("ana", "complete", "chat")
    before = await watched.dump_state()
    await drain(watched)
    assert await watched.dump_state() == before
