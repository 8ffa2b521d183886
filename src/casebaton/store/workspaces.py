"""Which workspaces there are, and how a document becomes the configuration in force."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from casebaton.store.client import Answer, StoreClient, reaching
from casebaton.store.keys import NODES, REGISTRY, key
from casebaton.workspace.document import Document, Settings

ADMIN = ("admin", "apply")


class Applied(Struct, frozen=True):
    """What an apply did."""

    version: int
    structure_changed: bool
    agents: int


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "offer_limit": settings.offer_limit,
        "retention_ms": _ms(settings.retention_s),
        "grace_ms": _ms(settings.grace_s),
        "gone_ms": _ms(settings.gone_s),
        "reopen_ms": _ms(settings.reopen_s),
    }


def _structure(document: Document) -> dict[str, dict[str, str]]:
    """The hashes that the engine reads, by the tail of their keys."""
    found: dict[str, dict[str, int | str]] = {"workspace": dict(_settings(document.workspace))}
    for name, queue in document.queues.items():
        found[f"queue:{name}"] = {"mode": queue.mode, "exclusion_ms": _ms(queue.exclusion_s)}
    for name, channel in document.channels.items():
        found[f"channel:{name}"] = {
            "pool": channel.pool,
            "cost": channel.cost,
            "ring_ms": _ms(channel.ring_s),
            "cooldown_ms": _ms(channel.cooldown_s),
            "miss_limit": channel.miss_limit,
            "wrap_up_ms": _ms(channel.wrap_up_s),
            "wrap_up_extensions": channel.wrap_up_extensions,
            "parked_cost": channel.parked_cost,
            "wake_limit_ms": _ms(channel.wake_limit_s),
        }
    return {name: {field: str(value) for field, value in row.items()} for name, row in found.items()}


async def list_workspaces(store: StoreClient) -> list[str]:
    """All workspaces of this store, sorted."""
    with reaching():
        return sorted(name.decode() for name in await store.redis.smembers(REGISTRY))


async def config_version(store: StoreClient, workspace: str) -> int:
    """The version in force; 0 before the first apply."""
    with reaching():
        return int(await store.redis.hget(key(workspace, "meta"), "config") or 0)


async def _read_structure(store: StoreClient, workspace: str, version: int) -> dict[str, dict[str, str]]:
    """The structure of a version, as `_structure` lays it out."""
    prefix = key(workspace, f"config:{version}")
    with reaching():
        names = sorted(name.decode() for name in await store.redis.smembers(f"{prefix}:names"))
        pipeline = store.redis.pipeline(transaction=False)
        for name in names:
            pipeline.hgetall(f"{prefix}:{name}")
        rows = await pipeline.execute()
    return {
        name: {field.decode(): value.decode() for field, value in row.items()}
        for name, row in zip(names, rows, strict=True)
    }


async def queue_modes(store: StoreClient, workspace: str) -> dict[str, str]:
    """Every queue and its mode; retired ones are not among them."""
    structure = await _read_structure(store, workspace, await config_version(store, workspace))
    return {
        name[6:]: row["mode"] for name, row in structure.items() if name.startswith("queue:") and "retired" not in row
    }


async def _stage_and_flip(store: StoreClient, workspace: str, document: Document, now: int | None) -> bool:
    """Write the structure beside the one in force and flip to it, unless nothing differs. Raises Refused.

    What the document no longer names stays for the live cases that are of it: a channel as it was, a queue retired
    (nothing new comes in; what its agents hold can still be returned and goes on being offered).
    """
    previous = await config_version(store, workspace)
    present = await _read_structure(store, workspace, previous)
    wanted = _structure(document)
    for name, row in present.items():
        if name not in wanted:
            wanted[name] = row | {"retired": "1"} if name.startswith("queue:") else row
    if wanted == present:
        return False
    # A number of its own for every attempt: of two that stage at once, neither writes into what the other flips to.
    version = await store.redis.hincrby(key(workspace, "meta"), "staged", 1)
    prefix = key(workspace, f"config:{version}")
    pipeline = store.redis.pipeline(transaction=True)
    pipeline.sadd(f"{prefix}:names", *wanted)
    for name, row in wanted.items():
        pipeline.hset(f"{prefix}:{name}", mapping=row)
    await pipeline.execute()

    def is_changed(name: str) -> bool:
        # Another offer limit makes other agents ready: the classes of every queue are built anew.
        limits = [structure["workspace"]["offer_limit"] for structure in (wanted, present)]
        return wanted[name]["mode"] != present[name]["mode"] or limits[0] != limits[1]

    def queues(differs: Callable[[str], bool]) -> str:
        return ",".join(name[6:] for name in present if name.startswith("queue:") and differs(name))

    await store.run(
        "flip_config",
        workspace,
        ADMIN,
        now=now,
        version=version,
        previous=previous,
        changed=queues(is_changed),
        removed=queues(lambda name: "retired" in wanted[name] and "retired" not in present[name]),
        **_settings(document.workspace),
    )
    return True


async def apply(store: StoreClient, workspace: str, document: Document, *, now: int | None = None) -> Applied:
    """Make the document the workspace's structure and roster; the workspace is created when it is new.

    Safe to run twice. Agents that the document does not name stay as they are. Raises Refused when another apply came
    in between.
    """
    await store.run("create_workspace", workspace, ADMIN, now=now, **_settings(document.workspace))
    await store.redis.sadd(REGISTRY, workspace)
    changed = await _stage_and_flip(store, workspace, document, now)
    for name, agent in document.agents.items():
        await store.run(
            "set_agent",
            workspace,
            ADMIN,
            now=now,
            agent=name,
            create=1,
            name=agent.name or name,
            team=agent.team,
            capacity=agent.capacity,
            interruptible_capacity=agent.interruptible_capacity,
            queues=",".join(sorted(set(agent.queues))) or "-",
        )
    return Applied(await config_version(store, workspace), changed, len(document.agents))


async def share_presence(store: StoreClient, node: str, now: float, within_s: float) -> list[str]:
    """Say that this node lives, forget those silent for a minute, and name the nodes seen within so many seconds."""
    pipeline = store.redis.pipeline(transaction=False)
    pipeline.zadd(NODES, {node: now})
    pipeline.zremrangebyscore(NODES, "-inf", now - 60)
    pipeline.zrangebyscore(NODES, now - within_s, "+inf")
    with reaching():
        return [name.decode() for name in (await pipeline.execute())[2]]


def read_next(answer: Answer) -> int:
    """Milliseconds until the next timer, as `advance` told: 0 now, -1 none."""
    return msgspec.json.decode(answer.body, type=_Advanced).next_ms


class _Advanced(Struct):
    next_ms: int
    fired: int
