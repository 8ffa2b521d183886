"""Stores of several servers: commands follow the primary, in order, each with one effect, and workspaces spread."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from redis.crc import key_slot

from casebaton import audit
from casebaton.errors import Unavailable
from casebaton.settings import Settings
from casebaton.store import health, libraries, log, workspaces
from casebaton.store.client import Answer, StoreClient
from casebaton.store.health import NodeHealth
from casebaton.store.keys import log_key
from casebaton.store.server import UnsafeStore, open_server
from casebaton.workspace import document
from loadtest import deployments
from loadtest.deployments import Deployment, Server
from tests.engine import BASIC

pytestmark = pytest.mark.asyncio(loop_scope="module")

CRM = ("producer", "crm")
WORKSPACES = ["acme", "gamma", "zeta"]  # by their hashes in the last, the first and the second third of the slots


@asynccontextmanager
async def client_of(url: str, *, retry_for_s: float = 20, replicas: int = 0) -> AsyncIterator[StoreClient]:
    store = StoreClient(url, retry_for_s=retry_for_s, replicas=replicas)
    try:
        await store.load()
        yield store
    finally:
        await store.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sentinels(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    """A primary with a replica, and three Sentinels."""
    async with deployments.sentinel(tmp_path_factory.mktemp("sentinel")) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    """Three primaries, each with a third of the slots; the first has a replica."""
    async with deployments.cluster(tmp_path_factory.mktemp("cluster"), replicas=(1, 0, 0)) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def cluster(servers: Deployment) -> Deployment:
    """The cluster, empty."""
    async with client_of(servers.url) as store:
        for redis in store.primaries:
            await redis.flushall()
    return servers


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


async def submit_all(store: StoreClient, workspace: str, cases: list[str]) -> None:
    """All at once, again and again a few."""
    for begin in range(0, len(cases), 20):
        await asyncio.gather(*(submit(store, workspace, case) for case in cases[begin : begin + 20]))


async def move_of(cluster: Deployment, workspace: str) -> tuple[Server, Server]:
    """The workspace's primary, and one that its slot may be moved to: not the first, which is killed in the end."""
    source = await cluster.primary(log_key(workspace))
    return source, next(server for server in cluster.servers[1:3] if server is not source)


async def has_moved(deployment: Deployment, workspace: str, old: Server) -> bool:
    """Does another server take the workspace's writes by now?"""
    try:
        return await deployment.primary(log_key(workspace)) is not old
    except LookupError:
        return False


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
    async with asyncio.timeout(60):
        await asyncio.gather(*producers)
    return cases


async def health_of(store: StoreClient) -> list[tuple[str, int]]:
    """Nodes tell of each other; each primary's role and how many replicas it has."""
    for name in ("n1", "n2"):
        nodes = await health.share(store, NodeHealth(node=name, at_ms=1, since_ms=0, version="1"))
    assert [node.node for node in nodes] == ["n1", "n2"]
    for name in ("n1", "n2"):
        await health.leave(store, name)
    return [(server.role, server.replicas) for server in await health.read_servers(store)]


