"""A node: the one composition root. Makes the parts, runs their loops, and ends them in order."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator
from types import FrameType

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from casebaton.auth import Tokens
from casebaton.errors import CasebatonError
from casebaton.http import agents, cases, config, customers, pages, problems, queues, reports, roster, tokens
from casebaton.http.requests import Services, json
from casebaton.node.calendars import Calendars
from casebaton.node.checkpoints import Checkpoints
from casebaton.node.gateway import Gateway
from casebaton.node.health import Health
from casebaton.node.hub import Hub
from casebaton.node.lease import Lease
from casebaton.node.libraries import Libraries
from casebaton.node.protocols import HttpProtocol, WebSocketProtocol
from casebaton.node.reporting import Reporting
from casebaton.node.timers import Timers
from casebaton.settings import Settings
from casebaton.store.client import StoreClient
from casebaton.store.retention import Keep
from casebaton.tasks import end

READY_WITHIN_S = 0.5
RELEASE_WITHIN_S = 2.0
_ENDED = b'{"status":"a part has ended, the node stops"}'

logger = structlog.get_logger()


class Node:
    """Holds sockets and a read position; any node serves any agent, and killing one loses nothing."""

    def __init__(self, settings: Settings, redis_url: str, lost: asyncio.Event | None = None) -> None:
        """`lost` is set, by the node or from outside, once something has ended that it cannot do without."""
        self.settings = settings
        self.lost = lost or asyncio.Event()
        self.store = StoreClient(redis_url, replicas=settings.replicas)
        self.store.on_moved(lambda: logger.info("primaries_found", at=self.store.places))
        self.hub = Hub(self.store)
        self.tokens = Tokens(settings.auth_secret)
        self.lease = Lease(self.store, lease_ms=settings.lease_ms, connections_per_agent=settings.connections_per_agent)
        self.timers = Timers(self.store, self.lease.node, self.hub.share)
        keep = Keep(settings.keep_log_entries, settings.keep_log_s)
        self.checkpoints = Checkpoints(self.store, self.hub, self.lease.node, keep)
        self.libraries = Libraries(self.store)
        self.calendars = Calendars(self.store)
        self.reporting = Reporting(settings)
        self.health = Health(self.store, self.hub, self.lease.node)
        self.gateway = Gateway(self.store, self.hub, self.lease, self.tokens, settings, self.health, self.reporting)
        self.app = Starlette(
            routes=[
                Route("/livez", self._livez),
                Route("/readyz", self._readyz),
                *pages.routes(is_dev=settings.dev),
                WebSocketRoute("/v1/{workspace}/ws", self.gateway),
                *cases.ROUTES,
                *queues.ROUTES,
                *agents.ROUTES,
                *config.ROUTES,
                *customers.ROUTES,
                *roster.ROUTES,
                *tokens.ROUTES,
                *reports.ROUTES,
            ],
            exception_handlers={
                CasebatonError: problems.handle,
                HTTPException: problems.no_page,
                ClientDisconnect: problems.gone,
                Exception: problems.fault,
            },
            lifespan=self._lifespan,
        )
        self._loops: list[asyncio.Task[None]] = []
        self.failed_loop = ""
        self.app.state.services = Services(self.store, self.tokens, settings, self.reporting.ask)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._loops = [
            asyncio.create_task(part.run(), name=type(part).__name__)
            for part in (
                *(self.hub, self.lease, self.timers, self.checkpoints, self.libraries, self.calendars),
                *(self.health, self.gateway.counts),
            )
        ]
        for loop in self._loops:
            loop.add_done_callback(self._report)
        try:
            yield
        finally:
            await end(*(loop for loop in self._loops if not loop.done()))
            with contextlib.suppress(CasebatonError, TimeoutError):  # a store that is gone ends the lease by itself
                async with asyncio.timeout(RELEASE_WITHIN_S):
                    await self.lease.release()
                    await self.health.leave()
            await self.reporting.close()
            await self.gateway.overviews.close()
            await self.hub.close()
            await self.store.close()

    async def _livez(self, _: Request) -> Response:
        if self.lost.is_set():
            return json(_ENDED, 503)
        return json(b'{"status":"alive"}')

    async def _readyz(self, _: Request) -> Response:
        if self.lost.is_set():
            return json(_ENDED, 503)
        if self.gateway.is_draining:
            return json(b'{"status":"draining"}', 503)
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await self.store.ping()
        except (TimeoutError, CasebatonError):
            return json(b'{"status":"store unreachable"}', 503)
        return json(b'{"status":"ready","node":"%s"}' % self.lease.node.encode())  # of several on one port, which

    async def drain(self) -> None:
        """Send the clients elsewhere. Safe to call again."""
        if not self.gateway.is_draining:
            logger.info("node_draining", connections=len(self.gateway.connections))
            await self.gateway.drain(self.settings.drain_s)

    def _report(self, loop: asyncio.Task[None]) -> None:
        """A loop never ends by itself. When one does, a node that went on would keep clients whom it serves no more."""
        if not loop.cancelled():
            logger.error("loop_ended", loop=loop.get_name(), exc_info=loop.exception())
            self.failed_loop = loop.get_name()
            self.lost.set()


class Server(uvicorn.Server):
    """Uvicorn that drains its node before it closes sockets, and ends when the node can serve no longer."""

    def __init__(self, node: Node) -> None:
        settings = node.settings
        self.node = node
        self.listening = asyncio.Event()
        super().__init__(
            uvicorn.Config(
                node.app,
                host=settings.host,
                port=settings.port,
                loop="uvloop",
                http=HttpProtocol,
                ws=WebSocketProtocol,
                ws_max_size=settings.frame_bytes * 4,  # up to here a frame gets an answer that names the limit
                ws_ping_interval=settings.ping_interval_s,
                ws_ping_timeout=settings.ping_interval_s,
                ws_per_message_deflate=False,
                timeout_keep_alive=settings.request_timeout_s,
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return port

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """End once drained; a second SIGINT ends at once.

        Uvicorn's own would raise the signal again afterwards, and that before the embedded server has been stopped.
        """
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so. Raises Unavailable when the store does not take the library."""
        try:
            await self.node.store.load()  # not in the lifespan: uvicorn makes a traceback of what that raises
        except CasebatonError:
            await self.node.store.close()
            raise
        await super().startup(sockets)
        if self.started:
            self.listening.set()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: is it time to end?"""
        return self.node.lost.is_set() or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then end."""
        await self.node.drain()
        await super().shutdown(sockets)
