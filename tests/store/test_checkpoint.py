"""The checkpoint: the log is folded and trimmed behind everybody who still reads it, and nothing is forgotten."""

import asyncio
import json

import pytest

from casebaton import audit
from casebaton.errors import CasebatonError, Unavailable
from casebaton.store import checkpoint, log
from casebaton.store.checkpoint import PAGE, advance_checkpoint, mark_reader, open_fold
from casebaton.store.client import StoreClient
from casebaton.store.facts import QueueFact
from casebaton.store.keys import log_key
from casebaton.store.retention import HISTORY, Keep, history_lag_ms
from tests.engine import Engine
from tests.proxy import Proxy
from tests.store.test_fold import fold_of

KEPT = 10


async def work(engine: Engine, cases: int, prefix: str = "c") -> None:
    """Let Ana work off cases: four entries each."""
    if "ana" not in {event.get("agent") for event in await engine.events("agent_updated")}:
        await engine.add_agent("ana")
    for i in range(cases):
        await engine.submit(f"{prefix}{i}")
        await engine.act("ana", "accept", f"{prefix}{i}")
        await engine.act("ana", "complete", f"{prefix}{i}")


async def entries(engine: Engine) -> list[log.Entry]:
    """What the log still holds."""
    return [entry async for entry in log.read_after(engine.store.redis, engine.workspace, "0-0")]


async def advance(engine: Engine, keep_entries: int = KEPT) -> checkpoint.Checkpoint:
    return await advance_checkpoint(engine.store, engine.workspace, Keep(keep_entries))


async def test_old_entries_go_and_what_they_told_stays(engine: Engine) -> None:
    await work(engine, 5)
    await engine.submit("open", priority=1)
    whole = await fold_of(engine)

    reached = await advance(engine)

    left = await entries(engine)
    assert reached.log_seq == whole.log_seq - KEPT
    assert reached.folded == reached.log_seq
    assert (left[0].position, left[0].seq) == (
        reached.position,
        reached.log_seq,
    )  # the place itself stays, to be found again
    async with open_fold(engine.store, engine.workspace) as reading:
        assert reading.fold.log_seq == reached.log_seq
        assert await reading.follow(whole.log_seq) == KEPT
        assert not reading.fold.faults
        assert (reading.fold.cases, reading.fold.agents) == (whole.cases, whole.agents)


async def test_whoever_reads_the_log_while_the_store_is_away_is_told_that_it_is(engine: Engine) -> None:
    """What the loop that trims survives, and the audit explains."""
    await work(engine, 1)
    async with Proxy(engine.store.url) as link:
        store = StoreClient(link.url)
        async with open_fold(store, engine.workspace) as reading:
            async with link.down():
                with pytest.raises(Unavailable):
                    [entry async for entry in log.read_after(store.redis, engine.workspace, "0-0")]
                with pytest.raises(Unavailable):
                    await reading.follow(4)
            assert await reading.follow(4) == 4
        await store.close()


async def test_every_suffix_folds_from_where_the_checkpoint_stands(engine: Engine) -> None:
    await work(engine, 2)
    await engine.submit("open")
    whole = await fold_of(engine)
    for keep in range(whole.log_seq, -1, -1):
        reached = await advance(engine, keep)
        assert reached.log_seq == whole.log_seq - keep
        async with open_fold(engine.store, engine.workspace) as reading:
            assert await reading.follow(whole.log_seq) == keep
            assert (reading.fold.cases, reading.fold.agents) == (whole.cases, whole.agents)


async def test_a_short_log_is_left_alone(engine: Engine) -> None:
    await work(engine, 1)
    before = await engine.dump()
    assert (await advance(engine, 1000)).folded == 0
    assert await engine.dump() == before


async def test_a_long_log_goes_page_by_page(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    await work(engine, 5)
    monkeypatch.setattr(checkpoint, "PAGE", 4)
    assert PAGE <= 1000
    whole = await fold_of(engine)
    assert (await advance(engine, 3)).log_seq == whole.log_seq - 3
    assert len(await entries(engine)) == 4


async def test_the_checkpoint_holds_no_more_than_what_is_live(engine: Engine) -> None:
    await work(engine, 5)
    await advance(engine, 0)
    facts = await engine.store.redis.hkeys("{acme}:checkpoint")
    assert sorted(facts) == [b"agent:ana", b"log_seq", b"position"]


async def test_it_never_passes_a_reader(engine: Engine) -> None:
    await work(engine, 1)
    position, seq = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, "node-a", position)
    await work(engine, 5, "d")

    await advance(engine, 0)
    assert await log.holds(engine.store.redis, engine.workspace, position, seq)
    assert (await entries(engine))[0].seq <= seq

    await mark_reader(engine.store, engine.workspace, "node-a", position, keep_ms=0)
    await advance(engine, 0)
    assert len(await entries(engine)) == 1


async def test_a_reader_at_the_very_place_is_not_passed_but_reached(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "PAGE", 1)
    await work(engine, 1)
    position, seq = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, "node-a", position)
    await work(engine, 2, "d")
    assert (await advance(engine, 0)).log_seq == seq


async def test_a_reader_that_fell_silent_is_forgotten(engine: Engine) -> None:
    position = await mark_reader(engine.store, engine.workspace, "node-a", "", keep_ms=1000)
    assert position == checkpoint.START
    await work(engine, 2)
    assert (await advance(engine, 0)).folded == 0

    engine.now += 1001
    await engine.submit("later")
    assert (await advance(engine, 0)).folded > 0
    assert not await engine.store.redis.exists("{acme}:readers")


