"""Function libraries of other versions: they work side by side, and go when nobody has used them for a day."""

from casebaton.store import libraries, library
from casebaton.store.libraries import UNUSED_S
from tests.engine import Engine

NOW = 1_000_000.0


async def load_older(engine: Engine, version: str) -> str:
    """A library as an older version would have loaded it; its name."""
    built = library.build()
    code = built.code.replace(built.name.removeprefix("casebaton_"), version)
    await engine.store.redis.function_load(code, replace=True)
    return f"casebaton_{version}"


async def loaded(engine: Engine) -> set[str]:
    return {row[1].decode() for row in await engine.store.redis.function_list()}


async def test_a_library_goes_when_nobody_has_said_for_a_day_that_it_is_used(engine: Engine) -> None:
    older = await load_older(engine, "older")
    assert await libraries.forget_unused(engine.store, NOW) == []
    assert await libraries.forget_unused(engine.store, NOW + UNUSED_S) == []
    assert await libraries.forget_unused(engine.store, NOW + UNUSED_S + 1) == [older]
    assert older not in await loaded(engine)
    assert await libraries.forget_unused(engine.store, NOW + UNUSED_S + 2) == []


async def test_one_that_a_node_uses_stays_and_so_does_our_own(engine: Engine) -> None:
    older = await load_older(engine, "older")
    await libraries.forget_unused(engine.store, NOW)
    await engine.store.redis.zadd("casebaton:libraries", {older: NOW + 3600})
    assert await libraries.forget_unused(engine.store, NOW + UNUSED_S + 1) == []
    assert {older, engine.store.library} <= await loaded(engine)
    assert await libraries.forget_unused(engine.store, NOW + UNUSED_S + 3601) == [older]
    assert engine.store.library in await loaded(engine)


async def test_whoever_looks_says_which_library_it_uses(engine: Engine) -> None:
    await libraries.forget_unused(engine.store, NOW + 1)
    assert await engine.store.redis.zscore("casebaton:libraries", engine.store.library) == NOW + 1


async def test_whose_library_is_deleted_too_early_loads_it_again(engine: Engine) -> None:
    await engine.store.redis.function_delete(engine.store.library)
    assert (await engine.submit("one"))["state"] == "waiting"


async def test_libraries_of_others_are_left_alone(engine: Engine) -> None:
    code = "#!lua name=theirs\nredis.register_function('theirs', function() return 1 end)"
    await engine.store.redis.function_load(code, replace=True)
    await libraries.forget_unused(engine.store, NOW)
    await libraries.forget_unused(engine.store, NOW + 10 * UNUSED_S)
    assert "theirs" in await loaded(engine)
    await engine.store.redis.function_delete("theirs")
