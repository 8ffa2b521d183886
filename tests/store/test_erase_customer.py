"""erase_customer, erase_case: what was said of a customer is nowhere in the store, and its cases go on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from casebaton.store import customers, log
from casebaton.store.checkpoint import advance_checkpoint, mark_reader
from casebaton.store.client import Actor
from casebaton.store.connection import connect
from casebaton.store.retention import HISTORY, Keep
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine

ADMIN: Actor = ("admin", "ann")
KEY = customers.key_of("acme")
SAID = b"invoice 4711"


@pytest_asyncio.fixture(autouse=True)
async def legible(redis_url: str) -> AsyncIterator[None]:
    """What DUMP gives is not compressed, so that words can be found in it."""
    redis = connect(redis_url)
    await redis.config_set("rdbcompression", "no")
    yield
    await redis.config_set("rdbcompression", "yes")
    await redis.aclose()


async def say(watched: Engine, case: str, queue: str = "pool") -> None:
    """A case of acme, with a card, data and a note."""
    card = '{"subject":"invoice 4711","customer":"acme"}'
    await watched.run(
        "submit_case", ("producer", "crm"), case=case, queue=queue, channel="case", priority=5, digest="d",
        card=card, data='"invoice 4711"', customer_key=KEY,
    )  # fmt: skip
    await watched.run("add_note", ("producer", "crm"), case=case, baton="any", text="invoice 4711")


async def erase(watched: Engine) -> dict[str, Any]:
    answer: dict[str, Any] = await watched.run("erase_customer", ADMIN, customer_key=KEY)
    return answer


async def erase_case(watched: Engine, case: str, key: str, *, erased_at: int | None = None) -> dict[str, Any]:
    """As the history does it."""
    args = {"case": case, "customer_key": key, "erased_at": watched.now if erased_at is None else erased_at}
    answer: dict[str, Any] = await watched.run("erase_case", ("engine", "history"), command_id="", **args)
    return answer


async def what_says_it(watched: WatchedEngine) -> set[str]:
    """The keys of the store, but for the log, in which it stands."""
    redis, found = watched.store.redis, set()
    for name in await redis.keys("{acme}:*"):
        if not name.endswith(b":log") and SAID in await redis.dump(name):
            found.add(name.decode())
    return found


async def test_the_words_go_and_the_case_goes_on(watched: WatchedEngine) -> None:
    await say(watched, "one")
    assert await what_says_it(watched) == {"{acme}:card:one", "{acme}:data:one", "{acme}:notes:one"}
    assert await erase(watched) == {"erased": 1, "left": 0}
    assert await what_says_it(watched) == set()
    updated, erased = (await watched.events())[-2:]
    assert (updated["type"], updated["erased"], updated["card"], updated["notes"]) == ("case_updated", True, {}, 0)
    assert (erased["type"], erased["customer_key"], erased["actor"]) == ("customer_erased", KEY, "admin:ann")
    await watched.add_agent("ana", queues=("pool",))
    await watched.act("ana", "take", "one")
    await watched.act("ana", "complete", "one")


@pytest.mark.parametrize("is_live", [True, False])
async def test_nothing_has_the_customers_digest_in_its_name_any_more(watched: WatchedEngine, is_live: bool) -> None:
    await watched.apply(BASIC.replace("[queues.pool]", "[queues.pool]\naffinity_s = 3600"))
    await watched.add_agent("ana", queues=("pool",))
    await say(watched, "one")
    await watched.act("ana", "take", "one")
    await watched.act("ana", "complete", "one")
    assert len(await watched.store.redis.keys(f"{{acme}}:*{KEY}*")) == 1, "who had the last one"
    if is_live:
        await say(watched, "two")
    await erase(watched)
    if not is_live:
        await erase_case(watched, "one", KEY)
    assert await watched.store.redis.keys(f"{{acme}}:*{KEY}*") == []


async def test_it_is_erased_wherever_the_case_is(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=("support", "pool"), room=9)
    for case, queue in (("rings", "support"), ("owned", "pool"), ("waits", "pool")):
        await say(watched, case, queue)
    await watched.act("ana", "take", "owned")
    assert await erase(watched) == {"erased": 3, "left": 0}
    assert await what_says_it(watched) == set()
    assert {(await watched.case(case))["state"] for case in ("rings", "owned", "waits")} == {
        "offered", "active", "waiting",
    }  # fmt: skip


async def test_a_case_that_was_taken_next_lies_in_no_remembered_answer(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=("pool",))
    await say(watched, "one")
    taken = await watched.run("take_next", ("agent", "ana"), command_id="next")
    assert taken["card"]["subject"] == "invoice 4711"
    assert await watched.run("take_next", ("agent", "ana"), command_id="next") == taken
    await erase(watched)
    assert await what_says_it(watched) == set()
    assert await watched.run("take_next", ("agent", "ana"), command_id="next") == {**taken, "card": {}}


async def test_an_ended_case_is_erased_by_its_id_and_expires_as_it_would_have(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=("pool",))
    await say(watched, "one")
    await watched.act("ana", "take", "one")
    await watched.act("ana", "complete", "one")
    assert await erase(watched) == {"erased": 0, "left": 0}
    assert "{acme}:card:one" in await what_says_it(watched)
    lives = await watched.store.redis.pttl("{acme}:case:one")
    events = len(await watched.events())
    for erased in (1, 0):
        assert await erase_case(watched, "one", KEY) == {"erased": erased}
    assert await what_says_it(watched) == set()
    assert len(await watched.events()) == events
    assert 0 < await watched.store.redis.pttl("{acme}:case:one") <= lives
    await watched.run("reopen_case", ("producer", "crm"), case="one", baton="any")
    assert (await watched.events("case_reopened"))[0]["card"] == {}


async def test_a_case_of_somebody_else_and_one_that_is_forgotten_stay(watched: WatchedEngine) -> None:
    await say(watched, "one")
    other = customers.key_of("other")
    for case, key in (("one", other), ("nowhere", KEY)):
        assert await erase_case(watched, case, key) == {"erased": 0}
    assert await erase_case(watched, "one", KEY, erased_at=watched.now - 1) == {"erased": 0}, (
        "it is another one of that id"
    )
    assert len(await what_says_it(watched)) == 3


async def test_many_cases_are_erased_in_slices_and_told_of_once(watched: WatchedEngine) -> None:
    for i in range(101):
        await watched.submit(f"c{i}", "pool", customer=KEY)
    store, name = watched.store, watched.workspace
    answer = await customers.erase(store, name, ADMIN, "acme", "e-1")
    assert answer.body == b'{"erased":101}'
    assert len(await watched.events("customer_erased")) == 1
    events = len(await watched.events())
    assert (await customers.erase(store, name, ADMIN, "acme", "e-1")).body == b'{"erased":101}'
    assert len(await watched.events()) == events


async def test_what_the_log_said_of_it_leaves_as_soon_as_a_history_has_it(engine: Engine) -> None:
    async def words() -> list[bytes]:
        return [body async for each in log.read_after(engine.store.redis, "acme", "0-0") if SAID in (body := each.body)]

    await mark_reader(engine.store, "acme", f"{HISTORY}a", "")
    await say(engine, "one")
    await erase(engine)
    position, _ = await log.last_position(engine.store.redis, "acme")
    await engine.submit("later")
    await advance_checkpoint(engine.store, "acme", Keep(1000, 1000))
    assert len(await words()) == 2, "it is not stored yet"
    await mark_reader(engine.store, "acme", f"{HISTORY}a", position)
    await advance_checkpoint(engine.store, "acme", Keep(1000, 1000))
    assert await words() == []
    oldest = await log.oldest(engine.store.redis, "acme")
    assert oldest is not None
    assert oldest.position == position