async def test_while_it_is_read_it_stands_still(engine: Engine) -> None:
    await work(engine, 2)
    async with open_fold(engine.store, engine.workspace) as reading:
        assert (await advance(engine, 0)).folded == 0
        await reading.follow((await fold_of(engine)).log_seq)
    assert (await advance(engine, 0)).folded > 0


async def test_rivals_fold_every_entry_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "PAGE", 3)
    await work(engine, 10)
    await engine.submit("open")
    whole = await fold_of(engine)
    reached = await asyncio.gather(*(advance(engine, 2) for _ in range(4)))
    assert sum(part.folded for part in reached) == whole.log_seq - 2
    async with open_fold(engine.store, engine.workspace) as reading:
        await reading.follow(whole.log_seq)
        assert (reading.fold.cases, reading.fold.agents) == (whole.cases, whole.agents)


async def test_what_contradicts_itself_stays_in_the_log(engine: Engine) -> None:
    await work(engine, 2)
    body = {"type": "case_accepted", "log_seq": 99, "at_ms": 0, "case": "nobody", "revision": 4, "state": "active"}
    await engine.store.redis.xadd(log_key("acme"), {"to": "99 all", "body": json.dumps(body)})
    before = await entries(engine)
    with pytest.raises(CasebatonError, match="LOG_FAULTY"):
        await advance(engine, 0)
    assert await entries(engine) == before


async def test_what_stops_a_queue_is_kept_too(engine: Engine) -> None:
    await engine.on_queue("pause")
    await engine.submit("one")
    await advance_checkpoint(engine.store, engine.workspace, Keep(0))
    await engine.on_queue("drain")
    await advance_checkpoint(engine.store, engine.workspace, Keep(0))
    async with open_fold(engine.store, engine.workspace) as reading:
        assert reading.fold.queues == {"support": QueueFact(paused=True, draining=True)}
    assert (await audit.check(engine.store, engine.workspace)).is_clean


async def test_the_audit_goes_on_from_the_checkpoint(engine: Engine) -> None:
    await work(engine, 5)
    await engine.submit("open")
    reached = await advance(engine)
    report = await audit.check(engine.store, engine.workspace)
    assert report.is_clean, report
    assert (report.from_log_seq, report.events) == (reached.log_seq, KEPT)


async def test_a_removed_agent_is_folded_away_and_may_come_back(engine: Engine) -> None:
    await work(engine, 5)
    await engine.run("remove_agent", ("admin", "ann"), agent="ana")
    await advance(engine, keep_entries=0)
    assert not await engine.store.redis.hexists("{acme}:checkpoint", "agent:ana")
    await engine.add_agent("ana")
    await work(engine, 5, "d")
    await advance(engine, keep_entries=0)
    assert await engine.store.redis.hexists("{acme}:checkpoint", "agent:ana")
    assert (await audit.check(engine.store, engine.workspace)).is_clean


async def keep_a_minute(engine: Engine) -> int:
    """Let go of what is older, although there are few entries; the first number that is left."""
    await advance_checkpoint(engine.store, engine.workspace, Keep(1000, 60))
    return (await entries(engine))[0].seq


async def test_what_a_history_has_stored_goes_when_it_is_old(engine: Engine) -> None:
    await work(engine, 2)
    position, seq = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, f"{HISTORY}a", position, keep_ms=600_000)
    engine.now += 60_000
    await engine.submit("late")
    assert await keep_a_minute(engine) == 1, "a minute old is not older than a minute"
    engine.now += 1
    await engine.submit("later")
    assert await keep_a_minute(engine) == seq


async def test_what_a_history_has_not_stored_stays_however_old_and_many(engine: Engine) -> None:
    await work(engine, 1)
    position, seq = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, f"{HISTORY}a", position, keep_ms=600_000)
    await work(engine, 2, "d")
    engine.now += 500_000
    await engine.submit("late")
    assert await keep_a_minute(engine) == seq
    assert (await advance(engine, 0)).log_seq == seq
    assert await history_lag_ms(engine.store, engine.workspace) == 500_000


async def test_without_a_history_age_is_no_reason(engine: Engine) -> None:
    await work(engine, 1)
    engine.now += 10_000_000
    await engine.submit("late")
    assert await keep_a_minute(engine) == 1
    assert await history_lag_ms(engine.store, engine.workspace) is None


async def test_a_history_that_fell_silent_is_none(engine: Engine) -> None:
    await mark_reader(engine.store, engine.workspace, f"{HISTORY}a", "", keep_ms=1000)
    await work(engine, 1)
    engine.now += 10_000_000
    await engine.submit("late")
    assert await keep_a_minute(engine) == 1
    assert (await advance(engine, 0)).folded > 0


async def test_a_history_that_has_stored_all_is_not_behind(engine: Engine) -> None:
    await work(engine, 1)
    position, _ = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, f"{HISTORY}a", position)
    engine.now += 10_000
    await engine.run("renew", ("engine", "tests"), command_id="", node="node-a", lease_ms=5000)
    assert await history_lag_ms(engine.store, engine.workspace) == 0


async def test_of_several_histories_the_last_one_counts(engine: Engine) -> None:
    await work(engine, 1)
    position, seq = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, f"{HISTORY}slow", position)
    await work(engine, 1, "d")
    newest, _ = await log.last_position(engine.store.redis, engine.workspace)
    await mark_reader(engine.store, engine.workspace, f"{HISTORY}quick", newest)
    assert (await advance(engine, 0)).log_seq == seq
