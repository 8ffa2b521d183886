"""For when a case is planned: nobody has two at once, on no path, and who has time again gets what was passed over."""

from typing import Any

import pytest

from casebaton import audit
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine

TEXT = BASIC.replace(
    "[queues.support]", "[channels.visit]\nwindows = true\ncost = 0\n[workspace]\noffer_limit = 9\n[queues.support]"
)
ANA, SUE = ("agent", "ana"), ("supervisor", "sue")
MORNING, NOON, EVENING = "900-1200", "1100-1300", "1700-1900"


async def begin(engine: Engine, *agents: str) -> None:
    await engine.apply(TEXT)
    for agent in agents:
        engine.now += 1000
        await engine.add_agent(agent, queues=["support", "pool", "mixed"], room=9)


async def plan(engine: Engine, case: str, window: str, queue: str = "support", **asks: Any) -> None:
    await engine.submit(case, queue, channel="visit", window=window, **asks)


async def update(engine: Engine, case: str, window: str) -> Any:
    return await engine.steer("producer", "update", case, window=window)


async def own(engine: Engine, case: str, window: str, agent: str = "ana") -> None:
    await plan(engine, case, window, "pool")
    await engine.act(agent, "take", case)


async def taken(engine: Engine, call: Any, by: str) -> None:
    refused = await engine.refusal(call)
    assert (refused.code, refused.detail.split(" has case ")[1]) == ("WINDOW_TAKEN", f"{by} at that time")


