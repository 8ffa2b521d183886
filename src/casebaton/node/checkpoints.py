"""Keeps the logs short: now and then folds old entries into the checkpoint and lets them go."""

import asyncio

import structlog

from casebaton.errors import CasebatonError
from casebaton.store import checkpoint, workspaces
from casebaton.store.client import StoreClient

EVERY_S = 30.0

logger = structlog.get_logger()


class Checkpoints:
    """One loop for all workspaces. Rivals on other nodes are harmless: the checkpoint moves by compare-and-set."""

    def __init__(self, store: StoreClient, *, keep_entries: int) -> None:
        self._store = store
        self._keep_entries = keep_entries

    async def run(self) -> None:
        """Advance every workspace's checkpoint, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                for workspace in await workspaces.list_workspaces(self._store):
                    await checkpoint.advance_checkpoint(self._store, workspace, keep_entries=self._keep_entries)
            except CasebatonError as error:
                logger.warning("checkpoint_delayed", error=error.code)
