"""Nodes on stores of several servers: what happens is heard wherever it happens, also after a failover."""

from pathlib import Path

from structlog.testing import capture_logs

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.keys import log_key
from casebaton.workspace import document
from loadtest import deployments
from loadtest.deployments import Deployment
from tests.node.conftest import DOCUMENT
from tests.node.world import RunningNode, Socket, run_node, until

SHARDS = ["acme", "gamma", "zeta"]  # workspaces whose slots are in different thirds


async def apply(url: str, names: list[str]) -> None:
    store = StoreClient(url)
    await store.load()
    for name in names:
        await workspaces.apply(store, name, document.parse(DOCUMENT))
    await store.close()


async def live(north: RunningNode, south: RunningNode, workspace: str, case: str) -> None:
    """A case comes in at one node, and its agent hears of it at the other, accepts and completes it."""
    async with (
        north.signed_in("producer", "crm", workspace=workspace) as crm,
        south.online("ana", workspace=workspace) as ana,
    ):
        await crm.command("submit_case", queue="support", subject="a", case=case)
        offer = await ana.event("case_offered", case=case)
        accepted = await ana.command("accept_case", case=case, baton=offer["baton"])
        await ana.command("complete_case", case=case, baton=accepted["ok"]["baton"])
        await ana.event("case_closed", case=case)


async def fails_over(deployment: Deployment, crm: Socket, workspace: str) -> None:
    """Kill the workspace's primary, and wait until the next command is answered."""
    (await deployment.primary(log_key(workspace))).kill()

    async def is_answered() -> bool:
        return "ok" in await crm.command("submit_case", queue="pool", subject="a")

    await until(is_answered, within_s=30)


async def test_on_a_cluster_every_workspace_is_heard_and_goes_on_after_its_primarys_death(tmp_path: Path) -> None:
    async with deployments.cluster(tmp_path, replicas=(1, 0, 0)) as cluster:
        await apply(cluster.url, SHARDS)
        async with (
            run_node(cluster.url) as north,
            run_node(cluster.url) as south,
            south.signed_in("supervisor", "sue", workspace="gamma") as sue,
            north.signed_in("producer", "crm", workspace="gamma") as crm,
        ):
            await sue.command("watch_queue", queue="support")
            for name in SHARDS:
                await live(north, south, name, "c-1")
            await sue.event("case_queued", case="c-1")
            await fails_over(cluster, crm, "gamma")
            for name in SHARDS:
                await live(north, south, name, "c-2")
            await sue.event("case_queued", case="c-2")


async def test_behind_sentinels_clients_stay_connected_through_a_failover(tmp_path: Path) -> None:
    async with deployments.sentinel(tmp_path) as sentinels:
        await apply(sentinels.url, ["acme"])
        async with (
            run_node(sentinels.url) as north,
            run_node(sentinels.url) as south,
            south.signed_in("supervisor", "sue") as sue,
            north.signed_in("producer", "crm") as crm,
        ):
            await sue.command("watch_queue", queue="support")
            await live(north, south, "acme", "c-1")
            with capture_logs() as said:
                await fails_over(sentinels, crm, "acme")
            at = [f"redis://127.0.0.1:{(await sentinels.primary(log_key('acme'))).port}"]
            assert {"event": "primaries_found", "log_level": "info", "at": at} in said
            await live(north, south, "acme", "c-2")
            await sue.event("case_queued", case="c-2")
