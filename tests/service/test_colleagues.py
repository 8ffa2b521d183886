"""To whom a case could be handed: who is told, in which order, and that a hand-over then does what was told."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from casebaton.auth import Identity, Scope
from casebaton.errors import Refused
from casebaton.service import colleagues
from casebaton.service.colleagues import Colleagues
from casebaton.store import names
from casebaton.wire import messages as m
from tests.engine import BASIC, Engine

ANA = Identity("acme", "agent", "ana", expires_at=0)
SUE = Identity("acme", "supervisor", "sue", expires_at=0)
Arrange = Callable[[Engine], Awaitable[Any]]


async def find(engine: Engine, identity: Identity = ANA, **fields: Any) -> Colleagues:
    answer = await colleagues.find(engine.store, identity, m.FindColleagues(id="f-1", case="one", **fields))
    return msgspec.json.decode(answer.body, type=Colleagues)


def named(found: Colleagues) -> list[str]:
    return [each.agent for each in found.items]


async def own(engine: Engine, queue: str = "support", **asks: Any) -> None:
    """Ana owns case `one`."""
    await engine.add_agent("ana", queues=[queue])
    await engine.submit("one", queue, **asks)
    await engine.act("ana", "take" if queue == "pool" else "accept", "one")


async def test_first_comes_whom_the_match_would_take_first(engine: Engine) -> None:
    await own(engine)
    for agent in ("cy", "bo", "di"):
        engine.now += 1000
        await engine.add_agent(agent)
    assert named(await find(engine)) == ["cy", "bo", "di"]
    assert named(await find(engine, limit=2)) == ["cy", "bo"]
    assert (await find(engine, limit=2)).more
    assert not (await find(engine)).more


async def test_it_tells_what_is_free_and_who_somebody_is(engine: Engine) -> None:
    await own(engine)
    await engine.add_agent("bo", capacity=6, room=2)
    await engine.set_agent("bo", name="Bo Berg", team="north")
    await engine.set_status("ana", "busy")
    await engine.submit("two")
    await engine.act("bo", "accept", "two")
    (bo,) = (await find(engine)).items
    assert (bo.name, bo.team, bo.label, bo.presence) == ("Bo Berg", "north", "online", "connected")
    assert (bo.free_primary, bo.free_interruptible, bo.lacks, bo.unqualified) == (6, 1, None, None)


async def go_busy(engine: Engine) -> None:
    await engine.set_status("bo", "busy")


async def leave(engine: Engine) -> None:
    await engine.disconnect("bo")


async def want_to_go(engine: Engine) -> None:
    await engine.submit("chat", "billing", channel="chat")
    await engine.act("bo", "accept", "chat")
    await engine.set_next_status("bo", "busy")


async def take_only_chats(engine: Engine) -> None:
    await engine.set_status("bo", "online", channels="chat")


async def be_rung(engine: Engine) -> None:
    await engine.submit("two", "billing")


async def be_full(engine: Engine) -> None:
    await engine.set_agent("bo", interruptible_capacity=0)


async def reach_a_limit(engine: Engine) -> None:
    await engine.set_agent("bo", limits="case=0")


LACKING: list[tuple[Arrange, str]] = [
    (go_busy, "status"), (leave, "presence"), (want_to_go, "next_status"), (take_only_chats, "channel"),
    (be_rung, "open_offer"), (be_full, "room"), (reach_a_limit, "limit"),
]  # fmt: skip


@pytest.mark.parametrize(("arrange", "lacks"), LACKING)
async def test_what_somebody_lacks_is_what_refuses_the_transfer(engine: Engine, arrange: Arrange, lacks: str) -> None:
    await own(engine)
    await engine.add_agent("bo", queues=["support", "billing"])
    await engine.add_agent("cy")
    await arrange(engine)
    found = {each.agent: each.lacks for each in (await find(engine, text="bo")).items}
    assert found == {"bo": lacks}
    with pytest.raises(Refused) as refused:
        await engine.act("ana", "transfer", "one", agent="bo")
    away = {"status", "presence", "next_status", "channel"}
    assert refused.value.code == ("TARGET_OFFLINE" if lacks in away else "TARGET_FULL")
    assert named(await find(engine))[0] == "cy"
    assert (await engine.act("ana", "transfer", "one", agent="cy"))["state"] == "active"


async def test_somebody_at_whom_it_rings_already_is_not_asked_again(engine: Engine) -> None:
    await own(engine)
    await engine.add_agent("bo")
    await engine.act("ana", "transfer", "one", agent="bo")
    assert named(await find(engine)) == named(await find(engine, text="b")) == []


async def test_a_window_is_in_the_way(engine: Engine) -> None:
    await engine.apply(f"{BASIC}[channels.visit]\nwindows = true\n")
    await own(engine, "pool", channel="visit", window="15-25")
    await engine.add_agent("bo", queues=["pool"])
    await engine.submit("two", "pool", channel="visit", window="10-20")
    await engine.act("bo", "take", "two")
    assert [(each.agent, each.lacks) for each in (await find(engine)).items] == [("bo", "window")]
    assert (await engine.refusal(engine.act("ana", "transfer", "one", agent="bo"))).code == "WINDOW_TAKEN"


async def test_of_a_queue_that_offers_nothing_the_members_are_looked_at(engine: Engine) -> None:
    await own(engine, "pool")
    for agent in ("cy", "bo"):
        engine.now += 1000
        await engine.add_agent(agent, queues=["pool"])
    await engine.add_agent("di", queues=["pool"])
    await engine.set_status("di", "busy")
    await engine.set_agent("ed", create=1, queues="pool")
    found = await find(engine)
    assert [(each.agent, each.lacks) for each in found.items] == [("cy", None), ("bo", None), ("di", "status")]
    assert not found.more


async def test_members_are_looked_at_in_slices_up_to_a_bound(engine: Engine) -> None:
    await own(engine, "pool")
    for number in range(120):
        await engine.set_agent(f"m-{number:03}", create=1, queues="pool")
    await engine.add_agent("zoe", queues=["pool"])
    found = await find(engine, limit=1)
    assert (named(found), found.more) == (["zoe"], False)


async def test_a_text_finds_whoever_there_is_and_says_what_the_match_would_miss(engine: Engine) -> None:
    await own(engine, "pool", skills="german=1")
    await engine.add_agent("bo", queues=["billing"])
    engine.now += 1000
    await engine.add_agent("bea", queues=["pool"])
    await engine.set_agent("b-off", create=1, queues="pool", skills="german=1")
    found = (await find(engine, text="B")).items
    assert [(each.agent, each.lacks, each.unqualified) for each in found] == [
        ("bo", None, "membership"), ("bea", None, "skills"), ("b-off", "status", None),
    ]  # fmt: skip


async def test_more_than_a_script_looks_at_is_said(engine: Engine) -> None:
    await own(engine)
    for number in range(101):
        await engine.set_agent(f"m-{number:03}", create=1)
    found = await find(engine, text="m-", limit=20)
    assert (len(found.items), found.more) == (20, True)
    assert not (await find(engine, text="m-09", limit=20)).more


async def test_who_assigns_is_told_only_what_an_assignment_asks_for(engine: Engine) -> None:
    await engine.set_agent("bo", create=1, queues="support")
    await engine.set_agent("cy", create=1, queues="support", interruptible_capacity=0)
    await engine.submit("one")
    found = (await find(engine, SUE)).items
    assert [(each.agent, each.label, each.lacks) for each in found] == [("bo", "offline", None)]
    found = (await find(engine, SUE, text="cy")).items
    assert [(each.agent, each.lacks) for each in found] == [("cy", "room")]
    assert (await engine.refusal(engine.steer("supervisor", "assign", "one", agent="cy"))).code == "NO_ROOM"
    assert (await engine.steer("supervisor", "assign", "one", agent="bo"))["owner"] == "agent:bo"


async def test_nobody_outside_a_scope_is_told(engine: Engine) -> None:
    await own(engine)
    for agent, team in (("bo", "north"), ("bea", "south")):
        await engine.add_agent(agent, queues=["billing"])
        await engine.set_agent(agent, team=team, name=agent, name_keys=names.keys(agent))
    sam = Identity("acme", "supervisor", "sam", expires_at=0, scope=Scope(queues=("support",), teams=("north",)))
    assert named(await find(engine, sam, text="b")) == ["bo"]
