"""Reports and cases' lives as the client reads them."""

import asyncio

import pytest
from msgspec import Struct

from casebaton.client import reports
from casebaton.reports import advice, answer, life
from tests.client.conftest import Stage

NUMBERS = {"report": "queues", "from_ms": 0, "until_ms": 9, "zone": "UTC", "as_of_ms": 9, "total": {"arrived": 3}}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (reports.Report, answer.Answer),
        (reports.ReportBefore, answer.Previous),
        (reports.ReportColumn, answer.Column),
        (reports.Advice, advice.Advice),
        (reports.Moment, life.Moment),
        (reports.CaseLife, life.Life),
    ],
)
def test_the_client_reads_all_that_the_server_tells(ours: type[Struct], theirs: type[Struct]) -> None:
    assert set(ours.__struct_fields__) == set(theirs.__struct_fields__)


async def test_a_report_is_asked_for_by_its_name_and_query(stage: Stage) -> None:
    client, peer = await stage.connected()
    asking = asyncio.create_task(client.report("queues", {"period": "yesterday"}))
    command = await peer.command()
    assert {**command, "id": ""} == {
        "type": "read_report",
        "id": "",
        "report": "queues",
        "query": {"period": "yesterday"},
    }
    column = {"name": "arrived", "unit": "cases", "says": "Cases that came."}
    rows = [{"queue": "billing", "arrived": 3}]
    before = {"from_ms": -9, "until_ms": 0, "rows": [], "total": {}}
    await peer.reply(command, {**NUMBERS, "columns": [column], "rows": rows, "previous": before})
    found = await asking
    assert (found.rows[0]["arrived"], found.columns[0].says, found.advice) == (3, "Cases that came.", ())
    assert found.previous is not None


async def test_a_life_comes_moment_by_moment(stage: Stage) -> None:
    client, peer = await stage.connected()
    asking = asyncio.create_task(client.case_life("c-1"))
    command = await peer.command()
    assert {**command, "id": ""} == {"type": "read_life", "id": "", "case": "c-1"}
    moment = {"at_ms": 1, "after_ms": 0, "event": "case_queued", "says": "Submitted."}
    await peer.reply(command, {"case": "c-1", "moments": [moment]})
    assert [each.says for each in (await asking).moments] == ["Submitted."]
