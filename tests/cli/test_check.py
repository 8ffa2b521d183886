import json
from pathlib import Path
from typing import Any

import pytest

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from tests.cli.processes import left_in, run

DOCUMENT = "[channels.case]\n[queues.support]\n[agents.ana]\nqueues = ['support']\n"


@pytest.fixture
async def data_dir(tmp_path: Path) -> Path:
    """A data directory with workspace acme and one waiting case, no server on it."""
    async with EmbeddedServer(tmp_path / "data") as server:
        store = StoreClient(server.url)
        await store.load()
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        arguments: dict[str, Any] = {"queue": "support", "channel": "case", "priority": 5, "digest": "d", "card": "{}"}
        await store.run("submit_case", "acme", ("producer", "crm"), command_id="1", case="c-1", **arguments)
        await store.close()
    return tmp_path / "data"


async def test_finds_nothing_in_a_sound_store(data_dir: Path, tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "check", "--data-dir", data_dir)
    assert (code, out) == (0, "acme: 1 case, 1 agent, 4 events: nothing found\n")
    assert err == "checking acme\n"


async def test_names_what_it_finds_and_exits_with_1(data_dir: Path, tmp_path: Path) -> None:
    async with EmbeddedServer(data_dir) as server:
        store = StoreClient(server.url)
        await store.redis.zrem("{acme}:line:support", "c-1")
        await store.close()
    code, out, _ = await run(tmp_path, "check", "--data-dir", data_dir, "--workspace", "acme", "--json")
    report = json.loads(out)
    assert code == 1
    assert report["violation_count"] == len(report["violations"]) >= 1
    assert {violation["where"] for violation in report["violations"]} == {"case:c-1"}


async def test_a_store_without_workspaces_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, out, err = await run(tmp_path, "check", "--data-dir", tmp_path / "empty")
    assert (code, out) == (2, "")
    assert "there is no workspace in this store" in err


async def test_makes_no_data_directory(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "check", "--data-dir", "nowhere")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "there is no data directory nowhere" in err
    assert "--data-dir" in err
    assert left_in(tmp_path) == []


async def test_a_workspace_that_is_not_there_is_an_error(data_dir: Path, tmp_path: Path) -> None:
    code, _, err = await run(tmp_path, "check", "--data-dir", data_dir, "--workspace", "nowhere")
    assert (code, "there is no workspace nowhere" in err) == (2, True)
