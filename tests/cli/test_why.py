import json
import re
from pathlib import Path
from typing import Any

import pytest

from casebaton.cli.why import CAUSES, SENTENCES
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from tests.cli.processes import run

DOCUMENT = "[channels.case]\n[queues.support]\n[agents.ana]\nqueues = ['support']\n"

FIELD = (
    "[channels.visit]\nring_s = 172800\nreachable_offline = true\n[queues.field]\n[agents.ana]\nqueues = ['field']\n"
)


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


@pytest.fixture
async def appointment(tmp_path: Path) -> Path:
    """A data directory in which appointment a-1 rings at ana until the day after tomorrow."""
    async with EmbeddedServer(tmp_path / "data") as server:
        store = StoreClient(server.url)
        await store.load()
        await workspaces.apply(store, "acme", document.parse(FIELD))
        await store.run("set_status", "acme", ("agent", "ana"), command_id="1", status="online", channels="*", next="")
        arguments: dict[str, Any] = {"queue": "field", "channel": "visit", "priority": 5, "digest": "d", "card": "{}"}
        await store.run("submit_case", "acme", ("producer", "crm"), command_id="1", case="a-1", **arguments)
        await store.close()
    return tmp_path / "data"


async def test_another_day_is_named_and_who_has_the_case_is_not_said_to_lack_anything(
    appointment: Path, tmp_path: Path
) -> None:
    code, out, _ = await run(tmp_path, "why", "a-1", "--workspace", "acme", "--data-dir", appointment)
    state, following, _, agent, decision = out.splitlines()
    assert (code, state, agent) == (0, "a-1: offered", "  ana: it rings there")
    assert re.fullmatch(r"  next: deadline at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", following)
    assert re.match(r"  \d\d:\d\d:\d\d UTC case_offered ana: by longest_idle", decision)


def test_there_are_words_for_every_condition_and_cause() -> None:
    page = (Path(__file__).parents[2] / "docs" / "why.md").read_text()
    conditions, causes = (page.partition(f"| {head} |")[2].partition("\n\n")[0] for head in ("`fails`", "cause"))
    assert SENTENCES.keys() == set(re.findall(r"^\| `(\w+)`", conditions, re.MULTILINE)) - {"null"}
    assert CAUSES.keys() == set(re.findall(r"^\| `(\w+)`", causes, re.MULTILINE))


async def test_another_store_than_meant_is_named(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for command in (("why", "c-1"), ("do", "pause_queue", "queue=support"), ("config", "versions")):
        code, _, err = await run(tmp_path, *command, "--workspace", "acme", "--data-dir", "elsewhere")
        assert (code, err) == (
            2,
            f"casebaton: NO_SUCH_WORKSPACE: there is no workspace acme in --data-dir {elsewhere}\n",
        )


async def test_an_unknown_case_is_one_line(data_dir: Path, tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "why", "c-9", "--workspace", "acme", "--data-dir", data_dir)
    assert (code, out) == (2, "")
    assert "there is no case c-9" in err
