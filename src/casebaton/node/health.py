"""How this node is, told to the others every second or two; and how all of them are, for supervisors."""

import asyncio
import itertools
import time
from collections import Counter

import structlog

from casebaton import __version__
from casebaton.auth import Role
from casebaton.errors import CasebatonError
from casebaton.node.hub import Hub
from casebaton.store import health
from casebaton.store.client import StoreClient
from casebaton.store.health import NodeHealth, ServerHealth, SystemHealth

EVERY_S = 1.0

logger = structlog.get_logger()


class Health:
    """What a node knows of all. The gateway keeps `connections`, by role, and `is_draining`; whoever shows the rest
    sets `is_watched`, since the store's servers are asked only for that.
    """

    def __init__(self, store: StoreClient, hub: Hub, node: str) -> None:
        self.connections: Counter[Role] = Counter()
        self.is_draining = False
        self.is_watched = False
        self.system: SystemHealth | None = None
        self._store = store
        self._hub = hub
        self._node = node
        self._since_ms = _now_ms()
        self._loop_lag_ms = 0
        self._store_ms = 0

    async def run(self) -> None:
        """Tell and read until cancelled; every other second while nobody watches here, since each word is journal."""
        for second in itertools.count():
            if self.is_watched or second % 2 == 0:
                await self._look_around()
            began_s = time.monotonic()
            await asyncio.sleep(EVERY_S)  # how late it comes back is the lag
            self._loop_lag_ms = round((time.monotonic() - began_s - EVERY_S) * 1000)

    async def leave(self) -> None:
        """Tell nothing more. Raises Unavailable."""
        await health.leave(self._store, self._node)

    async def _look_around(self) -> None:
        began_s = time.monotonic()
        nodes: tuple[NodeHealth, ...] = self.system.nodes if self.system is not None else ()
        servers: tuple[ServerHealth, ...] = ()
        try:
            nodes = await health.share(self._store, self._row())
        except CasebatonError as error:  # whoever watches sees the rows grow old
            logger.warning("health_unshared", error=error.code)
        self._store_ms = round((time.monotonic() - began_s) * 1000)
        if self.is_watched:
            servers = await health.read_servers(self._store)
        self.system = SystemHealth(nodes=nodes, servers=servers)

    def _row(self) -> NodeHealth:
        return NodeHealth(
            node=self._node,
            at_ms=_now_ms(),
            since_ms=self._since_ms,
            version=__version__,
            connections=self.connections.total(),
            agents=self.connections["agent"],
            supervisors=self.connections["supervisor"] + self.connections["admin"],
            draining=self.is_draining,
            loop_lag_ms=self._loop_lag_ms,
            log_lag_ms=self._hub.take_lag(),
            store_ms=self._store_ms,
        )


def _now_ms() -> int:
    return round(time.time() * 1000)
