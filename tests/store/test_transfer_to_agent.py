"""A case on its way from one agent to another: one owner, two who hold its units, and many ways to come to nothing."""

from typing import Any

import pytest

from casebaton import audit
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                                 | bo         | sue crm
waiting   | NOT_HOLDER                          | NOT_HOLDER | NOT_HOLDER
offered   | WRONG_STATE                         | NOT_HOLDER | NOT_HOLDER
active    | transfer_offered active agent:ana 1 | NOT_HOLDER | NOT_HOLDER
parked    | WRONG_STATE                         | NOT_HOLDER | NOT_HOLDER
wrapping  | WRONG_STATE                         | NOT_HOLDER | NOT_HOLDER
closed    | WRONG_STATE                         | NOT_HOLDER | NOT_HOLDER
cancelled | NOT_HOLDER                          | NOT_HOLDER | NOT_HOLDER
"""


@cells(TABLE)
async def test_transfer_to_an_agent_in_every_state(
    watched: WatchedEngine, state: str, actor: str, outcome: str
) -> None:
    await watched.add_agent("cy", queues=["billing"])
    await check(watched, "transfer_case", state, actor, outcome, agent="cy", reason="expert")


async def ring(engine: Engine) -> Any:
    """Let Ana own #one and offer it to Bo; the case."""
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.add_agent("bo", queues=["billing"])
    engine.now += 1000
    await engine.act("ana", "transfer", "one", agent="bo")
    return await engine.case("one")


async def answer(engine: Engine, verb: str, agent: str = "bo", **args: Any) -> Any:
    baton = (await engine.case("one"))["target_baton"]
    return await engine.act(agent, verb, "one", baton=baton, **args)


async def ends(engine: Engine, reason: str) -> None:
    """The transfer has come to nothing for this reason, and the sender goes on as before."""
    failed = await engine.events("transfer_failed")
    assert [(event["reason"], event["target_before"]) for event in failed] == [(reason, "bo")]
    case = await engine.case("one")
    assert not {"target", "target_baton", "target_deadline_at_ms"} & case.keys()
    assert await engine.load("bo") == (0, 3)
    assert await engine.offers("bo") == []


async def test_it_stays_the_senders_and_is_an_offer_to_its_target(watched: WatchedEngine) -> None:
    case = await ring(watched)
    assert (case["owner"], case["state"], case["agent"], case["target"]) == ("agent:ana", "active", "ana", "bo")
    assert case["target_deadline_at_ms"] == watched.now + 30_000
    snapshot = await watched.agent("bo")
    (offer,) = snapshot["offers"]
    assert (offer["case"], offer["owner"], offer["baton"]) == ("one", "agent:ana", case["target_baton"])
    assert (offer["deadline_at_ms"], offer["state_at_ms"]) == (case["target_deadline_at_ms"], watched.now)
    assert snapshot["desk"] == []
    assert (snapshot["agent"]["offers"], snapshot["agent"]["held_interruptible"]) == (1, 1)
    (owned,) = (await watched.agent("ana"))["desk"]
    assert owned == case
    held = await watched.run("read_held", ("supervisor", "sue"), command_id="", agent="bo")
    assert held["items"] == []


async def test_both_are_told_and_the_target_sees_all_of_it(watched: WatchedEngine) -> None:
    await ring(watched)
    (event,) = await watched.events("transfer_offered")
    assert (event["agent"], event["agent_before"], event["target"]) == ("ana", "ana", "bo")
    assert event["card"] == {"subject": "subject of one"}
    assert event["held"] == [{"agent": "bo", "primary": 0, "interruptible": 1, "offers": 1}]
    rows = await watched.store.redis.xrevrange("{acme}:log", count=1)
    assert rows[0][1][b"to"].split()[1:] == [b"queue:support", b"agent:ana", b"agent:bo"]


