"""What one writer does: each entry stored once, whatever happens in between."""

from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from casebaton.history.claims import Claims
from casebaton.history.database import identity
from casebaton.history.migrate import migrate
from casebaton.history.saving import Rival
from casebaton.history.schema import events, gaps, live, progress, reasons
from casebaton.history.writer import LogChanged, Writer
from casebaton.store import log
from casebaton.store.checkpoint import advance_checkpoint, mark_reader
from casebaton.store.keys import log_key
from casebaton.store.retention import HISTORY, Keep
from tests.engine import BASIC
from tests.engine import Engine as Dispatch
from tests.history.counting import CountingBook
from tests.history.kinds import on_both


@pytest.fixture
def claims(history: Engine) -> Claims:
    """Claims on a history whose tables are there."""
    migrate(history)
    return Claims(history)


async def write(engine: Dispatch, history: Engine, claims: Claims, *, page: int = 1000) -> Writer:
    """A new writer takes in all that the log has."""
    claims.look([engine.workspace])
    writer = Writer(engine.store, history, engine.workspace, claims.writer, CountingBook)
    await writer.begin()
    await follow(engine, writer, page=page)
    return writer


async def follow(engine: Dispatch, writer: Writer, *, page: int = 1000) -> None:
    """Take in what the log has by now."""
    entries = [each async for each in log.read_after(engine.store.redis, engine.workspace, writer.position)]
    for start in range(0, len(entries), page):
        await writer.take(entries[start : start + page])


async def entries_of(engine: Dispatch) -> list[log.Entry]:
    return [each async for each in log.read_after(engine.store.redis, engine.workspace, "0-0")]


def stored(history: Engine) -> list[tuple[int, str, str]]:
    """Number, position and body of all events."""
    with history.connect() as connection:
        rows = connection.execute(select(events.c.seq, events.c.position, events.c.body).order_by(events.c.seq))
        return [tuple(row) for row in rows]


def counts(history: Engine) -> dict[str, int]:
    """By type, how many events the sums have."""
    with history.connect() as connection:
        found: dict[str, int] = {}
        for what, count in connection.execute(select(reasons.c.what, reasons.c.count)):
            found[what] = found.get(what, 0) + count
        return found


async def lives(engine: Dispatch, *names: str) -> None:
    for name in names:
        await engine.submit(name)


