"""Who a client finds, and what people are called."""

import asyncio

import msgspec
import pytest

from casebaton.client import people
from casebaton.service import colleagues
from tests.client.conftest import Stage
from tests.client.peer import a_case

BO = {"agent": "bo", "name": "Bo Berg", "team": "north", "label": "online", "presence": "connected"}
UNITS = {"free_primary": 10, "free_interruptible": 2, "idle_at_ms": 5}


@pytest.mark.parametrize("name", ["Colleague", "Colleagues"])
def test_the_client_reads_all_that_the_server_tells(name: str) -> None:
    ours, theirs = getattr(people, name), getattr(colleagues, name)
    assert ours.__struct_fields__ == theirs.__struct_fields__
    assert ours.__struct_defaults__ == theirs.__struct_defaults__


async def test_colleagues_are_asked_for_by_what_was_given_and_nothing_else(stage: Stage) -> None:
    client, peer = await stage.connected()
    asking = asyncio.create_task(client.find_colleagues("one", "be", limit=5))
    command = await peer.command()
    assert {**command, "id": ""} == {"type": "find_colleagues", "id": "", "case": "one", "text": "be", "limit": 5}
    await peer.reply(command, {"items": [BO | UNITS | {"lacks": "room"}], "more": True})
    found = await asking
    assert ([each.lacks for each in found.items], found.more) == (["room"], True)
    asking = asyncio.create_task(client.find_colleagues("one"))
    command = await peer.command()
    assert {**command, "id": ""} == {"type": "find_colleagues", "id": "", "case": "one"}
    await peer.reply(command, {"items": []})
    assert not (await asking).items


async def test_names_come_by_agent(stage: Stage) -> None:
    client, peer = await stage.connected()
    asking = asyncio.create_task(client.names(["bo", "nobody"]))
    command = await peer.command()
    assert command["agents"] == ["bo", "nobody"]
    named = {"agent": "bo", "name": "Bo Berg", "team": "north"}
    await peer.reply(command, {"items": [named]})
    assert msgspec.to_builtins(await asking) == {"bo": named}


async def test_cases_are_searched_for_by_what_was_given_and_nothing_else(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    asking = asyncio.create_task(client.search_cases("printer", state="waiting"))
    command = await peer.command()
    assert {**command, "id": ""} == {"type": "search_cases", "id": "", "text": "printer", "state": "waiting"}
    await peer.reply(command, {"items": [a_case("one")], "more": True})
    found = await asking
    assert ([case.case for case in found.items], found.more) == (["one"], True)