async def test_accepting_is_one_change_of_owner(watched: WatchedEngine) -> None:
    before = await ring(watched)
    watched.now += 1000
    await answer(watched, "accept")
    case = await watched.case("one")
    assert (case["owner"], case["state"]) == ("agent:bo", "active")
    assert case["baton"] not in (before["baton"], before["target_baton"])
    (event,) = await watched.events("case_transferred")
    assert (event["agent_before"], event["target_before"], event["owner_before"]) == ("ana", "bo", "agent:ana")
    held = {load["agent"]: (load["interruptible"], load["offers"]) for load in event["held"]}
    assert held == {"ana": (0, 0), "bo": (1, 0)}
    assert (await watched.agent("ana"))["agent"]["idle_at_ms"] == watched.now
    assert (await watched.desk("ana"), await watched.desk("bo")) == ([], ["one"])


async def test_the_senders_unit_is_free_for_the_next_case_only_then(watched: WatchedEngine) -> None:
    await ring(watched)
    await watched.set_agent("ana", interruptible_capacity=1)
    await watched.submit("two")
    assert await watched.offers("ana") == []
    await answer(watched, "accept")
    assert await watched.offers("ana") == ["two"]


async def test_a_decline_says_why_and_restarts_the_targets_turn(watched: WatchedEngine) -> None:
    await ring(watched)
    watched.now += 1000
    await answer(watched, "decline", reason="busy")
    await ends(watched, "declined")
    assert [event["decline_reason"] for event in await watched.events("transfer_failed")] == ["busy"]
    assert (await watched.agent("bo"))["agent"]["idle_at_ms"] == watched.now


async def test_no_answer_is_a_miss(watched: WatchedEngine) -> None:
    case = await ring(watched)
    await watched.advance(by=29)
    assert (await watched.case("one"))["target"] == "bo"
    await watched.advance(by=1)
    await ends(watched, "expired")
    assert (await watched.case("one"))["baton"] == case["baton"]
    assert (await watched.agent("bo"))["agent"]["missed"] == 1


