"""`/v1/{workspace}/queues`."""

import pytest

from tests.http.world import Api, ok, problem

STATE = {"paused": False, "draining": False, "open": True}


async def test_the_queues_are_listed_with_their_modes_and_how_many_wait(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    await api.crm.submit("c-2", "pool")
    expected = [
        {"queue": "pool", "mode": "pull", "waiting": 2} | STATE,
        {"queue": "support", "mode": "push", "waiting": 0} | STATE,
    ]
    for caller in (api.sue, api.ana, api.signed_in("agent", "zoe")):
        assert (await caller.get("queues")).json()["items"] == expected


async def test_a_queue_says_its_mode_and_how_many_wait(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    await api.crm.submit("c-2", "pool")
    found = (await api.sue.get("queues/pool")).json()
    assert found == {"queue": "pool", "mode": "pull", "waiting": 2, "position": found["position"]} | STATE


async def test_a_supervisor_pauses_drains_and_resumes_a_queue(api: Api) -> None:
    for verb, body, changed in (("pause", {"reason": "fire drill"}, "paused"), ("drain", None, "draining")):
        assert ok(await api.sue.post(f"queues/pool/{verb}", body))[changed]
        assert (await api.sue.get("queues/pool")).json()[changed]
    problem(await api.crm.post("cases", {"queue": "pool", "subject": "x"}), 409, "QUEUE_DRAINING")
    assert ok(await api.sue.post("queues/pool/resume")).items() >= STATE.items()
    await api.crm.submit("c-1", "pool")


async def test_others_may_not_and_an_unknown_verb_is_named(api: Api) -> None:
    for caller in (api.ana, api.crm):
        problem(await caller.post("queues/pool/pause"), 403, "FORBIDDEN")
    assert "resume" in problem(await api.sue.post("queues/pool/stop"), 404, "NO_SUCH_PAGE")["detail"]
    problem(await api.sue.post("queues/nowhere/pause"), 409, "UNKNOWN_QUEUE")


async def test_a_line_is_read_in_order_page_by_page(api: Api) -> None:
    for case, priority in (("c-low", 9), ("c-first", 5), ("c-second", 5), ("c-high", 0)):
        await api.crm.submit(case, "pool", priority=priority)
    first = (await api.sue.get("queues/pool/cases", limit=3)).json()
    assert [case["case"] for case in first["cases"]] == ["c-high", "c-first", "c-second"]
    assert first["waiting"] == 4
    last = (await api.sue.get("queues/pool/cases", limit=3, cursor=first["next_cursor"])).json()
    assert [case["case"] for case in last["cases"]] == ["c-low"]
    assert "next_cursor" not in last


async def test_an_unknown_queue_is_named(api: Api) -> None:
    for path in ("queues/nowhere", "queues/nowhere/cases"):
        assert "nowhere" in problem(await api.sue.get(path), 404, "UNKNOWN_QUEUE")["detail"]


async def test_an_agent_reads_only_lines_of_its_own_queues(api: Api) -> None:
    assert (await api.ana.get("queues/pool/cases")).status_code == 200
    zoe = api.signed_in("agent", "zoe")
    problem(await zoe.get("queues/pool/cases"), 403, "NOT_MEMBER")
    problem(await zoe.get("queues/pool"), 403, "NOT_MEMBER")


@pytest.mark.parametrize("limit", ["0", "201", "", "ten", "1.5"])
async def test_a_page_holds_one_to_two_hundred(api: Api, limit: str) -> None:
    assert problem(await api.sue.get("queues/pool/cases", limit=limit), 422, "INVALID")["detail"].startswith("limit: ")
