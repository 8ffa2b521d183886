"""Local stores of several servers, for tests and figures: a primary that Sentinels watch, and a cluster.

All on loopback, on free ports, in a temporary directory, durable; each server is a process that ends with this one.
"""

import asyncio
import itertools
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from redis.exceptions import RedisError

from casebaton.store.connection import RawRedis, connect
from casebaton.store.embedded import dying_with_this, find_server
from loadtest.process import free_port

NAME = "casebaton"  # what the Sentinels call the primary
DOWN_AFTER_MS = 1000  # how long a server must be silent to count as dead
FAILOVER_TIMEOUT_MS = 3000
SLOTS = 16384
COMES_WITHIN_S = 30.0
LOOK_EVERY_S = 0.02  # at servers that tell nobody when they are ready

DURABLE = [
    "--repl-diskless-sync-delay",
    "0",
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    "--maxmemory-policy",
    "noeviction",
    "--save",
    "",
]


class ServerFailed(Exception):
    """A server ended at its start; the text is the end of its log."""


class Server:
    """One server process."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.port = free_port()
        self.redis: RawRedis = connect(f"redis://127.0.0.1:{self.port}")
        self._directory = directory / str(self.port)
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None, "not started"
        return self._process.pid

    async def start(self, *arguments: str) -> None:
        """Start it, again on the same port and data if it had ended, and wait until it answers."""
        self._directory.mkdir(exist_ok=True)
        common = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._directory)]
        command = [str(find_server()), *self._arguments, *arguments, *common]
        with (self._directory / "log").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *dying_with_this(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        await until(self._answers)

    async def _answers(self) -> bool:
        assert self._process is not None
        if self._process.returncode is not None:
            raise ServerFailed((self._directory / "log").read_text()[-2000:])
        return bool(await self.redis.ping())

    def kill(self) -> None:
        """End it with SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End it, if it has not ended."""
        await self.redis.aclose()
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what only asking again can tell; that nobody answers is not yet. Raises TimeoutError."""
    async with asyncio.timeout(COMES_WITHIN_S):
        while True:
            try:
                if await holds():
                    return
            except (RedisError, OSError):
                pass
            await asyncio.sleep(LOOK_EVERY_S)


class Deployment:
    """A store of several servers. `servers` are those that hold data."""

    def __init__(self, url: str, servers: list[Server]) -> None:
        self.url = url
        self.servers = servers

    async def primary(self, key: str) -> Server:
        """The server that takes writes of a key now."""
        for server in self.servers:
            try:
                role = (await server.redis.role())[0]
                await server.redis.exists(key)
            except (RedisError, OSError):  # dead, or the key's slot is elsewhere
                continue
            if role == b"master":
                return server
        raise LookupError(f"no primary for {key}")

    async def replicas_of(self, primary: Server) -> list[Server]:
        """The servers that follow a primary now."""
        roles = [await server.redis.role() for server in self.servers]
        return [
            server
            for server, (role, *rest) in zip(self.servers, roles, strict=True)
            if role == b"slave" and int(rest[1]) == primary.port
        ]


@asynccontextmanager
async def sentinel(directory: Path, *, replicas: int = 1, sentinels: int = 3) -> AsyncIterator[Deployment]:
    """A primary, its replicas, and Sentinels."""
    async with AsyncExitStack() as stack:
        primary = await _start(stack, Server(directory, *DURABLE))
        replicating = ["--replicaof", f"127.0.0.1 {primary.port}"]
        copies = [await _start(stack, Server(directory, *DURABLE, *replicating)) for _ in range(replicas)]
        await until(lambda: _has_replicas(primary, replicas))
        watching = []
        for number in range(sentinels):
            config = directory / f"sentinel-{number}.conf"
            config.write_text(
                f"sentinel monitor {NAME} 127.0.0.1 {primary.port} {sentinels // 2 + 1}\n"
                f"sentinel down-after-milliseconds {NAME} {DOWN_AFTER_MS}\n"
                f"sentinel failover-timeout {NAME} {FAILOVER_TIMEOUT_MS}\n"
            )
            watching.append(await _start(stack, Server(directory, str(config), "--sentinel")))
        for server in watching:
            await until(partial(_knows_all, server, sentinels, replicas))
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in watching)
        yield Deployment(f"redis+sentinel://{hosts}/{NAME}", [primary, *copies])


@asynccontextmanager
async def cluster(directory: Path, *, replicas: Sequence[int] = (1, 1, 1)) -> AsyncIterator[Deployment]:
    """As many primaries, each with an equal part of the slots and so many replicas."""
    async with AsyncExitStack() as stack:
        servers, buses = [], []
        for _ in range(len(replicas) + sum(replicas)):
            buses.append(free_port())
            options = ["--cluster-enabled", "yes", "--cluster-node-timeout", str(DOWN_AFTER_MS)]
            options += ["--cluster-require-full-coverage", "no"]  # else one dead primary stops all workspaces
            servers.append(await _start(stack, Server(directory, *DURABLE, *options, "--cluster-port", str(buses[-1]))))
        primaries = servers[: len(replicas)]
        for number, server in enumerate(primaries):
            first, last = (SLOTS * each // len(primaries) for each in (number, number + 1))
            await server.redis.execute_command("CLUSTER", "ADDSLOTSRANGE", first, last - 1)
        for number, server in enumerate(servers):
            await server.redis.execute_command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for server, bus in zip(servers[1:], buses[1:], strict=True):
            await servers[0].redis.execute_command("CLUSTER", "MEET", "127.0.0.1", server.port, bus)
        for server in servers:
            await until(partial(_knows, server, len(servers)))
        spare = iter(servers[len(replicas) :])
        for primary, count in zip(primaries, replicas, strict=True):
            name = await primary.redis.execute_command("CLUSTER", "MYID")
            for server in itertools.islice(spare, count):
                await server.redis.execute_command("CLUSTER", "REPLICATE", name)
        for primary, count in zip(primaries, replicas, strict=True):
            await until(partial(_has_replicas, primary, count))
        for server in servers:
            await until(partial(_is_whole, server))
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
        yield Deployment(f"redis+cluster://{hosts}", servers)


async def _start(stack: AsyncExitStack, server: Server) -> Server:
    stack.push_async_callback(server.stop)
    await server.start()
    return server


async def _has_replicas(server: Server, count: int) -> bool:
    row = await server.redis.info("replication")
    states = [row.get(f"slave{number}", {}).get("state") for number in range(count)]
    return states == ["online"] * count


async def _knows_all(server: Server, sentinels: int, replicas: int) -> bool:
    row: list[bytes] = await server.redis.execute_command("SENTINEL", "MASTER", NAME)
    fields = dict(zip(row[::2], row[1::2], strict=True))
    return int(fields[b"num-other-sentinels"]) == sentinels - 1 and int(fields[b"num-slaves"]) == replicas


async def _knows(server: Server, count: int) -> bool:
    nodes: bytes = await server.redis.execute_command("CLUSTER", "NODES")
    return nodes.count(b"\n") == count and b"handshake" not in nodes


async def _is_whole(server: Server) -> bool:
    info: bytes = await server.redis.execute_command("CLUSTER", "INFO")
    return b"cluster_state:ok" in info
