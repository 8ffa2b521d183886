"""What a scenario runs on: a store of its own, nodes on it, and how both are killed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct

from casebaton.store.connection import RawRedis, connect
from casebaton.store.embedded import EmbeddedServer
from casebaton.tasks import end
from loadtest.process import NodeProcess, Site, free_port
from loadtest.scenario import Scenario


class StoreFigures(Struct):
    """The store's own counters at an instant: scripts run, their time, and the size of its journal."""

    run_id: str
    scripts: int
    script_us: float
    journal_bytes: int


class StoreUse(Struct):
    """What the store did between two instants; None where it cannot be told."""

    scripts: int | None = None
    script_us: float | None = None
    journal_bytes: int | None = None


def use_between(before: StoreFigures, after: StoreFigures) -> StoreUse:
    """After a restart the counters begin anew, and after a rewrite the journal does."""
    if before.run_id != after.run_id:
        return StoreUse()
    written = after.journal_bytes - before.journal_bytes
    return StoreUse(
        after.scripts - before.scripts, after.script_us - before.script_us, written if written >= 0 else None
    )


class Stage:
    """A running store and its nodes."""

    def __init__(self, site: Site, server: EmbeddedServer, nodes: list[NodeProcess]) -> None:
        self.site = site
        self.nodes = nodes
        self._server = server
        self._redis: RawRedis = connect(server.url)

    @property
    def urls(self) -> list[str]:
        """Where the nodes are."""
        return [node.base_url for node in self.nodes]

    def node_pids(self) -> list[int]:
        """The nodes' processes, as they are now."""
        return [node.pid for node in self.nodes]

    def store_pid(self) -> list[int]:
        """The store's process, as it is now."""
        return [self._server.pid]

    async def kill_node(self, number: int, back_after_s: float) -> None:
        """End a node with SIGKILL, and start it again a while later."""
        await self.nodes[number].kill()
        await asyncio.sleep(back_after_s)
        await self.nodes[number].start()

    def kill_store(self) -> None:
        """End the store with SIGKILL; it comes back by itself."""
        os.kill(self._server.pid, signal.SIGKILL)

    async def figures(self) -> StoreFigures:
        """The store's counters."""
        server = await self._redis.info("server")
        stats = await self._redis.info("commandstats")
        journal = await self._redis.info("persistence")
        fcall = stats.get("cmdstat_fcall", {"calls": 0, "usec": 0})
        return StoreFigures(
            str(server["run_id"]), int(fcall["calls"]), float(fcall["usec"]), int(journal.get("aof_current_size", 0))
        )

    async def close(self) -> None:
        """Give the connection back."""
        await self._redis.aclose()


@asynccontextmanager
async def open_site(scenario: Scenario, directory: Path) -> AsyncIterator[tuple[Site, EmbeddedServer]]:
    """The store, with every workspace's configuration in force. It is respawned whenever it dies."""
    async with EmbeddedServer(directory / "store", fsync=scenario.site.durability) as server:
        settings = {"durability": scenario.site.durability, **scenario.site.settings}
        site = Site(directory, server.url, node_settings=settings)
        for number, workspace in enumerate(scenario.workspaces):
            await site.apply(scenario.document(number), workspace)
        watching = asyncio.create_task(server.watch(), name="store")
        try:
            yield site, server
        finally:
            await end(watching)


@asynccontextmanager
async def open_stage(scenario: Scenario, site: Site, server: EmbeddedServer) -> AsyncIterator[Stage]:
    """The nodes, for as long as the block runs."""
    async with AsyncExitStack() as stack:
        nodes = []
        for _ in range(scenario.site.nodes):
            node = NodeProcess(site, free_port())
            await node.start()
            stack.push_async_callback(node.stop)
            nodes.append(node)
        stage = Stage(site, server, nodes)
        stack.push_async_callback(stage.close)
        yield stage
