"""Stores of several servers: commands follow the primary, in order, each with one effect, and workspaces spread."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio

from casebaton import audit
from casebaton.store import log, workspaces
from casebaton.store.client import Answer, StoreClient
from casebaton.workspace import document
from loadtest import deployments
from loadtest.deployments import Deployment, Server
from tests.engine import BASIC

CRM = ("producer", "crm")
SHARDS = {"acme": 1, "beta": 0, "gamma": 2}  # by hash, of three equal parts of the slots


@asynccontextmanager
async def client_of(url: str, *, retry_for_s: float = 20, replicas: int = 0) -> AsyncIterator[StoreClient]:
    store = StoreClient(url, retry_for_s=retry_for_s, replicas=replicas)
    try:
        await store.load()
        yield store
    finally:
        await store.close()


@pytest_asyncio.fixture
async def sentinels(tmp_path: Path) -> AsyncIterator[Deployment]:
    """A primary with a replica, and three Sentinels."""
    async with deployments.sentinel(tmp_path) as found:
        yield found


@pytest_asyncio.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Deployment]:
    """Three primaries, each with a third of the slots; the first has a replica."""
    async with deployments.cluster(tmp_path, replicas=1) as found:
        yield found


async def submit(store: StoreClient, workspace: str, case: str) -> Answer:
    return await store.run(
        "submit_case", workspace, CRM, command_id=f"id-{case}", case=case, queue="support", channel="case", priority=5,
        digest="d", card="{}",
    )  # fmt: skip


async def submitted(store: StoreClient, workspace: str) -> list[str]:
    """The cases that the log says came in, in order, as often as they did."""
    entries = [entry async for entry in log.read_after(store.redis, workspace, "0-0")]
    return [case["case"] for case in map(document_of, entries) if case["type"] == "case_queued"]


def document_of(entry: log.Entry) -> dict[str, str]:
    found: dict[str, str] = json.loads(entry.body)
    return found


async def keep_submitting_through(store: StoreClient, workspace: str, victim: Server) -> list[str]:
    """Ten producers, each with one case after the other; after 100 cases the server is killed. The cases."""
    cases, answered = [f"c-{n}" for n in range(300)], asyncio.Semaphore(0)

    async def produce(mine: list[str]) -> None:
        for case in mine:
            await submit(store, workspace, case)
            answered.release()

    producers = [asyncio.create_task(produce(cases[n::10])) for n in range(10)]
    for _ in range(100):
        await answered.acquire()
    victim.kill()
    async with asyncio.timeout(30):
        await asyncio.gather(*producers)
    return cases


class TestSentinel:
    async def test_when_the_primary_dies_under_load_every_call_is_answered_and_has_one_effect(
        self, sentinels: Deployment
    ) -> None:
        """What is acknowledged has reached the replica: so it survives."""
        async with client_of(sentinels.url, replicas=1) as store:
            await workspaces.apply(store, "acme", document.parse(BASIC))
            primary = await sentinels.primary("")
            acknowledging = asyncio.create_task(keep_submitting_through(store, "acme", primary))
            await deployments.until(lambda: has_another_primary(sentinels, primary))
            new, *_ = [server for server in sentinels.servers if server is not primary]
            await primary.stop()
            await primary.start("--replicaof", f"127.0.0.1 {new.port}")  # the promoted one needs a replica again
            cases = await acknowledging
            assert sorted(await submitted(store, "acme")) == sorted(cases)
            assert not (await audit.check(store, "acme")).violations


async def has_another_primary(deployment: Deployment, old: Server) -> bool:
    try:
        return await deployment.primary("") is not old
    except LookupError:
        return False
