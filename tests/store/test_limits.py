"""How many cases of a channel an agent may have in hand: the same rule on every path."""

from typing import Any

import pytest

from casebaton.errors import Refused
from tests.engine import BASIC
from tests.store.soundness import WatchedEngine

ROOMY: dict[str, Any] = {"capacity": 20, "room": 10}
AUTO = BASIC.replace("[channels.chat]", "[channels.chat]\nauto_accept = true")


async def chats(engine: WatchedEngine, agent: str = "ana") -> int:
    """How many chats count against the agent's limit."""
    found: int = (await engine.agent(agent))["agent"].get("channel_cases", {}).get("chat", 0)
    return found


@pytest.fixture
async def ana(watched: WatchedEngine) -> WatchedEngine:
    """Ana has room for three chats and may have one, which she works on."""
    await watched.add_agent("ana", queues=["support", "pool", "billing"], **ROOMY)
    await watched.set_agent("ana", limits="chat=1")
    await watched.submit("mine", channel="chat")
    await watched.act("ana", "accept", "mine")
    return watched


def names_the_limit(refused: Refused, code: str = "NO_ROOM") -> bool:
    return refused.code == code and "1 of at most 1 cases of channel chat" in refused.detail


class TestMatch:
    async def test_what_is_above_the_limit_waits_and_other_channels_go_on(self, ana: WatchedEngine) -> None:
        await ana.submit("chat", channel="chat", priority=0)
        await ana.submit("case")
        assert await ana.offers("ana") == ["case"]
        await ana.act("ana", "accept", "case")
        assert await ana.waits("chat")
        await ana.act("ana", "complete", "mine")
        assert await ana.offers("ana") == ["chat"]

    async def test_an_offer_counts_from_the_moment_it_is_made(self, watched: WatchedEngine) -> None:
        await watched.apply(BASIC + "[workspace]\noffer_limit = 3\n")
        await watched.add_agent("ana", **ROOMY)
        await watched.set_agent("ana", limits="case=1,chat=2")
        for case, channel in (("a", "chat"), ("b", "chat"), ("c", "chat"), ("d", "case"), ("e", "case")):
            await watched.submit(case, channel=channel)
        assert sorted(await watched.offers("ana")) == ["a", "b", "d"]

    async def test_what_is_given_outright_counts_too(self, watched: WatchedEngine) -> None:
        await watched.apply(AUTO)
        await watched.add_agent("ana", **ROOMY)
        await watched.set_agent("ana", limits="chat=1")
        for case in ("a", "b"):
            await watched.submit(case, channel="chat")
        assert (await watched.desk("ana"), await watched.waits("b")) == (["a"], True)

    async def test_a_limit_of_nothing_keeps_a_channel_away(self, ana: WatchedEngine) -> None:
        await ana.set_agent("ana", limits="case=0")
        await ana.submit("case")
        await ana.submit("chat", channel="chat")
        assert await ana.offers("ana") == ["chat"]

    async def test_a_raised_limit_is_used_at_once_and_one_that_is_gone_too(self, ana: WatchedEngine) -> None:
        for case in ("a", "b"):
            await ana.submit(case, channel="chat")
        await ana.set_agent("ana", limits="chat=2")
        assert await ana.offers("ana") == ["a"]
        await ana.act("ana", "accept", "a")
        assert await ana.offers("ana") == []
        await ana.set_agent("ana", limits="-")
        assert await ana.offers("ana") == ["b"]

    async def test_who_is_alone_meant_for_a_case_gets_it_within_the_limit(self, ana: WatchedEngine) -> None:
        await ana.submit("hers", channel="chat", required_agent="ana")
        assert await ana.waits("hers")
        await ana.act("ana", "complete", "mine")
        assert await ana.offers("ana") == ["hers"]

    async def test_a_reopened_case_comes_within_the_limit(self, ana: WatchedEngine) -> None:
        await ana.act("ana", "complete", "mine")
        await ana.submit("next", channel="chat")
        await ana.steer("producer", "reopen", "mine", preferred_ms=120_000)
        assert await ana.waits("mine")


