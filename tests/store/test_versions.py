"""Versions of the configuration: what is kept of them, and what is swept away."""

import asyncio

import pytest

from casebaton.errors import Refused
from casebaton.store import versions, workspaces
from casebaton.store.keys import key
from casebaton.workspace import document
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine
from tests.store.test_workspaces import apply


async def numbers(engine: Engine) -> list[int]:
    return [found.version for found in await versions.list_versions(engine.store, engine.workspace)]


async def keys_of(engine: Engine, version: int) -> list[str]:
    """What is stored of a version, by the tails of the keys."""
    prefix = key(engine.workspace, f"config:{version}:")
    found = [name.decode() async for name in engine.store.redis.scan_iter(f"{prefix}*", count=1000)]
    return sorted(name.removeprefix(prefix) for name in found)


async def test_each_version_says_when_it_came_into_force_and_by_whom(watched: WatchedEngine) -> None:
    watched.now += 5000
    await apply(watched, BASIC + "[queues.new]\n", actor=("admin", "ann"))
    newest, first = await versions.list_versions(watched.store, "acme")
    assert (newest.version, newest.at_ms, newest.actor) == (2, watched.now, "admin:ann")
    assert (first.version, first.at_ms, first.actor) == (1, watched.now - 5000, "admin:apply")
    assert newest.digest == document.digest(document.parse(BASIC + "[queues.new]\n")) != first.digest


async def test_a_versions_document_is_its_structure_with_every_default_and_without_people(
    watched: WatchedEngine,
) -> None:
    text = BASIC + "[queues.new]\nexclusion_s = 1.5\n[agents.ana]\n"
    await apply(watched, text)
    found, stored = await versions.read_version(watched.store, "acme")
    assert (found.version, stored.agents) == (2, {})
    assert (stored.channels, stored.queues) == (document.parse(text).channels, document.parse(text).queues)
    _, first = await versions.read_version(watched.store, "acme", 1)
    assert first == document.parse(BASIC)


async def test_what_is_not_kept_is_refused(watched: WatchedEngine) -> None:
    for version in (0, 2, 99):
        with pytest.raises(Refused, match=f"UNKNOWN_VERSION: version {version} "):
            await versions.read_version(watched.store, "acme", version)
    with pytest.raises(Refused, match="NO_SUCH_WORKSPACE"):
        await versions.list_versions(watched.store, "nowhere")


async def test_a_replaced_version_leaves_its_document_and_nothing_else(watched: WatchedEngine) -> None:
    await apply(watched, BASIC + "[queues.new]\n")
    await watched.advance(by=1)
    assert await keys_of(watched, 1) == ["document"]
    assert {"names", "document", "queue:new", "channel:case", "workspace"} <= set(await keys_of(watched, 2))
    await watched.submit("one", "new")
    assert await watched.line("new") == ["one"]


async def test_a_version_of_many_parts_is_swept_in_slices(watched: WatchedEngine) -> None:
    await apply(watched, BASIC + "".join(f"[queues.q-{n}]\n" for n in range(450)))
    await apply(watched, BASIC)
    await watched.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
    await watched.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
    assert 0 < len(await keys_of(watched, 2)) < 452
    await watched.tick()
    assert await keys_of(watched, 2) == ["document"]


async def test_fifty_versions_are_kept(watched: WatchedEngine) -> None:
    watched.watching = False
    for n in range(60):
        await apply(watched, BASIC + f"[workspace]\nretention_s = {600 + n}\n")
    await watched.tick()
    assert await numbers(watched) == list(range(61, 11, -1))
    assert await keys_of(watched, 11) == []
    assert await keys_of(watched, 12) == ["document"]
    _, oldest = await versions.read_version(watched.store, "acme", 12)
    assert oldest.workspace.retention_s == 610


async def test_what_was_staged_and_refused_leaves_nothing(watched: WatchedEngine) -> None:
    await watched.submit("one")
    for text, asked in ((BASIC.replace("[queues.support]\n", ""), {}), (BASIC + "[queues.new]\n", {"previous": 7})):
        with pytest.raises(Refused, match=r"QUEUE_NOT_EMPTY|CONFIG_CHANGED"):
            await apply(watched, text, **asked)
    for version in (2, 3):
        assert await keys_of(watched, version) == []


async def test_what_a_killed_caller_has_staged_is_swept_by_a_later_one(watched: WatchedEngine) -> None:
    redis = watched.store.redis
    assert await redis.hincrby("{acme}:meta", "staged", 1) == 2
    await redis.sadd("{acme}:config:2:names", "queue:lost")
    await redis.hset("{acme}:config:2:queue:lost", "mode", "push")
    await redis.set("{acme}:config:2:document", "{}")
    assert (await apply(watched, BASIC + "[queues.new]\n")).version == 3
    await watched.tick()
    assert await keys_of(watched, 2) == []
    assert await numbers(watched) == [3, 1]


async def test_what_is_read_while_versions_come_and_go_is_always_whole(engine: Engine) -> None:
    async def replace_again_and_again() -> None:
        for n in range(30):
            await apply(engine, BASIC + f"[workspace]\nretention_s = {600 + n}\n")
            await engine.tick()

    async def read_again_and_again() -> int:
        reads = 0
        while not replacing.done():
            assert len(await workspaces.queue_modes(engine.store, "acme")) == 4
            reads += 1
        return reads

    replacing = asyncio.create_task(replace_again_and_again())
    assert await read_again_and_again() > 10
    await replacing


async def test_the_same_command_again_answers_the_same_whatever_came_in_between(watched: WatchedEngine) -> None:
    first = await apply(watched, BASIC + "[queues.one]\n", command_id="k-1", previous=1)
    await apply(watched, BASIC + "[queues.two]\n", command_id="k-2")
    again = await apply(watched, BASIC + "[queues.one]\n", command_id="k-1", previous=1)
    assert (again.version, again.structure_changed) == (first.version, True) == (2, True)
    assert "two" in await workspaces.queue_modes(watched.store, "acme")
    assert await numbers(watched) == [3, 2, 1]
    assert await keys_of(watched, 4) == []
