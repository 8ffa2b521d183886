"""`/v1/{workspace}/agents`."""

import asyncio

import pytest

from tests.http.world import Api, ok, problem


async def test_agents_are_listed_by_id_page_by_page(api: Api) -> None:
    first = (await api.sue.get("agents", limit=2)).json()
    assert [agent["agent"] for agent in first["items"]] == ["ana", "bo"]
    last = (await api.sue.get("agents", limit=2, cursor=first["next_cursor"])).json()
    assert [agent["agent"] for agent in last["items"]] == ["zoe"]
    assert "next_cursor" not in last


async def test_agents_that_were_there_throughout_are_listed_once_whatever_comes_meanwhile(api: Api) -> None:
    async def keep_creating() -> None:
        for i in range(30):
            await api.node.store.run("set_agent", "acme", ("admin", "apply"), agent=f"n-{i:02}", create=1)

    creating = asyncio.create_task(keep_creating())
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await api.sue.get("agents", limit=1, cursor=cursor)).json()
        found += [agent["agent"] for agent in page["items"]]
        cursor = page.get("next_cursor")
    await creating
    assert len(found) == len(set(found))
    assert {"ana", "bo", "zoe"} <= set(found)
    assert found == sorted(found)


async def test_an_agent_is_read_with_its_offers_and_desk(api: Api) -> None:
    async with api.online("ana"):
        await api.crm.submit("c-1")
        found = (await api.sue.get("agents/ana")).json()
    assert found["agent"]["presence"] == "connected"
    assert [case["case"] for case in found["offers"]] == ["c-1"]
    assert found["desk"] == []
    assert [queue["queue"] for queue in found["queues"]] == ["pool", "support"]


async def test_an_agent_sees_itself_and_nobody_else(api: Api) -> None:
    assert (await api.ana.get("agents/ana")).status_code == 200
    problem(await api.ana.get("agents/bo"), 403, "FORBIDDEN")
    problem(await api.ana.get("agents"), 403, "FORBIDDEN")


async def test_an_unknown_agent_is_not_found(api: Api) -> None:
    problem(await api.sue.get("agents/nobody"), 404, "UNKNOWN_AGENT")
    problem(await api.sue.patch("agents/nobody", {"capacity": 1}), 404, "UNKNOWN_AGENT")
    problem(
        await api.signed_in("agent", "nobody").post("agents/nobody/status", {"status": "busy"}), 404, "UNKNOWN_AGENT"
    )


async def test_a_supervisor_changes_capacity_and_queues(api: Api) -> None:
    found = ok(await api.sue.patch("agents/zoe", {"capacity": 4, "interruptible_capacity": 2, "queues": ["pool"]}))
    assert (found["capacity"], found["interruptible_capacity"], found["queues"]) == (4, 2, ["pool"])
    assert ok(await api.sue.patch("agents/zoe", {"auto_accept": True}))["auto_accept"] is True
    assert ok(await api.sue.patch("agents/zoe", {"queues": []}))["queues"] == []
    assert ok(await api.sue.patch("agents/zoe", {"limits": {"case": 1}}))["limits"] == {"case": 1}
    assert "limits" not in ok(await api.sue.patch("agents/zoe", {"limits": {}}))
    assert ok(await api.sue.patch("agents/zoe", {"capacity": 5}))["interruptible_capacity"] == 2


async def test_what_does_not_fit_is_refused(api: Api) -> None:
    problem(await api.sue.patch("agents/zoe", {"capacity": 1, "interruptible_capacity": 2}), 409, "BAD_CAPACITY")
    problem(await api.sue.patch("agents/zoe", {"queues": ["nowhere"]}), 409, "UNKNOWN_QUEUE")
    for body, path in (({"capacity": -1}, "$.capacity"), ({"agent": "bo"}, "$.agent"), ({"presence": "gone"}, "$")):
        assert problem(await api.sue.patch("agents/zoe", body), 422, "INVALID")["detail"].partition(":")[0] == path


async def test_an_admin_removes_an_agent_who_holds_nothing(api: Api) -> None:
    async with api.online("ana"):
        await api.crm.submit("c-1")
        problem(await api.ann.delete("agents/ana"), 409, "AGENT_NOT_EMPTY")
    assert ok(await api.ann.delete("agents/zoe")) == {"agent": "zoe"}
    problem(await api.ann.delete("agents/zoe"), 404, "UNKNOWN_AGENT")
    problem(await api.ann.delete("agents/bo", key=None), 422, "INVALID")
    for role in ("agent", "producer", "supervisor"):
        problem(await api.signed_in(role, "bo").delete("agents/bo"), 403, "FORBIDDEN")
    assert (await api.sue.get("agents/bo")).status_code == 200


async def test_a_supervisor_sets_an_agents_status(api: Api) -> None:
    found = ok(await api.sue.patch("agents/zoe", {"status": "busy", "capacity": 7}))
    assert (found["status"], found["status_cause"], found["capacity"]) == ("busy", "supervisor", 7)
    problem(await api.sue.patch("agents/zoe", {"status": "brunch"}), 409, "UNKNOWN_STATUS")


