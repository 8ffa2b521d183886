import pytest

from tests.store.soundness import WatchedEngine


@pytest.mark.parametrize(
    ("before", "after", "offer_stays", "reason"),
    [
        ("online", "online", True, None),
        ("online", "busy", False, "agent_busy"),
        ("online", "offline", False, "agent_offline"),
    ],
)
async def test_leaving_online_takes_the_offer_back_uncounted(
    watched: WatchedEngine, before: str, after: str, offer_stays: bool, reason: str | None
) -> None:
    await watched.add_agent("ana")
    await watched.set_status("ana", before)
    await watched.submit("one")
    assert await watched.offers("ana") == ["one"]
    idle_at = (await watched.agent("ana"))["agent"]["idle_at_ms"]
    watched.now += 1000
    await watched.set_status("ana", after)
    assert (await watched.offers("ana") == ["one"]) is offer_stays
    assert [event["reason"] for event in await watched.events("offer_revoked")] == ([reason] if reason else [])
    found = (await watched.agent("ana"))["agent"]
    assert (found["missed"], found["idle_at_ms"]) == (0, idle_at)


async def test_what_is_owned_stays_whatever_the_status(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    for status in ("busy", "offline", "online"):
        await watched.set_status("ana", status)
        assert await watched.desk("ana") == ["one"]


async def test_each_change_is_one_event_and_no_change_none(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.set_status("ana", "online")
    await watched.set_status("ana", "busy", channels="chat")
    fields = ("status_before", "status", "status_cause", "channels")
    changes = [tuple(event[field] for field in fields) for event in await watched.events("agent_status_changed")]
    assert changes == [("offline", "online", "agent", ["*"]), ("online", "busy", "agent", ["chat"])]


async def test_coming_online_gets_the_best_waiting_case_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.set_status("ana", "busy")
    await watched.submit("one")
    await watched.submit("two", priority=0)
    await watched.set_status("ana", "online")
    assert await watched.offers("ana") == ["two"]
