"""remove_agent: who holds nothing may leave, and whoever comes back under the same id is somebody new."""

from typing import Any

from casebaton import audit
from tests.engine import BASIC
from tests.store.records import alter
from tests.store.soundness import WatchedEngine, read

ANN = ("admin", "ann")


async def remove(engine: WatchedEngine, agent: str, command_id: str | None = None) -> Any:
    return await engine.run("remove_agent", ANN, agent=agent, command_id=command_id)


async def keys_naming(engine: WatchedEngine, agent: str) -> list[str]:
    """The keys that are the agent's own; what it was answered before is kept for whoever asks again."""
    found = [name.decode() async for name in engine.store.redis.scan_iter(f"*:{agent}", count=1000)]
    return sorted(name for name in found if "answers:" not in name)


async def test_an_agent_who_holds_nothing_leaves_every_queue_and_index(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["support", "pool"])
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "complete", "one")
    assert await remove(watched, "ana") == {"agent": "ana"}
    (event,) = await watched.events("agent_removed")
    assert (event["agent"], event["status_before"], event["presence_before"], event["actor"]) == (
        "ana", "online", "connected", "admin:ann",
    )  # fmt: skip
    assert await keys_naming(watched, "ana") == []
    state = await read(watched)
    assert not any("ana" in rows for noun in ("members", "ready") for rows in state.ranked.get(noun, {}).values())
    assert (await watched.run("read_agents", ANN, command_id="", after="", limit=10))["items"] == []
    await watched.submit("two")
    assert await watched.line("support") == ["two"]
    assert (await audit.check(watched.store, "acme")).is_clean


async def test_who_has_left_is_unknown_until_created_anew(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await remove(watched, "ana")
    for call in (watched.set_status("ana", "busy"), watched.connect("ana"), watched.agent("ana"),
                 watched.set_agent("ana", capacity=5), remove(watched, "ana")):  # fmt: skip
        assert (await watched.refusal(call)).code == "UNKNOWN_AGENT"
    await watched.set_agent("ana", create=1)
    found = (await watched.agent("ana"))["agent"]
    assert (found["status"], found["presence"], found["queues"]) == ("offline", "gone", [])


async def test_an_offer_or_a_case_in_hand_keeps_the_agent(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    assert "still has 1 cases" in (await watched.refusal(remove(watched, "ana"))).detail
    await watched.act("ana", "accept", "one")
    assert (await watched.refusal(remove(watched, "ana"))).code == "AGENT_NOT_EMPTY"
    await watched.steer("supervisor", "cancel", "one", reason="withdrawn")
    assert (await watched.refusal(remove(watched, "ana"))).code == "AGENT_NOT_EMPTY"
    await watched.act("ana", "complete", "one")
    await remove(watched, "ana")


async def test_sent_twice_it_has_one_effect(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    assert await remove(watched, "ana", "k-1") == await remove(watched, "ana", "k-1") == {"agent": "ana"}
    assert len(await watched.events("agent_removed")) == 1


async def test_a_cool_down_outlasts_who_left_and_holds_back_who_comes_back(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="busy")
    await remove(watched, "ana")
    assert await keys_naming(watched, "ana") == ["{acme}:former:ana"]
    assert (await audit.check(watched.store, "acme")).is_clean
    await watched.advance(30)
    await watched.add_agent("ana")
    assert await watched.offers("ana") == []
    await watched.advance(60)
    assert await watched.offers("ana") == ["one"]


async def test_a_cool_down_of_who_stays_away_ends_without_a_trace(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    for case in ("one", "two"):
        await watched.submit(case)
        await watched.act("ana", "decline", case, reason="busy")
    await remove(watched, "ana")
    await watched.advance(61)
    assert await keys_naming(watched, "ana") == []
    assert (await watched.case("one"))["state"] == "waiting"


async def test_the_connections_of_who_left_end_without_harm(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.connect("ana", "phone", node="node-b")
    await remove(watched, "ana")
    await watched.disconnect("ana")
    assert not await watched.store.redis.smembers("{acme}:node:node-a")
    await watched.add_agent("ana")
    await watched.advance(by=6)  # node-b is not renewed: its lease ends, and what it held is reaped
    assert not await watched.store.redis.smembers("{acme}:node:node-b")
    assert (await watched.agent("ana"))["agent"]["presence"] == "connected"


async def test_grace_of_who_left_is_nobodys(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.disconnect("ana")
    await remove(watched, "ana")
    await watched.set_agent("ana", create=1)
    await watched.advance(by=30)
    assert [event["presence"] for event in await watched.events("agent_presence_changed")] == ["connected", "grace"]


async def test_a_case_that_waits_for_the_agent_alone_keeps_it(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=0)
    await watched.submit("one", preferred_agent="ana", preferred_ms=20_000)
    assert "wait for ana alone" in (await watched.refusal(remove(watched, "ana"))).detail
    await watched.advance(20)
    await remove(watched, "ana")
    await watched.submit("two", "pool")
    assert (await watched.refusal(watched.submit("three", required_agent="ana"))).code == "UNKNOWN_AGENT"
    assert (await audit.check(watched.store, "acme")).is_clean


async def test_a_case_that_comes_back_to_who_has_left_is_for_everybody(watched: WatchedEngine) -> None:
    await watched.add_agent("bo", queues=["mixed"])
    await watched.submit("one", "mixed")
    await watched.act("bo", "accept", "one")
    await alter(watched, "case", "one", required_agent="ana")  # as whoever assigns cases leaves it
    await watched.add_agent("cy", queues=["mixed"])
    await watched.act("bo", "return", "one", reason="not_mine", place="keep")
    assert await watched.offers("cy") == ["one"]
    assert [event["reason"] for event in await watched.events("case_relaxed")] == ["agent_removed"]
    assert (await audit.check(watched.store, "acme")).is_clean


async def test_why_names_nobody_who_has_left(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["mixed"], room=0)
    await watched.add_agent("bo", queues=["mixed"])
    await watched.submit("one", "mixed", preferred_agent="ana")
    await watched.act("bo", "take", "one")
    await remove(watched, "ana")
    asked = {"case": "one", "offset": 0, "limit": 10, "show": 10}
    assert (await watched.run("why_case", ANN, command_id="", **asked))["agents"] == []


async def test_what_still_ticks_of_who_has_left_does_no_harm(watched: WatchedEngine) -> None:
    german = f"german=1~{watched.now + 10_000}~0"
    await watched.add_agent("ana", room=0)
    await watched.set_agent("ana", skills=german)
    await watched.submit("one", preferred_agent="ana", preferred_ms=1_000)
    await watched.advance(1)
    await watched.set_status("ana", "offline")
    await remove(watched, "ana")
    await watched.apply(BASIC.replace("[queues.support]", '[queues.support]\nmode = "both"'))
    await watched.advance(20)
    assert await watched.line("support") == ["one"]
