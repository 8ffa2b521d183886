"""Fires the workspaces' timers. One node each by rendezvous hashing; a rival takes over when that one is silent.

Who is responsible is only a matter of thrift: `advance` is safe from any number of nodes at once. A rival passes
`silent_ms`, so that it acts only when nobody has for so long; with both intervals a timer fires within one second of
its time, whoever died.
"""

import asyncio
import functools
import hashlib
import time
from collections.abc import Callable

import msgspec
import structlog
from msgspec import Struct

from casebaton.errors import CasebatonError
from casebaton.store import health, workspaces
from casebaton.store.client import StoreClient
from casebaton.tasks import end

TICK_S = 0.25
IDLE_S = 1.0
SILENT_MS = 600
LIMIT = 50
BURST = 4  # calls that travel together while more is due: each is one short script, and others' commands go in between
SEEN_WITHIN_S = 3.0

logger = structlog.get_logger()


class _Advanced(Struct):
    next_ms: int  # until the next timer: 0 now, -1 none


_read_advanced = msgspec.json.Decoder(_Advanced).decode


def weight(node: str, workspace: str) -> bytes:
    """Rendezvous weight: of all nodes, the greatest is responsible for the workspace."""
    return hashlib.blake2b(f"{node}\n{workspace}".encode(), digest_size=8).digest()


class Timers:
    """One task per workspace of the store. `on_nodes` hears now and then how many nodes share it."""

    def __init__(self, store: StoreClient, node: str, on_nodes: Callable[[int], object] = lambda _: None) -> None:
        self._store = store
        self._node = node
        self._on_nodes = on_nodes
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._nodes: list[str] = [node]

    async def run(self) -> None:
        """Watch the registry and keep a task per workspace, until cancelled. Ends with what one of them failed with."""
        try:
            while True:
                for task in self._tasks.values():
                    if task.done() and not task.cancelled():
                        task.result()
                try:
                    await self._look_around()
                except CasebatonError as error:
                    logger.warning("registry_unreadable", error=error.code)
                await asyncio.sleep(IDLE_S)
        finally:
            await end(*self._tasks.values())

    async def _look_around(self) -> None:
        self._nodes = await health.share_presence(self._store, self._node, time.time(), SEEN_WITHIN_S)
        self._on_nodes(len(self._nodes))
        for name in await workspaces.list_workspaces(self._store):
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(self._advance(name), name=f"timers-{name}")

    def _is_responsible(self, workspace: str) -> bool:
        return max(self._nodes, key=lambda node: weight(node, workspace)) == self._node

    async def _advance(self, workspace: str) -> None:
        calls = 1
        while True:
            silent_ms = "" if self._is_responsible(workspace) else SILENT_MS
            call = functools.partial(
                self._store.run, "advance", workspace, ("engine", "timers"), limit=LIMIT, silent_ms=silent_ms
            )
            try:
                answers = await asyncio.gather(*(call() for _ in range(calls)))
                next_ms = _read_advanced(answers[-1].body).next_ms
            except CasebatonError as error:
                logger.warning("timers_delayed", workspace=workspace, error=error.code)
                next_ms = None
            calls = BURST if next_ms == 0 else 1
            await asyncio.sleep(_pause(next_ms))


def _pause(next_ms: int | None) -> float:
    """Seconds until the next look: at once for what is due, a tick while anything is pending, longer in an idle
    workspace.
    """
    if next_ms is None:
        return TICK_S
    if next_ms < 0:
        return IDLE_S
    return min(next_ms / 1000, TICK_S)
