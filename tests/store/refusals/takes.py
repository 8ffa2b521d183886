"""Refusals of taking from a line."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import Engine
from tests.store.refusals.provocation import offer, own, refuses, take_next, wait_in_the_pool


@refuses(("take_case", "OFFERED"))
async def take_an_offered_case(engine: Engine) -> Awaitable[Any]:
    baton = await offer(engine)
    return engine.act("bo", "take", "one", baton=baton)


@refuses(("take_case", "PUSH_ONLY"))
async def take_from_a_push_queue(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    await engine.set_agent("ana", create=1, capacity=1, interruptible_capacity=1, queues="support")
    return engine.act("ana", "take", "one")


@refuses(("take_case", "NOT_MEMBER"))
async def take_as_an_outsider(engine: Engine) -> Awaitable[Any]:
    return await wait_in_the_pool(engine, ["support"])


@refuses(("take_case", "NO_ROOM"))
async def take_without_room(engine: Engine) -> Awaitable[Any]:
    return await wait_in_the_pool(engine, ["pool"], room=0)


@refuses(("take_case", "NOT_CONNECTED"))
async def take_without_a_connection(engine: Engine) -> Awaitable[Any]:
    taking = await wait_in_the_pool(engine, ["pool"])
    await engine.disconnect("ana")
    return taking


@refuses(("take_case", "NOT_AVAILABLE"))
async def take_while_offline(engine: Engine) -> Awaitable[Any]:
    taking = await wait_in_the_pool(engine, ["pool"])
    await engine.set_status("ana", "offline")
    return taking


@refuses(("take_case", "UNKNOWN_AGENT"))
async def take_as_nobody(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one", "pool")
    return engine.act("nobody", "take", "one")


@refuses(("take_next", "UNKNOWN_AGENT"))
async def take_next_as_nobody(engine: Engine) -> Awaitable[Any]:
    return take_next(engine, "nobody")


@refuses(("take_next", "UNKNOWN_QUEUE"))
async def take_next_from_nowhere(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return take_next(engine, queue="nowhere")


@refuses(("take_next", "PUSH_ONLY"))
async def take_next_from_a_push_queue(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return take_next(engine, queue="support")


@refuses(("take_next", "NOT_MEMBER"))
async def take_next_as_an_outsider(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return take_next(engine, queue="pool")


@refuses(("take_next", "NOT_CONNECTED"))
async def take_next_without_a_connection(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.disconnect("ana")
    return take_next(engine)


@refuses(("take_next", "NOT_AVAILABLE"))
async def take_next_while_offline(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.set_status("ana", "offline")
    return take_next(engine)


@refuses(("take_next", "NO_ROOM"))
async def take_next_without_room(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=["pool"], room=0)
    await engine.submit("one", "pool")
    return take_next(engine)


@refuses(("take_next", "NOTHING_TO_TAKE"))
async def take_next_where_only_others_cases_wait(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "mixed")
    return take_next(engine)


@refuses(("abandon_case", "WAS_OWNED"))
async def abandon_what_somebody_worked_on(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    await engine.act("ana", "return", "one", reason="not_mine", place="keep")
    return engine.steer("producer", "abandon", "one")
