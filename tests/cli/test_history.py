"""`serve` with a history, and `casebaton history`."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from casebaton.cli import main
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from tests.cli.processes import WITHIN_S, left_in, run, start
from tests.engine import BASIC

FREE = ("--history-url", "")


async def line(process: Process, event: str) -> dict[str, Any]:
    """Read the log up to a line."""
    assert process.stderr is not None
    async with asyncio.timeout(WITHIN_S):
        while said := await process.stderr.readline():
            found: dict[str, Any] = json.loads(said)
            if found["event"] == event:
                return found
    raise AssertionError(f"it ended without {event}")


@asynccontextmanager
async def running(home: Path, *arguments: str) -> AsyncIterator[Process]:
    """A process for as long as the block runs, which it ends well."""
    process = await start(home, *arguments)
    try:
        yield process
        process.terminate()
        async with asyncio.timeout(WITHIN_S):
            await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def numbers(file: Path) -> list[int]:
    """The numbers of the stored events; none before there are tables."""
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return list(connection.execute(text("SELECT seq FROM events ORDER BY seq")).scalars())
    except OperationalError:
        return []
    finally:
        engine.dispose()


def writer_of(pid: int) -> int:
    """The process that writes the history, among a process's children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (found,) = (int(each) for each in children if b"casebaton.history" in Path(f"/proc/{each}/cmdline").read_bytes())
    return found


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not is_so():  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.02)


async def test_serve_writes_the_history_in_a_process_that_is_started_again_and_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(BASIC)
    file = tmp_path / "data" / "history.db"
    assert (await run(tmp_path, "apply", "acme.toml", "--data-dir", "data"))[0] == 0
    async with running(tmp_path, "serve", "--port", "0", "--data-dir", "data", *FREE) as process:
        assert (await line(process, "history_started"))["history"] == "sqlite:///data/history.db"
        await until(lambda: numbers(file) == [1, 2])
        writer = writer_of(process.pid)
        os.kill(writer, signal.SIGKILL)
        assert (await line(process, "history_ended"))["code"] == -signal.SIGKILL
        await line(process, "history_started")
    closed = [name for name in left_in(file.parent) if name.startswith("history")]
    assert closed == ["history.db"], "the writer did not close its file"


async def test_a_history_that_a_newer_version_has_changed_ends_serve_with_a_sentence(tmp_path: Path) -> None:
    command = CliRunner().invoke(main, ["history", "--migrate", "--data-dir", str(tmp_path / "data"), *FREE])
    file = tmp_path / "data" / "history.db"
    assert (command.exit_code, command.output) == (0, f"sqlite:///{file}: the tables are made\n")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    code, _, err = await run(tmp_path, "serve", "--port", "0", "--data-dir", "data", *FREE)
    assert code == 1
    assert "HISTORY_NEWER: a newer version of Casebaton has changed the history's tables" in err
    assert err.endswith("casebaton: history 0 ended with 2 at its start: the log says why\n")


def test_a_history_needs_a_store_and_a_place(tmp_path: Path) -> None:
    command = CliRunner().invoke(main, ["history", "--data-dir", str(tmp_path), *FREE])
    assert (command.exit_code, command.output) == (
        2, "casebaton: --redis-url: say which store; the history of an embedded server is written by its node\n",
    )  # fmt: skip
    command = CliRunner().invoke(main, ["history", "--migrate", "--history-url", "none"])
    assert (command.exit_code, command.output) == (2, "casebaton: history_url is none: there is no history to write\n")


async def test_a_history_is_written_beside_nodes_of_another_machine(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store", fsync="always") as server:
        store = StoreClient(server.url)
        await store.load()
        await workspaces.apply(store, "acme", document.parse(BASIC))
        await store.close()
        async with running(tmp_path, "history", "--redis-url", server.url, "--data-dir", "data", *FREE) as process:
            await line(process, "history_started")
            await until(lambda: numbers(tmp_path / "data" / "history.db") == [1, 2])
