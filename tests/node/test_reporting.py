"""Reports over the socket, from a process that a node keeps for them."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from casebaton.auth import Scope
from casebaton.history import database, schema
from casebaton.history.migrate import migrate
from casebaton.node import reporting
from casebaton.settings import Settings
from casebaton.store.client import StoreClient
from tests.node.world import WITHIN_S, RunningNode, run_node
from tests.reports.world import BERLIN, Kept, quarter

DAY = {"from": "2026-11-25", "until": "2026-11-26", "zone": BERLIN}


@pytest_asyncio.fixture
async def node(store: StoreClient, tmp_path: Path) -> AsyncIterator[RunningNode]:
    """A node beside a history of workspace acme."""
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    kept = Kept(engine, "acme")
    kept.add(schema.queue_quarters, {"at_ms": quarter("2026-11-25T09:00"), "arrived": 8, "queue": "support"})
    kept.add_event("c-1", "case_queued", "2026-11-25T09:00", queue="support", actor="producer:crm")
    engine.dispose()
    async with run_node(store.url, history_url="", data_dir=str(tmp_path)) as node:
        yield node


async def test_who_supervises_reads_reports_and_lives_within_the_scope(node: RunningNode) -> None:
    async with node.signed_in("supervisor", "sue") as sue:
        found = (await sue.command("read_report", report="queues", query=DAY))["ok"]
        assert found["rows"][0]["arrived"] == 8
        life = (await sue.command("read_life", case="c-1"))["ok"]
        assert life["moments"][0]["says"] == "Submitted to support by producer crm."
        assert (await sue.command("read_report", report="mood"))["error"]["code"] == "NO_SUCH_PAGE"
        refused = (await sue.command("read_report", report="queues", query={"by": "mood"}))["error"]
        assert (refused["code"], refused["detail"][:4]) == ("INVALID", "by: ")
    async with node.socket() as raw:
        await raw.hello(node.token("supervisor", "sam", scope=Scope(queues=("pool",))))
        assert (await raw.command("read_report", report="queues", query=DAY))["ok"]["rows"] == []
        assert (await raw.command("read_life", case="c-1"))["error"]["code"] == "OUT_OF_SCOPE"
    async with node.signed_in("agent", "ana") as ana:
        assert (await ana.command("read_report", report="queues"))["error"]["code"] == "FORBIDDEN"


async def test_an_answer_that_does_not_fit_into_a_frame_is_refused(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "LARGEST_REPLY", 100)
    async with node.signed_in("supervisor", "sue") as sue:
        assert (await sue.command("read_report", report="queues", query=DAY))["error"]["detail"].startswith("$.query: ")


async def test_a_process_that_is_killed_or_takes_too_long_is_started_anew(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with node.signed_in("supervisor", "sue") as sue:
        await sue.command("read_report", report="queues", query=DAY)
        process = node.node.reporting._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        told = await sue.command("read_report", report="queues", query=DAY)
        assert told.get("ok") or told["error"]["code"] == "UNAVAILABLE"
        assert (await sue.command("read_report", report="queues", query=DAY))["ok"]["rows"]
        with monkeypatch.context() as patched:
            patched.setattr(reporting, "ANSWER_WITHIN_S", 0)
            refused = (await sue.command("read_report", report="queues", query=DAY))["error"]
            assert (refused["code"], refused["retryable"]) == ("UNAVAILABLE", True)
        assert (await sue.command("read_report", report="queues", query=DAY))["ok"]["rows"]


@pytest.mark.parametrize(("line", "body"), [("GET /v1/acme/reports", ""), ("POST /v1/acme/history/search", "lamp")])
async def test_whoever_leaves_ends_the_query(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch, line: str, body: str
) -> None:
    monkeypatch.setattr(reporting, "ANSWER_WITHIN_S", 3600)
    async with node.signed_in("supervisor", "sue") as sue:
        await sue.command("read_report", report="queues", query=DAY)
        process = node.node.reporting._process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)  # as one that counts for long
        sent = json.dumps({"text": body}) if body else ""
        _, leaving = await asyncio.open_connection("127.0.0.1", node.server.port)
        token = node.token("supervisor", "sue")
        head = f"{line} HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(sent)}\r\n\r\n"
        leaving.write((head + sent).encode())
        while not node.node.reporting._waiting:  # noqa: ASYNC110  # until it is being asked
            await asyncio.sleep(0.01)
        leaving.close()
        async with asyncio.timeout(WITHIN_S):
            await process.wait()
        assert (await sue.command("read_report", report="queues", query=DAY))["ok"]["rows"]


async def test_when_nobody_has_asked_for_a_while_it_ends(node: RunningNode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "IDLE_S", 0)
    async with node.signed_in("supervisor", "sue") as sue:
        await sue.command("read_report", report="queues", query=DAY)
        await sue.command("ping")
        assert node.node.reporting._process is None
        assert (await sue.command("read_report", report="queues", query=DAY))["ok"]["rows"]
