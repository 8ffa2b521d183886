"""What supervisors are told beside agents and queues: figures of the last hour, alerts, and how nodes and store are."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from casebaton import __version__
from casebaton.auth import Scope
from casebaton.client import Client, Overview
from casebaton.node import backfill, beginning, board, health, overviews
from casebaton.store import alerts, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.health import NodeHealth
from casebaton.store.keys import HEALTH
from casebaton.workspace import document
from tests.node.conftest import DOCUMENT
from tests.node.world import WITHIN_S, RunningNode, run_node, until

POOL, TEAM = Scope(("pool",)), Scope((), ("north",))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "PUBLISH_EVERY_S", 0.01)
    monkeypatch.setattr(overviews, "BOARD_EVERY_S", 0.01)


@asynccontextmanager
async def watching(node: RunningNode, scope: Scope | None = None, subject: str = "sue") -> AsyncIterator[Overview]:
    """A supervisor's overview."""
    token = node.token("supervisor", subject, scope=scope)
    async with Client(node.base_url, "acme", token=token) as client:
        yield await client.watch_workspace()


async def shows(overview: Overview, holds: Callable[[], Any]) -> None:
    """Wait until it shows what is wanted."""
    async with asyncio.timeout(WITHIN_S):
        while not holds():
            await overview.changed()


def total(overview: Overview, queue: str, field: str) -> int:
    """The sum over a queue's minutes."""
    return sum(getattr(row, field) for row in overview.minutes.get(queue, {}).values())


async def submit(node: RunningNode, case: str, queue: str = "pool") -> None:
    """A case comes into a queue."""
    async with node.signed_in("producer", "crm") as crm:
        assert "ok" in await crm.command("submit_case", queue=queue, subject="Printer", case=case)


async def take(node: RunningNode, case: str) -> None:
    """Ana takes a case from the pool."""
    found = await node.node.store.run("read_case", "acme", ("producer", "crm"), case=case)
    async with node.online("ana") as ana:
        assert "ok" in await ana.command("take_case", case=case, baton=json.loads(found.body)["baton"])


# -- figures ---------------------------------------------------------------------------------------------------------


async def test_what_happens_is_counted_as_it_happens(node: RunningNode) -> None:
    async with watching(node) as sue:
        assert sue.minutes == {}
        await submit(node, "c-1")
        await shows(sue, lambda: total(sue, "pool", "arrived") == 1)
        await take(node, "c-1")
        await shows(sue, lambda: total(sue, "pool", "in_time") == 1)
        assert sue.queues["pool"].service_level_ms == 20_000


async def test_whoever_looks_later_sees_the_hour_before(node: RunningNode) -> None:
    await submit(node, "c-1")
    await submit(node, "c-2")
    await take(node, "c-1")
    async with watching(node) as sue:
        assert (total(sue, "pool", "arrived"), total(sue, "pool", "owned")) == (2, 1)
        assert sue.figures_since_ms % 60_000 == 0
        async with watching(node, subject="sam") as sam:
            assert sam.minutes == sue.minutes


async def test_with_a_scope_there_are_its_queues_figures_alone(node: RunningNode) -> None:
    await submit(node, "c-1")
    await submit(node, "c-2", "support")
    async with watching(node, POOL) as sam, watching(node, TEAM) as tom:
        assert (list(sam.minutes), list(tom.minutes)) == (["pool"], [])
        await submit(node, "c-3", "support")
        await submit(node, "c-4")
        await shows(sam, lambda: total(sam, "pool", "arrived") == 2)
        assert list(sam.minutes) == ["pool"]


async def test_many_rows_come_in_parts_at_first_and_afterwards(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "PART", 1)
    monkeypatch.setattr(board, "PART", 1)
    await submit(node, "c-1")
    await submit(node, "c-2", "support")
    async with watching(node) as sue:
        assert (total(sue, "pool", "arrived"), total(sue, "support", "arrived")) == (1, 1)
        await submit(node, "c-3")
        await submit(node, "c-4", "support")
        await shows(sue, lambda: total(sue, "pool", "arrived") + total(sue, "support", "arrived") == 4)


async def test_of_a_long_log_the_end_is_read_and_it_is_said_from_when_on_it_is_whole(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "MOST", 3)
    for number in range(4):
        await submit(node, f"c-{number}")
    async with watching(node) as sue:
        assert total(sue, "pool", "arrived") == 0
        now_ms = next(iter(sue.health.nodes)).at_ms if sue.health else 0
        assert sue.figures_since_ms > now_ms - 60_000


async def test_another_configuration_counts_by_its_own_level(node: RunningNode) -> None:
    async with watching(node) as sue:
        text = DOCUMENT.replace("[queues.pool]", "[queues.pool]\nservice_level_s = 90")
        await workspaces.apply(node.node.store, "acme", document.parse(text))
        await shows(sue, lambda: sue.queues["pool"].service_level_ms == 90_000)
        live, _ = node.node.gateway.overviews._live["acme"]
        assert live.board.figures.levels.service_level_ms["pool"] == 90_000


# -- alerts ----------------------------------------------------------------------------------------------------------


