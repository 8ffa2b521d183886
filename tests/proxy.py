"""A lossy link: a TCP proxy before the store that loses, holds back or cuts what flows through it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self
from urllib.parse import unquote


class Proxy:
    """Stands before a server on a unix socket; `url` is what clients connect to. An async context manager."""

    def __init__(self, server_url: str) -> None:
        self._path = unquote(server_url.removeprefix("unix://"))
        self._open = asyncio.Event()  # replies flow while it is set
        self._open.set()
        self._to_lose = 0
        self._is_down = False
        self._turned_away = asyncio.Semaphore(0)
        self._lost = asyncio.Event()
        self._held = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._open.set()
        self.cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def url(self) -> str:
        """The `redis://` URL of this end."""
        assert self._server is not None, "not started"
        return f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def lose_reply(self) -> None:
        """Let the next request reach the server, then cut the connection in place of its reply."""
        self._lost.clear()
        self._to_lose += 1

    async def until_lost(self) -> None:
        """Wait until a reply was lost."""
        await self._lost.wait()

    @asynccontextmanager
    async def holding_replies(self) -> AsyncIterator[asyncio.Event]:
        """Hold all replies back inside the block. Yields an event that is set when the first one waits."""
        self._held.clear()
        self._open.clear()
        try:
            yield self._held
        finally:
            self._open.set()

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """Cut everything and take no new connection inside the block."""
        self._is_down = True
        self.cut()
        try:
            yield
        finally:
            self._is_down = False

    async def until_turned_away(self, times: int) -> None:
        """Wait until so many more connections were refused by `down`."""
        for _ in range(times):
            await self._turned_away.acquire()

    def cut(self) -> None:
        """Cut all connections that are open now."""
        for writer in self._writers:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_down:
            writer.transport.abort()
            self._turned_away.release()
            return
        upstream_reader, upstream_writer = await asyncio.open_unix_connection(self._path)
        pair = {writer, upstream_writer}
        self._writers |= pair
        both = {
            asyncio.create_task(self._forward(reader, upstream_writer, is_reply=False)),
            asyncio.create_task(self._forward(upstream_reader, writer, is_reply=True)),
        }
        self._tasks |= both
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for end in pair:
            end.transport.abort()
        await asyncio.wait(both)
        self._writers -= pair
        self._tasks -= both

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_reply: bool) -> None:
        try:
            while chunk := await reader.read(1 << 16):
                if is_reply and self._to_lose:
                    self._to_lose -= 1
                    self._lost.set()
                    return
                if is_reply and not self._open.is_set():
                    self._held.set()
                    await self._open.wait()
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            return  # either end has gone: the other is cut in _connect