class TestSentinel:
    async def test_its_primary_says_how_many_replicas_it_has(self, sentinels: Deployment) -> None:
        async with client_of(sentinels.url) as store:
            assert await health_of(store) == [("master", 1)]

    async def test_the_next_one_is_asked_when_one_is_down_or_knows_no_such_primary(self, sentinels: Deployment) -> None:
        hosts = sentinels.url.partition("://")[2]
        async with client_of(f"redis+sentinel://127.0.0.1:1,{hosts}") as store:
            assert store.primary_of("acme").endswith(f":{(await sentinels.primary('')).port}")
        with pytest.raises(Unavailable, match="no Sentinel knows a primary named other"):
            async with client_of(f"redis+sentinel://{hosts.partition('/')[0]}/other"):
                pass

    async def test_that_none_names_a_primary_is_told_host_by_host(self, sentinels: Deployment) -> None:
        sentinel, primary = sentinels.url.partition("://")[2].partition(",")[0], await sentinels.primary("")
        url = f"redis+sentinel://{sentinel},127.0.0.1:1,127.0.0.1:{primary.port}/other"
        with pytest.raises(Unavailable) as told:
            async with open_server(Settings(redis_url=url)):
                pass
        for said in (
            f"{sentinel}: unknown there",
            "127.0.0.1:1: ConnectionError",
            f"{primary.port}: it refuses SENTINEL",
        ):
            assert said in told.value.detail

    async def test_an_address_of_one_server_leads_neither_to_a_replica_nor_to_a_sentinel(
        self, sentinels: Deployment
    ) -> None:
        primary = await sentinels.primary("")
        (replica,) = (server.port for server in sentinels.servers if server is not primary)
        sentinel = sentinels.url.partition("://")[2].partition(",")[0]
        for host, says in (
            (f"127.0.0.1:{replica}", f"this is a replica: write the address of its primary, 127.0.0.1:{primary.port}"),
            (sentinel, "this is a Sentinel"),
        ):
            with pytest.raises(UnsafeStore, match=f"--redis-url redis://{host}: {says}"):
                async with open_server(Settings(redis_url=f"redis://{host}")):
                    pass

    async def test_a_primary_with_fewer_replicas_than_must_acknowledge_is_refused(self, sentinels: Deployment) -> None:
        async with open_server(Settings(redis_url=sentinels.url, replicas=1)) as url:
            assert url == sentinels.url
        port = (await sentinels.primary("")).port
        with pytest.raises(UnsafeStore, match=f": redis://127.0.0.1:{port}: .* 1 of the 2 replicas"):
            async with open_server(Settings(redis_url=sentinels.url, replicas=2)):
                pass

    async def test_when_the_primary_dies_under_load_every_call_is_answered_and_has_one_effect(
        self, sentinels: Deployment
    ) -> None:
        """What is acknowledged has reached the replica: so it survives."""
        async with client_of(sentinels.url, replicas=1) as store:
            await workspaces.apply(store, "acme", document.parse(BASIC))
            primary = await sentinels.primary("")
            acknowledging = asyncio.create_task(keep_submitting_through(store, "acme", primary))
            await deployments.until(lambda: has_moved(sentinels, "acme", primary))
            new, *_ = [server for server in sentinels.servers if server is not primary]
            await primary.stop()
            await primary.start("--replicaof", f"127.0.0.1 {new.port}")  # the promoted one needs a replica again
            cases = await acknowledging
            assert sorted(await submitted(store, "acme")) == sorted(cases)
            assert not (await audit.check(store, "acme")).violations