async def test_a_case_tells_its_window(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await plan(watched, "one", MORNING)
    window = {"from_ms": 900, "until_ms": 1200}
    assert (await watched.case("one"))["window"] == window
    assert (await watched.agent("ana"))["offers"][0]["window"] == window
    assert [event["window"] for event in await watched.events("case_queued", "case_offered")] == [window, window]
    assert (await audit.check(watched.store, watched.workspace)).violations == []


@pytest.mark.parametrize(
    ("window", "is_for_ana"),
    [("1200-1300", True), ("800-900", True), ("1199-1300", False), ("800-901", False), ("1000-1100", False),
     ("0-9000", False), (MORNING, False)],
)  # fmt: skip
async def test_windows_overlap_when_they_share_an_instant(
    watched: WatchedEngine, window: str, is_for_ana: bool
) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await plan(watched, "one", window)
    assert await watched.offers("ana") == (["one"] if is_for_ana else [])


async def test_a_case_without_a_window_is_in_nobodys_way(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await watched.submit("one", channel="visit")
    assert await watched.offers("ana") == ["one"]


@pytest.mark.parametrize("state", ["offered", "active", "parked", "wrapping", "ringing"])
async def test_whatever_is_in_hand_keeps_its_time(watched: WatchedEngine, state: str) -> None:
    await begin(watched, "ana", "bo")
    if state == "ringing":
        await own(watched, "mine", MORNING, "bo")
        await watched.act("bo", "transfer", "mine", agent="ana")
    else:
        await plan(watched, "mine", MORNING, required_agent="ana")
    if state in ("active", "parked", "wrapping"):
        await watched.act("ana", "accept", "mine")
    if state in ("parked", "wrapping"):
        await watched.act("ana", state.removesuffix("ping").removesuffix("ed"), "mine")
    await plan(watched, "one", NOON, required_agent="ana")
    assert await watched.waits("one")
    await plan(watched, "two", EVENING, required_agent="ana")
    assert "two" in await watched.offers("ana")


async def test_a_case_goes_to_the_next_agent_who_has_the_time(watched: WatchedEngine) -> None:
    await begin(watched, "ana", "bo")
    await own(watched, "mine", MORNING)
    await plan(watched, "one", NOON)
    assert (await watched.offers("ana"), await watched.offers("bo")) == ([], ["one"])
    decision = (await watched.events("case_offered"))[0]["decision"]
    assert decision == {"rule": "longest_idle", "considered": ["bo"], "passed": ["ana"]}


async def test_an_agent_passes_over_what_it_has_no_time_for(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await watched.set_status("ana", "busy")
    await own(watched, "mine", MORNING)
    await plan(watched, "one", NOON)
    await plan(watched, "two", EVENING)
    await watched.set_status("ana", "online")
    assert (await watched.offers("ana"), await watched.line("support")) == (["two"], ["one"])


async def free_by_completing(engine: Engine) -> None:
    await engine.act("ana", "complete", "mine")


async def free_by_returning(engine: Engine) -> None:
    await engine.act("ana", "return", "mine", reason="not_mine", place="keep")


async def free_by_transferring(engine: Engine) -> None:
    await engine.steer("supervisor", "transfer", "mine", queue="billing")


async def free_by_assigning(engine: Engine) -> None:
    await engine.steer("supervisor", "assign", "mine", agent="bo")


async def free_by_planning_anew(engine: Engine) -> None:
    await update(engine, "mine", EVENING)


async def free_by_planning_no_more(engine: Engine) -> None:
    await update(engine, "mine", "-")


async def free_by_planning_the_other(engine: Engine) -> None:
    await update(engine, "one", EVENING)


async def free_by_configuring(engine: Engine) -> None:
    await engine.apply(TEXT.replace("windows = true", "windows = false"))
    await engine.tick()


@pytest.mark.parametrize(
    "free",
    [free_by_completing, free_by_returning, free_by_transferring, free_by_assigning, free_by_planning_anew,
     free_by_planning_no_more, free_by_planning_the_other, free_by_configuring],
)  # fmt: skip
async def test_when_the_time_is_free_the_case_that_waited_for_it_is_offered(watched: WatchedEngine, free: Any) -> None:
    await begin(watched, "ana")
    await watched.add_agent("bo", queues=["pool"], room=9)
    await own(watched, "mine", MORNING)
    await plan(watched, "one", NOON)
    assert await watched.waits("one")
    await free(watched)
    assert await watched.offers("ana") == ["one"]
    assert (await audit.check(watched.store, watched.workspace)).violations == []


async def test_declined_it_is_for_the_next_in_line(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await plan(watched, "one", MORNING)
    await plan(watched, "two", NOON)
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "decline", "one", reason="too_far")
    assert await watched.offers("ana") == ["two"]


async def test_taking(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await plan(watched, "one", NOON, "pool")
    await plan(watched, "two", EVENING, "pool")
    await taken(watched, watched.act("ana", "take", "one"), "mine")
    assert (await watched.run("take_next", ANA, queue="pool"))["case"] == "two"
    assert (await watched.refusal(watched.run("take_next", ANA, queue="pool"))).code == "NOTHING_TO_TAKE"


async def test_what_is_for_the_agent_alone_is_not_taken_at_another_cases_time(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await plan(watched, "one", NOON, "pool", required_agent="ana")
    assert (await watched.refusal(watched.run("take_next", ANA, queue="pool"))).code == "NOTHING_TO_TAKE"


async def test_assigning_needs_to_be_meant(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await plan(watched, "one", NOON, "pool")
    await taken(watched, watched.steer("supervisor", "assign", "one", agent="ana"), "mine")
    await watched.steer("supervisor", "assign", "one", agent="ana", over_capacity=1)
    assigned = (await watched.events("case_assigned"))[0]
    assert (assigned["overlaps"], "over_capacity" in assigned) == ("mine", False)
    await plan(watched, "two", "1200-1250", "pool")  # the one that was there first has ended by then
    await taken(watched, watched.act("ana", "take", "two"), "one")
    assert (await audit.check(watched.store, watched.workspace)).violations == []


async def test_a_long_window_counts_behind_a_short_one_that_was_assigned_within_it(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "day", "0-1000")
    await plan(watched, "hour", "100-200", "pool")
    await watched.steer("supervisor", "assign", "hour", agent="ana", over_capacity=1)
    await plan(watched, "one", "500-600", "pool")
    await taken(watched, watched.act("ana", "take", "one"), "day")


async def test_what_rings_at_the_agent_is_assigned_to_it(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await plan(watched, "one", MORNING)
    assert (await watched.steer("supervisor", "assign", "one", agent="ana"))["owner"] == "agent:ana"


async def test_transferring_to_a_colleague(watched: WatchedEngine) -> None:
    await begin(watched, "ana", "bo")
    await own(watched, "mine", MORNING)
    await own(watched, "theirs", NOON, "bo")
    await taken(watched, watched.act("ana", "transfer", "mine", agent="bo"), "theirs")
    await watched.act("bo", "complete", "theirs")
    await watched.act("ana", "transfer", "mine", agent="bo")
    await plan(watched, "one", NOON, "pool")
    await taken(watched, watched.act("bo", "take", "one"), "mine")
    await watched.act("bo", "decline", "mine", baton=(await watched.agent("bo"))["offers"][0]["baton"], reason="no")
    await watched.act("bo", "take", "one")


async def test_reopening_for_the_last_owner(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "one", MORNING)
    await watched.act("ana", "complete", "one")
    await own(watched, "mine", NOON)
    await taken(watched, watched.steer("producer", "reopen", "one", preferred_ms=60_000), "mine")
    assert (await watched.steer("producer", "reopen", "one"))["state"] == "waiting"


async def test_planning_anew_what_somebody_has_in_hand(watched: WatchedEngine) -> None:
    await begin(watched, "ana", "bo")
    await own(watched, "mine", MORNING)
    await own(watched, "one", EVENING)
    await taken(watched, update(watched, "one", NOON), "mine")
    await update(watched, "one", "1200-1300")
    assert (await watched.case("one"))["window"] == {"from_ms": 1200, "until_ms": 1300}
    await own(watched, "theirs", EVENING, "bo")
    await watched.act("ana", "transfer", "one", agent="bo")
    await taken(watched, update(watched, "one", EVENING), "theirs")


async def test_a_window_is_taken_back(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await update(watched, "mine", "-")
    assert "window" not in await watched.case("mine")
    assert "window" not in (await watched.events("case_updated"))[0]
    assert (await audit.check(watched.store, watched.workspace)).violations == []


async def test_a_window_is_taken_back_when_its_channel_has_none_any_more(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await watched.apply(TEXT.replace("windows = true", "windows = false"))
    assert (await watched.refusal(update(watched, "mine", NOON))).code == "NO_WINDOWS"
    await update(watched, "mine", "-")
    assert "window" not in await watched.case("mine")


async def test_an_ended_case_is_in_nobodys_way_and_reopened_has_its_window(watched: WatchedEngine) -> None:
    await begin(watched, "ana")
    await own(watched, "mine", MORNING)
    await watched.act("ana", "complete", "mine")
    await plan(watched, "one", MORNING)
    assert await watched.offers("ana") == ["one"]
    await watched.steer("producer", "reopen", "mine")
    assert (await watched.case("mine"))["window"] == {"from_ms": 900, "until_ms": 1200}


async def test_a_channel_without_windows_takes_none(watched: WatchedEngine) -> None:
    await begin(watched)
    await watched.submit("one")
    refused = await watched.refusal(update(watched, "one", MORNING))
    assert (refused.code, refused.detail) == ("NO_WINDOWS", "cases of channel case have no windows")
    assert (await watched.refusal(watched.submit("two", window=MORNING))).code == "NO_WINDOWS"
    await update(watched, "one", "-")


async def test_nobody_is_kept_free_for_a_time_at_which_it_has_another_case(watched: WatchedEngine) -> None:
    await watched.apply(TEXT.replace("cost = 0", "cost = 2\nreserve_after_s = 30"))
    await watched.add_agent("ana", queues=["support", "pool"])
    await own(watched, "mine", MORNING)
    await plan(watched, "clashing", NOON)
    await watched.advance(by=60)
    assert await watched.events("agent_reserved") == []
    await update(watched, "clashing", EVENING)
    await watched.advance(by=60)
    assert [event["case"] for event in await watched.events("agent_reserved")] == ["clashing"]
    await plan(watched, "other", EVENING, "pool")
    await watched.steer("supervisor", "assign", "other", agent="ana", over_capacity=1)
    assert [event["reason"] for event in await watched.events("reservation_ended")] == ["window_taken"]


# More than one script looks at


async def test_an_agent_gets_what_stands_behind_many_cases_that_it_has_no_time_for(engine: Engine) -> None:
    await begin(engine, "ana")
    await engine.set_status("ana", "busy")
    await own(engine, "mine", MORNING)
    for n in range(70):
        await plan(engine, f"c{n:02}", NOON)
    await plan(engine, "last", EVENING)
    await engine.set_status("ana", "online")
    await engine.tick()
    assert await engine.offers("ana") == ["last"]
    assert (await audit.check(engine.store, engine.workspace)).violations == []


@pytest.mark.parametrize("others", [31, 32, 49, 50, 51, 120])
async def test_a_case_finds_the_one_agent_who_has_the_time_behind_many_who_have_not(
    engine: Engine, others: int
) -> None:
    await begin(engine)
    for n in range(others):
        engine.now += 10
        await engine.add_agent(f"a{n:03}", queues=["support", "pool"])
        await own(engine, f"c{n:03}", MORNING, f"a{n:03}")
    await plan(engine, "nobody", NOON)
    engine.now += 10
    await engine.add_agent("zoe")
    await engine.tick()
    assert await engine.offers("zoe") == ["nobody"]
    await engine.act("zoe", "decline", "nobody", reason="no")
    await plan(engine, "one", NOON)
    await engine.tick()
    assert await engine.offers("zoe") == ["one"]


async def test_who_becomes_ready_while_a_line_is_worked_off_is_asked_for_what_was_passed(engine: Engine) -> None:
    await begin(engine)
    for n in range(60):
        engine.now += 10
        await engine.add_agent(f"a{n:03}", queues=["support", "pool"])
        await own(engine, f"c{n:03}", MORNING, f"a{n:03}")
    await own(engine, "later", "1200-1260", "a001")
    await plan(engine, "one", "1100-1150")
    await plan(engine, "two", "1100-1250")
    await engine.tick()
    await plan(engine, "three", "1100-1250")  # nobody among the first of those who are ready has the time
    for _ in range(2):
        await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
    await engine.act("a001", "complete", "c001")  # everybody was asked for the first case by now
    await engine.tick()
    assert await engine.offers("a001") == ["one"]


async def test_a_case_that_is_gone_leaves_its_place_in_the_work_to_the_next(engine: Engine) -> None:
    await begin(engine)
    for n in range(60):
        engine.now += 10
        await engine.add_agent(f"a{n:03}", queues=["support", "pool"])
        if n != 20:
            await own(engine, f"c{n:03}", MORNING, f"a{n:03}")
    await own(engine, "c020", "900-1120", "a020")
    await engine.on_queue("pause")
    await plan(engine, "one", NOON)
    await plan(engine, "two", "1150-1250")  # one of the first fifty has the time
    await engine.tick()
    await engine.on_queue("resume")
    await engine.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
    await engine.steer("producer", "cancel", "one", reason="withdrawn")
    await engine.tick()
    assert await engine.offers("a020") == ["two"]
