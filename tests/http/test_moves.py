"""Moves of ownership over HTTP: each verb of a case that only some may send, and an agent's next case."""

from typing import Any

from tests.http.world import Api, ok, problem


async def test_an_agent_takes_its_next_case_and_is_shown_all_of_it(api: Api) -> None:
    await api.crm.submit("c-1", "pool", priority=7)
    await api.crm.submit("c-2", "pool", priority=1)
    async with api.online("ana"):
        taken = ok(await api.ana.post("agents/ana/take_next", {"queue": "pool"}))
        assert (taken["case"], taken["owner"], taken["card"]) == ("c-2", "agent:ana", {"subject": "About c-2"})
        assert ok(await api.ana.post("agents/ana/take_next"))["case"] == "c-1"
        problem(await api.ana.post("agents/ana/take_next"), 409, "NOTHING_TO_TAKE")


async def test_nobody_takes_the_next_case_for_an_agent(api: Api) -> None:
    problem(await api.ana.post("agents/bo/take_next"), 403, "FORBIDDEN")
    problem(await api.sue.post("agents/ana/take_next"), 403, "FORBIDDEN")


async def test_a_supervisor_assigns_and_says_so_when_it_is_too_much(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    ok(await api.sue.patch("agents/bo", {"capacity": 0, "interruptible_capacity": 0}))
    problem(await api.sue.post("cases/c-1/assign", {"baton": "any", "agent": "bo"}), 409, "NO_ROOM")
    body = {"baton": "any", "agent": "bo", "over_capacity": True, "reason": "vip"}
    assert ok(await api.sue.post("cases/c-1/assign", body))["owner"] == "agent:bo"
    (event, *_) = (await api.sue.get("cases/c-1/history")).json()["items"]
    assert (event["type"], event["over_capacity"], event["reason"]) == ("case_assigned", True, "vip")
    problem(await api.sue.post("cases/c-1/assign", body), 409, "SAME_AGENT")
    problem(await api.sue.post("cases/c-1/assign", body | {"agent": "nobody"}), 404, "UNKNOWN_AGENT")


async def test_a_producer_says_that_the_customer_has_left(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    assert ok(await api.crm.post("cases/c-1/abandon", {"baton": "any"}))["state"] == "abandoned"


async def test_an_owner_wraps_up_and_takes_longer(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    async with api.online("ana"):
        taken = ok(await api.ana.post("agents/ana/take_next"))
        wrapping = ok(await api.ana.post("cases/c-1/wrap", {"baton": taken["baton"], "disposition": "solved"}))
        assert wrapping["state"] == "wrapping"
        ok(await api.ana.post("cases/c-1/extend", {"baton": wrapping["baton"]}))
        case = (await api.ana.get("cases/c-1")).json()
        assert (case["ends_as"], case["extensions"], case["disposition"]) == ("closed", 1, "solved")
        ok(await api.ana.post("cases/c-1/extend", {"baton": wrapping["baton"]}))
        problem(await api.ana.post("cases/c-1/extend", {"baton": wrapping["baton"]}), 409, "NO_EXTENSION_LEFT")
        assert ok(await api.ana.post("cases/c-1/complete", {"baton": wrapping["baton"]}))["state"] == "closed"


async def test_a_parked_case_wakes_when_its_customer_does_something(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    async with api.online("ana"):
        taken = ok(await api.ana.post("agents/ana/take_next"))
        parked = ok(await api.ana.post("cases/c-1/park", {"baton": taken["baton"], "wake_at_ms": 2**42}))
        assert (parked["state"], (await api.ana.get("cases/c-1")).json()["wake_at_ms"]) == ("parked", 2**42)
        resumed = ok(await api.ana.post("cases/c-1/resume", {"baton": parked["baton"]}))
        parked = ok(await api.ana.post("cases/c-1/park", {"baton": resumed["baton"]}))
        assert ok(await api.crm.patch("cases/c-1", {"baton": "any", "priority": 0}))["state"] == "parked"
        assert ok(await api.crm.patch("cases/c-1", {"baton": "any", "customer_activity": True}))["state"] == "active"


async def test_a_closed_case_is_reopened_and_a_later_one_names_it(api: Api) -> None:
    await api.crm.submit("c-1", "pool", data=[1])
    async with api.online("ana"):
        taken = ok(await api.ana.post("agents/ana/take_next"))
        closed = ok(await api.ana.post("cases/c-1/complete", {"baton": taken["baton"]}))
        problem(await api.ana.post("cases/c-1/reopen", {"baton": closed["baton"]}), 403, "FORBIDDEN")
        assert ok(await api.crm.post("cases/c-1/reopen", {"baton": closed["baton"]}))["state"] == "waiting"
        assert (await api.crm.get("cases/c-1")).json()["data"] == [1]
    await api.crm.submit("c-2", "pool", linked_case="c-1")
    assert (await api.crm.get("cases/c-2")).json()["linked_case"] == "c-1"


async def test_an_owner_hands_a_case_to_a_colleague_who_accepts(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    bo = api.signed_in("agent", "bo")
    async with api.online("ana"), api.online("bo"):
        taken = ok(await api.ana.post("agents/ana/take_next"))
        body = {"baton": taken["baton"]}
        for wrong in ({}, {"queue": "support", "agent": "bo"}):
            found = problem(await api.ana.post("cases/c-1/transfer", body | wrong), 422, "INVALID")
            assert found["detail"].startswith("$.queue: ")
        problem(await api.sue.post("cases/c-1/transfer", {"baton": "any", "agent": "bo"}), 403, "FORBIDDEN")
        problem(await api.ana.post("cases/c-1/transfer", body | {"agent": "zoe"}), 409, "TARGET_OFFLINE")
        assert ok(await api.ana.post("cases/c-1/transfer", body | {"agent": "bo"}))["owner"] == "agent:ana"
        (offer,) = (await bo.get("agents/bo")).json()["offers"]
        assert len((await api.sue.get("cases")).json()["items"]) == 1
        assert ok(await bo.post("cases/c-1/accept", {"baton": offer["baton"]}))["owner"] == "agent:bo"


async def test_whom_a_colleagues_case_rings_at_reads_all_of_it_before_the_answer(api: Api) -> None:
    await api.crm.submit("c-1", "pool", data=[1])
    ok(await api.sue.post("cases/c-1/note", {"text": "Knows us well."}))
    ok(await api.sue.patch("agents/bo", {"queues": []}))
    bo, paths = api.signed_in("agent", "bo"), ("cases/c-1", "cases/c-1/notes", "cases/c-1/history", "cases/c-1/why")
    async with api.online("ana"), api.online("bo"):
        taken = ok(await api.ana.post("agents/ana/take_next"))
        for path in paths:
            problem(await bo.get(path), 403, "NOT_MEMBER")
        ok(await api.ana.post("cases/c-1/transfer", {"baton": taken["baton"], "agent": "bo"}))
        case, notes, history, why = [(await bo.get(path)).json() for path in paths]
        assert (case["data"], case["target"]) == ([1], "bo")
        assert [note["text"] for note in notes["items"]] == ["Knows us well."]
        assert history["items"][0]["type"] == "transfer_offered"
        assert why["reason"] == "active"
        ok(await bo.post("cases/c-1/decline", {"baton": case["target_baton"], "reason": "busy"}))
        for path in paths:
            problem(await bo.get(path), 403, "NOT_MEMBER")


async def test_many_cases_are_moved_at_once_and_each_has_its_own_result(api: Api) -> None:
    batons = {name: (await api.crm.submit(name, "pool"))["baton"] for name in ("c-1", "c-2", "c-3")}
    async with api.online("ana"):
        takes = [{"id": f"t-{name}", "case": name, "baton": baton} for name, baton in batons.items()]
        takes[1]["baton"] = "old"
        answer = await api.ana.post("cases/take", [*takes, {"id": "t-4", "case": "c-1"}, 7], key=None)
        assert answer.status_code == 207
        results = answer.json()["results"]
        assert [result.get("status", "ok") for result in results] == ["ok", 409, "ok", 422, 422]
        assert (results[1]["error"]["code"], results[1]["error"]["current"]["state"]) == ("STALE_BATON", "waiting")
        assert results[3]["error"]["detail"].startswith("$[3]: ")
        assert (await api.ana.post("cases/take", takes, key=None)).json()["results"] == results[:3]

        owned = [{"id": f"d-{result['ok']['case']}", **result["ok"]} for result in (results[0], results[2])]
        done = [{name: item[name] for name in ("id", "case", "baton")} for item in owned]
        back = [done[0] | {"reason": "shift end", "place": "front"}]
        assert (await api.ana.post("cases/return", back, key=None)).json()["results"][0]["ok"]["state"] == "waiting"
        completed = (await api.ana.post("cases/complete", done[1:], key=None)).json()["results"]
        assert [result["ok"]["state"] for result in completed] == ["closed"]


async def test_what_no_list_of_moves_can_be(api: Api) -> None:
    problem(await api.ana.post("cases/fly", [{}], key=None), 404, "NO_SUCH_PAGE")
    bodies: list[Any] = [[], [{}] * 101, {}]
    for body in bodies:
        problem(await api.ana.post("cases/take", body, key=None), 422, "INVALID")
    refused = (await api.crm.post("cases/take", [{"id": "t", "case": "c", "baton": "b"}], key=None)).json()
    assert [result["status"] for result in refused["results"]] == [403]


async def test_a_customers_live_cases_are_listed_and_counted(api: Api) -> None:
    for n in range(3):
        await api.crm.submit(f"c-{n}", "pool", customer="Kim: 7 /Ä")
    await api.crm.submit("c-3", "pool", customer="Lee")
    await api.crm.submit("c-4", "pool")
    first = (await api.crm.get("cases", customer="Kim: 7 /Ä", limit=2)).json()
    assert [case["case"] for case in first["items"]] == ["c-0", "c-1"]
    last = (await api.sue.get("cases", customer="Kim: 7 /Ä", limit=2, cursor=first["next_cursor"])).json()
    assert [case["case"] for case in last["items"]] == ["c-2"]
    assert "next_cursor" not in last

    events = [(await api.crm.get(f"cases/c-{n}/history")).json()["items"][0] for n in range(5)]
    assert [event.get("customer_cases") for event in events] == [0, 1, 2, 0, None]

    ok(await api.crm.post("cases/c-0/cancel", {"baton": "any", "reason": "r"}))
    ok(await api.crm.patch("cases/c-1", {"baton": "any", "customer": "Lee"}))
    ok(await api.crm.patch("cases/c-2", {"baton": "any", "customer": ""}))
    assert (await api.crm.get("cases", customer="Kim: 7 /Ä")).json()["items"] == []
    lees = (await api.crm.get("cases", customer="Lee")).json()["items"]
    assert [case["case"] for case in lees] == ["c-1", "c-3"]


async def test_a_customer_is_asked_for_alone_and_not_by_agents(api: Api) -> None:
    found = problem(await api.sue.get("cases", customer="Kim", queue="pool"), 422, "INVALID")
    assert found["detail"].startswith("customer: ")
    problem(await api.ana.get("cases", customer="Kim"), 403, "FORBIDDEN")


async def test_an_appointment_goes_from_stage_to_stage(api: Api) -> None:
    text = b"[channels.visit]\nstages = true\n[channels.case]\n[queues.support]\n[queues.pool]\nmode = 'pull'\n"
    ok(await api.ann.put("config", raw=text, content_type="application/toml"))
    await api.crm.submit("c-1", "pool", channel="visit")
    async with api.online("ana"):
        baton = ok(await api.ana.post("agents/ana/take_next"))["baton"]
        for stage in ("dispatched", "travelling"):
            ok(await api.ana.post("cases/c-1/stage", {"baton": baton, "stage": stage}))
        assert (await api.ana.get("cases/c-1")).json()["stage"] == "travelling"
        found = problem(
            await api.ana.post("cases/c-1/stage", {"baton": baton, "stage": "completed"}), 409, "WRONG_STAGE"
        )
        assert found["detail"] == "the stage is travelling: it may become in_progress, cannot_complete"
        ok(await api.sue.post("cases/c-1/stage", {"baton": "any", "stage": "dispatched", "reason": "planning"}))
        silent = problem(
            await api.ana.post("cases/c-1/stage", {"baton": baton, "stage": "cannot_complete"}), 422, "INVALID"
        )
        assert silent["detail"].startswith("$.reason: ")
        body = {"baton": baton, "stage": "cannot_complete", "reason": "nobody_home"}
        problem(await api.crm.post("cases/c-1/stage", body), 403, "FORBIDDEN")
        assert ok(await api.ana.post("cases/c-1/stage", body))["state"] == "closed"
    (last, *_) = (await api.crm.get("cases/c-1/history")).json()["items"]
    assert (last["stage"], last["stage_before"], last["reason"]) == ("cannot_complete", "dispatched", "nobody_home")


async def test_an_appointment_is_planned_for_a_time_and_a_place(api: Api) -> None:
    text = b"[channels.visit]\nwindows = true\n[channels.case]\n[queues.support]\n[queues.pool]\nmode = 'pull'\n"
    ok(await api.ann.put("config", raw=text, content_type="application/toml"))
    window = {"from_ms": 1_800_000_000_000, "until_ms": 1_800_003_600_000}
    await api.crm.submit("c-1", "pool", channel="visit", window=window, place="1 Main St")
    case = (await api.crm.get("cases/c-1")).json()
    assert (case["window"], case["card"]["place"]) == (window, "1 Main St")
    await api.crm.submit("c-2", "pool", channel="visit", window=window)
    async with api.online("ana"):
        assert ok(await api.ana.post("agents/ana/take_next"))["case"] == "c-1"
        baton = (await api.crm.get("cases/c-2")).json()["baton"]
        found = problem(await api.ana.post("cases/c-2/take", {"baton": baton}), 409, "WINDOW_TAKEN")
        assert (found["detail"], found["current"]["case"]) == ("ana has case c-1 at that time", "c-2")
        later = {"from_ms": window["until_ms"], "until_ms": window["until_ms"] + 1}
        ok(await api.crm.patch("cases/c-2", {"baton": "any", "window": later, "place": "2 Main St"}))
        ok(await api.ana.post("cases/c-2/take", {"baton": baton}))
    ok(await api.crm.patch("cases/c-2", {"baton": "any", "window": {}}))
    case = (await api.crm.get("cases/c-2")).json()
    assert (case.get("window"), case["card"]["place"]) == (None, "2 Main St")


async def test_what_no_window_can_be(api: Api) -> None:
    body = {"queue": "pool", "subject": "s", "channel": "case"}
    for window in ({}, {"from_ms": 5}, {"from_ms": 5, "until_ms": 5}):
        found = problem(await api.crm.post("cases", body | {"window": window}), 422, "INVALID")
        assert found["detail"].startswith("$.window.until_ms: ")
    problem(await api.crm.post("cases", body | {"window": {"from_ms": 5, "until_ms": 6}}), 409, "NO_WINDOWS")


async def test_who_may_move_what(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    for caller in (api.ana, api.crm):
        problem(await caller.post("cases/c-1/assign", {"baton": "b", "agent": "bo"}), 403, "FORBIDDEN")
    for caller in (api.ana, api.sue):
        problem(await caller.post("cases/c-1/abandon", {"baton": "b"}), 403, "FORBIDDEN")
