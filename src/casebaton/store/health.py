"""How nodes and servers of the store are: each node tells the others, and reads what they told."""

import asyncio
import re
from typing import Any

import msgspec
from msgspec import Struct
from redis.exceptions import RedisError

from casebaton.store.client import StoreClient
from casebaton.store.connection import RawRedis, reaching
from casebaton.store.keys import HEALTH, NODES

KEPT_MS = 60_000  # for so long a node that has fallen silent is still told of
ANSWER_WITHIN_S = 1.0


class NodeHealth(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A node as it told at `at_ms`; it runs since `since_ms` (Unix ms, both by its own clock).

    Its `connections`, and how many of them are agents' and supervisors'. How much later than wanted its event loop
    came back (`loop_lag_ms`), how long entries of the log took at most to be handed on (`log_lag_ms`, by the clocks of
    the store and the node), and how long the store took to answer (`store_ms`), all of the last second.
    """

    node: str
    at_ms: int
    since_ms: int
    version: str
    connections: int = 0
    agents: int = 0
    supervisors: int = 0
    draining: bool = False
    loop_lag_ms: int = 0
    log_lag_ms: int = 0
    store_ms: int = 0


class ServerHealth(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A primary of the store as it is now; without a `version` it does not answer."""

    server: str
    kind: str = ""
    version: str = ""
    role: str = ""
    replicas: int = 0
    memory_bytes: int = 0
    memory_limit_bytes: int = 0


class SystemHealth(Struct, frozen=True, kw_only=True):
    """All nodes by name, and the store's primaries."""

    nodes: tuple[NodeHealth, ...]
    servers: tuple[ServerHealth, ...]


_read_node = msgspec.json.Decoder(NodeHealth).decode


async def share_presence(store: StoreClient, node: str, now: float, within_s: float) -> list[str]:
    """Say that this node lives, forget the nodes silent for a minute, and name those seen within so many seconds."""
    pipeline = store.redis.pipeline(transaction=False)
    pipeline.zadd(NODES, {node: now})
    pipeline.zremrangebyscore(NODES, "-inf", now - 60)
    pipeline.zrangebyscore(NODES, now - within_s, "+inf")
    with reaching():
        return [name.decode() for name in (await pipeline.execute())[2]]


async def share(store: StoreClient, row: NodeHealth) -> tuple[NodeHealth, ...]:
    """Tell how this node is; all nodes that have told within a minute, by name. Raises Unavailable."""
    pipeline = store.redis.pipeline(transaction=False)
    pipeline.hset(HEALTH, row.node, msgspec.json.encode(row))
    pipeline.hgetall(HEALTH)
    with reaching():
        _, told = await pipeline.execute()
        known = {name: _read(text) for name, text in told.items()}
        silent = [name for name, node in known.items() if node is not None and node.at_ms < row.at_ms - KEPT_MS]
        if silent:
            await store.redis.hdel(HEALTH, *silent)
    return tuple(node for name, node in sorted(known.items()) if node is not None and name not in silent)


def _read(text: bytes) -> NodeHealth | None:
    try:
        return _read_node(text)
    except msgspec.DecodeError:
        return None  # a node of another version, whose shape is not known here


async def leave(store: StoreClient, node: str) -> None:
    """This node is no more. Raises Unavailable."""
    with reaching():
        await store.redis.hdel(HEALTH, node)


async def read_servers(store: StoreClient) -> tuple[ServerHealth, ...]:
    """The store's primaries, asked all at once."""
    asked = (_ask(place, redis) for place, redis in zip(store.places, store.primaries, strict=True))
    return tuple(await asyncio.gather(*asked))


async def _ask(place: str, redis: RawRedis) -> ServerHealth:
    server = re.sub(r"^\w+://", "", place)
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            says = await redis.execute_command("INFO", "server", "memory", "replication")
    except (RedisError, OSError):
        return ServerHealth(server=server)
    return _server(server, says)


def _server(server: str, says: dict[str, Any]) -> ServerHealth:
    """Valkey tells its own version beside that of the Redis that it is compatible with; hosted servers tell less."""
    kind = "valkey" if "valkey_version" in says else "redis"
    return ServerHealth(
        server=server,
        kind=kind,
        version=str(says.get(f"{kind}_version", "")),
        role=says.get("role", ""),
        replicas=says.get("connected_slaves", 0),
        memory_bytes=says.get("used_memory", 0),
        memory_limit_bytes=says.get("maxmemory", 0),
    )
