"""Parked cases: kept by their owner, without most of their units, until they wake."""

from typing import Any

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

PARK = """
state     | ana                           | bo sue crm
waiting   | NOT_HOLDER                    | NOT_HOLDER
offered   | WRONG_STATE                   | NOT_HOLDER
active    | case_parked parked agent:ana 0 | NOT_HOLDER
parked    | WRONG_STATE                   | NOT_HOLDER
wrapping  | WRONG_STATE                   | NOT_HOLDER
closed    | WRONG_STATE                   | NOT_HOLDER
cancelled | NOT_HOLDER                    | NOT_HOLDER
"""
RESUME = """
state     | ana                            | bo         | sue
waiting   | NOT_HOLDER                     | NOT_HOLDER | WRONG_STATE
offered   | WRONG_STATE                    | NOT_HOLDER | WRONG_STATE
active    | WRONG_STATE                    | NOT_HOLDER | WRONG_STATE
parked    | case_resumed active agent:ana 1 | NOT_HOLDER | case_resumed active agent:ana 1
wrapping  | WRONG_STATE                    | NOT_HOLDER | WRONG_STATE
closed    | WRONG_STATE                    | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                     | NOT_HOLDER | WRONG_STATE
"""


@cells(PARK)
async def test_park_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "park_case", state, actor, outcome)


@cells(RESUME)
async def test_resume_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "resume_case", state, actor, outcome)


async def own(watched: WatchedEngine, *cases: str, agent: str = "ana", **submit: Any) -> None:
    """Let the agent own these cases, one after the other."""
    for case in cases:
        await watched.submit(case, **submit)
        await watched.act(agent, "accept", case)


async def customer_writes(watched: WatchedEngine, case: str) -> Any:
    return await watched.steer("producer", "update", case, customer_activity=1)


async def wake_without_room(watched: WatchedEngine, *cases: str) -> None:
    """Let Ana park these cases, fill up, and let them wake in this order."""
    await watched.add_agent("ana", room=len(cases))
    await own(watched, *cases)
    for case in cases:
        await watched.act("ana", "park", case)
    await own(watched, *(f"next-{case}" for case in cases))
    for case in cases:
        watched.now += 1
        assert (await customer_writes(watched, case))["state"] == "parked"


async def test_the_room_that_parking_frees_is_offered_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=1)
    await own(watched, "one")
    await watched.submit("two")
    await watched.act("ana", "park", "one")
    assert (await watched.desk("ana"), await watched.offers("ana")) == (["one"], ["two"])


async def test_a_parked_case_holds_what_its_channel_says(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace('pool = "primary"', 'pool = "primary"\nparked_cost = 2'))
    await watched.add_agent("ana")
    await own(watched, "one", channel="chat")
    await watched.act("ana", "park", "one")
    assert (await watched.agent("ana"))["agent"]["held_primary"] == 2
    assert (await watched.case("one"))["parked_cost"] == 2
    (event,) = await watched.events("case_parked")
    assert event["held"] == [{"agent": "ana", "primary": 2, "interruptible": 0, "offers": 0}]
    await watched.act("ana", "resume", "one")
    assert (await watched.agent("ana"))["agent"]["held_primary"] == 5


async def test_it_wakes_at_its_time(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched, "one")
    wake_at = watched.now + 90_000
    await watched.act("ana", "park", "one", wake_at_ms=wake_at)
    assert (await watched.case("one"))["wake_at_ms"] == wake_at
    await watched.advance(89)
    assert (await watched.case("one"))["state"] == "parked"
    await watched.advance(90)
    case = await watched.case("one")
    assert (case["state"], "wake_at_ms" in case) == ("active", False)
    (event,) = await watched.events("case_resumed")
    assert (event["actor"], event["cause"]) == ("engine:waking", "wake")


async def test_a_timer_of_an_earlier_parking_wakes_nothing(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched, "one")
    await watched.act("ana", "park", "one", wake_at_ms=watched.now + 5_000)
    await watched.act("ana", "resume", "one")
    await watched.act("ana", "park", "one")
    await watched.advance(6)
    assert (await watched.case("one"))["state"] == "parked"


@pytest.mark.parametrize("verb", ["complete", "return", "transfer", "cancel", "assign"])
async def test_wherever_it_goes_nothing_wakes_it_any_more(watched: WatchedEngine, verb: str) -> None:
    extras: dict[str, dict[str, Any]] = {"return": {"reason": "r", "place": "keep"}, "transfer": {"queue": "billing"}}
    await wake_without_room(watched, "one")
    if verb in ("cancel", "assign"):
        await watched.add_agent("bo", queues=["billing"])
        args = {"reason": "r"} if verb == "cancel" else {"agent": "bo"}
        await watched.steer("supervisor", verb, "one", **args)
    else:
        await watched.act("ana", verb, "one", **extras.get(verb, {}))
    assert (await watched.agent("ana"))["agent"]["waking"] == 0
    await watched.act("ana", "complete", "next-one")
    await watched.advance(601)
    assert not await watched.events("case_resumed")
    assert not [event for event in await watched.events("case_returned") if event.get("reason") == "wake_limit"]


