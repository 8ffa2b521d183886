import json
import re
from pathlib import Path
from typing import Any

import pytest

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from tests.cli.processes import run

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


async def test_says_in_words_what_keeps_each_agent_from_the_case(data_dir: Path, tmp_path: Path) -> None:
    code, out, _ = await run(tmp_path, "why", "c-1", "--workspace", "acme", "--data-dir", data_dir)
    assert code == 0
    lines = out.splitlines()
    assert [lines[0], lines[1], lines[3]] == ["c-1: status", "  place 1 of 1", "  ana: not online"]
    assert re.fullmatch(r"  so far: nobody was there who may have it \d+\.\d s", lines[2])


async def test_says_the_same_as_json(data_dir: Path, tmp_path: Path) -> None:
    code, out, _ = await run(tmp_path, "why", "c-1", "--workspace", "acme", "--data-dir", data_dir, "--json")
    found = json.loads(out)
    assert (code, found["reason"], found["counts"]) == (0, "status", {"status": 1})


async def test_an_unknown_case_is_one_line(data_dir: Path, tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "why", "c-9", "--workspace", "acme", "--data-dir", data_dir)
    assert (code, out) == (2, "")
    assert "there is no case c-9" in err