class TestCluster:
    async def test_it_does_not_answer_while_every_server_refuses_commands(self, cluster: Deployment) -> None:
        async with client_of(cluster.url) as store:
            await store.ping()
            (owner,) = {
                row[2][2] for row in await store.primaries[0].execute_command("CLUSTER", "SLOTS") if row[0] == 0
            }
            try:
                for redis in store.primaries:
                    await redis.config_set("cluster-require-full-coverage", "yes")
                    await redis.execute_command("CLUSTER", "DELSLOTS", 0)

                async def is_down() -> bool:
                    try:
                        await store.ping()
                    except Unavailable:
                        return True
                    return False

                await deployments.until(is_down)
            finally:
                for redis in store.primaries:
                    await redis.config_set("cluster-require-full-coverage", "no")
                    await redis.execute_command("CLUSTER", "SETSLOT", 0, "NODE", owner)

    async def test_one_server_of_it_is_no_address(self, cluster: Deployment) -> None:
        with pytest.raises(UnsafeStore, match="this is one server of a cluster"):
            async with open_server(Settings(redis_url=f"redis://127.0.0.1:{cluster.servers[0].port}")):
                pass

    async def test_workspaces_spread_over_the_shards_and_each_is_whole(self, cluster: Deployment) -> None:
        async with client_of(cluster.url) as store:
            for workspace in WORKSPACES:
                await workspaces.apply(store, workspace, document.parse(BASIC))
                await asyncio.gather(*(submit(store, workspace, f"c-{n}") for n in range(50)))
            assert await workspaces.list_workspaces(store) == WORKSPACES
            assert len({store.primary_of(workspace) for workspace in WORKSPACES}) == 3
            for workspace in WORKSPACES:
                assert await submitted(store, workspace) == [f"c-{n}" for n in range(50)], "in order"
                report = await audit.check(store, workspace)
                assert (report.violation_count, report.cases) == (0, 50)

    async def test_each_primary_says_how_many_replicas_it_has(self, cluster: Deployment) -> None:
        async with client_of(cluster.url) as store:
            assert sorted(await health_of(store)) == [("master", 0), ("master", 0), ("master", 1)]

    async def test_every_primary_has_the_library_and_none_keeps_an_unused_one(self, cluster: Deployment) -> None:
        async with client_of(cluster.url) as store:
            for redis in store.primaries:
                await redis.function_load("#!lua name=casebaton_old\nredis.register_function('f', function() end)")
            now = 1_000_000.0
            await health.share_presence(store, "n1", now, 3)
            assert await libraries.forget_unused(store, now) == []
            assert await libraries.forget_unused(store, now + libraries.UNUSED_S + 1) == ["casebaton_old"]
            for redis in store.primaries:
                assert [row[1].decode() for row in await redis.function_list()] == [store.library]
            assert await health.share_presence(store, "n2", now + 1, 3) == ["n1", "n2"]

    async def test_a_slot_that_is_moved_key_by_key_is_refused_before_anything_is_written(
        self, cluster: Deployment
    ) -> None:
        source, target = [server.redis for server in await move_of(cluster, "acme")]
        slot = key_slot(log_key("acme").encode())
        names = [await redis.execute_command("CLUSTER", "MYID") for redis in (source, target)]
        async with client_of(cluster.url, retry_for_s=0.3) as store:
            await workspaces.apply(store, "acme", document.parse(BASIC))
            await submit(store, "acme", "c-1")
            await target.execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", names[0])
            await source.execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", names[1])
            for case in ("c-2", "c-3"):  # of a new case no key exists yet: its script would stop half-way
                with pytest.raises(Unavailable, match="moved key by key"):
                    await submit(store, "acme", case)
            moved: list[bytes] = await source.execute_command("CLUSTER", "GETKEYSINSLOT", slot, 1000)
            port = target.connection_pool.connection_kwargs["port"]
            await source.execute_command("MIGRATE", "127.0.0.1", port, "", 0, 5000, "KEYS", *moved)
            with pytest.raises(Unavailable, match="moved key by key"):
                await submit(store, "acme", "c-4")
            for redis in (target, source):
                await redis.execute_command("CLUSTER", "SETSLOT", slot, "NODE", names[1])
        async with client_of(cluster.url) as store:
            await submit(store, "acme", "c-5")
            assert await submitted(store, "acme") == ["c-1", "c-5"]
            assert not (await audit.check(store, "acme")).violations

    async def test_a_slot_that_is_moved_atomically_is_followed_in_order(self, cluster: Deployment) -> None:
        async with client_of(cluster.url) as store:
            await workspaces.apply(store, "acme", document.parse(BASIC))
            await submit(store, "acme", "c-0")
            slot = key_slot(log_key("acme").encode())
            source, target = await move_of(cluster, "acme")
            name = await target.redis.execute_command("CLUSTER", "MYID")
            await source.redis.execute_command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", name)
            submitting = asyncio.create_task(submit_all(store, "acme", [f"c-{n}" for n in range(1, 300)]))
            await deployments.until(lambda: has_moved(cluster, "acme", source))
            await submitting
            await submit(store, "acme", "c-300")
            assert store.primary_of("acme").endswith(f":{target.port}")
            assert await submitted(store, "acme") == [f"c-{n}" for n in range(301)]

    async def test_when_a_primary_dies_its_workspaces_wait_for_its_replica_and_others_do_not(
        self, cluster: Deployment
    ) -> None:
        async with client_of(cluster.url) as store:
            for workspace in WORKSPACES:
                await workspaces.apply(store, workspace, document.parse(BASIC))
            victim = await cluster.primary(log_key("gamma"))
            waiting = asyncio.create_task(keep_submitting_through(store, "gamma", victim))
            beside = 0
            while not waiting.done():
                await submit(store, "acme", f"beside-{beside}")
                beside += 1
            counts = [(await submitted(store, "gamma")).count(case) for case in await waiting]
            assert max(counts) == 1
            assert counts.count(0) <= 10, "at most what each producer was told just before the end"
            assert counts[100:].count(0) < 10
            assert len(await submitted(store, "acme")) == beside
            assert beside > 20, "they go on while the others wait"
            for workspace in WORKSPACES:
                assert not (await audit.check(store, workspace)).violations