async def test_a_threshold_that_is_crossed_is_told_to_whose_scope_has_the_queue(store: StoreClient) -> None:
    text = f"{DOCUMENT}[alerts.crowd]\nwaiting_above = 0\n"
    await workspaces.apply(store, "acme", document.parse(text))
    async with (
        run_node(store.url) as node, watching(node) as sue, watching(node, POOL) as sam, watching(node, TEAM) as tom,
    ):  # fmt: skip
        await submit(node, "c-1")
        await shows(sue, lambda: [one.alert for one in sue.alerts.values() if one.is_on] == ["crowd"])
        await shows(sam, lambda: [one.queue for one in sam.alerts.values() if one.is_on] == ["pool"])
        async with watching(node, POOL, "late") as late:
            assert late.alerts == sam.alerts
        await take(node, "c-1")
        await shows(sue, lambda: [one.is_on for one in sue.alerts.values()] == [False])
        assert not tom.alerts


async def test_of_very_many_thresholds_the_first_are_told_and_the_rest_are_counted_until_all_are_over(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, bound in ((alerts, "MOST", 2), (alerts, "KEPT", 1), (beginning, "PART", 1)):
        monkeypatch.setattr(module, name, bound)
    text = DOCUMENT + "".join(f"[alerts.crowd_{number}]\nwaiting_above = 0\nqueue = 'pool'\n" for number in range(5))
    await workspaces.apply(store, "acme", document.parse(text))
    async with run_node(store.url) as node, watching(node) as sue, watching(node, TEAM) as tom:
        await submit(node, "c-1")
        await shows(sue, lambda: (len(sue.alerts), sue.alerts_untold) == (2, 3))
        async with watching(node, POOL, "late") as late:
            assert (late.alerts, late.alerts_untold) == (sue.alerts, 3)
        await take(node, "c-1")
        await shows(sue, lambda: [one.is_on for one in sue.alerts.values()] == [False])
        assert sue.alerts_untold == 0
        assert not tom.alerts


async def test_what_the_engine_alerts_to_comes_as_an_event_and_is_there_for_who_comes_later(
    store: StoreClient,
) -> None:
    text = DOCUMENT.replace("[channels.case]", "[channels.case]\nidle_alert_s = 0.01")
    await workspaces.apply(store, "acme", document.parse(text))
    async with run_node(store.url) as node, node.socket() as socket:
        await socket.hello(node.token("supervisor", "sam", scope=POOL))
        await submit(node, "c-1")
        await take(node, "c-1")
        event = await socket.event("alert_raised")
        assert (event["alert"], event["case"]) == ("idle_case", "c-1")
        async with watching(node, POOL) as sue, watching(node, TEAM) as tom:
            (alert,) = sue.alerts.values()
            assert (alert.id, alert.alert, alert.case) == (event["position"], "idle_case", "c-1")
            assert not tom.alerts


# -- health ----------------------------------------------------------------------------------------------------------


async def test_nodes_tell_of_each_other_and_of_the_store(store: StoreClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "EVERY_S", 0.02)
    async with run_node(store.url) as one, one.online("ana"), watching(one) as sue:
        async with run_node(store.url) as other, other.online("bo"), other.signed_in("producer", "crm"):
            await shows(sue, lambda: [(n.connections, n.agents) for n in nodes(sue)] == [(2, 1), (2, 1)])
            names = sorted(node.node.lease.node for node in (one, other))
            assert [node.node for node in nodes(sue)] == names
            assert {node.version for node in nodes(sue)} == {__version__}
            supervisors = {node.node: node.supervisors for node in nodes(sue)}
            assert supervisors == {one.node.lease.node: 1, other.node.lease.node: 0}
        await shows(sue, lambda: [node.node for node in nodes(sue)] == [one.node.lease.node])
        await shows(sue, lambda: sue.health is not None and sue.health.servers)
        assert sue.health is not None
        (server,) = sue.health.servers
        assert (server.role, server.kind in ("valkey", "redis")) == ("master", True)
        assert server.memory_bytes > 0


def nodes(overview: Overview) -> tuple[Any, ...]:
    """The nodes that are told of."""
    return overview.health.nodes if overview.health is not None else ()


async def test_a_node_that_has_fallen_silent_is_told_of_for_a_minute(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "EVERY_S", 0.02)
    now_ms = health._now_ms()
    monkeypatch.setattr(health, "_now_ms", lambda: now_ms)
    for name, ago_ms in (("silent", 59_000), ("lost", 61_000)):
        row = NodeHealth(node=name, at_ms=now_ms - ago_ms, since_ms=0, version="1")
        await store.redis.hset(HEALTH, name, json.dumps({name: getattr(row, name) for name in row.__struct_fields__}))
    await store.redis.hset(HEALTH, "later", b'{"node":["of another shape"]}')
    async with run_node(store.url) as node, watching(node) as sue:
        await shows(sue, lambda: {one.node for one in nodes(sue)} == {node.node.lease.node, "silent"})
        assert sorted(await store.redis.hkeys(HEALTH)) == sorted([b"later", b"silent", node.node.lease.node.encode()])


async def test_the_stores_servers_are_asked_only_while_somebody_watches(
    store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "EVERY_S", 0.01)
    monkeypatch.setattr(overviews, "LINGER_S", 0.01)
    async with run_node(store.url) as node:

        async def is_unwatched() -> bool:
            system = node.node.health.system
            return system is not None and not system.servers

        async with watching(node) as sue:
            await shows(sue, lambda: sue.health is not None and sue.health.servers)
        await until(is_unwatched)
