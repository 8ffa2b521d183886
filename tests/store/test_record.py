"""Records of another version's library: what it added or did not know yet."""

from casebaton.store.keys import key
from tests.engine import Engine
from tests.store.records import FIELDS, decode

NEWEST = FIELDS["case"][-1]


async def stored(engine: Engine) -> bytes:
    return bytes(await engine.store.redis.get(key(engine.workspace, "case:one")))


async def store(engine: Engine, text: bytes) -> None:
    await engine.store.redis.set(key(engine.workspace, "case:one"), text)


async def test_a_field_that_an_older_library_did_not_write_is_empty(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    text = await stored(engine)
    older = bytes([text[0] - 1]) + text[1:].removesuffix(b"\0")
    await store(engine, older.rpartition(b"\0")[0] + b"\0")
    await engine.act("ana", "accept", "one")
    row = decode("case", await stored(engine))
    assert (row[NEWEST], row["state"]) == ("", "active")


async def test_a_field_that_a_newer_library_wrote_is_kept(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    text = await stored(engine)
    await store(engine, bytes([text[0] + 2]) + text[1:] + b"new\0newer\0")
    await engine.act("ana", "accept", "one")
    after = await stored(engine)
    assert (after[0], after.endswith(b"\0new\0newer\0")) == (text[0] + 2, True)
    assert (await engine.case("one"))["state"] == "active"


async def test_a_record_that_is_as_it_was_is_not_written(engine: Engine) -> None:
    await engine.add_agent("ana", capacity=9)
    await engine.submit("one")
    before = await engine.store.redis.info("commandstats")
    await engine.act("ana", "accept", "one")
    after = await engine.store.redis.info("commandstats")
    # The case and the agent; what is apart of the agent has not changed, nor has the case's card.
    assert after["cmdstat_set"]["calls"] - before["cmdstat_set"]["calls"] == 2
