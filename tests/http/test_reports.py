"""`/v1/{workspace}/reports` and a case's life."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from casebaton.auth import Scope
from casebaton.history import database, schema
from casebaton.history.migrate import migrate
from casebaton.node.reporting import MOST_WAITING
from casebaton.settings import Settings
from casebaton.store.client import StoreClient
from tests.http.world import Api, open_api, problem
from tests.reports.world import BERLIN, Kept, quarter

DAY = {"from": "2026-11-25", "until": "2026-11-26", "zone": BERLIN}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Twelve cases in two queues of workspace acme, and the life of one."""
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    kept = Kept(engine, "acme")
    for queue, arrived in (("support", 8), ("pool", 4)):
        kept.add(schema.queue_quarters, {"at_ms": quarter("2026-11-25T09:00"), "arrived": arrived, "queue": queue})
    kept.add_event("c-1", "case_queued", "2026-11-25T09:00", queue="pool", actor="producer:crm")
    return kept


@pytest_asyncio.fixture
async def api(store: StoreClient, kept: Kept, tmp_path: Path) -> AsyncIterator[Api]:
    """A node beside that history."""
    assert kept.workspace == "acme"
    async with open_api(store.url, history_url="", data_dir=str(tmp_path)) as api:
        yield api


async def test_a_supervisor_reads_reports_and_lives(api: Api) -> None:
    found = (await api.sue.get("reports/queues", **DAY, by="queue")).json()
    assert [(row["queue"], row["arrived"]) for row in found["rows"]] == [("pool", 4), ("support", 8)]
    assert found["columns"][0]["name"] == "arrived"
    assert "queues" in [item["report"] for item in (await api.ann.get("reports")).json()["items"]]
    life = (await api.sue.get("cases/c-1/life")).json()
    assert life["moments"][0]["says"] == "Submitted to pool by producer crm."

    as_csv = await api.sue.get("reports/queues", accept="text/csv", **DAY)
    assert as_csv.headers["content-type"].startswith("text/csv")
    assert [row["queue"] for row in csv.DictReader(io.StringIO(as_csv.text))] == ["pool", "support"]
    assert "Submitted to pool" in (await api.sue.get("cases/c-1/life", accept="text/csv", zone=BERLIN)).text


async def test_within_the_scope_alone_and_nobody_else_does(api: Api) -> None:
    scoped = api.signed_in("supervisor", "sue", scope=Scope(queues=("support",)))
    assert [row["queue"] for row in (await scoped.get("reports/queues", **DAY)).json()["rows"]] == ["support"]
    problem(await scoped.get("cases/c-1/life"), 403, "OUT_OF_SCOPE")
    for caller in (api.ana, api.crm):
        for path in ("reports", "reports/queues", "cases/c-1/life"):
            problem(await caller.get(path), 403, "FORBIDDEN")


async def test_ended_cases_are_found_by_words_in_a_body(api: Api) -> None:
    assert (await api.sue.post("history/search", {"text": "lamp"})).json() == {"items": []}
    for caller in (api.ana, api.crm):
        problem(await caller.post("history/search", {"text": "lamp"}), 403, "FORBIDDEN")
    for body in ({}, {"text": ""}, {"text": "lamp", "limit": 51}, {"text": "lamp", "queue": "pool"}, {"text": "a\0b"}):
        problem(await api.sue.post("history/search", body), 422, "INVALID")


async def test_what_is_asked_wrongly_is_named(api: Api) -> None:
    assert problem(await api.sue.get("reports/queues", by="mood"), 422, "INVALID")["detail"].startswith("by: ")
    assert "staffing" in problem(await api.sue.get("reports/mood"), 404, "NO_SUCH_PAGE")["detail"]
    problem(await api.sue.get("cases/c-9/life"), 404, "CASE_NOT_FOUND")
    problem(await api.sue.get("cases/c-1/life", accept="text/csv", zone="Mars"), 422, "INVALID")
    assert problem(await api.sue.get("cases/c-1/life", by="mood"), 422, "INVALID")["detail"].startswith("by: ")


async def test_a_fault_in_one_report_is_told_and_the_next_is_answered(
    api: Api, kept: Kept, capfd: pytest.CaptureFixture[str]
) -> None:
    with kept.engine.begin() as connection:
        schema.waits.drop(connection)
    problem(await api.sue.get("reports/waits", **DAY), 500, "NODE_FAULT")
    assert (await api.sue.get("reports/queues", **DAY)).status_code == 200
    logged = capfd.readouterr().err
    assert "report_failed" in logged
    assert "Traceback" not in logged


async def test_whoever_gives_up_ends_the_query_and_the_next_is_answered(api: Api) -> None:
    asking = asyncio.create_task(api.sue.get("reports/queues", **DAY))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await api.sue.get("reports/queues", **DAY)).status_code == 200


async def test_too_many_at_once_are_refused(api: Api) -> None:
    answers = await asyncio.gather(*(api.sue.get("reports") for _ in range(MOST_WAITING + 2)))
    assert sorted(answer.status_code for answer in answers) == [200] * MOST_WAITING + [503] * 2


async def test_before_its_tables_are_made_the_history_is_not_ready(store: StoreClient, tmp_path: Path) -> None:
    async with open_api(store.url, history_url="", data_dir=str(tmp_path)) as api:
        problem(await api.sue.get("reports/queues"), 503, "HISTORY_NOT_READY")


async def test_without_a_history_there_are_no_reports(store: StoreClient) -> None:
    async with open_api(store.url, history_url="none") as api:
        problem(await api.sue.get("reports/queues"), 404, "NO_HISTORY")
