"""Keeps the logs short: now and then folds old entries into the checkpoint and lets them go."""

import asyncio

import structlog

from casebaton.errors import CasebatonError
from casebaton.node.hub import Hub
from casebaton.store import checkpoint, retention, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.retention import Keep

EVERY_S = 30.0
BEHIND_MS = 60_000  # what a history has not stored then keeps the log from being trimmed

logger = structlog.get_logger()


class Checkpoints:
    """One loop for all workspaces. Rivals on other nodes are harmless: the checkpoint moves by compare-and-set,
    and never past where a node has said it reads.
    """

    def __init__(self, store: StoreClient, hub: Hub, node: str, keep: Keep) -> None:
        self._store = store
        self._hub = hub
        self._node = node
        self._keep = keep

    async def run(self) -> None:
        """Advance every workspace's checkpoint, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                names = await workspaces.list_workspaces(self._store)
            except CasebatonError as error:
                logger.warning("checkpoint_delayed", error=error.code)
                continue
            for name in names:
                await self._advance(name)

    async def _advance(self, workspace: str) -> None:
        """One workspace; a log that does not fold is not trimmed, and keeps no other from it."""
        try:
            if position := self._hub.position(workspace):
                await checkpoint.mark_reader(self._store, workspace, self._node, position)
            await checkpoint.advance_checkpoint(self._store, workspace, self._keep)
            lag_ms = await retention.history_lag_ms(self._store, workspace) or 0
            if lag_ms > BEHIND_MS:
                logger.warning("history_behind", workspace=workspace, seconds=lag_ms // 1000)
        except CasebatonError as error:
            logger.warning("checkpoint_delayed", workspace=workspace, error=error.code)
