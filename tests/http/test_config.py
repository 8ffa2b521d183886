"""`/v1/{workspace}/config`."""

from typing import Any

import pytest

from casebaton.auth import Scope
from tests.http.world import Api, ok, problem

TOML = {"content_type": "application/toml"}


async def present(api: Api) -> Any:
    """The document in force."""
    return (await api.ann.get("config")).json()["document"]


async def add_queue(api: Api, name: str, **options: Any) -> Any:
    """Apply the document in force with one queue more."""
    changed = await present(api)
    changed["queues"][name] = {}
    return await api.ann.put("config", changed, **options)


async def test_the_document_in_force_is_read_with_its_version_and_every_default(api: Api) -> None:
    answer = await api.sue.get("config")
    body = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert (body["version"], body["actor"]) == (1, "admin:apply")
    assert body["document"]["queues"].keys() == {"pool", "support"}
    assert {"mode": "pull", "exclusion_s": 300, "rank": 0}.items() <= body["document"]["queues"]["pool"].items()
    assert body["document"]["channels"]["case"]["ring_s"] == 30
    assert "agents" not in body["document"]


async def test_what_was_read_applied_again_changes_nothing(api: Api) -> None:
    answer = await api.ann.put("config", await present(api), if_match='"1"')
    found = ok(answer)
    assert (found["version"], found["structure_changed"]) == (1, False)
    assert answer.headers["etag"] == '"1"'


async def test_a_document_comes_into_force_at_once(api: Api) -> None:
    answer = await add_queue(api, "vip", if_match='"1"')
    found = ok(answer)
    assert (found["version"], found["structure_changed"], found["refused"]) == (2, True, [])
    assert found["warnings"] == [
        {"path": "$.queues.vip", "says": "nobody is in it: its cases are offered to nobody"},
    ]  # fmt: skip
    assert answer.headers["etag"] == '"2"'
    await api.crm.submit("c-1", "vip")
    versions = (await api.sue.get("config/versions")).json()["items"]
    assert [(item["version"], item["actor"]) for item in versions] == [(2, "admin:ann"), (1, "admin:apply")]
    assert versions[0]["digest"] != versions[1]["digest"]


async def test_toml_is_taken_as_well_and_sets_people_too(api: Api) -> None:
    text = b"[channels.case]\n[queues.support]\n[queues.pool]\nmode='pull'\n[agents.ana]\ncapacity = 12\n"
    found = ok(await api.ann.put("config", raw=text, **TOML))
    assert (found["version"], found["structure_changed"], found["agents"]) == (1, False, 1)
    ana = (await api.sue.get("agents/ana")).json()["agent"]
    assert (ana["capacity"], ana["queues"]) == (12, ["pool", "support"])


async def test_upon_another_version_than_the_one_in_force_nothing_happens(api: Api) -> None:
    ok(await add_queue(api, "vip"))
    problem(await add_queue(api, "late", if_match='"1"'), 412, "CONFIG_CHANGED")
    assert "late" not in (await present(api))["queues"]
    assert ok(await add_queue(api, "in-time", if_match='"2"'))["version"] == 4  # what was refused took a number, too
    assert ok(await add_queue(api, "whatever", if_match="*"))["version"] == 5
    problem(await add_queue(api, "other", if_match='"x"'), 422, "INVALID")


async def test_the_same_key_again_has_the_same_answer_whatever_came_in_between(api: Api) -> None:
    wanted = await present(api)
    wanted["queues"]["vip"] = {}
    first = ok(await api.ann.put("config", wanted, key="k-once", if_match='"1"'))
    ok(await add_queue(api, "later"))
    again = ok(await api.ann.put("config", wanted, key="k-once", if_match='"1"'))
    assert (first["version"], again["version"]) == (2, 2)
    assert "later" in (await present(api))["queues"]


async def test_every_fault_of_a_document_is_listed(api: Api) -> None:
    wanted = await present(api)
    wanted["queues"]["support"] = {"mode": "ring", "exclusion": 5}
    wanted["channels"]["case"]["cost"] = -1
    found = problem(await api.ann.put("config", wanted), 422, "INVALID")
    assert [fault["path"] for fault in found["faults"]] == [
        "$.channels.case.cost", "$.queues.support.mode", "$.queues.support.exclusion",
    ]  # fmt: skip
    assert found["detail"].startswith("$.channels.case.cost: ")
    problem(await api.ann.put("config", raw=b"{"), 400, "NOT_JSON")
    assert "not TOML" in problem(await api.ann.put("config", raw=b"[", **TOML), 422, "INVALID")["detail"]


