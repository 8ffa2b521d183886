"""The real incidents, replayed: what the history holds of them is what their log gives when it is counted anew."""

from functools import partial
from pathlib import Path

import pytest

from casebaton.replay import trace
from casebaton.replay.run import AT_ONCE, Replay, describe
from casebaton.store import overview_pages, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.log import read_after
from tests.history.book.reading import assert_same, read_all
from tests.history.recount import Recount
from tests.node.world import RunningNode

REAL = Path(__file__).parents[4] / "shared" / "data" / "incident_event_log.csv"
WORKSPACE, SECONDS = "desk", 20


@pytest.mark.nightly
@pytest.mark.skipif(not REAL.exists(), reason="the recorded incidents (../shared/data) are not here")
async def test_the_incidents_are_what_they_are_counted_to_be(node: RunningNode, store: StoreClient) -> None:
    with REAL.open(newline="", encoding="utf-8") as lines:
        plan = trace.fit(trace.read(lines), SECONDS, at_once=AT_ONCE)
    await workspaces.apply(store, WORKSPACE, describe(plan))
    replay = Replay(plan, node.base_url, WORKSPACE, partial(node.token, workspace=WORKSPACE))
    outcome = await replay.run(lambda _: None)
    assert outcome.is_sound
    levels = (await overview_pages.read_rules(store, WORKSPACE)).levels
    entries = [entry async for entry in read_after(store.redis, WORKSPACE, "0-0")]
    shelf = read_all(entries, {1: levels})
    assert sum(counts.get("closed", 0) for counts in shelf.sums["queue_quarters"].values()) == outcome.cases
    assert_same(shelf, Recount(entries, {0: levels, 1: levels}))
