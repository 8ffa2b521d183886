"""Lists of cases and a case's history, page by page."""

import asyncio
from typing import Any

import pytest

from tests.http.world import Api, ok, problem

PRINTER = {"queue": "pool", "subject": "Printer", "case": "c-1"}


# -- history ---------------------------------------------------------------------------------------------------------


async def test_a_history_is_the_cases_events_newest_first_with_their_positions(api: Api) -> None:
    async with api.online("ana"):
        offered = await api.crm.submit("c-1")
        await api.crm.submit("c-2", "pool")
        ok(await api.ana.post("cases/c-1/accept", {"baton": offered["baton"]}))
        items = (await api.crm.get("cases/c-1/history")).json()["items"]
    assert [item["type"] for item in items] == ["case_accepted", "case_offered", "case_queued"]
    assert [item["revision"] for item in items] == [3, 2, 1]
    assert {item["case"] for item in items} == {"c-1"}
    assert len({item["position"] for item in items}) == 3


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
async def test_a_history_comes_in_pages(api: Api, limit: int) -> None:
    await api.crm.submit("c-1", "pool")
    for priority in range(5):
        await api.crm.submit(f"n-{priority}", "pool")
        ok(await api.crm.patch("cases/c-1", {"baton": "any", "priority": priority}))
    pages = await read_pages(api, "cases/c-1/history", limit=limit)
    assert all(len(page) <= limit for page in pages)
    assert [item["revision"] for page in pages for item in page] == [6, 5, 4, 3, 2, 1]


