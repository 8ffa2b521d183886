"""Where a reader of the log begins, when it wants an hour and not more than so many entries."""

from casebaton.store import log
from casebaton.store.keys import log_key
from tests.engine import Engine

HOUR_MS = 3_600_000


async def fill(engine: Engine, *ages_s: int) -> int:
    """The workspace's log with one entry of each age, the oldest first; the instant they are counted from."""
    redis, name = engine.store.redis, log_key(engine.workspace)
    await redis.delete(name)
    now_ms = 1_790_000_000_000
    for seq, age_s in enumerate(ages_s, 1):
        await redis.xadd(name, {"to": f"{seq} all", "body": "{}"}, id=f"{now_ms - age_s * 1000}-0")
    return now_ms


async def begin_of(engine: Engine, now_ms: int, most: int) -> int:
    """How many seconds before that instant it begins."""
    begin_ms = await log.begin_of(engine.store.redis, engine.workspace, now_ms - HOUR_MS, now_ms, most)
    return (now_ms - begin_ms) // 1000


async def test_the_whole_hour_where_that_is_little_enough(engine: Engine) -> None:
    now_ms = await fill(engine, 7200, 3000, 2000, 10)
    assert await begin_of(engine, now_ms, most=3) == 3600
    assert await begin_of(engine, await fill(engine), most=3) == 3600
    assert await begin_of(engine, await fill(engine, 7200), most=3) == 3600


async def test_later_where_there_is_more_and_then_at_most_so_much(engine: Engine) -> None:
    ages = [*range(3590, 0, -10)]
    now_ms = await fill(engine, *ages)
    for most in (300, 100, 10, 1):
        begin_s = await begin_of(engine, now_ms, most)
        assert most // 2 <= len([age for age in ages if age <= begin_s]) <= most


async def test_not_before_what_is_left_of_a_log_that_was_trimmed(engine: Engine) -> None:
    now_ms = await fill(engine, 3000, 2000, 10)
    await engine.store.redis.xtrim(log_key(engine.workspace), maxlen=2, approximate=False)
    assert await begin_of(engine, now_ms, most=3) == 1999
