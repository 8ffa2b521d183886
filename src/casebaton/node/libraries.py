"""Deletes, every hour, the function libraries of versions that no node has run for a day."""

import asyncio
import time

import structlog

from casebaton.errors import CasebatonError
from casebaton.store import libraries
from casebaton.store.client import StoreClient

EVERY_S = 3600.0

logger = structlog.get_logger()


class Libraries:
    """One loop for the whole store."""

    def __init__(self, store: StoreClient) -> None:
        self._store = store

    async def run(self) -> None:
        """Look for unused libraries until cancelled."""
        while True:
            try:
                for name in await libraries.forget_unused(self._store, time.time()):
                    logger.info("library_deleted", library=name)
            except CasebatonError as error:
                logger.warning("libraries_unreadable", error=error.code)
            await asyncio.sleep(EVERY_S)
