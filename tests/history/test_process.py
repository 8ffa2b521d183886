"""The process: all workspaces of a store, beside others like it, whatever fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import Engine, select, text
from structlog.testing import capture_logs

from casebaton.history import process
from casebaton.history.claims import SILENT_AFTER_S, Claims
from casebaton.history.migrate import migrate
from casebaton.history.process import History
from casebaton.history.schema import events
from casebaton.store.client import StoreClient
from tests.engine import BASIC
from tests.engine import Engine as Dispatch
from tests.history.counting import CountingBook
from tests.history.kinds import on_both
from tests.proxy import Proxy

WITHIN_S = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and rests are short."""
    monkeypatch.setattr(process, "REST_S", 0.0)
    monkeypatch.setattr(process, "PAUSE_S", 0.02)
    monkeypatch.setattr(process, "REST_AFTER_FAULT_S", 0.05)


@asynccontextmanager
async def writing(
    engine: Dispatch, history: Engine, *, poison: str = "", silent_after_s: float = SILENT_AFTER_S
) -> AsyncIterator[History]:
    """A process that writes, for as long as the block runs."""
    claims = Claims(history, silent_after_s=silent_after_s)
    book = partial(CountingBook, poison=poison)
    running = History(engine.store, history, book, claims=claims, look_every_s=0.02)
    stop = asyncio.Event()
    task = asyncio.create_task(running.run(stop))
    try:
        yield running
    finally:
        stop.set()
        await task


def stored(history: Engine, workspace: str) -> list[int]:
    """The numbers of a workspace's events."""
    with history.connect() as connection:
        found = select(events.c.seq).where(events.c.workspace == workspace).order_by(events.c.seq)
        return list(connection.execute(found).scalars())


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await asyncio.to_thread(is_so):  # noqa: ASYNC110  # the database tells nobody
            await asyncio.sleep(0.01)


def has(history: Engine, workspace: str, count: int) -> Callable[[], bool]:
    """Are so many events stored, the first ones, each once?"""
    return lambda: stored(history, workspace) == list(range(1, count + 1))


async def test_every_workspace_is_written_also_one_that_comes_later(engine: Dispatch, history: Engine) -> None:
    migrate(history)
    await engine.submit("c-1")
    async with writing(engine, history):
        await until(has(history, "acme", 3))
        await engine.submit("c-2")
        await until(has(history, "acme", 4))
        other = Dispatch(engine.store, "zebra")
        await other.apply(BASIC)
        await other.submit("c-1")
        await until(has(history, "zebra", 3))
    assert stored(history, "acme") == [1, 2, 3, 4]


async def test_a_store_that_was_away_is_read_on(engine: Dispatch, history: Engine) -> None:
    migrate(history)
    async with Proxy(engine.store.url) as link:
        store = StoreClient(link.url, retry_for_s=0.1)
        async with writing(Dispatch(store, engine.workspace), history):
            await until(has(history, "acme", 2))
            with capture_logs() as logs:
                async with link.down():
                    await engine.submit("c-1")
                    await until(lambda: any(line["event"] == "history_delayed" for line in logs))
                await until(has(history, "acme", 3))
        await store.close()


@pytest.mark.parametrize("history_settings", ["postgresql"], indirect=True)
async def test_connections_that_the_database_ends_are_made_anew(engine: Dispatch, history: Engine) -> None:
    migrate(history)
    async with writing(engine, history):
        await until(has(history, "acme", 2))
        with history.connect() as connection:
            ended = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
            )
            connection.execute(text(ended))
        await engine.submit("c-1")
        await until(has(history, "acme", 3))


@on_both
async def test_when_one_process_ends_another_goes_on_at_once(engine: Dispatch, history: Engine) -> None:
    migrate(history)
    async with writing(engine, history):
        await until(has(history, "acme", 2))
        async with writing(engine, history):
            await engine.submit("c-1")
            await until(has(history, "acme", 3))
    async with writing(engine, history):
        await engine.submit("c-2")
        await until(has(history, "acme", 4))


async def test_when_one_process_is_killed_another_takes_over(engine: Dispatch, history: Engine) -> None:
    migrate(history)
    Claims(history).look(["acme"])  # and never beats again
    await engine.submit("c-1")
    async with writing(engine, history, silent_after_s=0.2):
        await until(has(history, "acme", 3))


async def test_a_page_that_cannot_be_stored_keeps_no_other_workspace_waiting_and_is_told_without_a_word_of_it(
    engine: Dispatch, history: Engine
) -> None:
    migrate(history)
    other = Dispatch(engine.store, "zebra")
    await other.apply(BASIC)
    with capture_logs() as logs:
        async with writing(engine, history, poison="c-bad"):
            await engine.submit("c-bad")
            await other.submit("c-1")
            await until(has(history, "zebra", 3))
            await until(lambda: any(line["event"] == "history_failed" for line in logs))
    failures = [line for line in logs if line["event"] == "history_failed"]
    assert {(line["workspace"], line["error"]) for line in failures} == {("acme", "ValueError")}
    assert "customer" not in str(logs)
    assert stored(history, "acme") in ([], [1, 2])
