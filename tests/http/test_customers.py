"""Customers over HTTP: named in bodies alone, erased by an admin."""

import pytest

from tests.http.world import Api, ok


async def test_an_admin_erases_a_customer_who_is_named_in_the_body(api: Api) -> None:
    await api.crm.submit("c-1", "pool", customer="acme", data={"n": 1})
    ann = api.signed_in("admin", "ann")
    assert ok(await ann.post("customers/erase", {"customer": "acme"})) == {"erased": 1}
    case = (await ann.get("cases/c-1")).json()
    assert (case["card"], case.get("data")) == ({}, None)
    assert (await ann.get("cases", customer="acme")).json()["items"] == []


@pytest.mark.parametrize("role", ["producer", "supervisor", "agent"])
async def test_nobody_else_does(api: Api, role: str) -> None:
    answer = await api.signed_in(role, "ana").post("customers/erase", {"customer": "acme"})
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
