"""What is read says as of which position of the log it is."""

import pytest

from tests.http.world import Api

PATHS = [
    "cases", "cases?agent=ana", "cases?customer=acme", "cases/c-1",
    "cases/c-1/history", "cases/c-1/why", "cases/c-1/notes",
    "queues", "queues/pool", "queues/pool/cases", "agents", "agents/ana",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_joins_the_events_without_a_gap(api: Api, path: str) -> None:
    for number in (1, 2):
        body = {"queue": "pool", "subject": "Printer", "case": f"c-{number}", "customer": "acme"}
        submitted = (await api.crm.post("cases", body)).json()
        name, _, query = path.partition("?")
        filters = dict([query.split("=")]) if query else {}
        found = (await api.sue.get(name, **filters)).json()
        assert found["position"] == submitted["position"]


async def test_a_case_is_shown_with_nothing_else_changed(api: Api) -> None:
    await api.crm.submit("c-1", "pool", data={"text": 'a "}'})
    found = (await api.sue.get("cases/c-1")).json()
    assert (found["case"], found["data"]) == ("c-1", {"text": 'a "}'})
