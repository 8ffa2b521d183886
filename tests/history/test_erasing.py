"""An erased customer: words are gone from every table and from the store, figures and rows stay."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from casebaton.history import schema
from casebaton.history.claims import Claims
from casebaton.history.database import identity, open_engine
from casebaton.history.erasing import stripped
from casebaton.history.migrate import migrate
from casebaton.history.schema import erasures, fragments, gaps, metadata, queue_quarters, visits
from casebaton.history.writer import Writer
from casebaton.store import customers, log
from casebaton.store.checkpoint import advance_checkpoint, mark_reader
from casebaton.store.retention import HISTORY, Keep
from tests.engine import Engine as Dispatch
from tests.history.kinds import on_both

SAID = "invoice 4711"


async def live_through(engine: Dispatch, case: str) -> None:
    """A case of acme from its coming to its end."""
    await engine.run(
        "submit_case", ("producer", "crm"), case=case, queue="pool", channel="case", priority=5, digest="d",
        card=json.dumps({"subject": SAID, "customer": "acme", "url": "https://crm/4711"}),
        customer_key=customers.key_of("acme"),
    )  # fmt: skip
    await engine.run("add_note", ("producer", "crm"), case=case, baton="any", text=SAID)


async def write(engine: Dispatch, history: Engine) -> None:
    """Take in all that the log has, as a new process does."""
    claims = Claims(history)
    claims.look([engine.workspace])
    writer = Writer(engine.store, history, engine.workspace, claims.writer)
    await writer.begin()
    entries = [each async for each in log.read_after(engine.store.redis, engine.workspace, writer.position)]
    if entries:
        await writer.take(entries)
    claims.let_go()


def everything(history: Engine) -> str:
    """All rows of all tables."""
    with history.connect() as connection:
        return repr([row for table in metadata.sorted_tables for row in connection.execute(select(table)).all()])


def rows_of(history: Engine, table: Any) -> list[Any]:
    with history.connect() as connection:
        return list(connection.execute(select(table)).all())


async def close(engine: Dispatch, case: str) -> None:
    await engine.act("ana", "take", case)
    await engine.act("ana", "complete", case)


@on_both
async def test_the_words_are_gone_everywhere_and_the_figures_stay(engine: Dispatch, history: Engine) -> None:
    migrate(history)
    await engine.add_agent("ana", queues=("pool",))
    for case in ("ended", "open", "closed_meanwhile"):
        await live_through(engine, case)
    await close(engine, "ended")
    await write(engine, history)
    assert SAID in everything(history)
    figures = rows_of(history, queue_quarters)
    await close(engine, "closed_meanwhile")  # its end comes to the history with the erasure, in one page
    await customers.erase(engine.store, engine.workspace, ("admin", "ann"), "acme", "e-1")
    await live_through(engine, "new")
    await write(engine, history)
    with history.connect() as connection:
        saying = select(schema.events.c.case_id).where(schema.events.c.body.contains(SAID))
        assert set(connection.execute(saying).scalars()) == {"new"}, "what is said after the erasure is new"
        told = select(visits.c.customer, visits.c.subject, visits.c.url)
        assert set(connection.execute(told).all()) == {("", "", "")}
        assert set(connection.execute(select(visits.c.case_id)).scalars()) == {"ended", "closed_meanwhile"}
        (row,) = connection.execute(select(erasures)).all()
        assert (row.actor, row.cases) == ("admin:ann", 2)
    assert figures
    assert len(rows_of(history, queue_quarters)) >= len(figures)
    for case in ("ended", "closed_meanwhile", "open"):
        assert json.loads(await engine.store.redis.get(f"{{acme}}:card:{case}")) == {}, case
    assert SAID.encode() in await engine.store.redis.get("{acme}:card:new")


@on_both
async def test_cases_whose_beginning_or_end_the_history_has_not_seen_are_erased_as_well(
    engine: Dispatch, history: Engine
) -> None:
    migrate(history)
    await engine.add_agent("ana", queues=("pool",))
    await live_through(engine, "begun-before")
    await advance_checkpoint(engine.store, engine.workspace, Keep(1))  # and only then there is a history
    await live_through(engine, "ended-unseen")
    await write(engine, history)
    await close(engine, "begun-before")
    await write(engine, history)
    await mark_reader(engine.store, engine.workspace, HISTORY + identity(history.url), "", keep_ms=0)
    await close(engine, "ended-unseen")
    await advance_checkpoint(engine.store, engine.workspace, Keep(0))
    await live_through(engine, "open")
    await write(engine, history)
    assert len(rows_of(history, gaps)) == 2
    assert rows_of(history, visits) == []
    assert SAID in everything(history)
    await customers.erase(engine.store, engine.workspace, ("admin", "ann"), "acme", "e-1")
    await write(engine, history)
    assert SAID not in everything(history)
    assert customers.key_of("acme") not in everything(history)
    assert rows_of(history, fragments) == []
    assert [row.cases for row in rows_of(history, erasures)] == [2]
    for case in ("begun-before", "ended-unseen", "open"):
        assert json.loads(await engine.store.redis.get(f"{{acme}}:card:{case}")) == {}, case


def files_say(history: Engine) -> int:
    """How often the words stand in the bytes of a history's files."""
    assert history.url.database is not None
    path = Path(history.url.database)
    return sum(file.read_bytes().count(SAID.encode()) for file in path.parent.glob(f"{path.name}*"))


async def test_the_words_are_gone_from_the_bytes_of_the_files_once_no_reader_goes_by_them(
    engine: Dispatch, history: Engine
) -> None:
    migrate(history)
    await engine.add_agent("ana", queues=("pool",))
    for number in range(40):
        await live_through(engine, f"c-{number}")
        await close(engine, f"c-{number}")
    claims = Claims(history)
    claims.look([engine.workspace])
    writer = Writer(engine.store, history, engine.workspace, claims.writer)
    await writer.begin()

    async def take() -> None:
        await writer.take(
            [each async for each in log.read_after(engine.store.redis, engine.workspace, writer.position)]
        )

    await take()
    assert files_say(history) > 40
    reader = open_engine(history.url)
    with reader.connect() as connection:
        connection.execute(select(visits)).all()
        await customers.erase(engine.store, engine.workspace, ("admin", "ann"), "acme", "e-1")
        await take()
        await writer.rest()
        assert files_say(history) > 0, "the reader still goes by what was there before"
    reader.dispose()
    await writer.rest()
    assert files_say(history) == 0


def test_an_event_keeps_all_but_what_people_wrote() -> None:
    event = {"type": "note_added", "log_seq": 7, "card": {"subject": SAID}, "note": {"text": SAID}, "case": "one"}
    assert json.loads(stripped(json.dumps(event)) or "") == {"type": "note_added", "log_seq": 7, "case": "one"}
    assert stripped('{"type":"case_closed"}') is None