async def test_a_dry_run_tells_the_effect_and_changes_nothing(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    wanted = await present(api)
    wanted["queues"] = {"support": {"mode": "both"}, "vip": {}}
    wanted["agents"] = {"ana": {"capacity": 0, "interruptible_capacity": 0}, "eve": {}}
    found = (await api.ann.put("config?dry_run=1", wanted, key=None)).json()
    assert (found["version"], found["is_unchanged"]) == (1, False)
    assert found["structure"] == [
        {"section": "queues", "name": "pool", "change": "removed", "waiting": 1, "agents": 2},
        {"section": "queues", "name": "support", "change": "changed", "agents": 2,
         "fields": {"mode": ["push", "both"]}},
        {"section": "queues", "name": "vip", "change": "added"},
    ]  # fmt: skip
    assert found["agents"] == {"created": 1, "changed": 1, "unchanged": 0}
    assert found["refusals"] == [{"path": "$.queues.pool", "says": "cannot be removed: 1 cases wait in it"}]
    assert [warning["path"] for warning in found["warnings"]] == [
        "$.queues.vip", "$.agents.ana.capacity", "$.agents.eve.queues",
    ]  # fmt: skip
    assert (await api.ann.get("config")).json()["version"] == 1
    assert (await api.sue.get("agents/ana")).json()["agent"]["capacity"] == 10
    problem(await api.ann.put("config?dry_run=1", wanted, if_match='"9"'), 412, "CONFIG_CHANGED")
    problem(await api.ann.put("config?dry_run=yes", wanted), 422, "INVALID")


async def test_an_old_version_comes_back_as_a_new_one(api: Api) -> None:
    before = await present(api)
    ok(await add_queue(api, "vip"))
    effect = (await api.ann.post("config/rollback?dry_run=1", {"version": 1}, key=None)).json()
    assert [(change["name"], change["change"]) for change in effect["structure"]] == [("vip", "removed")]
    answer = await api.ann.post("config/rollback", {"version": 1}, if_match='"2"')
    assert (ok(answer)["version"], answer.headers["etag"]) == (3, '"3"')
    assert await present(api) == before
    assert (await api.sue.get("config/versions/2")).json()["document"]["queues"].keys() == {"pool", "support", "vip"}
    assert ok(await api.ann.post("config/rollback", {"version": 1}))["structure_changed"] is False
    problem(await api.ann.post("config/rollback", {"version": 2}, if_match='"1"'), 412, "CONFIG_CHANGED")


@pytest.mark.parametrize(
    ("version", "status", "code"), [("9", 404, "UNKNOWN_VERSION"), ("x", 422, "INVALID"), ("-1", 422, "INVALID")]
)
async def test_a_version_that_is_not_kept_is_not_found(api: Api, version: str, status: int, code: str) -> None:
    problem(await api.sue.get(f"config/versions/{version}"), status, code)
    if status == 404:
        problem(await api.ann.post("config/rollback", {"version": int(version)}), status, code)


@pytest.mark.parametrize("role", ["agent", "producer"])
async def test_who_neither_supervises_nor_configures_does_not_read_it(api: Api, role: str) -> None:
    for path in ("config", "config/versions", "config/versions/1"):
        problem(await api.signed_in(role, "ana").get(path), 403, "FORBIDDEN")


@pytest.mark.parametrize("role", ["agent", "producer", "supervisor"])
async def test_only_an_admin_changes_it(api: Api, role: str) -> None:
    caller = api.signed_in(role, "ana")
    problem(await caller.put("config", raw=b"{"), 403, "FORBIDDEN")
    problem(await caller.put("config", await present(api)), 403, "FORBIDDEN")
    problem(await caller.post("config/rollback", {"version": 1}), 403, "FORBIDDEN")


async def test_who_supervises_everybody_may_try_one_out(api: Api) -> None:
    wanted = await present(api) | {"queues": {"support": {}, "pool": {"mode": "pull"}, "vip": {}}}
    tried = await api.sue.put("config?dry_run=1", wanted, key=None)
    assert [(change["name"], change["change"]) for change in tried.json()["structure"]] == [("vip", "added")]
    assert (await api.sue.post("config/rollback?dry_run=1", {"version": 1}, key=None)).json()["is_unchanged"]
    assert (await api.sue.get("config")).json()["version"] == 1
    for caller in (api.ana, api.crm, api.signed_in("supervisor", "sam", scope=Scope(("pool",)))):
        problem(await caller.put("config?dry_run=1", wanted, key=None), 403, "FORBIDDEN")


async def test_changes_carry_a_key(api: Api) -> None:
    for answer in (await add_queue(api, "vip", key=None), await add_queue(api, "vip", key="a b")):
        assert problem(answer, 422, "INVALID")["detail"].startswith("Idempotency-Key: ")
    problem(await api.ann.post("config/rollback", {"version": 1}, key=None), 422, "INVALID")


async def test_a_token_does_not_create_a_workspace(api: Api) -> None:
    admin = api.signed_in("admin", "ann", workspace="nowhere")
    for answer in (await admin.put("config", {"channels": {}, "queues": {}}), await admin.get("config"),
                   await admin.post("config/rollback", {"version": 1})):  # fmt: skip
        problem(answer, 404, "NO_SUCH_WORKSPACE")
