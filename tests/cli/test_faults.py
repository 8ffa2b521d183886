"""Whatever is wrong around a command is one line that says what to do, and exit code 2."""

import asyncio
from pathlib import Path

import pytest

from loadtest.process import free_port
from tests.cli.processes import run
from tests.replay.traces import SAMPLE

DOCUMENT = "[channels.case]\n[queues.support]\n"
FILES = ("serve", "--port", "0"), ("apply", "acme.toml"), ("check",), ("replay", "trace.csv")
FREE = "a free port"
TOKEN = ("token", "acme", "--role", "agent", "--subject", "ana")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A directory with a document, a trace, and a file named `taken`."""
    (tmp_path / "acme.toml").write_text(DOCUMENT)
    (tmp_path / "trace.csv").write_text("\n".join(SAMPLE))
    (tmp_path / "taken").touch()
    return tmp_path


async def fault(home: Path, *arguments: str | Path) -> str:
    """The one line that a command ends with. A replay tells what it has read before."""
    code, out, err = await run(home, *arguments)
    *before, line = err.splitlines()
    assert (code, out) == (2, ""), err
    assert all(said.startswith("trace.csv: ") for said in before), err
    assert line.startswith("casebaton: ")
    return line


@pytest.mark.parametrize("command", FILES)
@pytest.mark.parametrize("url", ["nonsense", "http://127.0.0.1:6379", "redis://:canary@127.0.0.1:66666"])
async def test_a_store_address_that_is_none(home: Path, command: tuple[str, ...], url: str) -> None:
    line = await fault(home, *command, "--redis-url", url)
    assert "--redis-url: " in line
    assert "canary" not in line


@pytest.mark.parametrize("command", FILES)
async def test_a_store_that_does_not_answer(home: Path, command: tuple[str, ...]) -> None:
    line = await fault(home, *command, "--redis-url", "redis://user:canary@127.0.0.1:1/0?password=canary")
    assert "--redis-url redis://127.0.0.1:1/0: the store cannot be reached" in line
    assert "canary" not in line


async def test_a_store_address_with_an_option_that_nobody_knows(home: Path) -> None:
    assert "redis://127.0.0.1:1: it has options" in await fault(
        home, "check", "--redis-url", "redis://127.0.0.1:1?speed=9"
    )
    assert "redis://127.0.0.1:1: it has options" in await fault(
        home, "check", "--redis-url", "redis://127.0.0.1:1?socket_timeout=soon"
    )


@pytest.mark.parametrize("directory", ["taken", "taken/below"])
@pytest.mark.parametrize("command", [*FILES, TOKEN, ("demo", "--port", FREE)])
async def test_a_data_directory_that_cannot_be_one(home: Path, command: tuple[str, ...], directory: str) -> None:
    port = str(free_port())  # the demo takes no other
    line = await fault(home, *(port if word == FREE else word for word in command), "--data-dir", directory)
    assert f"data directory {directory}" in line.replace(f"{home}/", "")
    assert "--data-dir" in line


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("apply", "acme.toml"), TOKEN])
async def test_a_place_where_no_directory_can_be_made(home: Path, command: tuple[str, ...]) -> None:
    line = await fault(home, *command, "--data-dir", "/proc/casebaton/data")
    assert "the data directory /proc/casebaton/data cannot be used: " in line
    assert "choose another --data-dir" in line


async def test_a_document_that_is_not_utf8(home: Path) -> None:
    (home / "latin.toml").write_bytes(b'[queues.support]\nname = "\xe4"\n')
    assert "not TOML: 'utf-8'" in await fault(home, "apply", "latin.toml")


@pytest.mark.parametrize("name", ["my shop", "shop/one", ""])
async def test_a_workspace_name_that_is_not_an_id(home: Path, name: str) -> None:
    (home / "my shop.toml").write_text(DOCUMENT)
    for command in (("apply", "acme.toml"), ("check",)):
        assert "workspace: not an id" in await fault(home, *command, "--workspace", name)
    assert "workspace: not an id" in await fault(home, "apply", "my shop.toml")
    assert not (home / "casebaton-data").exists()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "x" * 70, "x..y"])
async def test_a_host_to_listen_on_that_is_not_ours_is_told_from_a_taken_port(home: Path, host: str) -> None:
    assert "choose another --host" in await fault(home, "serve", "--port", "0", "--host", host)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server:
        port = str(server.sockets[0].getsockname()[1])
        assert "choose another --port" in await fault(home, "serve", "--port", port)


async def test_a_setting_out_of_range_is_named_as_it_was_given(home: Path) -> None:
    (home / "node.toml").write_text("lease_ms = 1\n")
    assert "--port: expected `int` <= 65535" in await fault(home, "serve", "--port", "65536")
    assert "node.toml: lease_ms: expected `int` >= 1000" in await fault(home, "serve", "--config", "node.toml")
