"""Several nodes on one port: spread evenly, started again, drained together."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from casebaton import children
from casebaton.auth import Role, Tokens, read_secret
from casebaton.client import Client
from casebaton.node import workers
from casebaton.node.serve import claim
from casebaton.store.embedded import EmbeddedServer
from casebaton.tasks import LoopEnded
from casebaton.wire.session import SERVICE_RESTART
from tests.cli.processes import WITHIN_S, run, start
from tests.node.conftest import DOCUMENT
from tests.node.world import Socket, settings, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux spreads connections over sockets")


class Site:
    """A running `casebaton serve --workers …` with workspace acme, and what it has logged."""

    def __init__(self, home: Path, process: Process) -> None:
        self.process = process
        self.seen: list[dict[str, Any]] = []
        self.url = ""
        self._tokens = Tokens(read_secret(home / "data"))

    async def logged(self, event: str) -> dict[str, Any]:
        """Wait for a line of the log that has not been seen yet."""
        assert self.process.stderr is not None
        async with asyncio.timeout(WITHIN_S):
            while line := await self.process.stderr.readline():
                self.seen.append(json.loads(line))
                if self.seen[-1]["event"] == event:
                    return self.seen[-1]
        raise AssertionError(f"it ended before {event}: {self.seen}")

    def worker_pids(self) -> list[int]:
        """The workers' processes."""
        return worker_pids(self.process.pid)

    async def answering(self, connections: int) -> Counter[str]:
        """Which node answers, how often, when so many connect one after the other."""
        found: Counter[str] = Counter()
        for _ in range(connections):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(self.url.rpartition(":")[2]))
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            found[json.loads(answer.partition(b"\r\n\r\n")[2])["node"]] += 1
        return found

    def token(self, role: Role, subject: str) -> str:
        """A token that every worker accepts."""
        return self._tokens.sign("acme", role, subject, ttl_s=60)


def worker_pids(supervisor: int) -> list[int]:
    """The workers among a process's children."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return [pid for pid in map(int, children) if b"casebaton.node.workers" in command_line(pid)]


def command_line(pid: int) -> bytes:
    """A process's command line; empty when it has gone meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def is_running(pid: int) -> bool:
    """Is there such a process?"""
    return Path(f"/proc/{pid}").exists()


@asynccontextmanager
async def run_workers(home: Path, count: int) -> AsyncIterator[Site]:
    """Workers on a free port for as long as the block runs."""
    (home / "acme.toml").write_text(DOCUMENT)
    assert (await run(home, "apply", "acme.toml", "--data-dir", "data"))[0] == 0
    process = await start(home, "serve", "--workers", str(count), "--port", "0", "--data-dir", "data")
    try:
        site = Site(home, process)
        site.url = (await site.logged("workers_started"))["url"]
        yield site
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def test_connections_are_spread_evenly_the_port_is_theirs_and_a_killed_worker_comes_back(tmp_path: Path) -> None:
    async with run_workers(tmp_path, 2) as site:
        found = await site.answering(300)
        assert len(found) == 2
        assert min(found.values()) > 105, "five standard deviations below a half"

        for flag in ([], ["--workers", "2"]):
            code, _, err = await run(tmp_path, "serve", *flag, "--port", site.url.rpartition(":")[2], "--data-dir", "d")
            assert (code, err.count("\n"), "choose another --port" in err) == (2, 1, True)

        before = site.worker_pids()
        clients = [Client(site.url, "acme", token=site.token("agent", name)) for name in ("ana", "bo", "zoe")]
        for client in clients:
            await client.__aenter__()
        for pid in before:  # one after the other, so that every agent loses its node once
            os.kill(pid, signal.SIGKILL)
            assert (await site.logged("worker_ended"))["code"] == -signal.SIGKILL
            await site.logged("node_started")

        async def are_connected() -> bool:
            return all(client.state == "connected" for client in clients)

        await until(are_connected)
        for client in clients:
            await client.agent().set_status("online")
            await client.__aexit__(None, None, None)
        assert len(await site.answering(40)) == 2
        assert not set(site.worker_pids()) & set(before)

        site.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(WITHIN_S):
            await site.process.communicate()
        assert site.process.returncode == 0


async def test_a_signal_drains_all_workers_and_ends_their_store(tmp_path: Path) -> None:
    async with run_workers(tmp_path, 2) as site:
        sockets = []
        for subject in ("ana", "bo", "zoe"):
            raw = await connect(f"ws{site.url.removeprefix('http')}/v1/acme/ws", proxy=None)
            sockets.append(Socket(raw))
            await sockets[-1].hello(site.token("agent", subject))
        site.process.send_signal(signal.SIGTERM)
        for socket in sockets:
            assert "reconnect_after_ms" in await socket.event("draining")
            assert (await socket.closed())[0] == SERVICE_RESTART
        async with asyncio.timeout(WITHIN_S):
            await site.process.communicate()
        assert site.process.returncode == 0
    code, out, _ = await run(tmp_path, "check", "--data-dir", "data")
    assert (code, "nothing found" in out) == (0, True), "the directory is free again"


async def test_workers_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    async with run_workers(tmp_path, 2) as site:
        left = site.worker_pids()
        site.process.kill()
        async with asyncio.timeout(WITHIN_S):
            await site.process.communicate()  # to the end of the log, which the workers hold open

        async def are_gone() -> bool:
            return not any(is_running(pid) for pid in left)

        await until(are_gone)


async def test_a_worker_that_cannot_start_ends_all(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def open_server(*_: object, **__: object) -> AsyncIterator[str]:
        yield redis_url

    monkeypatch.setattr(workers, "open_server", open_server)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(LoopEnded, match=r"worker \d ended with 1 at its start"):
        async with asyncio.timeout(WITHIN_S):
            await workers.serve(settings(workers=2))


async def test_a_worker_that_hangs_is_ended_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "SILENT_AFTER_S", 1.2 * children.BEAT_EVERY_S)
    async with EmbeddedServer(tmp_path) as store:
        stop = children.Stop()
        with claim("127.0.0.1", 0) as port:
            worker = workers.worker(0, settings(redis_url=store.url, port=port, workers=2), stop)
            running = asyncio.create_task(worker.run())
            async with asyncio.timeout(WITHIN_S):
                await worker.started.wait()
            (hanging,) = worker_pids(os.getpid())
            os.kill(hanging, signal.SIGSTOP)

            async def is_another() -> bool:
                return worker_pids(os.getpid()) not in ([], [hanging])

            await until(is_another)
            stop.ask()
            await running


async def test_elsewhere_than_on_linux_they_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Exception, match="only Linux spreads connections"):
        await workers.serve(settings(workers=2))
