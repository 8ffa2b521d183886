"""`/v1/{workspace}/roster`."""

from typing import Any

import pytest

from tests.http.world import Api, problem

CSV = {"content_type": "text/csv; charset=utf-8"}


def results(answer: Any, status: int = 200) -> list[Any]:
    assert answer.status_code == status, answer.text
    found: list[Any] = answer.json()["results"]
    return found


async def roster(api: Api) -> dict[str, Any]:
    return {person["agent"]: person for person in (await api.sue.get("roster")).json()}


async def test_everybody_is_listed_by_id(api: Api) -> None:
    found = (await api.sue.get("roster")).json()
    assert [person["agent"] for person in found] == ["ana", "bo", "zoe"]
    assert found[0] == {
        "agent": "ana", "name": "ana", "capacity": 10, "interruptible_capacity": 3,
        "queues": ["pool", "support"], "skills": {}, "skill_dates": {}, "tiers": {},
        "auto_accept": False,
        "limits": {},
        "ring_factor": 1,
    }  # fmt: skip


async def test_rows_create_and_change_and_leave_what_they_do_not_name(api: Api) -> None:
    rows = [
        {"agent": "eve", "name": "Eve", "queues": ["support"]},
        {"agent": "ana", "team": "north"},
        {"agent": "bo", "queues": ["support", "pool"]},
    ]
    assert results(await api.ann.put("roster", rows, key=None)) == [
        {"agent": "eve", "done": "created"}, {"agent": "ana", "done": "changed"}, {"agent": "bo", "done": "unchanged"},
    ]  # fmt: skip
    found = await roster(api)
    assert found.keys() == {"ana", "bo", "eve", "zoe"}
    assert (found["ana"]["team"], found["ana"]["queues"]) == ("north", ["pool", "support"])
    assert (found["eve"]["name"], found["eve"]["capacity"]) == ("Eve", 10)
    again = results(await api.ann.put("roster", rows))
    assert {row["done"] for row in again} == {"unchanged"}


async def test_a_change_is_live_at_once(api: Api) -> None:
    await api.crm.submit("c-1")
    async with api.online("zoe"):
        await api.ann.put("roster", [{"agent": "zoe", "queues": ["support"]}])
        assert [case["case"] for case in (await api.sue.get("agents/zoe")).json()["offers"]] == ["c-1"]


