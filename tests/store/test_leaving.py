"""What becomes of an agent's work when it goes offline or is lost: its channel says."""

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

CHANNELS = (
    BASIC
    + """
[channels.mail]
on_offline = "return"
on_lost = "return"
[channels.fast]
on_lost = "return"
on_lost_after_s = 0
[channels.slow]
on_lost = "return"
on_lost_after_s = 100
"""
)


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    await watched.apply(CHANNELS)
    await watched.add_agent("ana", room=10)
    return watched


async def own(engine: WatchedEngine, **channels: str) -> None:
    """Let Ana own cases, by name and channel."""
    for case, channel in channels.items():
        await engine.submit(case, channel=channel)
        await engine.act("ana", "accept", case)


async def returned(engine: WatchedEngine) -> list[tuple[str, str]]:
    """What was returned, and why."""
    return [(event["case"], event["reason"]) for event in await engine.events("case_returned")]


async def test_offline_returns_what_its_channel_gives_back_and_keeps_the_rest(watched: WatchedEngine) -> None:
    await own(watched, kept="case", one="mail", two="mail")
    before = await watched.case("one")
    await watched.steer("producer", "cancel", "two", reason="withdrawn")
    await watched.set_status("ana", "offline")
    await watched.tick()
    assert sorted(await returned(watched)) == [("one", "agent_offline"), ("two", "agent_offline")]
    assert await watched.desk("ana") == ["kept"]
    after = await watched.case("one")
    assert (after["score"], after["requested_at_ms"]) == (before["score"], before["requested_at_ms"])
    event = (await watched.events("case_returned"))[-1]
    assert (event["actor"], event["cause"], event["place"]) == ("engine:timers", "offboard", "keep")


async def test_a_returned_case_goes_to_others_and_is_excluded_for_its_returner(watched: WatchedEngine) -> None:
    await own(watched, one="mail")
    await watched.add_agent("bo", queues=["billing"])
    await watched.set_status("ana", "offline")
    await watched.tick()
    await watched.set_status("ana", "online")
    assert await watched.offers("ana") == []
    await watched.set_agent("bo", queues="support")
    assert await watched.offers("bo") == ["one"]


async def test_who_is_back_before_the_timer_keeps_everything(watched: WatchedEngine) -> None:
    await own(watched, one="mail")
    await watched.set_status("ana", "offline")
    await watched.set_status("ana", "online")
    await watched.tick()
    assert (await returned(watched), await watched.desk("ana")) == ([], ["one"])


@pytest.mark.parametrize("status", ["busy", "online"])
async def test_no_other_status_returns_anything(watched: WatchedEngine, status: str) -> None:
    await own(watched, one="mail")
    await watched.set_status("ana", status, channels="chat")
    await watched.tick()
    assert await watched.desk("ana") == ["one"]


async def test_a_shift_that_ends_by_the_next_status_says_so(watched: WatchedEngine) -> None:
    await own(watched, one="mail", talk="chat")
    await watched.set_next_status("ana", "offline")
    await watched.tick()
    assert await watched.desk("ana") == ["one", "talk"]
    await watched.act("ana", "complete", "talk")
    await watched.tick()
    assert await returned(watched) == [("one", "shift_end")]


async def test_more_than_a_script_returns_comes_in_slices(watched: WatchedEngine) -> None:
    await watched.set_agent("ana", capacity=60, interruptible_capacity=60, auto_accept=1)
    watched.watching = False
    await own_many(watched, 60)
    watched.watching = True
    await watched.set_status("ana", "offline")
    await watched.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
    assert len(await returned(watched)) == 25
    await watched.tick()
    assert len(await returned(watched)) == 60
    assert await watched.line("support") == [f"m-{n:02}" for n in range(60)]


async def test_a_lost_agents_cases_come_in_slices_too(watched: WatchedEngine) -> None:
    await watched.set_agent("ana", capacity=60, interruptible_capacity=60, auto_accept=1)
    watched.watching = False
    await own_many(watched, 60)
    watched.watching = True
    await watched.disconnect("ana")
    await watched.advance(79)
    assert await returned(watched) == []
    await watched.advance(80)
    assert len(await returned(watched)) == 60


async def own_many(engine: WatchedEngine, count: int) -> None:
    """Let Ana own many, auto-accepted."""
    for n in range(count):
        await engine.submit(f"m-{n:02}", channel="mail")
    assert len(await engine.desk("ana")) == count


