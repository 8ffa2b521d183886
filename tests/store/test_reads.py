"""read_case, read_agent, read_agents, read_held, read_line: what pages and snapshots are made of."""

from typing import Any

import msgspec
import pytest

from casebaton.wire.channels import ChannelSummary
from tests.engine import BASIC, Engine

SUE = ("supervisor", "sue")
SUMMARIES = dict[str, ChannelSummary]


async def pages(engine: Engine, command: str, limit: int, actor: tuple[str, str] = SUE, **args: Any) -> list[list[str]]:
    """All pages of a list, as ids."""
    found, after = [], ""
    while True:
        page = await engine.run(command, actor, command_id="", after=after, limit=limit, **args)
        found.append([item.get("case") or item["agent"] for item in page.get("items", page.get("cases"))])
        if "next_cursor" not in page:
            return found
        after = page["next_cursor"]


async def test_a_case_is_shown_whole(engine: Engine) -> None:
    await engine.run(
        "submit_case", ("producer", "crm"), case="one", queue="support", channel="case", priority=3, digest="d",
        created_at=1_700_000_000_000, card='{"subject":"Tröpfchen \\u0007"}', data='{"a":[1,null]}',
    )  # fmt: skip
    found = await engine.case("one")
    baton, score = found.pop("baton"), found.pop("score")
    assert (baton.endswith(".1"), score > 0) == (True, True)
    assert found == {
        "case": "one", "revision": 1, "state": "waiting", "owner": "queue:support", "queue": "support",
        "channel": "case", "pool": "interruptible", "cost": 1, "priority": 3, "created_at_ms": 1_700_000_000_000,
        "requested_at_ms": engine.now, "queued_at_ms": engine.now, "state_at_ms": engine.now,
        "card": {"subject": "Tröpfchen \x07"}, "data": {"a": [1, None]},
        "parked_cost": 0,
    }  # fmt: skip


async def test_a_closed_case_is_kept_with_what_it_said_for_as_long_as_it_may_be_reopened(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.act("ana", "complete", "one")
    found = await engine.case("one")
    assert (found["state"], found["owner"], found["agent"]) == ("closed", "none", "ana")
    assert found["card"] == {"subject": "subject of one"}
    for noun in ("case", "card"):
        assert 86_400_000 < await engine.store.redis.pttl(f"{{acme}}:{noun}:one") <= 604_800_000


async def test_a_closed_case_is_kept_for_its_retention_if_that_is_longer(engine: Engine) -> None:
    await engine.apply(BASIC + "[workspace]\nretention_s = 7200\nreopen_s = 3600\n")
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.act("ana", "complete", "one")
    assert 3_600_000 < await engine.store.redis.pttl("{acme}:case:one") <= 7_200_000


async def test_a_case_that_ended_otherwise_is_remembered_without_what_it_said(engine: Engine) -> None:
    await engine.submit("one")
    await engine.steer("producer", "cancel", "one", reason="withdrawn")
    found = await engine.case("one")
    assert (found["state"], found["owner"]) == ("cancelled", "none")
    assert not {"card", "data"} & found.keys()
    assert 0 < await engine.store.redis.pttl("{acme}:case:one") <= 86_400_000


async def test_nothing_expires_while_a_case_lives_but_what_is_remembered_of_commands(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.submit("two")
    await engine.act("ana", "accept", "one")
    keys = await engine.store.redis.keys("{acme}:*")
    assert {await engine.store.redis.ttl(key) for key in keys if b":answers:" not in key} == {-1}


@pytest.mark.parametrize("limit", [1, 7, 50, 100])
async def test_a_line_is_paged_through_whole_and_in_order_also_when_all_came_at_once(
    engine: Engine, limit: int
) -> None:
    cases = [f"c-{n:03}" for n in range(170)]
    for case in reversed(cases):
        await engine.submit(case, "pool")
    found = await pages(engine, "read_line", limit, queue="pool")
    assert [case for page in found for case in page] == cases
    assert {len(page) for page in found[:-1]} == {limit}


async def test_a_page_goes_on_where_the_last_ended_though_that_case_has_left(engine: Engine) -> None:
    for n in range(6):
        await engine.submit(f"c-{n}", "pool")
    page = await engine.run("read_line", SUE, command_id="", queue="pool", after="", limit=3)
    await engine.steer("producer", "cancel", "c-2", reason="withdrawn")
    page = await engine.run("read_line", SUE, command_id="", queue="pool", after=page["next_cursor"], limit=3)
    assert [case["case"] for case in page["cases"]] == ["c-3", "c-4", "c-5"]
    assert page["waiting"] == 5


async def test_agents_are_paged_by_id(engine: Engine) -> None:
    names = [f"a-{n}" for n in range(5)]
    for name in reversed(names):
        await engine.set_agent(name, create=1)
    assert await pages(engine, "read_agents", 2) == [names[:2], names[2:4], names[4:]]


async def test_what_an_agent_holds_is_shown_newest_first(engine: Engine) -> None:
    await engine.add_agent("ana")
    for case in ("one", "two"):
        await engine.submit(case)
        await engine.act("ana", "accept", case)
        engine.now += 1000
    held = await engine.run("read_held", SUE, command_id="", agent="ana")
    assert [case["case"] for case in held["items"]] == ["two", "one"]


async def test_a_read_changes_nothing(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    before = await engine.dump()
    engine.now += 1000
    await engine.case("one")
    await engine.agent("ana")
    await engine.line("support")
    await pages(engine, "read_agents", 10)
    assert await engine.dump() == before


@pytest.mark.parametrize("read", ["read_line", "read_notes"])
async def test_whoever_is_no_agent_any_more_reads_nothing(engine: Engine, read: str) -> None:
    await engine.submit("one")
    of: dict[str, dict[str, Any]] = {
        "read_line": {"queue": "support", "after": "", "limit": 1},
        "read_notes": {"case": "one"},
    }
    refused = await engine.refusal(engine.run(read, ("agent", "nobody"), command_id="", **of[read]))
    assert refused.code == "NOT_MEMBER"


async def test_an_agent_is_told_of_the_channels_in_force(engine: Engine) -> None:
    await engine.apply(BASIC + "[workspace]\ndispositions = ['solved']\n")
    await engine.add_agent("ana")
    summaries = msgspec.json.decode(msgspec.json.encode((await engine.agent("ana"))["channels"]), type=SUMMARIES)
    assert (summaries["case"].ring_s, summaries["chat"].cost) == (30, 5)
    assert [summary.dispositions for summary in summaries.values()] == [("solved",), ("solved",)]
    await engine.apply(BASIC.replace("[channels.chat]", "[channels.call]"))
    assert (await engine.agent("ana"))["channels"].keys() == {"case", "call"}
    assert (await engine.connect("ana"))["channels"] == (await engine.agent("ana"))["channels"]


async def test_where_an_older_version_has_staged_the_configuration_nothing_is_told_of_channels(engine: Engine) -> None:
    await engine.store.redis.delete("{acme}:config:1:channels")
    await engine.add_agent("ana")
    assert (await engine.agent("ana"))["channels"] == {}
    await engine.apply(BASIC)  # the same document: what is missing is staged
    assert (await engine.agent("ana"))["channels"].keys() == {"case", "chat"}
