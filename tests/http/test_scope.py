"""A supervisor whose token carries a scope: the same over every read and command."""

from typing import Any

import pytest

from casebaton.auth import Scope
from tests.http.world import Api, Caller, ok, problem


@pytest.fixture
async def sam(api: Api) -> Caller:
    """The supervisor of queue support alone, beside a case in each of two lines."""
    await api.crm.submit("c-1")
    await api.crm.submit("c-2", "pool")
    return api.signed_in("supervisor", "sam", scope=Scope(("support",)))


def cases(page: Any) -> list[str]:
    return [case["case"] for case in page.json()["items"]]


async def test_lists_show_what_is_within(api: Api, sam: Caller) -> None:
    assert (cases(await sam.get("cases")), cases(await api.sue.get("cases"))) == (["c-1"], ["c-2", "c-1"])
    assert [queue["queue"] for queue in (await sam.get("queues")).json()["items"]] == ["support"]
    everybody = {agent["agent"] for agent in (await api.sue.get("agents")).json()["items"]}
    members = {agent["agent"] for agent in (await sam.get("agents")).json()["items"]}
    assert members < everybody
    assert {row["agent"] for row in (await sam.get("roster")).json()} == members


async def test_a_case_in_a_strangers_hand_is_listed_by_its_queue(api: Api, sam: Caller) -> None:
    ok(await api.sue.post("cases/c-1/assign", {"baton": "any", "agent": "zoe", "over_capacity": True}))
    ok(await api.sue.post("cases/c-2/assign", {"baton": "any", "agent": "zoe", "over_capacity": True}))
    assert cases(await sam.get("cases")) == ["c-1"]
    assert cases(await sam.get("cases", agent="zoe")) == ["c-1"]


@pytest.mark.parametrize("path", ["cases/c-2", "cases/c-2/history", "cases/c-2/why", "cases/c-2/notes", "agents/zoe",
                                  "queues/pool", "queues/pool/cases"])  # fmt: skip
async def test_what_is_outside_is_refused(sam: Caller, path: str) -> None:
    found = problem(await sam.get(path), 403, "OUT_OF_SCOPE")
    assert "current" not in found
    assert (
        await sam.get(path.replace("c-2", "c-1").replace("pool", "support").replace("zoe", "ana"))
    ).status_code == 200


async def test_so_are_commands(sam: Caller) -> None:
    problem(await sam.post("cases/c-2/cancel", {"baton": "any", "reason": "spam"}), 403, "OUT_OF_SCOPE")
    problem(await sam.patch("agents/zoe", {"capacity": 5}), 403, "OUT_OF_SCOPE")
    problem(await sam.post("agents/zoe/drain"), 403, "OUT_OF_SCOPE")
    problem(await sam.post("queues/pool/pause"), 403, "OUT_OF_SCOPE")
    ok(await sam.post("cases/c-1/cancel", {"baton": "any", "reason": "spam"}))
    ok(await sam.post("queues/support/pause"))
