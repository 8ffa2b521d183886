"""A status for when the primary work is done: offers stop at once, the status comes with the end of the work."""

from typing import Any

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine


async def shown(engine: WatchedEngine, *fields: str) -> tuple[Any, ...]:
    found = (await engine.agent("ana"))["agent"]
    return tuple(found[field] for field in fields)


async def talk(engine: WatchedEngine) -> None:
    """Let Ana own a chat."""
    await engine.add_agent("ana")
    await engine.submit("chat", channel="chat")
    await engine.act("ana", "accept", "chat")


async def test_offers_stop_at_once_and_the_status_comes_with_the_end_of_the_work(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.submit("rings")
    assert await watched.offers("ana") == ["rings"]
    await watched.set_next_status("ana", "offline")
    (revoked,) = await watched.events("offer_revoked")
    assert (revoked["case"], revoked["reason"]) == ("rings", "next_status")
    assert await shown(watched, "status", "next_status", "missed") == ("online", "offline", 0)
    await watched.submit("another")
    assert await watched.offers("ana") == []

    await watched.act("ana", "complete", "chat")
    assert await shown(watched, "status", "label", "next_status", "status_cause", "label_before") == (
        "offline", "offline", "", "shift_end", "online",
    )  # fmt: skip
    events = [event["type"] for event in await watched.events()][-2:]
    assert events == ["case_closed", "agent_status_changed"]
    changes = [(event["status"], event["next_status"]) for event in await watched.events("agent_status_changed")]
    assert changes == [("online", ""), ("online", "offline"), ("offline", "")]


@pytest.mark.parametrize("end", ["complete", "return", "transfer", "cancel"])
async def test_whatever_ends_the_work_brings_it(watched: WatchedEngine, end: str) -> None:
    await talk(watched)
    await watched.set_next_status("ana", "busy")
    if end == "cancel":
        await watched.steer("producer", "cancel", "chat", reason="withdrawn")
        assert await shown(watched, "status") == ("online",), "a wrap-up is work"
        await watched.advance(by=60)
    else:
        extra = {"return": {"reason": "not_mine", "place": "keep"}, "transfer": {"queue": "billing"}}.get(end, {})
        await watched.act("ana", end, "chat", **extra)
    assert await shown(watched, "status", "status_cause") == ("busy", "agent")


async def test_a_chat_that_only_rings_is_no_work_to_wait_for(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("chat", channel="chat")
    await watched.set_next_status("ana", "offline")
    assert await shown(watched, "status", "next_status", "status_cause") == ("offline", "", "shift_end")
    assert (await watched.case("chat"))["state"] == "waiting"
    (change,) = (await watched.events("agent_status_changed"))[1:]
    assert change["actor"] == "agent:ana"


async def test_interruptible_work_is_not_waited_for(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.set_next_status("ana", "offline")
    assert await shown(watched, "status") == ("offline",)


@pytest.mark.parametrize("status", ["online", "busy", "offline"])
async def test_choosing_any_status_takes_it_back(watched: WatchedEngine, status: str) -> None:
    await talk(watched)
    await watched.submit("one")
    await watched.set_next_status("ana", "offline")
    await watched.set_status("ana", status)
    assert await shown(watched, "status", "next_status", "status_cause") == (status, "", "agent")
    assert await watched.offers("ana") == (["one"] if status == "online" else [])
    await watched.act("ana", "complete", "chat")
    assert await shown(watched, "status") == (status,)


async def test_the_same_again_is_no_change(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.set_next_status("ana", "offline")
    before = await watched.dump_state()
    await watched.set_next_status("ana", "offline")
    assert await watched.dump_state() == before


async def test_a_next_status_that_is_online_takes_offers_again_when_it_comes(watched: WatchedEngine) -> None:
    await watched.apply(BASIC + '[statuses.cases]\nkind = "online"\nchannels = ["case"]\n')
    await talk(watched)
    await watched.submit("one")
    await watched.submit("chat-2", channel="chat", priority=0)
    await watched.set_next_status("ana", "cases")
    assert await watched.offers("ana") == []
    await watched.act("ana", "complete", "chat")
    assert await shown(watched, "label", "channels") == ("cases", ["case"])
    assert await watched.offers("ana") == ["one"]


async def test_a_next_status_that_is_no_longer_configured_comes_all_the_same(watched: WatchedEngine) -> None:
    await watched.apply(BASIC + '[statuses.lunch]\nkind = "busy"\n')
    await talk(watched)
    await watched.set_next_status("ana", "lunch")
    await watched.apply(BASIC)
    await watched.act("ana", "complete", "chat")
    assert await shown(watched, "label", "status") == ("lunch", "busy")


async def test_who_waits_for_its_end_is_not_somebody_who_could_take_it(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.add_agent("bo")
    await watched.set_next_status("ana", "offline")
    await watched.submit("one")
    await watched.act("bo", "decline", "one", reason="busy")
    assert [alert["case"] for alert in await watched.events("alert_raised")] == ["one"]


async def test_by_hand_the_agent_may_still_take_a_case(watched: WatchedEngine) -> None:
    await talk(watched)
    await watched.set_agent("ana", queues="pool,support")
    await watched.submit("one", "pool")
    await watched.set_next_status("ana", "offline")
    await watched.act("ana", "take", "one")
    assert await watched.desk("ana") == ["chat", "one"]