async def test_a_cursor_opens_no_other_cases_history(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    await api.crm.submit("c-2", "support")
    other = (await api.crm.get("cases/c-2/history")).json()["items"][0]["position"]
    for cursor in (other, "x", "1-1-1", "(0-0"):
        found = problem(await api.ana.get("cases/c-1/history", cursor=cursor), 422, "INVALID")
        assert found["detail"].startswith("cursor: ")


async def test_a_history_says_where_the_log_has_been_cut(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    for priority in range(3):
        ok(await api.crm.patch("cases/c-1", {"baton": "any", "priority": priority}))
    whole = (await api.crm.get("cases/c-1/history")).json()
    assert whole.keys() == {"items", "position"}
    newer, older = whole["items"][:2], whole["items"][2:]
    await api.node.store.redis.xtrim("{acme}:log", minid=newer[-1]["position"], approximate=False)
    cut = (await api.crm.get("cases/c-1/history")).json()
    assert (cut["items"], cut["truncated"]) == (newer, True)
    page = (await api.crm.get("cases/c-1/history", limit=2)).json()
    assert (page["items"], page["next_cursor"], "truncated" in page) == (newer, older[0]["position"], False)
    rest = (await api.crm.get("cases/c-1/history", cursor=page["next_cursor"])).json()
    assert (rest["items"], rest["truncated"]) == ([], True)


# -- list ------------------------------------------------------------------------------------------------------------


async def read_pages(api: Api, path: str, key: str = "items", **query: Any) -> list[list[Any]]:
    """All pages, in order."""
    pages, cursor = [], ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        body = (await api.sue.get(path, **query, **more)).json()
        pages.append(body[key])
        cursor = body.get("next_cursor", "")
        if not cursor:
            return pages


async def test_live_cases_are_listed_wherever_they_are(api: Api) -> None:
    async with api.online("ana"):
        await api.crm.submit("c-offered")
        await api.crm.submit("c-waiting", "pool")
        taken = await api.crm.submit("c-active", "pool")
        ok(await api.ana.post("cases/c-active/take", {"baton": taken["baton"]}))
        await api.crm.submit("c-over", "pool")
        ok(await api.crm.post("cases/c-over/cancel", {"baton": "any", "reason": "r"}))

        async def found(**query: str) -> set[str]:
            return {case["case"] for case in (await api.sue.get("cases", **query)).json()["items"]}

        assert await found() == {"c-offered", "c-waiting", "c-active"}
        assert await found(state="waiting") == {"c-waiting"}
        assert await found(state="offered") == {"c-offered"}
        assert await found(state="active") == {"c-active"}
        assert await found(queue="support") == {"c-offered"}
        assert await found(queue="pool") == {"c-waiting", "c-active"}
        assert await found(agent="ana") == {"c-offered", "c-active"}
        assert await found(agent="ana", state="active") == {"c-active"}
        assert await found(agent="ana", queue="support") == {"c-offered"}
        assert await found(agent="bo") == set()
        assert await found(state="parked") == set()


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
async def test_pages_hold_every_case_once(api: Api, limit: int) -> None:
    expected = {f"c-{i}" for i in range(9)}
    for i in range(9):
        await api.crm.submit(f"c-{i}", "pool" if i % 2 else "support", priority=i % 3)
    pages = await read_pages(api, "cases", limit=limit)
    listed = [case["case"] for page in pages for case in page]
    assert all(len(page) <= limit for page in pages)
    assert sorted(listed) == sorted(expected)


async def test_pages_over_desks_hold_every_case_once(api: Api) -> None:
    async with api.online("ana"), api.online("bo"):
        for i in range(6):
            waiting = await api.crm.submit(f"c-{i}", "pool")
            agent = api.signed_in("agent", ("ana", "bo")[i % 2])
            ok(await agent.post(f"cases/c-{i}/take", {"baton": waiting["baton"]}))
        for limit in (1, 2, 3, 4, 50):
            pages = await read_pages(api, "cases", state="active", limit=limit)
            assert sorted(case["case"] for page in pages for case in page) == [f"c-{i}" for i in range(6)]


async def test_cases_that_were_there_throughout_are_listed_once_whatever_comes_meanwhile(api: Api) -> None:
    for i in range(20):
        await api.crm.submit(f"c-{i:02}", "pool")

    async def keep_submitting() -> None:
        for i in range(30):
            await api.crm.submit(f"n-{i:02}", "pool", priority=i % 10)

    submitting = asyncio.create_task(keep_submitting())
    listed = [case["case"] for page in await read_pages(api, "cases", limit=3) for case in page]
    lined = [case["case"] for page in await read_pages(api, "queues/pool/cases", "cases", limit=3) for case in page]
    await submitting
    for found in (listed, lined):
        assert len(found) == len(set(found))
        assert [case for case in found if case.startswith("c-")] == [f"c-{i:02}" for i in range(20)]


PAGES = ["cases", "agents", "queues/pool/cases", "cases/c-1/history"]


@pytest.mark.parametrize("limit", ["", "0", "201", "x", "-1", "+1", "1.0", " 1", "1\n", "٣", "²", "9" * 5000])
@pytest.mark.parametrize("path", PAGES)
async def test_a_limit_out_of_range_is_named(api: Api, path: str, limit: str) -> None:
    await api.crm.submit("c-1", "pool")
    found = problem(await api.sue.get(path, limit=limit), 422, "INVALID")
    assert found["detail"].startswith("limit: ")


LONG = "9" * 400
BAD_CURSORS = {
    "cases": [
        "line/",
        "line/pool",
        "line/pool/",
        "line/pool/x",
        f"line/pool/{LONG}:c-1",
        "lines/pool/1:c-1",
        "agents/\0",
    ],
    "agents": ["x" * 65, "-x", "ana\n"],
    "queues/pool/cases": ["1", "1:", ":c-1", "-1:c-1", "٣:c-1", f"{LONG}:c-1", "1:c-1\n"],
    "cases/c-1/history": ["1", "1-", "-1", "1-1-1", "٣-٣", "1-1\n", "18446744073709551616-1", "1-18446744073709551616"],
}


@pytest.mark.parametrize(
    ("path", "cursor"), [(path, cursor) for path in PAGES for cursor in [*BAD_CURSORS[path], "x y", "é", "\0", "(0-0"]]
)
async def test_a_cursor_that_is_none_is_named(api: Api, path: str, cursor: str) -> None:
    await api.crm.submit("c-1", "pool")
    found = problem(await api.sue.get(path, cursor=cursor), 422, "INVALID")
    assert found["detail"].startswith("cursor: ")


@pytest.mark.parametrize("query", [{"colour": "red"}, {"state": "foo"}, {"state": "closed"}, {"state": ""}])
async def test_a_filter_that_is_none_is_named(api: Api, query: dict[str, str]) -> None:
    found = problem(await api.sue.get("cases", **query), 422, "INVALID")
    assert found["detail"].startswith(f"{next(iter(query))}: ")


async def test_an_unknown_queue_or_agent_in_a_query_is_named(api: Api) -> None:
    problem(await api.sue.get("cases", queue="nowhere"), 404, "UNKNOWN_QUEUE")
    problem(await api.sue.get("cases", agent="nobody"), 404, "UNKNOWN_AGENT")


async def test_an_agent_does_not_list_other_peoples_cases(api: Api) -> None:
    problem(await api.ana.get("cases"), 403, "FORBIDDEN")


@pytest.mark.parametrize("path", ["cases/c-1", "cases/c-1/history"])
async def test_an_agent_reads_only_cases_of_its_own_queues(api: Api, path: str) -> None:
    await api.crm.submit("c-1", "pool", data={"secret": 1})
    assert (await api.ana.get(path)).status_code == 200
    zoe = api.signed_in("agent", "zoe")
    problem(await zoe.get(path), 403, "NOT_MEMBER")
