"""A watched workspace: everything at first, then what changes, through losses too."""

import asyncio
from typing import Any

import msgspec
import pytest

from casebaton.client import Changes, Client, CommandRefused, NotSent, Overview, board
from casebaton.client import state as seen
from casebaton.client.overview import ALERTS, MINUTES
from casebaton.store import alerts, figures, health
from casebaton.store import overview as told
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, Json, Peer, until

NOTHING = board.Minute(queue="", at_ms=0)


def agents(*names: str, **fields: Any) -> Json:
    """Make changes of some agents."""
    return {"agents": [{"agent": name} | fields for name in names]}


async def tell(peer: Peer, **changes: Any) -> None:
    """Let the node say what has changed."""
    await peer.event("workspace_changed", changes=changes)


async def watched(client: Client, peer: Peer) -> Overview:
    """Watch, and let the node tell of Ana and one queue."""
    watching = asyncio.create_task(client.watch_workspace())
    command = await peer.command()
    assert command["type"] == "watch_workspace"
    await peer.reply(command, {"agents": 1, "queues": 1})
    await tell(peer, begins=True, queues=[{"queue": "billing", "mode": "pull", "waiting": 2}], **agents("ana"))
    async with asyncio.timeout(WITHIN_S):
        return await watching


# Never empty, so never left out; the client's types know the words.
ALWAYS_TOLD = {"status", "presence", "mode"}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (seen.AgentOverview, told.AgentOverview),
        (seen.QueueOverview, told.QueueOverview),
        (board.Minute, figures.Minute),
        (board.Alert, alerts.Alert),
        (board.NodeHealth, health.NodeHealth),
        (board.ServerHealth, health.ServerHealth),
        (board.SystemHealth, health.SystemHealth),
    ],
)
def test_the_client_reads_all_that_the_node_tells_with_the_same_defaults(ours: Any, theirs: Any) -> None:
    assert ours.__struct_fields__ == theirs.__struct_fields__
    known, told = (
        {field.name: field.default for field in msgspec.structs.fields(shape) if field.name not in ALWAYS_TOLD}
        for shape in (ours, theirs)
    )
    assert known == told


async def test_it_is_there_when_everything_has_come(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    watching = asyncio.create_task(client.watch_workspace())
    await peer.reply(await peer.command())
    await tell(peer, begins=True, more=True, **agents("ana"))
    assert not watching.done()
    await tell(peer, **agents("bo", status="busy"))
    overview = await watching
    assert list(overview.agents) == ["ana", "bo"]
    assert (overview.agents["bo"].status, overview.is_live) == ("busy", True)
    assert await client.watch_workspace() is overview


async def test_changes_replace_what_they_name_and_nothing_else(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)
    heard: list[Changes] = []
    stop = overview.on_change(heard.append)
    await tell(peer, queues=[{"queue": "support", "mode": "push"}], **agents("bo"))
    await tell(peer, agents_gone=["ana", "nobody"], queues_gone=["billing"])
    await until(client, lambda: list(overview.agents) == ["bo"] and list(overview.queues) == ["support"])
    assert [change.agents_gone for change in heard] == [(), ("ana", "nobody")]
    stop()
    await tell(peer, **agents("cy"))
    await until(client, lambda: "cy" in overview.agents)
    assert len(heard) == 2


async def test_rows_of_minutes_replace_those_before_and_an_hour_of_them_is_kept(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)

    async def tell_of(minute: int, **counts: int) -> None:
        await tell(peer, minutes=[{"queue": "billing", "at_ms": minute * board.MINUTE_MS} | counts])

    await tell_of(1, arrived=1)
    await tell_of(1, arrived=2, owned=2, in_time=1)
    await until(client, lambda: overview.minutes.get("billing", {}).get(board.MINUTE_MS, NOTHING).arrived == 2)
    assert board.level_of(overview.minutes["billing"].values()) == 0.5
    await tell_of(MINUTES + 1, arrived=1)
    await until(client, lambda: list(overview.minutes["billing"]) == [(MINUTES + 1) * board.MINUTE_MS])
    assert board.level_of(overview.minutes["billing"].values()) is None


async def test_alerts_are_told_by_id_and_the_last_ones_are_kept(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)
    crossed = {"id": "crowd/billing/1", "type": "threshold_crossed", "at_ms": 1, "alert": "crowd", "queue": "billing"}
    await tell(peer, alerts=[crossed])
    for number in range(ALERTS + 1):
        await tell(peer, alerts=[{"id": f"{number}-0", "type": "alert_raised", "at_ms": number}])
    await until(client, lambda: f"{ALERTS}-0" in overview.alerts)
    assert [alert.id for alert in overview.alerts.values() if alert.is_on] == ["crowd/billing/1"]
    assert len(overview.alerts) == ALERTS + 1
    assert "0-0" not in overview.alerts
    await tell(peer, alerts=[crossed | {"cleared_at_ms": 2}])
    await until(client, lambda: overview.alerts["crowd/billing/1"].cleared_at_ms == 2)
    assert not [alert for alert in overview.alerts.values() if alert.is_on]


async def test_the_health_that_was_told_last_stays_until_another_is(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)
    node = {"node": "n1", "at_ms": 1, "since_ms": 0, "version": "1", "agents": 3}
    await tell(peer, health={"nodes": [node], "servers": []})
    await tell(peer, **agents("bo"))
    await until(client, lambda: "bo" in overview.agents)
    assert overview.health is not None
    assert [(one.node, one.agents) for one in overview.health.nodes] == [("n1", 3)]


async def test_what_the_node_tells_is_no_entry_of_the_log(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    before = client.view
    await watched(client, peer)
    assert client.view is before


async def test_after_a_loss_it_shows_what_it_knew_until_all_has_come_again(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)
    peer.drop()
    peer = await stage.returned({}, role="supervisor")
    command = await peer.command()
    assert command["type"] == "watch_workspace"
    assert (overview.is_live, list(overview.agents)) == (False, ["ana"])
    await peer.reply(command)
    await tell(peer, begins=True, more=True, **agents("bo"))
    await tell(peer, **agents("cy"))
    async with asyncio.timeout(WITHIN_S):
        await overview.opened()
    assert (list(overview.agents), list(overview.queues)) == (["bo", "cy"], [])


async def test_a_refused_watch_says_why(stage: Stage) -> None:
    client, peer = await stage.connected()
    watching = asyncio.create_task(client.watch_workspace())
    await peer.refuse(await peer.command(), "FORBIDDEN")
    with pytest.raises(CommandRefused, match="FORBIDDEN"):
        await watching


async def test_what_is_watched_no_more_stands_still(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)
    ending = asyncio.create_task(overview.unwatch())
    command = await peer.command()
    assert command["type"] == "unwatch_workspace"
    await tell(peer, **agents("bo"))
    await peer.reply(command)
    await ending
    assert (list(overview.agents), overview.is_over, overview.is_live) == (["ana"], True, False)
    with pytest.raises(NotSent):
        await overview.opened()
    again = asyncio.create_task(client.watch_workspace())
    await peer.reply(await peer.command())
    await tell(peer, begins=True, **agents("bo"))
    assert list((await again).agents) == ["bo"]


async def test_waiting_for_a_change_ends_with_the_client(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    overview = await watched(client, peer)
    waiting = asyncio.create_task(overview.changed())
    await asyncio.sleep(0)
    await tell(peer, **agents("bo"))
    await waiting
    waiting = asyncio.create_task(overview.changed())
    await asyncio.sleep(0)
    await client.close()
    await waiting
    assert overview.is_over
    await overview.changed()
