"""Which server the store runs on: an external one by URL, else the embedded one; and whether it may be trusted with
cases.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from casebaton.errors import Unavailable
from casebaton.settings import Durability, Settings
from casebaton.store.connection import connect, reaching
from casebaton.store.embedded import EmbeddedServer, running_url
from casebaton.store.topology import topology_of
from casebaton.store_url import Kind, parse

OLDEST = (7, 0)


class UnsafeStore(Exception):
    """The store would lose cases, or is no store at all; the sentence says why, and how to mend it."""


async def check_place(url: str, kind: Kind) -> None:
    """Refuse a server that is not what its address says, or that takes no writes. Raises UnsafeStore, Unavailable."""
    redis = connect(url)
    try:
        with reaching():
            about = await redis.info("server")
            mode = about.get("redis_mode") or about["server_mode"]  # Valkey under its own name tells the latter
            if mode == "sentinel":
                raise UnsafeStore("this is a Sentinel: write redis+sentinel://host:port/primary-name")
            copying = await redis.info("replication")
    finally:
        await redis.aclose()
    if mode == "cluster" and kind != "cluster":
        raise UnsafeStore("this is one server of a cluster: write redis+cluster://host:port")
    if copying["role"] != "master":
        raise UnsafeStore(
            f"this is a replica: write the address of its primary, {copying['master_host']}:{copying['master_port']}"
        )


async def check_safety(url: str, durability: Durability, replicas: int = 0) -> None:
    """Refuse a server that evicts keys, keeps less than the durability profile promises, or has fewer replicas than
    must have what is acknowledged. Raises UnsafeStore, Unavailable.
    """
    redis = connect(url)
    try:
        with reaching():
            version = (await redis.info("server"))["redis_version"]
            present = int((await redis.info("replication"))["connected_slaves"])
            found = {
                name: str(value)
                for pattern in ("maxmemory-policy", "appendonly", "appendfsync")
                for name, value in (await redis.config_get(pattern)).items()
            }
    finally:
        await redis.aclose()
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise UnsafeStore(f"the store is version {version}; functions need 7.0 or newer")
    wrong = []
    if found["maxmemory-policy"] != "noeviction":
        wrong.append(f"maxmemory-policy is {found['maxmemory-policy']}: CONFIG SET maxmemory-policy noeviction")
    if found["appendonly"] != "yes":
        wrong.append("appendonly is no: CONFIG SET appendonly yes")
    if durability == "always" and found["appendfsync"] != "always":
        wrong.append(
            f"appendfsync is {found['appendfsync']}: CONFIG SET appendfsync always, or run with --durability everysec"
        )
    if durability == "everysec" and found["appendfsync"] == "no":
        wrong.append("appendfsync is no: CONFIG SET appendfsync everysec")
    if present < replicas:
        wrong.append(f"it has {present} of the {replicas} replicas that --replicas asks for")
    if wrong:
        raise UnsafeStore("refusing to start, cases could be lost: " + "; ".join(wrong))


def place(settings: Settings) -> str:
    """Where the store is, for people: the server's address, without a password, or the data directory."""
    if not settings.redis_url:
        return f"--data-dir {Path(settings.data_dir).resolve()}"
    return f"--redis-url {parse(settings.redis_url).without_secrets()}"


async def _check_external(settings: Settings) -> None:
    """Check an operator's own servers, of Sentinels and clusters each primary; whatever is wrong names the address."""
    address = place(settings)
    kind, topology = parse(settings.redis_url).kind, topology_of(settings.redis_url)
    try:
        await topology.refresh()
        for url in topology.primaries:
            if kind != "single":
                address = f"{place(settings)}: {parse(url).without_secrets()}"
            await check_place(url, kind)
            await check_safety(url, settings.durability, settings.replicas)
    except (ValueError, TypeError) as error:
        raise UnsafeStore(f"{address}: it has options that redis-py does not know") from error
    except UnsafeStore as error:
        raise UnsafeStore(f"{address}: {error}") from error
    except Unavailable as error:
        raise Unavailable(f"{address}: {error.detail}") from error


async def _find_running(settings: Settings) -> str | None:
    """The embedded server that a node runs on the data directory right now, if it answers."""
    url = running_url(Path(settings.data_dir))
    if url is None:
        return None
    try:
        await check_safety(url, settings.durability)
    except Unavailable:
        return None  # left behind by a kill
    return url


@asynccontextmanager
async def open_server(
    settings: Settings, *, share: bool = False, on_loss: Callable[[], None] = lambda: None
) -> AsyncIterator[str]:
    """The store's URL for as long as the block runs: checked, and respawned if it is the embedded one.

    With `share`, the embedded server of a node that runs on the same data directory will do. When the embedded one is
    given up, `on_loss` is called, and the block's end raises EmbeddedServerError.
    Raises UnsafeStore, Unavailable or EmbeddedServerError.
    """
    if settings.redis_url:
        await _check_external(settings)
        yield settings.redis_url
        return
    if share and (url := await _find_running(settings)):
        yield url
        return
    binary = Path(settings.redis_binary) if settings.redis_binary else None
    async with EmbeddedServer(Path(settings.data_dir), fsync=settings.durability, binary=binary) as server:
        await check_safety(server.url, settings.durability, settings.replicas)
        watch = asyncio.create_task(server.watch(), name="embedded-server")
        watch.add_done_callback(lambda watch: None if watch.cancelled() else on_loss())
        try:
            yield server.url
        finally:
            watch.cancel()
            await asyncio.wait({watch})
            if not watch.cancelled():
                watch.result()  # why whatever the block met could not be helped
