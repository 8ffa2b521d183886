"""A scripted server, a clock moved by hand, and clients that are closed after each test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from casebaton.client import Client
from tests.client.peer import WITHIN_S, EvenChance, HandClock, Json, Peer, Script, listening


class Stage:
    """A server, a clock, and the clients of one test."""

    def __init__(self, script: Script, stack: AsyncExitStack) -> None:
        self.script = script
        self.clock = HandClock()
        self._stack = stack

    def client(self, **options: Any) -> Client:
        """Make a client that is closed after the test."""
        known: dict[str, Any] = {"token": "t-1", "clock": self.clock, "random": EvenChance()}
        client = Client(f"http://127.0.0.1:{self.script.port}", "demo", **known | options)
        self._stack.push_async_callback(client.close)
        return client

    async def connected(
        self, snapshot: Json | None = None, *, role: str = "agent", **options: Any
    ) -> tuple[Client, Peer]:
        """Make a client and let the server welcome it."""
        client = self.client(**options)
        opening = asyncio.create_task(client.open())
        peer = await self.script.peer()
        await peer.welcome({} if role != "agent" else snapshot, role=role)
        async with asyncio.timeout(WITHIN_S):
            await opening
        return client, peer

    async def returned(self, snapshot: Json | None = None, **fields: Any) -> Peer:
        """Let the first wait after a loss pass, and welcome the client again."""
        await self.clock.waits(0.25)
        self.clock.advance(0.25)
        peer = await self.script.peer()
        await peer.welcome(snapshot, **fields)
        return peer


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    async with listening() as script, AsyncExitStack() as stack:
        yield Stage(script, stack)
