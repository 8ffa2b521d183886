"""Writes the calendars of opening hours on before they end. Any node does: it is harmless twice."""

import asyncio
import time

import structlog

from casebaton.errors import CasebatonError
from casebaton.store import calendars, workspaces
from casebaton.store.client import StoreClient

EVERY_S = 3600.0  # a calendar reaches hundreds of days ahead

logger = structlog.get_logger()


class Calendars:
    """Looks after all workspaces of the store."""

    def __init__(self, store: StoreClient) -> None:
        self._store = store

    async def run(self) -> None:
        """Look every hour, until cancelled."""
        while True:
            try:
                for workspace in await workspaces.list_workspaces(self._store):
                    await self._renew(workspace)
            except CasebatonError as error:
                logger.warning("calendars_unreadable", error=error.code)
            await asyncio.sleep(EVERY_S)

    async def _renew(self, workspace: str) -> None:
        hours = await calendars.read_hours(self._store, workspace)
        for name in await calendars.renew(self._store, workspace, hours, round(time.time() * 1000)):
            logger.info("calendar_renewed", workspace=workspace, calendar=name)