async def test_csv_out_is_csv_in(api: Api) -> None:
    await api.ann.put("roster", [{"agent": "eve", "name": 'Eve "E", jr.', "team": "south"}])
    answer = await api.sue.get("roster", accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines() == [
        "agent,name,team,capacity,interruptible_capacity,queues,skills,skill_dates,tiers,auto_accept,limits,ring_factor",
        "ana,ana,,10,3,pool support,-,-,-,no,-,1",
        "bo,bo,,10,3,pool support,-,-,-,no,-,1",
        'eve,"Eve ""E"", jr.",south,10,3,-,-,-,-,no,-,1',
        "zoe,zoe,,10,3,-,-,-,-,no,-,1",
    ]
    before = await roster(api)
    assert {row["done"] for row in results(await api.ann.put("roster", raw=answer.content, **CSV))} == {"unchanged"}
    text = "agent,capacity,queues\nana,12,-\nzoe,,support pool\n".encode("utf-8-sig")
    assert [row["done"] for row in results(await api.ann.put("roster", raw=text, **CSV))] == ["changed", "changed"]
    after = await roster(api)
    assert after["ana"] == before["ana"] | {"capacity": 12, "queues": []}
    assert after["zoe"] == before["zoe"] | {"queues": ["pool", "support"]}


async def test_skills_with_their_days_and_tiers_go_out_and_in(api: Api) -> None:
    document = (await api.ann.get("config")).json()["document"]
    await api.ann.put("config", document | {"skills": ["german", "loans"]})
    rows = [
        {"agent": "ana", "skills": {"german": 3, "loans": 1}, "tiers": {"support": 1},
         "skill_dates": {"loans": {"since": "2026-01-01", "until": "2026-12-31"}}},
        {"agent": "bo", "skills": {"german": 1}, "skill_dates": {"german": {"until": "2026-06-30"}}},
    ]  # fmt: skip
    assert [row["done"] for row in results(await api.ann.put("roster", rows))] == ["changed", "changed"]
    text = (await api.sue.get("roster", accept="text/csv")).text
    assert text.splitlines()[1].endswith(",pool support,german=3 loans=1,loans=2026-01-01~2026-12-31,support=1,no,-,1")
    assert text.splitlines()[2].endswith(",pool support,german=1,german=~2026-06-30,-,no,-,1")
    for again in (
        await api.ann.put("roster", raw=text.encode(), **CSV),
        await api.ann.put("roster", (await api.sue.get("roster")).json()),
    ):
        assert {row["done"] for row in results(again)} == {"unchanged"}
    csv = b"agent,skills,skill_dates,tiers\nana,german=2,-,-\nbo,,,support=2\n"
    assert [row["done"] for row in results(await api.ann.put("roster", raw=csv, **CSV))] == ["changed", "changed"]
    found = await roster(api)
    assert (found["ana"]["skills"], found["ana"]["skill_dates"], found["ana"]["tiers"]) == ({"german": 2}, {}, {})
    assert (found["bo"]["skills"], found["bo"]["tiers"]) == ({"german": 1}, {"support": 2})
    assert found["bo"]["skill_dates"] == {"german": {"since": None, "until": "2026-06-30"}}


async def test_more_time_to_answer_goes_out_and_in(api: Api) -> None:
    (ana,) = results(await api.ann.put("roster", raw=b"agent,ring_factor\nana,3\n", **CSV))
    assert (ana["done"], (await roster(api))["ana"]["ring_factor"]) == ("changed", 3)
    text = (await api.sue.get("roster", accept="text/csv")).text
    assert {row["done"] for row in results(await api.ann.put("roster", raw=text.encode(), **CSV))} == {"unchanged"}
    (ana,) = results(await api.ann.put("roster", [{"agent": "ana", "ring_factor": 1}]))
    assert (ana["done"], (await roster(api))["ana"]["ring_factor"]) == ("changed", 1)
    problem(await api.ann.put("roster", [{"agent": "ana", "ring_factor": 11}]), 422, "INVALID")


async def test_limits_by_channel_go_out_and_in(api: Api) -> None:
    (ana,) = results(await api.ann.put("roster", [{"agent": "ana", "limits": {"case": 2}}]))
    assert ana["done"] == "changed"
    text = (await api.sue.get("roster", accept="text/csv")).text
    assert text.splitlines()[1].endswith(",no,case=2,1")
    assert {row["done"] for row in results(await api.ann.put("roster", raw=text.encode(), **CSV))} == {"unchanged"}
    csv = b"agent,limits\nana,-\n"
    assert [row["done"] for row in results(await api.ann.put("roster", raw=csv, **CSV))] == ["changed"]
    assert (await roster(api))["ana"]["limits"] == {}


async def test_who_is_not_named_can_be_removed_unless_at_work(api: Api) -> None:
    async with api.online("ana"):
        await api.crm.submit("c-1")
        found = results(await api.ann.put("roster?remove_missing=1", [{"agent": "bo"}]), 207)
    assert found == [
        {"agent": "bo", "done": "unchanged"},
        {"agent": "ana", "done": "refused", "code": "AGENT_NOT_EMPTY", "detail": "ana still has 1 cases in hand"},
        {"agent": "zoe", "done": "removed"},
    ]
    assert (await roster(api)).keys() == {"ana", "bo"}


async def test_who_will_get_no_work_is_named(api: Api) -> None:
    rows = [{"agent": "ana", "capacity": 0, "interruptible_capacity": 0}, {"agent": "eve"}, {"agent": "bo"}]
    warnings = (await api.ann.put("roster", rows)).json()["warnings"]
    assert [warning["path"] for warning in warnings] == ["$[0].capacity", "$[1].queues"]


async def test_a_dry_run_says_what_would_be_done_and_does_nothing(api: Api) -> None:
    rows = [{"agent": "eve"}, {"agent": "ana", "capacity": 4}]
    before = await roster(api)
    found = results(await api.ann.put("roster?remove_missing=1&dry_run=1", rows))
    assert [row["done"] for row in found] == ["created", "changed", "removed", "removed"]
    assert await roster(api) == before


ROWS: list[tuple[Any, list[str]]] = [
    ([{"agent": "ana", "capacity": -1}, {"agent": "b c", "colour": "red"}, {"name": "Eve"}],
     ["$[0].capacity", "$[1].agent", "$[1].colour", "$[2]"]),
    ([{"agent": "ana", "queues": ["support", "nowhere"]}, {"agent": "bo", "capacity": 2}], ["$[0].queues[1]", "$[1]"]),
    ([{"agent": "ana", "capacity": 1, "interruptible_capacity": 2}], ["$[0].interruptible_capacity"]),
    ([{"agent": "eve", "interruptible_capacity": 11}], ["$[0]"]),
    ([{"agent": "ana"}, {"agent": "bo"}, {"agent": "ana"}], ["$[2].agent"]),
    ([{"agent": "ana", "name": ""}, {"agent": "bo", "queues": "support"}], ["$[0].name", "$[1].queues"]),
    ("agent,capacity,queues\nana,many,\nbo,-1,\ncy,7,nowhere\n", ["line 2.capacity", "line 3.capacity"]),
    ("agent,queues\nana,support nowhere\n", ["line 2.queues[1]"]),
    ("agent,tiers\nana,support=1 nowhere=2\n", ["line 2.tiers.nowhere"]),
    ([{"agent": "ana", "limits": {"case": 2}}, {"agent": "bo", "limits": {"fax": 1}}], ["$[1].limits.fax"]),
    ([{"agent": "ana", "skills": {"greek": 1}}, {"agent": "bo", "skill_dates": {"german": {}}}],
     ["$[0].skills.greek", "$[1].skill_dates.german"]),
    ("agent,skills,skill_dates\nana,german=x,german=soon\n",
     ["line 2.skills.german", "line 2.skill_dates.german.since"]),
    ("agent,colour\nana,red\n", ["line 1"]),
    ("name\nAna\n", ["line 1"]),
    ("agent,name\nana,Ana,more\n", ["line 2"]),
    ("agent,name,agent\nana,Ana,bo\n", ["line 1"]),
    ("agent,name,name\nana,Ana,Bo\n", ["line 1"]),
    ([{"agent": "ana", "name": "=HYPERLINK(1)"}, {"agent": "bo", "team": "@north"}], ["$[0].name", "$[1].team"]),
    ([{"agent": "ana", "name": "A\u202eb"}, {"agent": "bo", "team": "a\nb"}], ["$[0].name", "$[1].team"]),
    ('agent,name,team\nana,+1,"a\tb"\n', ["line 2.name", "line 2.team"]),
    ("agent,capacity\n,5\n", ["line 2"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "paths"), ROWS)
async def test_with_a_faulty_row_nothing_changes_and_every_fault_is_named(
    api: Api, rows: Any, paths: list[str]
) -> None:
    before = await roster(api)
    if isinstance(rows, str):
        answer = await api.ann.put("roster", raw=rows.encode(), **CSV)
    else:
        answer = await api.ann.put("roster", rows)
    assert [fault["path"] for fault in problem(answer, 422, "INVALID")["faults"]] == paths
    assert await roster(api) == before


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("agent,auto_accept\nana,maybe\n", "line 2.auto_accept: Expected yes or no"),
        ("agent;capacity\nana;5\n", "line 1: there is no column agent: cells are parted by commas, not by semicolons"),
    ],
)
async def test_what_a_table_should_say_is_told_in_its_own_words(api: Api, rows: str, says: str) -> None:
    faults = problem(await api.ann.put("roster", raw=rows.encode(), **CSV), 422, "INVALID")["faults"]
    assert says in [f"{fault['path']}: {fault['says']}" for fault in faults]


