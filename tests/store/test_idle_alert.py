"""An owned case in which nothing happens raises an alert, where its channel says so."""

from typing import Any

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    await watched.apply(BASIC + "[channels.mail]\nidle_alert_s = 60\n")
    await watched.add_agent("ana")
    await watched.submit("one", channel="mail")
    await watched.act("ana", "accept", "one")
    return watched


async def alerts(engine: WatchedEngine) -> list[Any]:
    return [event for event in await engine.events("alert_raised") if event["alert"] == "idle_case"]


async def idle_timers(engine: WatchedEngine) -> list[str]:
    members = await engine.store.redis.zrange("{acme}:timers", 0, -1)
    return [member.decode() for member in members if member.startswith(b"idle:")]


async def test_it_is_raised_once_and_changes_nothing(watched: WatchedEngine) -> None:
    before = await watched.case("one")
    await watched.advance(59)
    assert await alerts(watched) == []
    await watched.advance(200)
    (alert,) = await alerts(watched)
    assert (alert["case"], alert["agent"], alert["queue"], alert["cause"]) == ("one", "ana", "support", "idle")
    assert await watched.case("one") == before


async def test_any_event_of_the_case_moves_the_one_timer_that_it_has(watched: WatchedEngine) -> None:
    await watched.advance(50)
    await watched.steer("producer", "update", "one", priority=1)
    assert len(await idle_timers(watched)) == 1
    await watched.advance(109)
    assert await alerts(watched) == []
    await watched.advance(110)
    assert len(await alerts(watched)) == 1
    await watched.steer("producer", "update", "one", priority=2)
    await watched.advance(170)
    assert len(await alerts(watched)) == 2


@pytest.mark.parametrize("verb", ["complete", "return", "transfer", "cancel"])
async def test_a_case_that_is_not_worked_on_any_more_has_none(watched: WatchedEngine, verb: str) -> None:
    if verb == "cancel":
        await watched.steer("producer", "cancel", "one", reason="withdrawn")
    else:
        extra = {"return": {"reason": "not_mine", "place": "keep"}, "transfer": {"queue": "billing"}}.get(verb, {})
        await watched.act("ana", verb, "one", **extra)
    assert await idle_timers(watched) == []


async def test_the_next_owner_begins_afresh(watched: WatchedEngine) -> None:
    await watched.advance(50)
    await watched.act("ana", "transfer", "one", queue="mixed")
    await watched.add_agent("bo", queues=["mixed"])
    await watched.act("bo", "accept", "one")
    await watched.advance(109)
    assert await alerts(watched) == []
    await watched.advance(110)
    assert [alert["agent"] for alert in await alerts(watched)] == ["bo"]


async def test_where_it_is_off_there_is_no_timer(watched: WatchedEngine) -> None:
    await watched.submit("two")
    await watched.act("ana", "accept", "two")
    assert [timer.split(":")[1] for timer in await idle_timers(watched)] == ["one"]


async def test_switched_off_for_an_open_case_it_is_not_raised(watched: WatchedEngine) -> None:
    await watched.apply(BASIC + "[channels.mail]\n")
    await watched.advance(100)
    assert await alerts(watched) == []
