"""Refusals of queues that are paused, draining, closed or full."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.engine import BASIC, Engine
from tests.store.refusals.provocation import SUPERVISOR, close, refuses, take_next, wait_in_the_pool


def for_each_queue_command(code: str, call: Callable[[Engine, str], Awaitable[Any]]) -> None:
    """Register one provocation for the commands on a queue."""
    for command in ("pause_queue", "drain_queue", "resume_queue"):

        async def provoke_this(engine: Engine, command: str = command) -> Awaitable[Any]:
            return call(engine, command)

        refuses((command, code))(provoke_this)


for_each_queue_command("UNKNOWN_QUEUE", lambda engine, command: engine.run(command, SUPERVISOR, queue="nowhere"))


@refuses(("take_case", "QUEUE_PAUSED"))
async def take_from_a_paused_queue(engine: Engine) -> Awaitable[Any]:
    taking = await wait_in_the_pool(engine, ["pool"])
    await engine.on_queue("pause", "pool")
    return taking


@refuses(("submit_case", "QUEUE_DRAINING"))
async def submit_into_a_draining_queue(engine: Engine) -> Awaitable[Any]:
    await engine.on_queue("drain", "support")
    return engine.submit("one")


@refuses(("transfer_case", "QUEUE_DRAINING"))
async def transfer_into_a_draining_queue(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    await engine.on_queue("drain", "billing")
    return engine.steer("supervisor", "transfer", "one", queue="billing")


NEVER = '[hours.never]\nzone = "Etc/UTC"\n'


SHUT_BILLING = BASIC.replace("[queues.billing]", '[queues.billing]\nwhen_closed = "refuse"\nhours = "never"') + NEVER


CLOSED_POOL = BASIC.replace("[queues.pool]", '[queues.pool]\nhours = "never"') + NEVER


@refuses(("submit_case", "QUEUE_CLOSED"))
async def submit_into_a_closed_queue(engine: Engine) -> Awaitable[Any]:
    await engine.apply(SHUT_BILLING)
    return engine.submit("one", "billing")


@refuses(("reopen_case", "QUEUE_DRAINING"))
async def reopen_into_a_draining_queue(engine: Engine) -> Awaitable[Any]:
    await close(engine)
    await engine.on_queue("drain", "pool")
    return engine.steer("producer", "reopen", "one")


@refuses(("reopen_case", "QUEUE_FULL"))
async def reopen_into_a_full_queue(engine: Engine) -> Awaitable[Any]:
    await close(engine)
    await engine.apply(BASIC.replace("[queues.pool]", "[queues.pool]\nlength_limit = 1"))
    await engine.submit("two", "pool")
    return engine.steer("producer", "reopen", "one")


@refuses(("reopen_case", "QUEUE_CLOSED"))
async def reopen_into_a_closed_queue(engine: Engine) -> Awaitable[Any]:
    await close(engine)
    await engine.apply(CLOSED_POOL.replace("[queues.pool]", '[queues.pool]\nwhen_closed = "refuse"'))
    return engine.steer("producer", "reopen", "one")


@refuses(("transfer_case", "QUEUE_CLOSED"))
async def transfer_into_a_closed_queue(engine: Engine) -> Awaitable[Any]:
    await engine.apply(SHUT_BILLING)
    await engine.submit("one")
    return engine.steer("supervisor", "transfer", "one", queue="billing")


@refuses(("take_next", "QUEUE_PAUSED"))
async def take_next_from_a_paused_queue(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=["pool"])
    await engine.on_queue("pause", "pool")
    return take_next(engine, queue="pool")


@refuses(("take_next", "QUEUE_CLOSED"))
async def take_next_from_a_closed_queue(engine: Engine) -> Awaitable[Any]:
    await engine.apply(CLOSED_POOL)
    await engine.add_agent("ana", queues=["pool"])
    return take_next(engine, queue="pool")


@refuses(("take_case", "QUEUE_CLOSED"))
async def take_from_a_closed_queue(engine: Engine) -> Awaitable[Any]:
    await engine.apply(CLOSED_POOL)
    return await wait_in_the_pool(engine, ["pool"])


async def fill_billing(engine: Engine) -> None:
    await engine.apply(BASIC.replace("[queues.billing]", "[queues.billing]\nlength_limit = 1"))
    await engine.submit("first", "billing")


@refuses(("submit_case", "QUEUE_FULL"))
async def submit_into_a_full_queue(engine: Engine) -> Awaitable[Any]:
    await fill_billing(engine)
    return engine.submit("one", "billing")


@refuses(("transfer_case", "QUEUE_FULL"))
async def transfer_into_a_full_queue(engine: Engine) -> Awaitable[Any]:
    await fill_billing(engine)
    await engine.submit("one")
    return engine.steer("supervisor", "transfer", "one", queue="billing")
