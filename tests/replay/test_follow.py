import asyncio
from functools import partial

import pytest

from casebaton import audit
from casebaton.cli.common import Failure
from casebaton.cli.follow import Verdict, play, read_paths
from casebaton.client import Client, Event
from casebaton.replay import owners
from casebaton.replay.follow import describe
from casebaton.replay.owners import Script
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.keys import log_key
from casebaton.workspace.document import CAPACITY
from tests.node.world import RunningNode
from tests.replay.traces import row, trace

WORKSPACE = "desk"
SECONDS = 0.5


def script_of(*rows: str) -> Script:
    return owners.pace(owners.read(trace(rows)), SECONDS)


async def follow(node: RunningNode, store: StoreClient, script: Script) -> Verdict:
    """Play it; the audit finds nothing, whatever came of it."""
    await workspaces.apply(store, WORKSPACE, describe(script))
    sign = partial(node.token, workspace=WORKSPACE)
    verdict = await play(script, SECONDS, lambda _: None, store, node.base_url, WORKSPACE, sign)
    assert (await audit.check(store, WORKSPACE)).is_clean
    assert (verdict.followed.double_owned, verdict.followed.lost, verdict.over_capacity) == (0, 0, 0)
    return verdict


async def test_a_case_goes_through_the_hands_that_the_trace_names(node: RunningNode, store: StoreClient) -> None:
    script = script_of(
        row("A", "New", 0, "08:00", "Group 1"),
        row("A", "New", 1, "08:05", "Group 2"),
        row("A", "Active", 2, "08:10", "Group 2", "Ana"),
        row("A", "Awaiting User Info", 3, "08:15", "Group 2", "Ana"),
        row("A", "Active", 4, "08:20", "Group 2", "Ana"),
        row("A", "Active", 5, "08:25", "Group 2", "Bo"),
        row("A", "New", 6, "08:30", "Group 2"),
        row("A", "Active", 7, "08:35", "Group 2", "Ana"),
        row("A", "Active", 8, "08:40", "Group 1", "Ana"),
        row("A", "Resolved", 9, "08:45", "Group 1", "Ana"),
        row("A", "Active", 10, "08:50", "Group 1", "Bo"),
        row("A", "Closed", 11, "08:55", "Group 1", "Bo"),
    )
    verdict = await follow(node, store, script)
    assert verdict.followed.acts == {
        "submit": 1, "transfer": 2, "take": 4, "park": 1, "resume": 1, "assign": 1, "return": 1, "complete": 2,
        "reopen": 1,
    }  # fmt: skip
    assert (await read_paths(store, WORKSPACE)).owners("a") == (
        "queue:group-1", "queue:group-2", "agent:ana", "agent:bo", "queue:group-2", "agent:ana", "queue:group-1",
        "agent:ana", "none", "queue:group-1", "agent:bo", "none",
    )  # fmt: skip
    assert (verdict.comparison.paths_equal, verdict.followed.closed) == (1, 1)
    assert verdict.is_sound


async def test_what_ends_without_an_owner_is_withdrawn(node: RunningNode, store: StoreClient) -> None:
    verdict = await follow(node, store, script_of(row("A", "Closed", 0, "08:00", "Group 1")))
    assert (verdict.comparison.paths_equal, verdict.followed.closed, verdict.followed.cancelled) == (1, 0, 1)
    assert verdict.is_sound


async def test_what_cannot_be_followed_to_its_end_is_explained(node: RunningNode, store: StoreClient) -> None:
    rows = row("A", "Closed", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 1", "Ana")
    verdict = await follow(node, store, script_of(*rows))
    assert [(each.case, each.reason) for each in verdict.comparison.explained] == [("a", "reopened_unowned")]
    assert verdict.is_sound


async def test_whoever_has_no_room_is_assigned_it_by_a_recorded_override(node: RunningNode, store: StoreClient) -> None:
    rows = [row(f"C{n}", "Active", 0, "08:00", "Group 1", "Ana") for n in range(CAPACITY + 2)]
    verdict = await follow(node, store, script_of(*rows))
    assert (verdict.followed.acts["take"], verdict.followed.acts["assign"]) == (CAPACITY, 2)
    assert (verdict.recorded_overrides, verdict.comparison.paths_equal) == (2, CAPACITY + 2)
    assert verdict.is_sound


async def test_a_case_stays_parked_while_its_owner_has_no_room_for_it(node: RunningNode, store: StoreClient) -> None:
    filling = [row(f"C{n}", "Active", 0, "08:30", "Group 1", "Ana", opened="08:10") for n in range(CAPACITY)]
    script = script_of(
        row("A", "Awaiting Vendor", 0, "08:00", "Group 1", "Ana"),
        *filling,
        row("A", "Active", 1, "08:40", "Group 1", "Ana"),
        row("A", "Awaiting Vendor", 2, "08:45", "Group 1", "Ana"),
        row("A", "Active", 3, "08:50", "Group 2", "Ana"),
    )
    verdict = await follow(node, store, script)
    assert (verdict.followed.acts["park"], verdict.followed.acts["stay_parked"]) == (1, 2)
    assert verdict.comparison.paths_equal == CAPACITY + 1
    assert verdict.is_sound


async def test_a_refused_act_ends_its_case_and_is_no_explanation(node: RunningNode, store: StoreClient) -> None:
    rows = row("A", "New", 0, "08:00", "Group 1"), row("A", "Active", 1, "08:10", "Group 2", "Ana")
    script = script_of(*rows)
    queues = {**script.queues, "group-2": ("bo",), "group-3": ("ana",)}
    verdict = await follow(node, store, Script(queues, script.cases, script.rows))
    assert verdict.followed.refused["a"].startswith("own: NOT_MEMBER")
    (difference,) = verdict.comparison.unexplained
    assert difference.log == ("queue:group-1", "queue:group-2")
    assert verdict.followed.acts_left == 1
    assert not verdict.is_sound


async def test_lost_connections_change_nothing(node: RunningNode, store: StoreClient) -> None:
    script = script_of(
        row("A", "New", 0, "08:00", "Group 1"),
        row("A", "Active", 1, "08:10", "Group 1", "Ana"),
        row("A", "Awaiting Vendor", 2, "08:20", "Group 1", "Ana"),
        row("A", "Active", 3, "08:30", "Group 2", "Bo"),
        row("A", "Closed", 4, "08:40", "Group 2", "Bo"),
    )
    await workspaces.apply(store, WORKSPACE, describe(script))

    dropped = asyncio.Event()

    def drop_all(event: Event) -> None:
        if event.type == "case_taken" and not dropped.is_set():
            dropped.set()
            for connection in list(node.node.gateway.connections):
                connection.end(4000, "a test drops it")

    async with Client(node.base_url, WORKSPACE, token=node.token("supervisor", "eve", workspace=WORKSPACE)) as eve:
        eve.on_event(drop_all)
        await eve.watch_queue("group-1")
        verdict = await follow(node, store, script)
    assert dropped.is_set()
    assert verdict.comparison.paths_equal == 1
    assert verdict.is_sound


async def test_a_log_without_its_beginning_is_not_compared(node: RunningNode, store: StoreClient) -> None:
    await follow(node, store, script_of(row("A", "Closed", 0, "08:00", "Group 1")))
    await store.redis.xtrim(log_key(WORKSPACE), maxlen=2, approximate=False)
    with pytest.raises(Failure, match="the log lacks its entries after 0"):
        await read_paths(store, WORKSPACE)
