"""Any command from a shell: checked, run as whoever is named, answered as JSON."""

import asyncio
import json
from pathlib import Path

import pytest

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from tests.cli.processes import COMMAND, environment, run

DOCUMENT = "[channels.case]\n[queues.support]\n[queues.billing]\n[agents.ana]\nqueues = ['support']\n"


@pytest.fixture
async def data_dir(tmp_path: Path) -> Path:
    """A data directory with workspace acme, no server on it."""
    async with EmbeddedServer(tmp_path / "data") as server:
        store = StoreClient(server.url)
        await store.load()
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        await store.close()
    return tmp_path / "data"


async def do(data_dir: Path, *arguments: str | bytes, given: str = "") -> tuple[int, list[str], str]:
    """Run `casebaton do`: exit code, lines, complaints."""
    process = await asyncio.create_subprocess_exec(
        COMMAND, "do", *arguments, "--workspace", "acme", "--data-dir", str(data_dir),
        cwd=data_dir.parent, env=environment(data_dir.parent),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, err = await process.communicate(given.encode(errors="surrogateescape"))
    assert process.returncode is not None
    return process.returncode, out.decode().splitlines(), err.decode()


async def test_a_queue_is_paused_and_a_case_submitted(data_dir: Path) -> None:
    code, (line,), _ = await do(data_dir, "pause_queue", "queue=support")
    assert (code, json.loads(line)["paused"]) == (0, True)
    submit = (
        "submit_case",
        "--role",
        "producer",
        "queue=support",
        "subject=Login",
        "skills={}",
        "priority=2",
        "case=c-1",
    )
    code, (line,), _ = await do(data_dir, *submit)
    assert (code, json.loads(line)["state"]) == (0, "waiting")


async def test_of_a_document_every_fault_has_a_line(data_dir: Path) -> None:
    document = 'document={"channels": {"case": {"cost": -1}}, "queues": {"support": {"mode": "ring"}}}'
    code, lines, err = await do(data_dir, "apply_config", "--role", "admin", document)
    assert (code, lines) == (1, [])
    first, second = err.splitlines()
    assert first.startswith("casebaton: ")
    assert "$.channels.case.cost: " in first
    assert second.startswith("  $.queues.support.mode: ")


async def test_digits_are_text_where_the_field_is(data_dir: Path) -> None:
    submit = (
        "submit_case",
        "--role",
        "producer",
        "queue=support",
        "subject=404",
        "case=17",
        'customer="8"',
        "priority=2",
    )
    code, (line,), err = await do(data_dir, *submit)
    assert (code, json.loads(line)["case"], err) == (0, "17", "")
    code, (line,), _ = await do(data_dir, "why_case", "case=17")
    told = json.loads(line)["case"]
    assert (told["card"], told["priority"]) == ({"subject": "404", "customer": "8"}, 2)


async def test_one_command_on_many_cases_has_a_result_for_each(data_dir: Path) -> None:
    for case in ("c-1", "c-2"):
        await do(data_dir, "submit_case", "--role", "producer", "queue=support", "subject=Login", f"case={case}")
    code, lines, err = await do(data_dir, "transfer_case", "queue=billing", "--cases", "-", given="c-1\nc-9\nc-2\n")
    assert (code, [json.loads(line)["case"] for line in lines]) == (1, ["c-1", "c-2"])
    assert "there is no case c-9" in err
    code, lines, err = await do(data_dir, "revoke_offer", "reason=late", "--cases", "-", given="c-1\nc-2\n")
    assert [line.rpartition(": ")[0] for line in err.splitlines()] == [
        "casebaton: c-1: WRONG_STATE", "casebaton: c-2: WRONG_STATE",
    ]  # fmt: skip


async def test_a_line_that_is_no_case_is_named_before_anything_is_done(data_dir: Path) -> None:
    code, lines, err = await do(data_dir, "transfer_case", "queue=billing", "--cases", "-", given="c-1\n\nc 2\n")
    assert (code, lines) == (2, [])
    assert err.startswith("casebaton: --cases line 3: not an id: ")


async def test_the_same_id_has_no_second_effect(data_dir: Path) -> None:
    submit = ("submit_case", "--role", "producer", "queue=support", "subject=Login", "id=s-1")
    assert await do(data_dir, *submit) == await do(data_dir, *submit)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("pause_queue", "queue"), "queue: expected FIELD=VALUE"),
        (("pause_queue", "queue=a b"), "$.queue"),
        (("pause_queue", "line=support"), "line"),
        (("pause_queue",), "queue"),
        (("pause_queue", "queue=support", "--role", "agent"), "may not send pause_queue"),
        (("dance",), "dance"),
        (("pause_queue", b"queue=\xff"), "queue: not UTF-8"),
        (("pause_queue", "queue=" + "[" * 5000), "queue: nested too deeply"),
    ],
)
async def test_what_makes_no_sense_is_said_where(data_dir: Path, arguments: tuple[str | bytes, ...], says: str) -> None:
    code, lines, err = await do(data_dir, *arguments)
    assert (code in (1, 2), lines) == (True, [])
    assert says in err
    assert "Traceback" not in err


async def test_a_list_of_cases_that_is_no_text_is_refused(data_dir: Path) -> None:
    code, lines, err = await do(data_dir, "drain_agent", "--cases", "-", given="c-1\n\udcff\n")
    assert (code, lines, err) == (2, [], "casebaton: --cases: not UTF-8\n")


async def test_notes_are_read(data_dir: Path) -> None:
    await do(data_dir, "submit_case", "--role", "producer", "queue=support", "subject=Login", "case=c-1")
    await do(data_dir, "add_note", "case=c-1", "text=Called back.")
    code, (line,), _ = await do(data_dir, "read_notes", "case=c-1")
    assert (code, [note["text"] for note in json.loads(line)["items"]]) == (0, ["Called back."])


async def test_help_names_every_command_that_needs_no_connection(tmp_path: Path) -> None:
    _, out, _ = await run(tmp_path, "do", "--help")
    assert "requeue_agent" in out
    for of_a_connection in ("watch_queue", "unwatch", "watch_workspace", "refresh_token", "ping"):
        assert of_a_connection not in out