async def test_a_lost_agents_cases_go_back_when_their_channels_time_has_come(watched: WatchedEngine) -> None:
    await own(watched, kept="case", fast="fast", minute="mail", slow="slow")
    await watched.disconnect("ana")
    await watched.advance(19)
    assert await returned(watched) == []
    await watched.advance(20)
    assert (await watched.agent("ana"))["agent"]["presence"] == "gone"
    assert await returned(watched) == [("fast", "agent_lost")]
    await watched.advance(79)
    assert len(await returned(watched)) == 1
    await watched.advance(80)
    assert (await returned(watched))[1:] == [("minute", "agent_lost")]
    await watched.advance(120)
    assert (await returned(watched))[2:] == [("slow", "agent_lost")]
    assert await watched.desk("ana") == ["kept"]


async def test_who_comes_back_in_time_keeps_the_rest_and_the_next_loss_counts_afresh(watched: WatchedEngine) -> None:
    await own(watched, one="mail")
    await watched.disconnect("ana")
    await watched.advance(30)
    await watched.connect("ana", "ana-2")
    await watched.disconnect("ana", "ana-2")
    await watched.advance(109)
    assert (await watched.agent("ana"))["agent"]["presence"] == "gone"
    assert await watched.desk("ana") == ["one"]
    await watched.advance(110)
    assert await returned(watched) == [("one", "agent_lost")]


async def test_who_stays_has_lost_nothing(watched: WatchedEngine) -> None:
    await own(watched, one="mail")
    await watched.disconnect("ana")
    await watched.advance(70)
    await watched.connect("ana", "ana-2")
    await watched.advance(200)
    assert await watched.desk("ana") == ["one"]


async def test_an_outage_is_no_time_that_the_agent_was_gone(watched: WatchedEngine) -> None:
    await own(watched, one="mail")
    await watched.disconnect("ana")
    await watched.advance(70)
    watched.now += 600_000
    await watched.tick()
    assert await watched.desk("ana") == ["one"]
    await watched.advance(by=10)
    assert await returned(watched) == [("one", "agent_lost")]


async def test_a_changed_time_counts_for_who_is_gone_already(watched: WatchedEngine) -> None:
    await own(watched, one="mail")
    await watched.disconnect("ana")
    await watched.advance(30)
    await watched.apply(
        CHANNELS.replace(
            'on_lost = "return"\n[channels.fast]', 'on_lost = "return"\non_lost_after_s = 90\n[channels.fast]'
        )
    )
    await watched.advance(109)
    assert await watched.desk("ana") == ["one"]
    await watched.advance(110)
    assert await returned(watched) == [("one", "agent_lost")]


async def leave_for_good(engine: WatchedEngine, *cases: str) -> None:
    """Take Ana's cases away, and remove her."""
    for case in cases:
        await engine.steer("supervisor", "transfer", case, queue="billing")
    await engine.run("remove_agent", ("admin", "ann"), agent="ana")


@pytest.mark.parametrize("comes_back", [False, True])
async def test_a_timer_of_somebody_who_was_removed_meanwhile_does_nothing(
    watched: WatchedEngine, comes_back: bool
) -> None:
    await own(watched, one="mail")
    await watched.disconnect("ana")
    await watched.advance(20)
    await watched.set_status("ana", "offline")
    members = {member.decode() for member in await watched.store.redis.zrange("{acme}:timers", 0, -1)}
    assert "offboard:ana:0" in members
    await leave_for_good(watched, "one")
    if comes_back:
        await watched.add_agent("ana", queues=["support"])
    await watched.advance(90)
    assert [event["type"] for event in await watched.events("case_returned")] == []
    deadlines = {member.decode() for member in await watched.store.redis.zrange("{acme}:deadlines", 0, -1)}
    assert not [member for member in deadlines if member.startswith("lost:")]


async def test_nor_does_one_for_more_than_a_script_matches(watched: WatchedEngine) -> None:
    await watched.apply(CHANNELS + "[channels.note]\nauto_accept = true\ncost = 0\n")
    await watched.set_status("ana", "busy")
    watched.watching = False
    for n in range(101):
        await watched.submit(f"n-{n:03}", channel="note", required_agent="ana")
    await watched.set_status("ana", "online")
    assert len(await watched.desk("ana")) == 100
    await leave_for_good(watched, *await watched.desk("ana"), "n-100")
    watched.watching = True
    await watched.tick()
    assert (await watched.refusal(watched.agent("ana"))).code == "UNKNOWN_AGENT"
