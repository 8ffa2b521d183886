"""Nodes as processes of their own, started as an operator starts them, and what they cost."""

import asyncio
import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from casebaton import audit
from casebaton.auth import Role, Tokens
from casebaton.settings import NO_HISTORY, PREFIX, Settings
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.server import open_server
from casebaton.workspace.document import Document
from loadtest.until import until

WORKSPACE = "load"
START_WITHIN_S = 60.0
STOP_WITHIN_S = 60.0
TOKEN_S = 6 * 3600
# Below those that systems give to whoever connects: while a node is away, nobody is given its port.
PORTS = range(20_000, 32_000)
TICKS = os.sysconf("SC_CLK_TCK")


class NodeFailed(Exception):
    """The node did not start; the text is the end of its log."""


def free_port() -> int:
    """A port that nobody has, to listen on now or later. Raises OSError when a hundred are taken."""
    for port in secrets.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("of a hundred ports each is taken")


class Site:
    """What the nodes of one measurement share: a secret, a data directory or a store's URL, other settings by name."""

    def __init__(
        self,
        data_dir: Path,
        redis_url: str = "",
        *,
        commands_per_second: int = 50,
        node_settings: Mapping[str, str | int | float] | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.redis_url = redis_url
        own = {"commands_per_second": commands_per_second, "history_url": NO_HISTORY}  # what is measured is the node
        self.node_settings = {**own, **(node_settings or {})}
        self.secret = secrets.token_urlsafe(48)
        self._tokens = Tokens(self.secret)

    @property
    def settings(self) -> Settings:
        """Where the store is."""
        return Settings(data_dir=str(self.data_dir), redis_url=self.redis_url)

    def token(self, role: Role, subject: str, workspace: str = WORKSPACE) -> str:
        """A token that every node of the site accepts."""
        return self._tokens.sign(workspace, role, subject, ttl_s=TOKEN_S)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[StoreClient]:
        """The store for as long as the block runs; with a data directory no node may run meanwhile."""
        async with open_server(self.settings) as url:
            store = StoreClient(url)
            try:
                await store.load()
                yield store
            finally:
                await store.close()

    async def apply(self, document: Document, workspace: str = WORKSPACE) -> None:
        """Make the workspace."""
        async with self.store() as store:
            await workspaces.apply(store, workspace, document)

    async def audit(self) -> audit.Report:
        """Audit the workspace."""
        async with self.store() as store:
            return await audit.check(store, WORKSPACE)


class NodeProcess:
    """One `casebaton serve`."""

    def __init__(self, site: Site, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}"
        self._site = site
        self._port = port
        self._process: asyncio.subprocess.Process | None = None
        self._log: deque[str] = deque(maxlen=20)
        self._reading: asyncio.Task[None] | None = None
        self._started = asyncio.Event()

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def store_pid(self) -> int:
        """Its embedded server's process."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(children[0])

    async def start(self) -> None:
        """Start, and return once it listens. Raises NodeFailed."""
        self._started.clear()
        command = [str(Path(sys.executable).with_name("casebaton")), "serve", "--port", str(self._port)]
        where = ["--redis-url", self._site.redis_url] if self._site.redis_url else []
        self._process = await asyncio.create_subprocess_exec(
            *command,
            *where,
            "--data-dir",
            str(self._site.data_dir),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "CASEBATON_AUTH_SECRET": self._site.secret,
                **{PREFIX + name.upper(): str(value) for name, value in self._site.node_settings.items()},
            },
        )
        self._reading = asyncio.create_task(self._read(self._process))
        started = asyncio.create_task(self._started.wait())
        await asyncio.wait({started, self._reading}, timeout=START_WITHIN_S, return_when="FIRST_COMPLETED")
        if not started.done():
            started.cancel()
            await self.kill()
            raise NodeFailed("\n".join(self._log))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self._log.append(line.decode(errors="replace").rstrip())
            if line.startswith(b"{") and json.loads(line).get("event") == "node_started":
                self._started.set()

    async def kill(self) -> None:
        """End it with SIGKILL; its embedded server ends with it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End it with SIGTERM, as an operator would."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        """Send the signal and wait until the node, and the embedded server that ends with it, are gone."""
        assert self._process is not None
        assert self._reading is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
            async with asyncio.timeout(STOP_WITHIN_S):
                await self._process.wait()
        await self._reading
        if not await until(lambda: _is_free(self._site.data_dir), within_s=STOP_WITHIN_S):
            raise TimeoutError(f"the embedded server outlived its node by {STOP_WITHIN_S:g} s")

    def kill_store(self) -> None:
        """End its embedded server with SIGKILL."""
        os.kill(self.store_pid, signal.SIGKILL)


@asynccontextmanager
async def run_node(site: Site) -> AsyncIterator[NodeProcess]:
    """A node for as long as the block runs."""
    node = NodeProcess(site, free_port())
    await node.start()
    try:
        yield node
    finally:
        await node.stop()


def _is_free(data_dir: Path) -> bool:
    """May another embedded server start here? The lock is gone with the last process that has it."""
    with (data_dir / "server.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def cpu_s(pid: int) -> float:
    """Processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class CpuMeter:
    """What each process uses between `start` and `read`, in percent of one core."""

    def __init__(self, **pids: int) -> None:
        self._pids = pids
        self._at = 0.0
        self._used: dict[str, float] = {}

    def start(self) -> None:
        """Begin."""
        self._at = asyncio.get_running_loop().time()
        self._used = {name: cpu_s(pid) for name, pid in self._pids.items()}

    def read(self) -> dict[str, int]:
        """Percent of one core since `start`."""
        seconds = asyncio.get_running_loop().time() - self._at
        return {name: round(100 * (cpu_s(pid) - self._used[name]) / seconds) for name, pid in self._pids.items()}