async def test_what_is_no_roster_is_refused(api: Api) -> None:
    problem(await api.ann.put("roster", raw=b"{"), 400, "NOT_JSON")
    problem(await api.ann.put("roster", {"agent": "ana"}), 422, "INVALID")
    half = problem(await api.ann.put("roster", raw=rb'[{"agent":"ana","name":"\ud83d"}]'), 422, "INVALID")
    assert half["detail"].startswith("$[0].name: half of a surrogate pair")
    for raw in (b"agent\n\xff\n", b'agent\n"ana', b""):
        problem(await api.ann.put("roster", raw=raw, **CSV), 422, "INVALID")
    problem(await api.ann.put("roster?remove_missing=yes", []), 422, "INVALID")


async def test_supervisors_read_it_and_only_admins_change_it(api: Api) -> None:
    for role in ("agent", "producer"):
        problem(await api.signed_in(role, "ana").get("roster"), 403, "FORBIDDEN")
    for role in ("agent", "producer", "supervisor"):
        problem(await api.signed_in(role, "ana").put("roster", raw=b"{"), 403, "FORBIDDEN")
    nowhere = api.signed_in("admin", "ann", workspace="nowhere")
    problem(await nowhere.get("roster"), 404, "NO_SUCH_WORKSPACE")
    problem(await nowhere.put("roster", [{"agent": "ana"}]), 404, "NO_SUCH_WORKSPACE")


async def test_a_name_from_before_a_rule_stays_as_it_is(api: Api) -> None:
    await api.node.store.run("set_agent", "acme", ("admin", "ann"), agent="ana", name="=1+1", team="a\u202eb")
    exported = await api.ann.get("roster", accept="text/csv")
    assert "=1+1" in exported.text
    assert {row["done"] for row in results(await api.ann.put("roster", raw=exported.content, **CSV))} == {"unchanged"}
    rows = [{"agent": "ana", "name": "=1+1", "capacity": 7}, {"agent": "bo", "name": "=1+1"}]
    [fault] = problem(await api.ann.put("roster", rows), 422, "INVALID")["faults"]
    assert fault["path"] == "$[1].name"
