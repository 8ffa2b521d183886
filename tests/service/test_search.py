"""What an agent finds: what it has in hand and what waits in its queues, as it is now."""

import json
from typing import Any

import msgspec
import pytest

from casebaton.auth import Identity
from casebaton.service import search
from casebaton.wire import messages as m
from tests.engine import Engine

ANA = Identity("acme", "agent", "ana", expires_at=0)


async def submit(engine: Engine, case: str, queue: str, subject: str, **card: str) -> None:
    text = json.dumps({"subject": subject} | card)
    args: dict[str, Any] = {"case": case, "queue": queue, "channel": "case", "priority": 5, "digest": "d", "card": text}
    await engine.run("submit_case", ("producer", "crm"), **args)


async def find(engine: Engine, text: str, **fields: Any) -> tuple[list[str], bool]:
    answer = await search.of_agent(engine.store, ANA, m.SearchCases(id="s-1", text=text, **fields))
    found = msgspec.json.decode(answer.body)
    return [item["case"] for item in found["items"]], found.get("more", False)


@pytest.fixture
async def engine(engine: Engine) -> Engine:
    """Ana owns `mine`; `line` waits in her queue pool, `other` in billing, which is not hers."""
    await engine.add_agent("ana", queues=["support", "pool"], room=1)
    await submit(engine, "mine", "support", "Printer A", customer="Müller")
    await engine.act("ana", "accept", "mine")
    await submit(engine, "line", "pool", "Printer B")
    await submit(engine, "other", "billing", "Printer C")
    return engine


async def test_an_agent_finds_its_own_cases_and_those_of_its_queues(engine: Engine) -> None:
    assert await find(engine, "PRINTER") == (["mine", "line"], False)
    assert await find(engine, "muller print") == (["mine"], False)
    assert await find(engine, "scanner") == ([], False)


async def test_a_search_is_narrowed_down(engine: Engine) -> None:
    assert await find(engine, "printer", state="waiting") == (["line"], False)
    assert await find(engine, "printer", queue="support") == (["mine"], False)
    assert await find(engine, "printer", agent="ana") == (["mine"], False)
    assert await find(engine, "printer", limit=1) == (["mine"], True)


async def test_an_id_finds_its_case_first_although_it_has_ended(engine: Engine) -> None:
    await submit(engine, "two", "pool", "It is like mine")
    await engine.act("ana", "complete", "mine")
    assert await find(engine, "mine") == (["mine", "two"], False)
    assert await find(engine, "mine", state="waiting") == (["two"], False)


async def test_what_an_agent_may_not_see_is_not_found_by_its_id_either(engine: Engine) -> None:
    assert await find(engine, "other") == ([], False)


async def test_what_rings_at_the_agent_is_found_with_the_baton_that_answers_it(engine: Engine) -> None:
    await engine.set_agent("ana", interruptible_capacity=2)
    await engine.add_agent("bo", queues=["billing"])
    await engine.act("bo", "accept", "other")
    await engine.act("bo", "transfer", "other", agent="ana")
    answer = await search.of_agent(engine.store, ANA, m.SearchCases(id="s-1", text="printer c"))
    (found,) = msgspec.json.decode(answer.body)["items"]
    assert found["baton"] == (await engine.case("other"))["target_baton"]


async def test_of_long_lines_only_the_first_cases_are_looked_at(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "OF_LINES", 2)
    for number in range(3):
        await submit(engine, f"z-{number}", "pool", "Scanner")
    assert await find(engine, "scanner") == (["z-0"], True), "the first of the two is of another subject"
