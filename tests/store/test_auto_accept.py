"""Auto-accept: where channel, queue or agent says so, a match makes the agent the owner at once."""

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

CALLS = BASIC + '[channels.call]\npool = "primary"\nauto_accept = true\n[queues.direct]\nauto_accept = true\n'


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    await watched.apply(CALLS)
    return watched


@pytest.mark.parametrize(
    ("channel", "queue", "agent"), [("call", "support", 0), ("case", "direct", 0), ("case", "support", 1)]
)
async def test_channel_queue_or_agent_makes_the_case_the_agents_own(
    watched: WatchedEngine, channel: str, queue: str, agent: int
) -> None:
    await watched.add_agent("ana", queues=["direct", "support"])
    await watched.set_agent("ana", auto_accept=agent)
    await watched.submit("one", queue, channel=channel)
    assert (await watched.offers("ana"), await watched.desk("ana")) == ([], ["one"])
    (event,) = await watched.events("case_assigned")
    assert (event["actor"], event["cause"], event["state_before"], event["state"]) == (
        "engine:match", "submit_case", "waiting", "active",
    )  # fmt: skip
    assert (event["owner"], event["card"]) == ("agent:ana", {"subject": "subject of one"})
    units = {"primary": int(channel == "call"), "interruptible": int(channel != "call")}
    assert event["held"] == [{"agent": "ana", **units, "offers": 0}]
    assert not await watched.events("case_offered")


async def test_it_goes_on_as_long_as_there_is_room_and_an_offer_may_follow(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["direct", "support"])
    await watched.set_status("ana", "busy")
    for case in ("a", "b"):
        await watched.submit(case, "direct")
    await watched.submit("c")
    await watched.submit("d", "direct")
    await watched.set_status("ana", "online")
    assert (await watched.desk("ana"), await watched.offers("ana"), await watched.load("ana")) == (
        ["a", "b"],
        ["c"],
        (3, 3),
    )
    assert await watched.line("direct") == ["d"]


async def test_one_after_the_other_arrives_until_the_agent_is_full(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["direct"], room=2)
    for case in ("a", "b", "c"):
        await watched.submit(case, "direct")
    assert (await watched.desk("ana"), await watched.line("direct")) == (["a", "b"], ["c"])
    await watched.act("ana", "complete", "a")
    assert await watched.desk("ana") == ["b", "c"]


async def test_while_an_offer_rings_nothing_is_given(watched: WatchedEngine) -> None:
    """The open offer fills the agent's one slot, for offers and for what needs none."""
    await watched.add_agent("ana", queues=["direct", "support"])
    await watched.submit("rings")
    await watched.submit("one", "direct")
    assert await watched.line("direct") == ["one"]
    await watched.act("ana", "accept", "rings")
    assert await watched.desk("ana") == ["one", "rings"]


async def test_misses_and_idle_time_stay_as_they_were(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["direct", "support"])
    await watched.submit("missed")
    await watched.advance(by=30)
    before = (await watched.agent("ana"))["agent"]
    assert before["missed"] == 1
    await watched.submit("one", "direct")
    after = (await watched.agent("ana"))["agent"]
    assert (after["missed"], after["idle_at_ms"]) == (1, before["idle_at_ms"])


async def test_what_rings_already_goes_on_ringing(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.set_agent("ana", auto_accept=1)
    assert (await watched.agent("ana"))["agent"]["auto_accept"] is True
    assert await watched.offers("ana") == ["one"]


async def test_a_returned_case_is_not_given_back_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["direct"])
    await watched.submit("one", "direct")
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await watched.line("direct") == ["one"]
    await watched.advance(by=300)
    assert await watched.desk("ana") == ["one"]


@pytest.mark.parametrize("cost", [0, 1])
async def test_more_than_a_script_may_match_is_left_to_slices_of_advance(watched: WatchedEngine, cost: int) -> None:
    await watched.apply(CALLS + f"[channels.note]\nauto_accept = true\ncost = {cost}\n")
    await watched.add_agent("ana", capacity=170, room=170)
    await watched.set_status("ana", "offline")
    watched.watching = False
    for n in range(180):
        await watched.submit(f"n-{n:03}", channel="note")
    watched.watching = True
    await watched.set_status("ana", "online")
    assert len(await watched.events("case_assigned")) == 100
    await watched.tick()
    given = [event["case"] for event in await watched.events("case_assigned")]
    assert given == [f"n-{n:03}" for n in range(180 if cost == 0 else 170)]


async def test_what_waits_for_one_agent_alone_is_given_in_slices_too(watched: WatchedEngine) -> None:
    await watched.apply(CALLS + "[channels.note]\nauto_accept = true\n")
    await watched.add_agent("ana", capacity=170, room=170)
    await watched.set_status("ana", "busy")
    watched.watching = False
    for n in range(130):
        await watched.submit(f"n-{n:03}", channel="note", required_agent="ana")
    await watched.set_status("ana", "online")
    assert len(await watched.events("case_assigned")) == 100
    watched.watching = True
    await watched.tick()
    assert [event["case"] for event in await watched.events("case_assigned")] == [f"n-{n:03}" for n in range(130)]