async def test_whoever_misses_too_many_is_not_there(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[channels.case]", "[channels.case]\nmiss_limit = 1"))
    await ring(watched)
    await watched.advance(by=30)
    assert (await watched.agent("bo"))["agent"]["status"] == "not_responding"


async def test_a_lost_target_misses_nothing(watched: WatchedEngine) -> None:
    await ring(watched)
    await watched.disconnect("bo")
    await watched.advance(by=5)
    await ends(watched, "agent_lost")
    assert (await watched.agent("bo"))["agent"]["missed"] == 0


async def test_a_deadline_that_falls_into_grace_is_no_miss(watched: WatchedEngine) -> None:
    await ring(watched)
    await watched.advance(by=27)
    await watched.disconnect("bo")
    await watched.advance(by=3)
    await ends(watched, "agent_lost")
    assert (await watched.agent("bo"))["agent"]["missed"] == 0


@pytest.mark.parametrize("status", ["busy", "offline"])
async def test_a_target_who_goes_busy_or_offline_is_asked_no_longer(watched: WatchedEngine, status: str) -> None:
    await ring(watched)
    await watched.set_status("bo", status)
    await ends(watched, f"agent_{status}")


async def test_a_target_whose_capacity_is_lowered_is_asked_no_longer(watched: WatchedEngine) -> None:
    await ring(watched)
    await watched.set_agent("bo", interruptible_capacity=0)
    (event,) = await watched.events("transfer_failed")
    assert event["reason"] == "capacity_lowered"
    assert await watched.desk("ana") == ["one"]


MOVED_ON: dict[str, tuple[str, dict[str, Any], str]] = {
    "return": ("ana", {"reason": "r", "place": "front"}, "case_returned"),
    "transfer": ("ana", {"queue": "pool"}, "case_transferred"),
    "complete": ("ana", {}, "case_closed"),
    "wrap": ("ana", {}, "case_wrapping"),
    "park": ("ana", {}, "case_parked"),
    "cancel": ("sue", {"reason": "r"}, "case_wrapping"),
    "assign": ("sue", {"agent": "cy"}, "case_assigned"),
}


@pytest.mark.parametrize("verb", MOVED_ON)
async def test_another_move_of_the_case_first_ends_the_transfer(watched: WatchedEngine, verb: str) -> None:
    await watched.add_agent("cy", queues=["billing"])
    await ring(watched)
    seen = len(await watched.events())
    who, args, event = MOVED_ON[verb]
    if who == "ana":
        await watched.act("ana", verb, "one", **args)
    else:
        await watched.steer("supervisor", verb, "one", **args)
    written = (await watched.events())[seen:]
    assert [each["type"] for each in written[:2]] == ["transfer_failed", event]
    assert (written[0]["reason"], written[0]["state"]) == ("withdrawn", "active")
    await ends(watched, "withdrawn")


async def test_it_can_be_offered_to_another_one_instead(watched: WatchedEngine) -> None:
    await watched.add_agent("cy", queues=["billing"])
    await ring(watched)
    again = await watched.refusal(watched.act("ana", "transfer", "one", agent="bo"))
    assert again.code == "SAME_AGENT"
    await watched.act("ana", "transfer", "one", agent="cy")
    await_failed = await watched.events("transfer_failed")
    assert [(event["reason"], event["target_before"]) for event in await_failed] == [("withdrawn", "bo")]
    assert (await watched.offers("bo"), await watched.offers("cy")) == ([], ["one"])


async def test_a_supervisor_may_end_the_wait_by_assigning_it_to_the_target(watched: WatchedEngine) -> None:
    await ring(watched)
    await watched.set_agent("bo", interruptible_capacity=1)
    await watched.steer("supervisor", "assign", "one", agent="bo")
    assert (await watched.case("one"))["owner"] == "agent:bo"
    assert await watched.load("bo") == (1, 1)


async def test_an_update_leaves_the_transfer_alone(watched: WatchedEngine) -> None:
    before = await ring(watched)
    await watched.steer("producer", "update", "one", priority=0)
    (event,) = await watched.events("case_updated")
    assert (event["target"], event["target_baton"]) == ("bo", before["target_baton"])
    rows = await watched.store.redis.xrevrange("{acme}:log", count=1)
    assert b"agent:bo" in rows[0][1][b"to"].split()


async def test_each_answers_with_the_baton_it_was_shown(watched: WatchedEngine) -> None:
    case = await ring(watched)
    wrong = [
        ("bo", "accept", case["baton"], "NOT_HOLDER"),
        ("ana", "accept", case["target_baton"], "STALE_BATON"),
        ("ana", "accept", case["baton"], "WRONG_STATE"),
        ("ana", "complete", case["target_baton"], "STALE_BATON"),
        ("bo", "complete", case["target_baton"], "STALE_BATON"),
    ]
    for agent, verb, baton, code in wrong:
        assert (await watched.refusal(watched.act(agent, verb, "one", baton=baton))).code == code
    await answer(watched, "decline", reason="busy")
    late = await watched.refusal(watched.act("bo", "accept", "one", baton=case["target_baton"]))
    assert (late.code, late.current["owner"]) == ("STALE_BATON", "agent:ana")


@pytest.mark.parametrize("why", ["offer", "channel", "waking"])
async def test_a_target_who_cannot_be_offered_anything_is_refused(watched: WatchedEngine, why: str) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.add_agent("bo", queues=["billing"])
    if why == "channel":
        await watched.set_status("bo", "online", channels="chat")
    else:
        await watched.submit("bos", "billing")
    if why == "waking":
        await watched.act("bo", "accept", "bos")
        await watched.act("bo", "park", "bos")
        await watched.set_agent("bo", interruptible_capacity=0)
        await watched.steer("producer", "update", "bos", customer_activity=1)
    refused = await watched.refusal(watched.act("ana", "transfer", "one", agent="bo"))
    assert refused.code == ("TARGET_OFFLINE" if why == "channel" else "TARGET_FULL")


async def test_an_outage_costs_no_transfer(watched: WatchedEngine) -> None:
    case = await ring(watched)
    await watched.advance(by=1)
    watched.now += 600_000
    await watched.tick()
    later = await watched.case("one")
    assert later["target_deadline_at_ms"] == case["target_deadline_at_ms"] + 600_000
    assert await watched.offers("bo") == ["one"]


async def test_a_note_leaves_a_transfer_under_way_as_it_is(watched: WatchedEngine) -> None:
    await ring(watched)
    await watched.run("add_note", ("supervisor", "sue"), case="one", baton="any", text="handle with care")
    assert await watched.offers("bo") == ["one"]
    assert (await audit.check(watched.store, "acme")).is_clean