async def test_a_supervisor_takes_an_agent_out_of_service(api: Api) -> None:
    async with api.online("ana"):
        await api.crm.submit("c-1")
        found = ok(await api.sue.post("agents/ana/drain"))
        assert (found["status"], found["status_cause"]) == ("offline", "supervisor")
        assert ok(await api.sue.post("agents/ana/requeue", {"reason": "ill"}))["agent"] == "ana"
    problem(await api.sue.post("agents/nobody/drain"), 404, "UNKNOWN_AGENT")
    assert problem(await api.sue.post("agents/ana/requeue"), 422, "INVALID")["detail"].endswith("`reason`")
    problem(await api.sue.post("agents/ana/praise"), 404, "NO_SUCH_PAGE")
    problem(await api.ana.post("agents/ana/drain"), 403, "FORBIDDEN")


async def test_an_agent_raises_its_hand_and_a_supervisor_answers(api: Api) -> None:
    assert ok(await api.ana.post("agents/ana/flag", {"text": "help"}))["flag"]["text"] == "help"
    assert (await api.sue.get("agents/ana")).json()["agent"]["flag"]["text"] == "help"
    problem(await api.ana.post("agents/ana/flag"), 409, "FLAG_RAISED")
    assert ok(await api.sue.post("agents/ana/answer_flag", {"text": "coming"})) == {"agent": "ana", "flag": None}
    problem(await api.sue.post("agents/ana/answer_flag"), 409, "NO_FLAG")
    ok(await api.ana.post("agents/ana/flag"))
    assert ok(await api.ana.delete("agents/ana/flag")) == {"agent": "ana", "flag": None}
    for answer in (await api.ana.post("agents/bo/flag"), await api.sue.delete("agents/ana/flag"),
                   await api.ana.post("agents/ana/answer_flag")):  # fmt: skip
        problem(answer, 403, "FORBIDDEN")


async def test_a_supervisor_ends_what_an_agent_owns(api: Api) -> None:
    async with api.online("ana"):
        for case, verb, state in (("c-1", "return", "waiting"), ("c-2", "complete", "closed")):
            baton = (await api.crm.submit(case))["baton"]
            ok(await api.ana.post(f"cases/{case}/accept", {"baton": baton}))
            body = {"baton": "any"} | ({"reason": "wrong_desk"} if verb == "return" else {})
            problem(await api.crm.post(f"cases/{case}/{verb}", body), 403, "FORBIDDEN")
            assert ok(await api.sue.post(f"cases/{case}/{verb}", body))["state"] == state


@pytest.mark.parametrize("role", ["agent", "producer"])
async def test_nobody_else_changes_an_agent(api: Api, role: str) -> None:
    problem(await api.signed_in(role, "zoe").patch("agents/zoe", {"capacity": 4}), 403, "FORBIDDEN")


async def test_an_agent_chooses_its_own_status(api: Api) -> None:
    found = ok(await api.ana.post("agents/ana/status", {"status": "online", "channels": ["case"]}))
    assert (found["status"], found["status_cause"], found["channels"]) == ("online", "agent", ["case"])


async def test_a_status_may_be_for_when_the_work_is_done(api: Api) -> None:
    ok(await api.ana.post("agents/ana/status", {"status": "online"}))
    found = ok(await api.ana.post("agents/ana/status", {"status": "offline", "next": True}))
    assert (found["status"], found["status_cause"]) == ("offline", "shift_end")


async def test_a_status_that_nobody_configured_is_refused(api: Api) -> None:
    problem(await api.ana.post("agents/ana/status", {"status": "brunch"}), 409, "UNKNOWN_STATUS")


async def test_nobody_chooses_it_for_an_agent(api: Api) -> None:
    problem(await api.ana.post("agents/bo/status", {"status": "busy"}), 403, "FORBIDDEN")
    problem(await api.sue.post("agents/ana/status", {"status": "busy"}), 403, "FORBIDDEN")


async def test_changes_carry_a_key(api: Api) -> None:
    for answer in (
        await api.sue.patch("agents/zoe", {"capacity": 4}, key=None),
        await api.ana.post("agents/ana/status", {"status": "busy"}, key=None),
    ):
        assert problem(answer, 422, "INVALID")["detail"].startswith("Idempotency-Key: ")


async def test_the_same_key_again_has_the_same_answer(api: Api) -> None:
    first = await api.sue.patch("agents/zoe", {"capacity": 4}, key="k-once")
    ok(await api.sue.patch("agents/zoe", {"capacity": 7}))
    assert (await api.sue.patch("agents/zoe", {"capacity": 4}, key="k-once")).json() == first.json()
    assert (await api.sue.get("agents/zoe")).json()["agent"]["capacity"] == 7


async def test_an_agent_reads_its_own_day_and_a_supervisor_anybodys(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    async with api.online("ana"):
        taken = ok(await api.ana.post("agents/ana/take_next"))
        ok(await api.ana.post("cases/c-1/complete", {"baton": taken["baton"], "disposition": "solved"}))
    own = await api.ana.get("agents/ana/day", since_ms=0)
    assert own.json()["position"]
    (ended,) = own.json()["recent"]
    assert (own.json()["handled"], ended["case"], ended["disposition"]) == (1, "c-1", "solved")
    assert (await api.sue.get("agents/ana/day", since_ms=0)).json()["handled"] == 1
    assert (await api.sue.get("agents/bo/day")).json()["handled"] == 0
    problem(await api.signed_in("agent", "bo").get("agents/ana/day"), 403, "FORBIDDEN")
    problem(await api.crm.get("agents/ana/day"), 403, "FORBIDDEN")
    problem(await api.sue.get("agents/nobody/day"), 404, "UNKNOWN_AGENT")
    for since in ("-1", "soon", "1.5", "9" * 20):
        assert problem(await api.ana.get("agents/ana/day", since_ms=since), 422, "INVALID")["detail"].startswith(
            "since"
        )