@on_both
async def test_every_entry_is_stored_once_in_order_with_what_it_amounts_to(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    await lives(engine, "c-1", "c-2", "c-3")
    writer = await write(engine, history, claims, page=2)
    entries = await entries_of(engine)
    assert stored(history) == [(each.seq, each.position, each.body.decode()) for each in entries]
    assert sum(counts(history).values()) == len(entries)
    assert counts(history)["case_queued"] == 3
    with history.connect() as connection:
        row = connection.execute(select(progress)).one()
        assert (row.position, row.seq, row.writer) == (entries[-1].position, entries[-1].seq, claims.writer)
        assert connection.execute(select(live.c.name, live.c.record).order_by(live.c.name)).all() == [
            ("c-1", b"1"), ("c-2", b"1"), ("c-3", b"1"),
        ]  # fmt: skip
    assert writer.place.seq == entries[-1].seq


@on_both
async def test_a_writer_goes_on_with_what_another_one_left(engine: Dispatch, history: Engine, claims: Claims) -> None:
    await lives(engine, "c-1")
    await write(engine, history, claims)
    await engine.run("update_case", ("producer", "crm"), case="c-1", baton="any", priority=5)
    await write(engine, history, claims)
    assert [seq for seq, _, _ in stored(history)] == [entry.seq for entry in await entries_of(engine)]
    with history.connect() as connection:
        assert connection.execute(select(live.c.record)).scalar_one() == b"2"


@on_both
async def test_of_two_writers_one_stores_a_page_and_the_other_is_told(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    first = await write(engine, history, claims)
    second = await write(engine, history, claims)
    await lives(engine, "c-1")
    await follow(engine, first)
    with pytest.raises(Rival):
        await follow(engine, second)
    assert counts(history)["case_queued"] == 1


async def test_a_writer_whose_workspace_was_taken_over_stores_nothing(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    slow = await write(engine, history, claims)
    claims.let_go()
    assert Claims(history).look([engine.workspace]) == {engine.workspace}
    await lives(engine, "c-1")
    with pytest.raises(Rival):
        await follow(engine, slow)
    assert "case_queued" not in counts(history)


@on_both
async def test_a_page_that_fails_half_way_leaves_nothing_behind(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    writer = await write(engine, history, claims)
    before = stored(history)
    with history.begin() as connection:  # the last table of a page that is written to
        connection.execute(text("ALTER TABLE live RENAME TO elsewhere"))
    await lives(engine, "c-1")
    with pytest.raises(Exception, match="live"):
        await follow(engine, writer)
    assert stored(history) == before
    with history.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO live"))
    await write(engine, history, claims)
    assert counts(history)["case_queued"] == 1


async def test_events_are_counted_under_the_configuration_that_was_in_force(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    await lives(engine, "c-1")
    await engine.apply(BASIC.replace("[queues.support]", "[queues.support]\nservice_level_s = 7"))
    await lives(engine, "c-2")
    await write(engine, history, claims)
    with history.connect() as connection:
        found = select(reasons.c.reason, reasons.c.count).where(reasons.c.what == "case_queued")
        assert set(connection.execute(found).all()) == {("20000", 1), ("7000", 1)}


async def test_nothing_unread_is_trimmed(engine: Dispatch, history: Engine, claims: Claims) -> None:
    await lives(engine, "c-1")
    writer = await write(engine, history, claims)
    await writer.begin()  # says how far it is
    await lives(engine, "c-2", "c-3")
    await advance_checkpoint(engine.store, engine.workspace, Keep(0))
    assert (await entries_of(engine))[0].seq == writer.place.seq
    await follow(engine, writer)
    assert [seq for seq, _, _ in stored(history)] == list(range(1, writer.place.seq + 1))


async def test_what_was_trimmed_before_it_was_read_is_a_gap_and_the_book_is_told_how_all_was(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    await engine.add_agent("ana", queues=("billing",))
    await engine.set_agent("ana", team="north")
    await lives(engine, "c-1")
    writer = await write(engine, history, claims)
    begun = writer.place.seq
    await lives(engine, "c-2", "c-3")
    await mark_reader(engine.store, engine.workspace, HISTORY + identity(history.url), "", keep_ms=0)
    await advance_checkpoint(engine.store, engine.workspace, Keep(0))
    await lives(engine, "c-4")
    books: list[CountingBook] = []

    def open_book(records: Any) -> CountingBook:
        books.append(CountingBook(records))
        return books[-1]

    claims.look([engine.workspace])
    late = Writer(engine.store, history, engine.workspace, claims.writer, open_book)
    await late.begin()
    await follow(engine, late)
    with history.connect() as connection:
        assert connection.execute(select(gaps.c.from_seq, gaps.c.until_seq, gaps.c.what)).all() == [
            (begun + 1, begun + 2, "trimmed")
        ]
    assert [seq for seq, _, _ in stored(history)] == [*range(1, begun + 1), begun + 3]
    assert books[-1].anchors == [(begun + 2, ["c-1", "c-2", "c-3"], engine.now, {"ana": "north"})]


async def test_a_history_that_begins_when_the_log_was_trimmed_is_told_how_all_was(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    await lives(engine, "c-1", "c-2")
    await advance_checkpoint(engine.store, engine.workspace, Keep(1))
    begins = (await entries_of(engine))[0].seq
    await write(engine, history, claims)
    with history.connect() as connection:
        assert connection.execute(select(gaps.c.from_seq, gaps.c.until_seq)).all() == [(1, begins)]
    assert [seq for seq, _, _ in stored(history)] == [begins + 1]


async def lose(engine: Dispatch, count: int) -> None:
    """The store loses the last entries, as by a failover, and all that they changed."""
    redis, stream = engine.store.redis, log_key(engine.workspace)
    for position, _ in await redis.xrevrange(stream, count=count):
        await redis.xdel(stream, position)
    await redis.hincrby(f"{{{engine.workspace}}}:meta", "seq", -count)


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_what_the_store_lost_is_told_and_no_number_comes_twice(
    engine: Dispatch, history: Engine, claims: Claims, lost: int
) -> None:
    await lives(engine, "c-1", "c-2", "c-3", "c-4")
    writer = await write(engine, history, claims)
    before, seq = stored(history), writer.place.seq
    await lose(engine, lost)
    await lives(engine, "n-1", "n-2")
    with pytest.raises(LogChanged):
        await writer.take((await entries_of(engine))[-2:])
    await write(engine, history, claims)
    after = stored(history)
    assert after[: len(before)] == before
    assert [(number, position) for number, position, _ in after[len(before) :]] == [
        (seq + 1 + i, each.position) for i, each in enumerate((await entries_of(engine))[-2:])
    ]
    with history.connect() as connection:
        assert connection.execute(select(gaps.c.from_seq, gaps.c.until_seq, gaps.c.what)).all() == [
            (seq - lost + 1, seq, "lost")
        ]
    await write(engine, history, claims)  # it was told once
    assert stored(history) == after


async def test_a_store_that_was_begun_anew_is_read_from_its_first_entry(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    await lives(engine, "c-1")
    writer = await write(engine, history, claims)
    seq = writer.place.seq
    await engine.store.redis.delete(*(await engine.store.redis.keys(f"{{{engine.workspace}}}:*")))
    await engine.apply(BASIC)
    await lives(engine, "c-1")
    await write(engine, history, claims)
    entries = await entries_of(engine)
    assert [number for number, _, _ in stored(history)] == list(range(1, seq + len(entries) + 1))
    assert counts(history)["case_queued"] == 2


@on_both
async def test_two_losses_add_up(engine: Dispatch, history: Engine, claims: Claims) -> None:
    await lives(engine, "c-1", "c-2")
    for name in ("n-1", "n-2"):
        await write(engine, history, claims)
        await lose(engine, 1)
        await lives(engine, name)
    writer = await write(engine, history, claims)
    entries = await entries_of(engine)
    assert writer.place.seq == entries[-1].seq + 2
    assert [number for number, _, _ in stored(history)] == list(range(1, writer.place.seq + 1))


async def test_a_loss_that_reaches_back_before_another_tells_what_was_lost_only_now(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    await lives(engine, "c-1", "c-2", "c-3", "c-4")
    seq = (await write(engine, history, claims)).place.seq
    await lose(engine, 1)
    await lives(engine, "n-1")
    await write(engine, history, claims)
    await lose(engine, 3)
    await lives(engine, "n-2")
    writer = await write(engine, history, claims)
    with history.connect() as connection:
        lost = connection.execute(select(gaps.c.from_seq, gaps.c.until_seq).order_by(gaps.c.from_seq)).all()
    assert lost == [(seq - 2, seq - 1), (seq, seq), (seq + 1, seq + 1)]
    assert [number for number, _, _ in stored(history)] == list(range(1, seq + 3))
    before = stored(history)
    await lose(engine, 1)
    await lives(engine, "n-3")
    writer = await write(engine, history, claims)
    assert stored(history)[: len(before)] == before
    assert writer.place.seq == seq + 3


async def test_the_mark_of_a_reader_is_the_position_that_is_stored(
    engine: Dispatch, history: Engine, claims: Claims
) -> None:
    writer = await write(engine, history, claims)
    await writer.begin()
    mark = await engine.store.redis.hget("{acme}:readers", HISTORY + identity(history.url))
    assert mark.decode().split() == [writer.place.position, str(engine.now + 24 * 3_600_000)]
