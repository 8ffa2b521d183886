"""What a supervisor with a scope sees and steers: its queues' cases and members, its teams' agents and their cases."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from casebaton.store.client import Actor
from tests.store.soundness import WatchedEngine


def sam(*, queues: Sequence[str] = (), teams: Sequence[str] = ()) -> Actor:
    """A supervisor with this scope."""
    return "supervisor", "sam", json.dumps({"queues": queues, "teams": teams})


NORTH, BILLING, NOTHING = sam(teams=["north"]), sam(queues=["billing"]), sam()


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    """Ana of team north works in support, Bo of team south in billing; each owns a case, and one waits in each line."""
    for agent, queue, team in (("ana", "support", "north"), ("bo", "billing", "south")):
        await watched.add_agent(agent, queues=[queue], room=1)
        await watched.set_agent(agent, team=team)
        await watched.submit(f"{agent}-owns", queue)
        await watched.act(agent, "accept", f"{agent}-owns")
        await watched.submit(f"{queue}-waits", queue)
    return watched


async def cancels(engine: WatchedEngine, actor: Actor, case: str) -> str:
    """Withdraw a case; the code of the refusal, or nothing."""
    call = engine.run("cancel_case", actor, case=case, baton="any", reason="withdrawn")
    if actor is NOTHING or case not in WITHIN[actor]:
        refused = await engine.refusal(call)
        assert refused.current is None, "what is outside is not shown"
        return refused.code
    await call
    return ""


WITHIN = {NORTH: {"ana-owns"}, BILLING: {"bo-owns", "billing-waits"}}


@pytest.mark.parametrize("actor", [NORTH, BILLING, NOTHING])
async def test_a_case_is_within_by_its_queue_or_by_the_team_of_its_holder(watched: WatchedEngine, actor: Actor) -> None:
    for case in ("ana-owns", "bo-owns", "support-waits", "billing-waits"):
        is_within = actor is not NOTHING and case in WITHIN[actor]
        assert await cancels(watched, actor, case) == ("" if is_within else "OUT_OF_SCOPE")


async def test_an_agent_is_within_by_its_team_or_by_its_queues(watched: WatchedEngine) -> None:
    async def sees(actor: Actor) -> set[str]:
        page = await watched.run("read_agents", actor, command_id="", after="", limit=50)
        return {agent["agent"] for agent in page["items"]}

    assert (await sees(NORTH), await sees(BILLING), await sees(NOTHING)) == ({"ana"}, {"bo"}, set())
    assert await sees(sam(queues=["billing"], teams=["north"])) == {"ana", "bo"}
    assert (await watched.run("drain_agent", NORTH, agent="ana"))["status"] == "offline"
    assert (await watched.refusal(watched.run("drain_agent", BILLING, agent="ana"))).code == "OUT_OF_SCOPE"


async def test_a_case_in_a_hand_of_the_team_is_within_wherever_it_comes_from(watched: WatchedEngine) -> None:
    await watched.set_agent("ana", queues="billing", interruptible_capacity=2)
    assert await watched.offers("ana") == ["billing-waits"]
    assert (await watched.run("read_case", NORTH, command_id="", case="billing-waits"))["agent"] == "ana"
    await watched.act("ana", "decline", "billing-waits", reason="busy")
    refused = await watched.refusal(watched.run("read_case", NORTH, command_id="", case="billing-waits"))
    assert refused.code == "OUT_OF_SCOPE"


async def test_what_is_outside_is_left_out_of_a_list_and_pages_go_on_behind_it(watched: WatchedEngine) -> None:
    first = await watched.run("read_agents", BILLING, command_id="", after="", limit=1)
    assert first == {"items": [], "next_cursor": "ana"}
    second = await watched.run("read_agents", BILLING, command_id="", after="ana", limit=1)
    assert [agent["agent"] for agent in second["items"]] == ["bo"]
    queues = await watched.run("read_queues", BILLING, command_id="", queues="billing,support")
    assert [queue["queue"] for queue in queues["items"]] == ["billing"]
    assert (await watched.run("read_held", BILLING, command_id="", agent="ana"))["items"] == []
    held = await watched.run("read_held", BILLING, command_id="", agent="bo")
    assert [case["case"] for case in held["items"]] == ["bo-owns"]


async def test_a_customers_cases_elsewhere_are_left_out(watched: WatchedEngine) -> None:
    for case, queue in (("one", "support"), ("two", "billing"), ("three", "billing")):
        await watched.submit(case, queue, customer="k1")
        watched.now += 1
    found: list[str] = []
    after = ""
    while True:
        page = await watched.run("read_customer", BILLING, command_id="", customer="k1", after=after, limit=1)
        found += [case["case"] for case in page["items"]]
        after = page.get("next_cursor", "")
        if not after:
            break
    assert found == ["two", "three"]


async def test_nothing_is_assigned_to_somebody_outside(watched: WatchedEngine) -> None:
    args: dict[str, Any] = {"case": "billing-waits", "baton": "any", "over_capacity": 1}
    assert (await watched.refusal(watched.run("assign_case", BILLING, agent="ana", **args))).code == "OUT_OF_SCOPE"
    assert (await watched.run("assign_case", BILLING, agent="bo", **args))["owner"] == "agent:bo"


async def test_a_case_may_leave_the_scope_as_it_may_leave_an_agents_queues(watched: WatchedEngine) -> None:
    await watched.run("transfer_case", BILLING, case="billing-waits", baton="any", queue="support")
    refused = await watched.refusal(watched.run("read_case", BILLING, command_id="", case="billing-waits"))
    assert refused.code == "OUT_OF_SCOPE"


async def test_nobody_is_created_within_a_scope(watched: WatchedEngine) -> None:
    call = watched.run("set_agent", NORTH, agent="cy", create=1, team="north")
    assert (await watched.refusal(call)).code == "OUT_OF_SCOPE"


async def test_one_script_after_another_has_its_own_scope(watched: WatchedEngine) -> None:
    assert (await watched.refusal(watched.run("read_agent", NORTH, command_id="", agent="bo"))).code == "OUT_OF_SCOPE"
    assert (await watched.agent("bo"))["agent"]["agent"] == "bo"
