"""Figures by the minute: each case once, in the minute of its arrival; what happened, in the minute when it did."""

from typing import Any

import pytest

from casebaton.store import log, overview_pages
from casebaton.store.figures import KEPT, MINUTE_MS, Figures, level_of
from casebaton.store.overview import Overview
from casebaton.store.overview_events import read_event
from tests.engine import BASIC, START, Engine
from tests.store.recount import counts, recount

FIRST = START - START % MINUTE_MS
# The pool is closed from 08:00, when the tests begin, to 08:30.
CLOSED = (
    BASIC.replace("[queues.pool]", "[queues.pool]\nhours = 'day'") + "\n[hours.day]\nzone = 'UTC'\n[hours.day.week]\n"
)
CLOSED += "\n".join(
    f"{day} = ['00:00-08:00', '08:30-24:00']" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
GOLD = "[targets.gold]\nfirst_owner_s = 30\n"


@pytest.fixture
async def engine(engine: Engine) -> Engine:
    await engine.add_agent("ana", queues=["pool"], room=9)
    return engine


async def counted(engine: Engine, since_ms: int = FIRST) -> Figures:
    """The figures up to now as the log tells them, beside the overview; all of it is counted anew by other means."""
    overview = Overview()
    figures = Figures(overview.queues)
    figures.since_ms = since_ms
    figures.levels = (await overview_pages.read_rules(engine.store, engine.workspace)).levels
    entries = [entry async for entry in log.read_after(engine.store.redis, engine.workspace, "0-0")]
    for entry in entries:
        event = read_event(entry)
        figures.take(event)
        overview.take(event)
    figures.settle(engine.now)
    if engine.now - FIRST < KEPT * MINUTE_MS:
        found = {(row.queue, row.at_ms): counts(row) for queue in overview.queues for row in figures.rows(queue)}
        assert {key: row for key, row in found.items() if row} == recount(entries, engine.now, figures.levels)
    return figures


def shown(figures: Figures, queue: str = "pool") -> list[dict[str, Any]]:
    """The rows of a queue: what is not zero, with minutes since the first."""
    return [{"minute": (row.at_ms - FIRST) // MINUTE_MS} | counts(row) for row in figures.rows(queue)]


async def test_a_case_counts_in_the_minute_of_its_arrival_whenever_somebody_owns_it(engine: Engine) -> None:
    await engine.submit("quick", "pool")
    await engine.submit("slow", "pool")
    engine.now += 20_000
    await engine.act("ana", "take", "quick")
    engine.now += 120_000
    await engine.act("ana", "take", "slow")
    await engine.act("ana", "complete", "slow")
    rows = shown(await counted(engine))
    assert rows[0] == {"minute": 0, "arrived": 2, "owned": 2, "in_time": 1, "waiting": 1}
    assert rows[-1] == {"minute": 2, "closed": 1}


async def test_what_still_waits_for_too_long_has_failed_until_it_is_owned_late(engine: Engine) -> None:
    await engine.submit("one", "pool")
    await engine.submit("two", "pool")
    engine.now += 20_000
    assert shown(await counted(engine)) == [{"minute": 0, "arrived": 2}]
    engine.now += 1
    figures = await counted(engine)
    assert shown(figures) == [{"minute": 0, "arrived": 2, "overdue": 2}]
    assert figures.level("pool", 30) == 0.0
    await engine.act("ana", "take", "one")
    await engine.steer("producer", "cancel", "two", reason="gone")
    figures = await counted(engine)
    assert shown(figures) == [{"minute": 0, "arrived": 2, "owned": 1}]
    assert level_of(figures.rows("pool")) == 0.0


async def test_who_leaves_at_once_is_told_apart_from_who_was_kept_waiting(engine: Engine) -> None:
    for case in ("a", "b", "c"):
        await engine.submit(case, "pool")
    engine.now += 4_999
    await engine.run("abandon_case", ("producer", "crm"), case="a", baton="any")
    engine.now += 1
    await engine.run("abandon_case", ("producer", "crm"), case="b", baton="any")
    await engine.act("ana", "take", "c")
    figures = await counted(engine)
    row = {"minute": 0, "arrived": 3, "owned": 1, "in_time": 1, "abandoned": 1, "short_abandoned": 1}
    assert shown(figures) == [row]
    assert figures.level("pool", 30) == 0.5


async def test_a_return_begins_no_visit_and_a_reopened_case_does(engine: Engine) -> None:
    await engine.submit("one", "pool")
    await engine.act("ana", "take", "one")
    await engine.act("ana", "return", "one", reason="wrong", place="keep")
    await engine.act("ana", "take", "one")
    await engine.act("ana", "complete", "one")
    assert shown(await counted(engine)) == [{"minute": 0, "arrived": 1, "owned": 1, "in_time": 1, "closed": 1}]
    await engine.run("reopen_case", ("supervisor", "sue"), case="one", baton="any")
    await engine.act("ana", "take", "one")
    assert shown(await counted(engine)) == [{"minute": 0, "arrived": 2, "owned": 2, "in_time": 2, "closed": 1}]


async def test_a_case_that_is_sent_on_is_still_that_of_the_queue_it_came_into(engine: Engine) -> None:
    await engine.submit("one", "pool")
    engine.now += 60_000
    await engine.steer("supervisor", "transfer", "one", queue="mixed")
    await engine.add_agent("bo", queues=["mixed"])
    await engine.act("bo", "take" if await engine.waits("one") else "accept", "one")
    figures = await counted(engine)
    assert shown(figures) == [{"minute": 0, "arrived": 1, "owned": 1, "waiting": 1}]
    assert shown(figures, "mixed") == []


async def test_offers_that_are_missed_or_declined_count_when_they_are(engine: Engine) -> None:
    await engine.add_agent("bo")
    await engine.submit("one")
    await engine.act("bo", "decline", "one", reason="lunch")
    await engine.submit("two")
    await engine.advance(61)
    figures = await counted(engine)
    assert [(row.declined, row.missed) for row in figures.rows("support")] == [(1, 1)]


async def test_a_queues_own_level_counts_else_that_of_its_target(engine: Engine) -> None:
    text = BASIC.replace("[queues.pool]", '[queues.pool]\ntarget = "gold"') + GOLD
    await engine.apply(text)
    await engine.submit("one", "pool")
    engine.now += 30_000
    await engine.act("ana", "take", "one")
    assert (await counted(engine)).rows("pool")[0].in_time == 1
    await engine.apply(text.replace('target = "gold"', 'target = "gold"\nservice_level_s = 29'))
    assert (await counted(engine)).rows("pool")[0].in_time == 0


async def test_hours_in_which_a_queue_is_closed_are_no_wait(engine: Engine) -> None:
    await engine.apply(CLOSED)
    assert START % 86_400_000 == 8 * 3_600_000, "it begins at 08:00"
    await engine.advance(1)
    await engine.submit("one", "pool")
    await engine.submit("two", "pool")
    await engine.advance(1800 + 20)
    figures = await counted(engine)
    assert level_of(figures.rows("pool")) is None
    await engine.act("ana", "take", "one")
    engine.now += 1
    await engine.act("ana", "take", "two")
    first = (await counted(engine)).rows("pool")[0]
    assert (first.arrived, first.owned, first.in_time) == (2, 2, 1)
    assert (await counted(engine, FIRST + MINUTE_MS)).rows("pool")[0].waiting == 2


async def read_behind(engine: Engine, position: str, since_ms: int) -> Figures:
    """The figures as the log tells them from a position on, beside an overview of now."""
    overview = Overview()
    await overview_pages.read_all(engine.store, engine.workspace, overview)
    figures = Figures(overview.queues)
    figures.since_ms = since_ms
    figures.levels = (await overview_pages.read_rules(engine.store, engine.workspace)).levels
    async for entry in log.read_after(engine.store.redis, engine.workspace, position):
        figures.take(read_event(entry))
    figures.settle(engine.now)
    return figures


async def test_a_queue_that_was_closed_since_before_anybody_looked_has_nobody_overdue(engine: Engine) -> None:
    await engine.apply(CLOSED)
    begin, _ = await log.last_position(engine.store.redis, engine.workspace)
    await engine.submit("one", "pool")
    await engine.advance(600)
    assert shown(await read_behind(engine, begin, FIRST))[0] == {"minute": 0, "arrived": 1, "waiting": 1}
    await engine.advance(1800 + 21)
    rows = shown(await read_behind(engine, begin, FIRST))
    assert rows[0] == {"minute": 0, "arrived": 1, "waiting": 1, "overdue": 1}


async def test_how_many_waited_is_known_of_minutes_before_anybody_looked(engine: Engine) -> None:
    await engine.submit("old", "pool")
    engine.now += 600_000
    begin, _ = await log.last_position(engine.store.redis, engine.workspace)
    await engine.submit("new", "pool")
    engine.now += 60_000
    await engine.act("ana", "take", "old")
    engine.now += 60_000
    await engine.act("ana", "take", "new")
    figures = await read_behind(engine, begin, FIRST + 8 * MINUTE_MS)
    assert [(row["minute"], row.get("waiting", 0)) for row in shown(figures)] == [(8, 1), (9, 1), (10, 2), (11, 1)]


async def test_at_a_minutes_end_it_is_told_since_when_the_oldest_waits(engine: Engine) -> None:
    overview = Overview()
    figures = Figures(overview.queues)
    figures.since_ms = FIRST
    figures.settle(engine.now)
    await engine.submit("one", "pool")
    engine.now += 60_000
    await engine.submit("two", "pool")
    await engine.act("ana", "take", "one")
    async for entry in log.read_after(engine.store.redis, engine.workspace, "0-0"):
        event = read_event(entry)
        figures.take(event)
        overview.take(event)
    first, second = figures.rows("pool")
    assert (first.waiting, first.oldest_at_ms) == (1, START)
    assert (second.waiting, second.oldest_at_ms) == (0, None), "it is not over"


async def test_an_hour_is_kept_and_nothing_of_who_came_before(engine: Engine) -> None:
    await engine.submit("one", "pool")
    engine.now += (KEPT - 1) * MINUTE_MS
    assert len((await counted(engine)).rows("pool")) == KEPT - 1
    engine.now += MINUTE_MS
    figures = await counted(engine)
    assert figures.rows("pool")[0].at_ms == FIRST + MINUTE_MS
    assert not figures._places
    await engine.act("ana", "take", "one")
    assert level_of((await counted(engine)).rows("pool")) is None


async def test_rows_that_changed_come_in_the_order_of_their_turns(engine: Engine) -> None:
    figures = await counted(engine)
    figures.changes.clear()
    await engine.submit("one", "pool")
    begin, _ = await log.last_position(engine.store.redis, engine.workspace)
    figures = await counted(engine)
    figures.turn = 5
    await engine.act("ana", "take", "one")
    async for entry in log.read_after(engine.store.redis, engine.workspace, begin):
        figures.take(read_event(entry))
    assert list(figures.changes.items()) == [(("pool", FIRST), 5)]
