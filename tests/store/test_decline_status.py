"""A channel may name the status that declining puts an agent in."""

import pytest

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

DOCUMENT = (
    BASIC.replace("cost = 5\n", 'cost = 5\non_decline_status = "break"\n')
    + """
[channels.mail]
on_decline_status = "offline"
[statuses.break]
kind = "busy"
teams = ["north"]
[workspace]
offer_limit = 2
"""
)


@pytest.fixture
async def watched(watched: WatchedEngine) -> WatchedEngine:
    await watched.apply(DOCUMENT)
    await watched.add_agent("ana")
    return watched


async def test_declining_sets_it_and_takes_the_other_offers_back_uncounted(watched: WatchedEngine) -> None:
    await watched.submit("other")
    await watched.submit("chat", channel="chat")
    await watched.add_agent("bo")
    await watched.act("ana", "decline", "chat", reason="busy")
    last = [(event["type"], event.get("reason"), event["actor"]) for event in await watched.events()]
    assert last[-5:] == [
        ("case_declined", "busy", "agent:ana"),
        ("agent_status_changed", None, "engine:status"),
        ("offer_revoked", "agent_busy", "engine:status"),
        ("case_offered", None, "engine:match"),
        ("case_offered", None, "engine:match"),
    ]
    found = (await watched.agent("ana"))["agent"]
    assert [found[field] for field in ("status", "label", "status_cause", "label_before", "missed")] == [
        "busy", "break", "on_decline", "online", 0,
    ]  # fmt: skip
    assert sorted(await watched.offers("bo")) == ["chat", "other"]


async def test_what_was_replaced_is_told_with_its_channels(watched: WatchedEngine) -> None:
    await watched.set_status("ana", "online", channels="chat")
    await watched.submit("chat", channel="chat")
    await watched.act("ana", "decline", "chat", reason="busy")
    found = (await watched.agent("ana"))["agent"]
    assert (found["label_before"], found["channels_before"]) == ("online", ["chat"])


async def test_offline_by_declining_returns_what_is_owned_as_the_choice_does(watched: WatchedEngine) -> None:
    await watched.apply(DOCUMENT.replace("[channels.mail]\n", '[channels.mail]\non_offline = "return"\n'))
    await watched.submit("own", channel="mail")
    await watched.act("ana", "accept", "own")
    await watched.submit("mail", channel="mail")
    await watched.act("ana", "decline", "mail", reason="busy")
    await watched.tick()
    assert [(event["case"], event["reason"]) for event in await watched.events("case_returned")] == [
        ("own", "agent_offline")
    ]


async def test_missing_or_losing_an_offer_is_not_declining_it(watched: WatchedEngine) -> None:
    await watched.submit("mail", channel="mail")
    await watched.advance(30)
    assert (await watched.agent("ana"))["agent"]["status"] == "online"


async def test_a_channel_without_one_leaves_the_status(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="busy")
    assert (await watched.agent("ana"))["agent"]["status"] == "online"