async def test_what_wakes_first_is_resumed_first(watched: WatchedEngine) -> None:
    await wake_without_room(watched, "b", "a")
    await watched.act("ana", "complete", "next-a")
    assert [event["case"] for event in await watched.events("case_resumed")] == ["b"]
    await watched.act("ana", "complete", "next-b")
    assert [event["case"] for event in await watched.events("case_resumed")] == ["b", "a"]


async def test_while_something_wakes_nothing_new_is_taken_or_resumed(watched: WatchedEngine) -> None:
    await watched.apply(BASIC + "[channels.heavy]\ncost = 2\n")
    await watched.add_agent("ana", queues=["pool", "support"])
    await own(watched, "heavy", channel="heavy")
    await watched.act("ana", "park", "heavy")
    await own(watched, "parked", "one", "two")
    await watched.act("ana", "park", "parked")
    await watched.submit("waits", "pool")
    assert (await customer_writes(watched, "heavy"))["state"] == "parked"
    assert await watched.load("ana") == (2, 3)

    for refused in (
        watched.act("ana", "take", "waits"),
        watched.run("take_next", ("agent", "ana")),
        watched.act("ana", "resume", "parked"),
    ):
        refusal = await watched.refusal(refused)
        assert (refusal.code, "heavy has woken" in refusal.detail) == ("NO_ROOM", True)
    await watched.submit("pushed")
    assert await watched.offers("ana") == []
    await watched.act("ana", "complete", "one")
    assert (await watched.case("heavy"))["state"] == "active"
    assert await watched.load("ana") == (3, 3)


async def test_more_capacity_is_room_for_what_has_woken(watched: WatchedEngine) -> None:
    await wake_without_room(watched, "one")
    await watched.submit("waits")
    await watched.set_agent("ana", interruptible_capacity=2)
    assert (await watched.case("one"))["state"] == "active"
    assert await watched.offers("ana") == []


async def test_its_customer_wakes_it_once(watched: WatchedEngine) -> None:
    await wake_without_room(watched, "one")
    await watched.advance(300)
    await customer_writes(watched, "one")
    assert len(await watched.events("case_wake_pending")) == 1
    await watched.advance(601)
    assert (await watched.case("one"))["state"] == "waiting"


@pytest.mark.parametrize("absence", ["offline", "gone"])
async def test_an_absent_owners_case_wakes_into_its_queue(watched: WatchedEngine, absence: str) -> None:
    await watched.add_agent("ana")
    await own(watched, "one")
    await watched.act("ana", "park", "one")
    requested_at = (await watched.case("one"))["requested_at_ms"]
    await watched.add_agent("bo")
    if absence == "offline":
        await watched.set_status("ana", "offline")
    else:
        await watched.disconnect("ana")
        await watched.advance(30)
    await customer_writes(watched, "one")
    (event,) = await watched.events("case_returned")
    assert (event["reason"], event["agent_before"]) == ("owner_offline", "ana")
    assert await watched.offers("bo") == ["one"]
    assert (await watched.case("one"))["requested_at_ms"] == requested_at


@pytest.mark.parametrize("presence", ["busy", "grace"])
async def test_an_owner_who_is_only_busy_or_briefly_away_gets_it_back(watched: WatchedEngine, presence: str) -> None:
    await watched.add_agent("ana")
    await own(watched, "one")
    await watched.act("ana", "park", "one")
    if presence == "busy":
        await watched.set_status("ana", "busy")
    else:
        await watched.disconnect("ana")
    await customer_writes(watched, "one")
    assert (await watched.case("one"))["owner"] == "agent:ana"
    assert (await watched.case("one"))["state"] == "active"


async def test_room_that_comes_while_its_owner_is_away_waits_for_the_owner_until_the_limit(
    watched: WatchedEngine,
) -> None:
    await wake_without_room(watched, "one")
    await watched.set_status("ana", "offline")
    await watched.act("ana", "complete", "next-one")
    assert (await watched.case("one"))["state"] == "parked"
    await watched.set_status("ana", "online")
    assert (await watched.case("one"))["state"] == "active"


async def test_what_costs_as_much_parked_always_has_room(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[channels.case]", "[channels.case]\nparked_cost = 1"))
    await watched.add_agent("ana", room=1)
    await own(watched, "one")
    await watched.act("ana", "park", "one")
    await watched.set_agent("ana", interruptible_capacity=0)
    await customer_writes(watched, "one")
    assert (await watched.case("one"))["state"] == "active"


async def test_who_is_away_resumes_by_hand_what_has_woken(watched: WatchedEngine) -> None:
    await wake_without_room(watched, "one")
    await watched.set_status("ana", "offline")
    await watched.act("ana", "complete", "next-one")
    assert (await watched.case("one"))["state"] == "parked"
    await watched.act("ana", "resume", "one")
    assert (await watched.case("one"))["state"] == "active"
