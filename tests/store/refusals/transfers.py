"""Refusals of transfers."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import Engine
from tests.store.refusals.provocation import own, refuses


@refuses(("transfer_case", "SAME_QUEUE"))
async def transfer_to_where_it_is(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.steer("supervisor", "transfer", "one", queue="support")


@refuses(("transfer_case", "UNKNOWN_AGENT"))
async def transfer_to_nobody(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    return engine.act("ana", "transfer", "one", agent="nobody")


@refuses(("transfer_case", "SAME_AGENT"))
async def transfer_to_oneself(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    return engine.act("ana", "transfer", "one", agent="ana")


@refuses(("transfer_case", "TARGET_OFFLINE"))
async def transfer_to_one_who_is_away(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    await engine.add_agent("dan")
    await engine.set_status("dan", "offline")
    return engine.act("ana", "transfer", "one", agent="dan")


@refuses(("transfer_case", "TARGET_FULL"))
async def transfer_to_one_who_is_full(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    await engine.add_agent("bo", room=0)
    return engine.act("ana", "transfer", "one", agent="bo")
