"""Runs one node from start to drain."""

import asyncio
import contextlib
import errno
import gc
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import structlog

from casebaton.auth import read_secret
from casebaton.node import histories
from casebaton.node.node import Node, Server
from casebaton.settings import LOOPBACK, Settings
from casebaton.store.server import open_server
from casebaton.tasks import LoopEnded

# Python's own pace of looking for garbage, (700, 10, 10), walks through all that lives here 14 times while 6,000 lost
# connections come back, up to 0.4 s at once, a third of the node's time; at this pace it does so once.
COLLECT_AFTER = (10_000, 10, 10)

logger = structlog.get_logger()


def complete(settings: Settings) -> Settings:
    """Fill in what has no fixed default: the secret kept in the data directory, the page's own origin."""
    secret = settings.auth_secret or read_secret(Path(settings.data_dir))
    origins = settings.origins
    if not origins and settings.host in LOOPBACK and settings.port:
        loopback = "::1" if settings.host == "::1" else "127.0.0.1"
        origins = [base_url(host, settings.port) for host in (loopback, "localhost")]
    return msgspec.structs.replace(settings, auth_secret=secret, origins=origins)


def listen(host: str, port: int, *, reuse_port: bool = False) -> socket.socket:
    """A listening socket; with `reuse_port` beside those of other processes, over which Linux spreads the connections.

    Raises OSError with a sentence: uvicorn, left to bind by itself, would end the process.
    """
    with _naming(host, port):
        return socket.create_server((host, port), family=family_of(host), backlog=2048, reuse_port=reuse_port)


@contextlib.contextmanager
def claim(host: str, port: int) -> Iterator[int]:
    """The port's number, kept for sockets with `reuse_port` for as long as the block runs.

    Raises OSError with a sentence, also when others share the port already: a first socket, which shares with nobody,
    finds that out. The one that keeps it is bound and does not listen, so that no connection comes to it.
    """
    with listen(host, port) as alone:
        port = alone.getsockname()[1]
    with socket.socket(family_of(host)) as keeper:
        with _naming(host, port):
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            keeper.bind((host, port))
        yield port


def base_url(host: str, port: int) -> str:
    """Where a node is reached."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def family_of(host: str) -> socket.AddressFamily:
    """IPv6 for its addresses, else IPv4."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@contextlib.contextmanager
def _naming(host: str, port: int) -> Iterator[None]:
    """Say of an error at binding what is wrong, and what to do."""
    try:
        yield
    except UnicodeError as error:
        raise OSError(f"cannot listen on {host}: this cannot be a host's name; choose another --host") from error
    except OSError as error:
        wrong = "--port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
        why = (error.strerror or str(error)).partition(" (while")[0]  # Python adds what it was doing
        raise OSError(f"cannot listen on {host}:{port}: {why}; choose another {wrong}") from error


async def serve(
    settings: Settings, on_ready: Callable[[Node, str], Awaitable[None]] | None = None, *, has_history: bool = True
) -> None:
    """Serve until SIGTERM or SIGINT. `on_ready(node, base_url)` runs beside the server once it listens, and with
    `has_history` a process that writes the histories.

    Raises UnsafeStore, Unavailable or EmbeddedServerError before it listens, and OSError when the port is taken.
    Later on it drains and raises EmbeddedServerError when the embedded server is given up, LoopEnded when a loop ended
    or who writes the histories cannot start.
    """
    settings = complete(settings)
    with listen(settings.host, settings.port, reuse_port=settings.workers > 1) as listening_socket:
        await _serve_on(listening_socket, settings, on_ready, has_history=has_history)


async def _serve_on(
    listening_socket: socket.socket,
    settings: Settings,
    on_ready: Callable[[Node, str], Awaitable[None]] | None,
    *,
    has_history: bool,
) -> None:
    lost = asyncio.Event()
    async with (
        open_server(settings, on_loss=lost.set) as redis_url,
        histories.beside(settings, redis_url, on_end=lost.set) if has_history else contextlib.nullcontext(),
    ):
        node = Node(settings, redis_url, lost)
        server = Server(node)
        serving = asyncio.create_task(server.serve([listening_socket]), name="server")
        beside: asyncio.Task[None] | None = None
        listening = asyncio.create_task(server.listening.wait(), name="listening")
        await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if server.started:
            url = base_url(settings.host, server.port)
            gc.freeze()
            gc.set_threshold(*COLLECT_AFTER)
            logger.info("node_started", url=url, durability=settings.durability, node=node.lease.node)
            if on_ready is not None:
                beside = asyncio.create_task(_beside(on_ready(node, url), server), name="beside")
        await serving
        if beside is not None:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
            if not beside.cancelled() and (error := beside.exception()):
                raise error
        if node.failed_loop:
            raise LoopEnded(f"the node has stopped because {node.failed_loop} ended: start it again; the log says why")


async def _beside(work: Awaitable[None], server: Server) -> None:
    """When the work beside the server ends, by itself or by an error, the server ends too."""
    try:
        await work
    finally:
        server.should_exit = True
