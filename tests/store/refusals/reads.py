"""Refusals of what only reads."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import Engine
from tests.store.refusals.provocation import SUPERVISOR, offer, own, refuses


@refuses(("why_case", "CASE_NOT_FOUND"))
async def ask_why_of_no_case(engine: Engine) -> Awaitable[Any]:
    return engine.run("why_case", SUPERVISOR, command_id="", case="nothing", offset=0, limit=1, show=1)


@refuses(("read_day", "UNKNOWN_AGENT"))
async def read_nobodys_day(engine: Engine) -> Awaitable[Any]:
    return engine.run("read_day", SUPERVISOR, command_id="", agent="nobody")


@refuses(("read_history", "CASE_NOT_FOUND"))
async def read_the_history_of_no_case(engine: Engine) -> Awaitable[Any]:
    return engine.run("read_history", SUPERVISOR, command_id="", case="nothing", limit=1)


@refuses(("find_colleagues", "CASE_NOT_FOUND"))
async def find_somebody_for_no_case(engine: Engine) -> Awaitable[Any]:
    return engine.run("find_colleagues", SUPERVISOR, command_id="", case="nothing", limit=1)


@refuses(("find_colleagues", "NOT_HOLDER"))
async def find_somebody_for_anothers_case(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    return engine.run("find_colleagues", ("agent", "bo"), command_id="", case="one", limit=1)


@refuses(("find_colleagues", "WRONG_STATE"))
async def find_somebody_for_a_case_that_rings(engine: Engine) -> Awaitable[Any]:
    await offer(engine)
    return engine.run("find_colleagues", ("agent", "ana"), command_id="", case="one", limit=1)


@refuses(("read_agent", "UNKNOWN_AGENT"))
async def read_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.agent("nobody")


@refuses(("read_held", "UNKNOWN_AGENT"))
async def read_what_nobody_holds(engine: Engine) -> Awaitable[Any]:
    return engine.run("read_held", SUPERVISOR, command_id="", agent="nobody")


@refuses(("read_line", "UNKNOWN_QUEUE"))
async def read_no_line(engine: Engine) -> Awaitable[Any]:
    return engine.line("nowhere")


@refuses(("read_line", "NOT_MEMBER"))
async def read_a_line_from_outside(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.run("read_line", ("agent", "ana"), command_id="", queue="pool", after="", limit=1)


@refuses(("set_status", "UNKNOWN_AGENT"))
async def set_nobodys_status(engine: Engine) -> Awaitable[Any]:
    return engine.set_status("nobody", "online")


@refuses(("read_notes", "NOT_MEMBER"))
async def read_notes_from_outside(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    await engine.submit("one", "pool")
    return engine.notes("one", ("agent", "ana"))


@refuses(("take_case", "TAKEN"))
async def take_a_taken_case(engine: Engine) -> Awaitable[Any]:
    baton = await own(engine, queue="mixed")
    return engine.act("ana", "take", "one", baton=baton)


@refuses(("count_lines", "UNKNOWN_AGENT"))
async def count_nobodys_lines(engine: Engine) -> Awaitable[Any]:
    return engine.run("count_lines", ("agent", "nobody"), command_id="")
