"""Who steers hears of what it should see: within a scope by the queue, or by the team of whoever has the case."""

import pytest

from casebaton.store import log
from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

RULED = """
[channels.mail]
idle_alert_s = 60
miss_limit = 1
[targets.gold]
completion_s = 100
[[effects]]
on = ["case_returned"]
note = "Full."
"""


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    await watched.apply(BASIC.replace("[queues.support]", '[queues.support]\ntarget = "gold"') + RULED)
    await watched.add_agent("ana", queues=["support", "pool"])
    await watched.set_agent("ana", team="Nord & Süd")
    return watched


async def topics_of(engine: WatchedEngine, kind: str) -> list[set[str]]:
    """The topics of each entry of a type."""
    entries = [entry async for entry in log.read_after(engine.store.redis, engine.workspace, "0-0")]
    return [set(entry.topics) for entry in entries if f'"type":"{kind}"'.encode() in entry.body]


TEAM = "steering/team:Nord%20%26%20S%C3%BCd"
OF_QUEUE = {"queue:support", "steering", "steering/queue:support"}
OF_BOTH = OF_QUEUE | {"agent:ana", TEAM}


async def test_an_owned_case_that_is_forgotten_or_late_is_told_by_its_queue_and_its_owners_team(
    watched: WatchedEngine,
) -> None:
    await watched.submit("one", channel="mail")
    await watched.act("ana", "accept", "one")
    await watched.advance(101)
    assert await topics_of(watched, "alert_raised") == [OF_BOTH]
    assert await topics_of(watched, "target_warned") == [OF_BOTH]
    assert await topics_of(watched, "target_breached") == [OF_BOTH]


async def test_a_case_that_nobody_has_is_told_by_its_queue_alone(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="lunch")
    await watched.set_status("ana", "offline")
    await watched.advance(81)
    assert await topics_of(watched, "alert_raised") == [OF_QUEUE]
    assert await topics_of(watched, "target_warned") == [OF_QUEUE]


async def test_an_agent_who_does_not_answer_is_told_by_team_and_queues(watched: WatchedEngine) -> None:
    await watched.submit("one", channel="mail")
    await watched.advance(31)
    alerts = await topics_of(watched, "alert_raised")
    assert OF_BOTH | {"queue:pool", "steering/queue:pool"} in alerts


async def test_a_rule_that_fails_is_told_by_the_queue(watched: WatchedEngine) -> None:
    await watched.submit("one", channel="mail")
    await watched.act("ana", "accept", "one")
    watched.watching = False
    for n in range(100):
        await watched.add_note("one", f"note {n}", command_id="")
    watched.watching = True
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await topics_of(watched, "effect_failed") == [OF_QUEUE]
