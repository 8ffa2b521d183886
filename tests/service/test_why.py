"""Why a case waits: each reason brought about once, and named."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from casebaton.auth import Identity
from casebaton.service import why
from tests.engine import BASIC, START, Engine

PLAN = "[plans.relax]\nsteps = [{after_s = 600, open_tier = 1}]\n"
SUE = Identity("acme", "supervisor", "sue", expires_at=0)
Arrange = Callable[[Engine], Awaitable[Any]]
REASONS: dict[str, tuple[Arrange, str]] = {}


async def explain(engine: Engine, case: str = "one") -> why.Why:
    return await why.explain(engine.store, SUE, case, now=engine.now)


def because(reason: str) -> Callable[[Arrange], Arrange]:
    """Name the reason that an arrangement of case `one` must be explained by."""

    def register(arrange: Arrange) -> Arrange:
        REASONS[arrange.__name__] = (arrange, reason)
        return arrange

    return register


@because("status")
async def everybody_is_offline(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.set_status("ana", "offline")
    await engine.submit("one")


@because("status")
async def everybody_is_busy(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.set_status("ana", "busy")
    await engine.submit("one")


@because("status")
async def nobody_responds(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("zero", channel="chat")
    await engine.advance(30)
    await engine.submit("one")


@because("window")
async def everybody_has_something_else_then(engine: Engine) -> None:
    await engine.apply(f"{BASIC}[channels.visit]\nwindows = true\n")
    await engine.add_agent("ana")
    await engine.submit("zero", channel="visit", window="10-20")
    await engine.act("ana", "accept", "zero")
    await engine.submit("one", channel="visit", window="15-25")


@because("next_status")
async def everybody_ends_the_shift(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("zero", channel="chat")
    await engine.act("ana", "accept", "zero")
    await engine.set_next_status("ana", "offline")
    await engine.submit("one")


@because("presence")
async def nobody_is_connected(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.disconnect("ana")
    await engine.submit("one")


@because("presence")
async def everybody_has_gone(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.disconnect("ana")
    await engine.advance(30)
    await engine.submit("one")


@because("open_offer")
async def another_case_rings(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("zero")
    await engine.submit("one")


@because("waking")
async def what_has_woken_comes_first(engine: Engine) -> None:
    await engine.add_agent("ana", room=1)
    await engine.submit("zero")
    await engine.act("ana", "accept", "zero")
    await engine.act("ana", "park", "zero")
    await engine.set_agent("ana", interruptible_capacity=0)
    await engine.steer("producer", "update", "zero", customer_activity=1)
    await engine.submit("one")


@because("channel")
async def nobody_takes_the_channel(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.set_status("ana", "online", "case")
    await engine.submit("one", channel="chat")


@because("room")
async def everybody_is_full(engine: Engine) -> None:
    await engine.add_agent("ana", room=1)
    await engine.submit("zero")
    await engine.act("ana", "accept", "zero")
    await engine.submit("one")


@because("room")
async def the_case_is_too_heavy(engine: Engine) -> None:
    await engine.add_agent("ana", room=3)
    await engine.submit("one", cost=4)


@because("room")
async def capacity_was_lowered(engine: Engine) -> None:
    await engine.add_agent("ana", room=3)
    await engine.set_agent("ana", interruptible_capacity=0)
    await engine.submit("one")


@because("skills")
async def nobody_has_the_skill(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one", skills="german=1")


@because("skills")
async def nobody_has_the_level(engine: Engine) -> None:
    await engine.add_agent("ana", skills="german=1")
    await engine.submit("one", skills="german=2")


@because("skills")
async def the_skill_has_run_out(engine: Engine) -> None:
    await engine.add_agent("ana", skills=f"german=2~0~{START + 5000}")
    await engine.advance(5)
    await engine.submit("one", skills="german=2")


@because("skills")
async def the_named_agent_lacks_a_skill(engine: Engine) -> None:
    await engine.add_agent("ana", queues=[])
    await engine.submit("one", required_agent="ana", skills="german=2")


@because("tier")
async def the_tier_is_not_open(engine: Engine) -> None:
    await engine.apply(BASIC.replace("[queues.support]", "[queues.support]\nplan = 'relax'") + PLAN)
    await engine.add_agent("ana", tiers="support=1")
    await engine.submit("one")


@because("cooling")
async def everybody_declined(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "decline", "one", reason="busy")


@because("cooling")
async def the_owner_returned_it(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.act("ana", "return", "one", reason="not_mine", place="keep")


@because("no_members")
async def the_queue_has_nobody(engine: Engine) -> None:
    await engine.submit("one")


@because("pull_queue")
async def the_queue_is_taken_from(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")


@because("queue_paused")
async def the_queue_is_paused(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.on_queue("pause", "pool")
    await engine.submit("one", "pool")


@because("queue_closed")
async def the_queue_is_closed(engine: Engine) -> None:
    hours = '[hours.never]\nzone = "Etc/UTC"\n'
    await engine.apply(BASIC.replace("[queues.support]", '[queues.support]\nhours = "never"') + hours)
    await engine.add_agent("ana")
    await engine.submit("one")


@because("status")
async def the_required_agent_is_away(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.add_agent("bo")
    await engine.set_status("bo", "offline")
    await engine.submit("one", required_agent="bo")


@because("offered")
async def it_rings(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")


@because("active")
async def somebody_works_on_it(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")


@pytest.mark.parametrize("arrangement", REASONS)
async def test_the_reason_is_the_one_that_holds_the_case_up(engine: Engine, arrangement: str) -> None:
    arrange, reason = REASONS[arrangement]
    await arrange(engine)
    assert (await explain(engine)).reason == reason


async def test_of_several_agents_each_has_its_own_first_reason(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.set_status("ana", "offline")
    await engine.add_agent("bo", skills="german=1")
    await engine.add_agent("cy", skills="german=2")
    await engine.submit("zero", skills="german=2")
    await engine.submit("one", skills="german=2")
    found = await explain(engine)
    assert {agent.agent: agent.fails for agent in found.agents} == {"ana": "skills", "bo": "skills", "cy": "open_offer"}
    assert found.counts == {"skills": 2, "open_offer": 1}
    assert (found.place, found.waiting) == (1, 1)


async def test_it_says_what_changes_next_and_when(engine: Engine) -> None:
    await engine.apply(BASIC.replace("[queues.support]", "[queues.support]\nplan = 'relax'") + PLAN)
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "decline", "one", reason="busy")
    found = await explain(engine)
    assert found.next_change == why.Change("cooldown_ends", START + 60_000)
    assert found.agents == [why.Candidate("ana", "cooling", START + 60_000)]
    await engine.set_status("ana", "offline")
    await engine.advance(60)
    assert (await explain(engine)).next_change == why.Change("open_tier", START + 600_000)


async def test_the_wait_is_estimated_by_the_pace_of_the_queue(engine: Engine) -> None:
    await serve_three(engine)
    found = await explain(engine)
    assert found.estimated_wait_ms is not None
    assert 10_000 < found.estimated_wait_ms < 60_000


async def serve_three(engine: Engine) -> None:
    """Ana owns a case every 30 s, and is full with the third when case `one` comes."""
    await engine.add_agent("ana", room=1)
    for case in ("a", "b", "c"):
        await engine.submit(case)
        await engine.act("ana", "accept", case)
        if case != "c":
            await engine.advance(by=30)
            await engine.act("ana", "complete", case)
    await engine.submit("one")


async def test_a_pace_that_has_come_to_a_halt_estimates_nothing(engine: Engine) -> None:
    await serve_three(engine)
    await engine.advance(by=300)
    assert (await explain(engine)).estimated_wait_ms is None


async def test_nothing_is_estimated_while_nobody_who_could_have_it_is_there(engine: Engine) -> None:
    await serve_three(engine)
    await engine.set_status("ana", "busy")
    assert (await explain(engine)).estimated_wait_ms is None
    await engine.set_status("ana", "online")
    assert (await explain(engine)).estimated_wait_ms is not None
    await engine.on_queue("pause")
    assert (await explain(engine)).estimated_wait_ms is None


async def test_a_long_list_is_read_in_slices_and_counted_whole(engine: Engine) -> None:
    for number in range(why.SLICE + 5):
        await engine.set_agent(f"m-{number:03}", create=1, queues="support", capacity=1, interruptible_capacity=1)
    await engine.submit("one")
    found = await explain(engine)
    assert found.counts == {"status": why.SLICE + 5}
    assert json.loads(bytes(found.case))["case"] == "one"


async def test_a_past_decision_tells_who_was_considered_by_which_rule_and_configuration(engine: Engine) -> None:
    for agent in ("ana", "bo", "cy", "dan"):
        await engine.add_agent(agent)
        await engine.advance(by=1)
    await engine.submit("one")
    await engine.act("ana", "decline", "one", reason="busy")
    await engine.steer("supervisor", "revoke", "one", reason="needed")
    await engine.act("cy", "decline", "one", reason="busy")
    found = (await explain(engine)).decisions
    assert [(one.agent, one.rule, one.considered, one.passed, one.config) for one in found] == [
        ("dan", "longest_idle", ["dan", "ana"], ["bo"], 1),
        ("cy", "longest_idle", ["cy", "dan", "ana"], [], 1),
        ("bo", "longest_idle", ["bo", "cy", "dan"], [], 1),
        ("ana", "longest_idle", ["ana", "bo", "cy", "dan"], [], 1),
    ]


async def test_a_case_that_waited_was_chosen_by_the_order_of_its_queue(engine: Engine) -> None:
    await engine.submit("one")
    await engine.add_agent("ana")
    found = (await explain(engine)).decisions
    assert [(one.event, one.agent, one.rule, one.considered) for one in found] == [
        ("case_offered", "ana", "priority", ["ana"])
    ]


async def test_what_people_decide_has_no_rule_but_an_actor(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.act("ana", "take", "one")
    found = (await explain(engine)).decisions
    assert [(one.event, one.agent, one.actor, one.rule) for one in found] == [("case_taken", "ana", "agent:ana", None)]


async def test_a_case_for_one_agent_alone_says_so(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.add_agent("bo")
    await engine.submit("one", required_agent="bo")
    assert [(one.agent, one.rule) for one in (await explain(engine)).decisions] == [("bo", "named")]


async def test_it_says_where_the_time_has_gone_and_went_before(engine: Engine) -> None:
    await engine.submit("one")
    await engine.advance(by=20)
    assert (await explain(engine)).waited == {"no_agent": 20_000}
    await engine.add_agent("ana")
    await engine.advance(by=5)
    await engine.act("ana", "accept", "one")
    found = await explain(engine)
    assert found.waited is None
    assert found.stays == [why.Stay("case_accepted", START + 25_000, {"no_agent": 20_000, "offered": 5_000})]


async def test_who_is_kept_free_is_named_on_both_sides(engine: Engine) -> None:
    await engine.apply(BASIC.replace("[channels.case]", "[channels.case]\nreserve_after_s = 30"))
    await engine.add_agent("ana")
    await engine.submit("light")
    await engine.act("ana", "accept", "light")
    await engine.submit("heavy", cost=3)
    await engine.advance(by=30)
    await engine.submit("one")
    one = await explain(engine)
    assert (one.reason, one.reserved_agent) == ("reserved", None)
    assert [(agent.agent, agent.fails, agent.reserved_case) for agent in one.agents] == [("ana", "reserved", "heavy")]
    heavy = await explain(engine, "heavy")
    assert (heavy.reason, heavy.reserved_agent) == ("room", "ana")


async def test_a_limit_of_the_channel_is_named(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.set_agent("ana", limits="case=0")
    await engine.submit("one")
    assert (await explain(engine)).counts == {"limit": 1}
