"""Configured statuses: names for the three kinds that matching knows."""

from typing import Any

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

STATUSES = """
[statuses.lunch]
kind = "busy"
[statuses.chats]
kind = "online"
channels = ["chat"]
[statuses.nothing]
kind = "online"
channels = []
[statuses.night-shift]
kind = "online"
teams = ["north", "the \\"best\\""]
"""


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    await watched.apply(BASIC + STATUSES)
    await watched.add_agent("ana")
    return watched


async def shown(engine: WatchedEngine, *fields: str) -> tuple[Any, ...]:
    found = (await engine.agent("ana"))["agent"]
    return tuple(found[field] for field in fields)


@pytest.mark.parametrize(
    ("label", "kind", "channels", "rings"),
    [
        ("online", "online", ["*"], ["case-1"]),
        ("busy", "busy", ["*"], []),
        ("lunch", "busy", ["*"], []),
        ("chats", "online", ["chat"], ["chat-1"]),
        ("nothing", "online", [], []),
    ],
)
async def test_a_status_matches_as_its_kind_and_for_its_channels(
    watched: WatchedEngine, label: str, kind: str, channels: list[str], rings: list[str]
) -> None:
    await watched.set_status("ana", "offline")
    await watched.submit("case-1")
    await watched.submit("chat-1", channel="chat")
    await watched.set_status("ana", label)
    assert await shown(watched, "label", "status", "channels") == (label, kind, channels)
    assert await watched.offers("ana") == rings


@pytest.mark.parametrize(
    ("wished", "accepted"), [("*", ["chat"]), ("case,chat", ["chat"]), ("case", []), ("chat", ["chat"])]
)
async def test_channels_narrow_what_the_status_accepts_and_never_widen_it(
    watched: WatchedEngine, wished: str, accepted: list[str]
) -> None:
    await watched.set_status("ana", "chats", channels=wished)
    assert await shown(watched, "channels") == (accepted,)


async def test_another_name_of_the_same_kind_is_a_change_and_leaves_the_offer(watched: WatchedEngine) -> None:
    await watched.set_agent("ana", team="north")
    await watched.submit("one")
    await watched.set_status("ana", "night-shift")
    assert await watched.offers("ana") == ["one"]
    event = (await watched.events("agent_status_changed"))[-1]
    fields = ("status_before", "status", "label_before", "label", "channels_before", "channels")
    assert [event[field] for field in fields] == ["online", "online", "online", "night-shift", ["*"], ["*"]]


async def test_the_event_names_what_a_click_would_bring_back(watched: WatchedEngine) -> None:
    await watched.set_status("ana", "chats")
    await watched.set_status("ana", "lunch")
    assert await shown(watched, "label_before", "channels_before") == ("chats", ["chat"])
    await watched.set_status("ana", "chats", channels="chat")
    assert await shown(watched, "label", "channels") == ("chats", ["chat"])


@pytest.mark.parametrize("team", ["north", 'the "best"'])
async def test_a_status_of_a_team_is_for_its_agents_alone(watched: WatchedEngine, team: str) -> None:
    assert "night-shift" not in [each["status"] for each in (await watched.agent("ana"))["statuses"]]
    assert (await watched.refusal(watched.set_status("ana", "night-shift"))).code == "STATUS_NOT_ALLOWED"
    await watched.set_agent("ana", team=team)
    await watched.set_status("ana", "night-shift")
    assert await shown(watched, "label", "status") == ("night-shift", "online")


async def test_a_snapshot_names_the_statuses_that_the_agent_may_choose(watched: WatchedEngine) -> None:
    assert (await watched.agent("ana"))["statuses"] == [
        {"status": "chats", "kind": "online"},
        {"status": "lunch", "kind": "busy"},
        {"status": "nothing", "kind": "online"},
    ]


async def test_a_status_that_is_no_longer_configured_stays_with_who_has_it_and_nobody_chooses_it(
    watched: WatchedEngine,
) -> None:
    await watched.set_status("ana", "lunch")
    await watched.apply(BASIC)
    assert await shown(watched, "label", "status") == ("lunch", "busy")
    await watched.set_status("ana", "online")
    assert (await watched.refusal(watched.set_status("ana", "lunch"))).code == "UNKNOWN_STATUS"
    assert (await watched.agent("ana"))["statuses"] == []


@pytest.mark.parametrize("name", ["not_responding", "queue", "brunch"])
async def test_what_is_not_configured_cannot_be_chosen(watched: WatchedEngine, name: str) -> None:
    assert (await watched.refusal(watched.set_status("ana", name))).code == "UNKNOWN_STATUS"