class TestLowered:
    async def test_the_offer_of_that_channel_is_taken_back_and_nothing_else(self, watched: WatchedEngine) -> None:
        await watched.apply(BASIC + "[workspace]\noffer_limit = 2\n")
        await watched.add_agent("ana", **ROOMY)
        await watched.submit("owned", channel="chat")
        await watched.act("ana", "accept", "owned")
        await watched.submit("ringing", channel="chat")
        await watched.submit("case")
        await watched.set_agent("ana", limits="chat=1")
        assert (await watched.offers("ana"), await watched.desk("ana")) == (["case"], ["owned"])
        (revoked,) = await watched.events("offer_revoked")
        assert (revoked["case"], revoked["reason"]) == ("ringing", "capacity_lowered")
        assert (await watched.agent("ana"))["agent"]["missed"] == 0

    async def test_nothing_is_taken_away_and_nothing_new_comes_in(self, ana: WatchedEngine) -> None:
        await ana.set_agent("ana", limits="chat=0")
        assert await ana.desk("ana") == ["mine"]
        await ana.submit("other", channel="chat")
        await ana.act("ana", "complete", "mine")
        assert (await ana.offers("ana"), await chats(ana)) == ([], 0)


class TestOtherPaths:
    async def test_a_take_is_refused_and_names_the_limit(self, ana: WatchedEngine) -> None:
        await ana.submit("one", "pool", channel="chat")
        assert names_the_limit(await ana.refusal(ana.act("ana", "take", "one")))
        assert names_the_limit(await ana.refusal(ana.run("take_next", ("agent", "ana"), queue="")))

    async def test_the_next_case_is_one_of_another_channel(self, ana: WatchedEngine) -> None:
        await ana.submit("chat", "pool", channel="chat", priority=0)
        await ana.submit("case", "pool")
        assert (await ana.run("take_next", ("agent", "ana"), queue="pool"))["case"] == "case"

    async def test_a_transfer_finds_its_target_full(self, ana: WatchedEngine) -> None:
        await ana.add_agent("bo", queues=["billing"], **ROOMY)
        await ana.submit("bos", "billing", channel="chat")
        await ana.act("bo", "accept", "bos")
        assert names_the_limit(await ana.refusal(ana.act("bo", "transfer", "bos", agent="ana")), "TARGET_FULL")

    async def test_a_transfer_that_rings_counts(self, ana: WatchedEngine) -> None:
        await ana.add_agent("bo", queues=["billing"], **ROOMY)
        await ana.submit("bos", "billing", channel="chat")
        await ana.act("bo", "accept", "bos")
        await ana.act("ana", "complete", "mine")
        await ana.act("bo", "transfer", "bos", agent="ana")
        assert await chats(ana) == 1
        await ana.act("ana", "accept", "bos", baton=(await ana.agent("ana"))["offers"][0]["baton"])
        assert (await chats(ana), await chats(ana, "bo")) == (1, 0)

    async def test_an_assignment_above_the_limit_is_said_to_be_one(self, ana: WatchedEngine) -> None:
        await ana.submit("other", channel="chat")
        assert names_the_limit(await ana.refusal(ana.steer("supervisor", "assign", "other", agent="ana")))
        await ana.steer("supervisor", "assign", "other", agent="ana", over_capacity=1)
        assert (await ana.events("case_assigned"))[-1]["over_capacity"]
        assert await chats(ana) == 2

    async def test_what_is_parked_without_units_does_not_count_until_it_is_resumed(self, ana: WatchedEngine) -> None:
        await ana.act("ana", "park", "mine")
        assert await chats(ana) == 0
        await ana.submit("second", channel="chat")
        await ana.act("ana", "accept", "second")
        assert names_the_limit(await ana.refusal(ana.act("ana", "resume", "mine")))
        await ana.steer("producer", "update", "mine", customer_activity=1)
        assert (await ana.case("mine"))["wake_pending"]
        await ana.act("ana", "complete", "second")
        assert (await ana.case("mine"))["state"] == "active"

    async def test_what_holds_units_while_it_is_parked_counts(self, watched: WatchedEngine) -> None:
        await watched.apply(BASIC.replace("cost = 5", "cost = 5\nparked_cost = 1"))
        await watched.add_agent("ana", **ROOMY)
        await watched.set_agent("ana", limits="chat=1")
        await watched.submit("one", channel="chat")
        await watched.act("ana", "accept", "one")
        await watched.act("ana", "park", "one")
        await watched.submit("two", channel="chat")
        assert (await chats(watched), await watched.waits("two")) == (1, True)
        await watched.act("ana", "resume", "one")
        assert (await watched.case("one"))["state"] == "active"
