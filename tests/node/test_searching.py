"""What a supervisor finds among all live cases, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from casebaton.auth import Scope
from casebaton.node import searching
from casebaton.service import search
from casebaton.store.client import StoreClient
from tests.node.world import RunningNode, Socket, run_node, until

ANN, CRM = ("admin", "ann"), ("producer", "crm")


@pytest_asyncio.fixture
async def node(store: StoreClient) -> AsyncIterator[RunningNode]:
    """A node that lets tests ask again and again."""
    async with run_node(store.url, commands_per_second=10_000) as node:
        yield node


async def submit(store: StoreClient, case: str, queue: str, subject: str) -> None:
    card = json.dumps({"subject": subject})
    args: dict[str, Any] = {"case": case, "queue": queue, "channel": "case", "priority": 5, "digest": "d", "card": card}
    await store.run("submit_case", "acme", CRM, **args)


async def find(socket: Socket, text: str, **fields: Any) -> list[str]:
    found = (await socket.command("search_cases", text=text, **fields))["ok"]
    return [item["case"] for item in found["items"]]


async def test_all_live_cases_are_found_the_newest_first(node: RunningNode, store: StoreClient) -> None:
    await submit(store, "one", "support", "Printer")
    await submit(store, "two", "pool", "printers")
    async with node.signed_in("supervisor", "sue") as sue:
        assert sorted(await find(sue, "PRINTER")) == ["one", "two"]
        await submit(store, "three", "pool", "Printer again")
        assert (await sue.command("watch_workspace"))["ok"]
        await until_found(sue, "printer", "three")
        assert (await find(sue, "printer"))[0] == "three"
        found = (await sue.command("search_cases", text="printer", limit=1))["ok"]
        assert ([item["case"] for item in found["items"]], found["more"]) == (["three"], True)
        assert found["items"][0]["card"] == {"subject": "Printer again"}


async def until_found(sue: Socket, text: str, case: str) -> None:
    async def is_found() -> bool:
        return case in await find(sue, text)

    await until(is_found)


async def test_what_changes_after_the_first_search_is_found_as_it_is(node: RunningNode, store: StoreClient) -> None:
    await submit(store, "one", "pool", "Printer")
    async with node.signed_in("supervisor", "sue") as sue:
        assert await find(sue, "printer") == ["one"]
        await store.run("update_case", "acme", CRM, case="one", baton="any", card=json.dumps({"subject": "Scanner"}))
        await until_found(sue, "scanner", "one")
        assert await find(sue, "printer") == []
        await store.run("cancel_case", "acme", CRM, case="one", baton="any", reason="r")

        async def is_gone() -> bool:
            return await find(sue, "scanner") == []

        await until(is_gone)
        assert await find(sue, "one") == ["one"], "by its id it is, while it is remembered"


async def test_a_search_is_narrowed_down(node: RunningNode, store: StoreClient) -> None:
    await submit(store, "two", "pool", "Printer")
    async with node.online("ana") as ana, node.signed_in("supervisor", "sue") as sue:
        await submit(store, "one", "support", "Printer")
        await ana.event("case_offered", case="one")
        assert await find(sue, "printer", queue="pool") == ["two"]
        assert await find(sue, "printer", state="offered") == ["one"]
        assert await find(sue, "printer", agent="ana") == ["one"]
        assert await find(sue, "printer pool") == ["two"], "a queue's name counts as well"


async def test_nothing_outside_a_scope_is_found(node: RunningNode, store: StoreClient) -> None:
    await store.run("set_agent", "acme", ANN, agent="ana", team="north")
    await submit(store, "two", "pool", "Printer")
    async with node.online("ana") as ana, node.socket() as sam, node.socket() as tom:
        await submit(store, "one", "support", "Printer")
        await ana.event("case_offered", case="one")
        await sam.hello(node.token("supervisor", "sam", scope=Scope(("pool",))))
        await tom.hello(node.token("supervisor", "tom", scope=Scope((), ("north",))))
        assert (await find(sam, "printer"), await find(sam, "one")) == (["two"], [])
        assert (await find(tom, "printer"), await find(tom, "two")) == (["one"], [])


async def test_cards_are_read_in_slices_once_and_by_the_next_one_if_the_first_gives_up(
    node: RunningNode, store: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CARDS", 2)
    for number in range(5):
        await submit(store, f"c-{number}", "pool", "Printer")
    asked: list[list[str]] = []
    read, is_asked = search.read_cards, asyncio.Event()

    async def count(*args: Any, **options: Any) -> Any:
        asked.append(options["cases"])
        cards = await read(*args, **options)
        if len(asked) == 2:
            is_asked.set()
            await asyncio.Event().wait()
        return cards

    monkeypatch.setattr(search, "read_cards", count)
    async with node.signed_in("supervisor", "sue") as sue:
        await sue.send({"type": "search_cases", "id": "s-0", "text": "printer"})
        await is_asked.wait()
    async with node.signed_in("supervisor", "sue") as sue:
        assert len(await find(sue, "printer")) == 5
        assert len(await find(sue, "printer")) == 5
    assert [len(page) for page in asked] == [2, 2, 2, 1]
    assert asked[1] == asked[2]


async def test_an_agent_finds_what_it_may_see(node: RunningNode, store: StoreClient) -> None:
    await submit(store, "one", "pool", "Printer")
    async with node.signed_in("agent", "ana") as ana, node.signed_in("agent", "zoe") as zoe:
        assert (await find(ana, "printer"), await find(zoe, "printer")) == (["one"], [])
        assert not node.node.gateway.overviews._live, "nobody supervises"
