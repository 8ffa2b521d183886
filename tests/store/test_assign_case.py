import pytest

from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TO_ANA = """
state     | sue
waiting   | case_assigned active agent:ana 1
offered   | case_assigned active agent:ana 1
active    | SAME_AGENT
parked    | SAME_AGENT
wrapping  | SAME_AGENT
closed    | WRONG_STATE
cancelled | WRONG_STATE
"""
TO_BO = """
state     | sue
waiting   | NO_ROOM
offered   | NO_ROOM
active    | NO_ROOM
parked    | NO_ROOM
wrapping  | NO_ROOM
closed    | WRONG_STATE
cancelled | WRONG_STATE
"""
TO_BO_OVER_CAPACITY = """
state     | sue
waiting   | case_assigned active agent:bo 0
offered   | case_assigned active agent:bo 0
active    | case_assigned active agent:bo 0
parked    | case_assigned active agent:bo 0
wrapping  | case_assigned active agent:bo 0
closed    | WRONG_STATE
cancelled | WRONG_STATE
"""


@cells(TO_ANA)
async def test_assign_case_to_whom_it_rings_at(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "assign_case", state, actor, outcome, agent="ana", reason="vip")


@cells(TO_BO)
async def test_assign_case_to_a_full_agent(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "assign_case", state, actor, outcome, agent="bo")


@cells(TO_BO_OVER_CAPACITY)
async def test_assign_case_over_capacity(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "assign_case", state, actor, outcome, agent="bo", over_capacity=1)
    for event in await watched.events("case_assigned"):
        assert event["over_capacity"] is True


async def test_what_fits_is_no_override_even_when_one_was_allowed(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one", "billing")
    await watched.steer("supervisor", "assign", "one", agent="ana", over_capacity=1, reason="vip")
    (event,) = await watched.events("case_assigned")
    assert "over_capacity" not in event
    assert (event["reason"], event["card"]) == ("vip", {"subject": "subject of one"})


async def test_the_owner_before_is_told_by_the_same_event_and_both_loads_are_in_it(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.set_agent("bo", create=1, capacity=9, interruptible_capacity=9)

    await watched.steer("supervisor", "assign", "one", agent="bo")

    rows = await watched.store.redis.xrevrange("{acme}:log", count=1)
    assert rows[0][1][b"to"].split()[1:] == [b"queue:support", b"agent:bo", b"agent:ana"]
    (event,) = await watched.events("case_assigned")
    assert (event["agent_before"], event["agent"]) == ("ana", "bo")
    held = {load["agent"]: (load["interruptible"], load["offers"]) for load in event["held"]}
    assert held == {"bo": (1, 0), "ana": (0, 0)}
    assert (await watched.agent("ana"))["agent"]["idle_at_ms"] == watched.now


@pytest.mark.parametrize("state", ["offered", "active"])
async def test_the_unit_that_is_freed_takes_the_next_case(watched: WatchedEngine, state: str) -> None:
    await watched.add_agent("ana", room=1)
    await watched.submit("one")
    if state == "active":
        await watched.act("ana", "accept", "one")
    await watched.submit("two")
    await watched.add_agent("bo", queues=["billing"])
    await watched.steer("supervisor", "assign", "one", agent="bo")
    assert await watched.offers("ana") == ["two"]


async def test_an_offer_that_was_assigned_away_leaves_idle_time_and_misses_alone(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    before = (await watched.agent("ana"))["agent"]
    await watched.submit("one")
    watched.now += 1000
    await watched.add_agent("bo", queues=["billing"])
    await watched.steer("supervisor", "assign", "one", agent="bo")
    after = (await watched.agent("ana"))["agent"]
    assert (after["idle_at_ms"], after["missed"]) == (before["idle_at_ms"], 0)


async def test_story_4_whoever_comes_first_wins_and_never_both(watched: WatchedEngine) -> None:
    """#4 is offered to Ana with baton b. She accepts while Sue assigns it to Bo, both showing b."""
    await watched.add_agent("ana", room=1)
    await watched.add_agent("bo", queues=["billing"])
    for case in ("four", "five"):
        await watched.submit(case)
    baton = (await watched.case("four"))["baton"]

    await watched.steer("supervisor", "assign", "four", baton=baton, agent="bo")

    late = await watched.refusal(watched.act("ana", "accept", "four", baton=baton))
    assert (late.code, late.current["owner"]) == ("STALE_BATON", "agent:bo")
    assert await watched.offers("ana") == ["five"]
    baton = (await watched.case("five"))["baton"]
    await watched.act("ana", "accept", "five", baton=baton)
    late = await watched.refusal(watched.steer("supervisor", "assign", "five", baton=baton, agent="bo"))
    assert (late.code, late.current["owner"]) == ("STALE_BATON", "agent:ana")
    assert (await watched.load("ana"), await watched.load("bo")) == ((1, 1), (1, 3))
