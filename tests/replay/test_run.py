from functools import partial

import pytest

from casebaton import audit
from casebaton.replay import trace
from casebaton.replay.run import AT_ONCE, Replay, describe
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.log import read_after
from tests.node.world import RunningNode
from tests.replay.traces import SAMPLE

WORKSPACE = "desk"


@pytest.fixture
def plan() -> trace.Plan:
    """Both cases within a second."""
    return trace.fit(trace.read(SAMPLE), 1, at_once=AT_ONCE)


def replay_on(node: RunningNode, plan: trace.Plan) -> Replay:
    return Replay(plan, node.base_url, WORKSPACE, partial(node.token, workspace=WORKSPACE))


async def test_every_case_goes_through_its_steps_and_is_closed(
    node: RunningNode,
    store: StoreClient,
    plan: trace.Plan,
) -> None:
    await workspaces.apply(store, WORKSPACE, describe(plan))
    outcome = await replay_on(node, plan).run(lambda _: None)
    assert (outcome.cases, outcome.closed, outcome.transfers, outcome.returns) == (2, 2, 1, 1)
    assert outcome.is_sound
    assert outcome.offer_ms["max"] is not None
    assert outcome.accept_ms["max"] is not None
    assert (await audit.check(store, WORKSPACE)).is_clean
    kinds = [entry.body.split(b'"')[3] async for entry in read_after(store.redis, WORKSPACE, "0-0")]
    assert kinds.count(b"case_transferred") == kinds.count(b"case_returned") == 1
    assert kinds.count(b"case_queued") == kinds.count(b"case_closed") == 2
