"""Refusals of whoever steers beyond its scope."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import Engine
from tests.store.refusals.provocation import CONTRACTS, VERBS, own, refuses


async def steer_what_is_elsewhere(engine: Engine, command: str) -> Awaitable[Any]:
    await own(engine)
    asked = VERBS.get(command, {"case": "one", "agent": "ana", "queue": "support"})
    args = {"case": "one", "baton": "any"} | asked
    elsewhere = ("supervisor", "sam", '{"queues":["billing"],"teams":["north"]}')
    command_id = "" if "no-writes" in CONTRACTS[command].flags else None
    known = {name: value for name, value in args.items() if name in CONTRACTS[command].args}
    return engine.run(command, elsewhere, command_id=command_id, **known)


for named in CONTRACTS.values():
    if "OUT_OF_SCOPE" in named.errors:

        async def steer_by_this(engine: Engine, command: str = named.name) -> Awaitable[Any]:
            return await steer_what_is_elsewhere(engine, command)

        refuses((named.name, "OUT_OF_SCOPE"))(steer_by_this)
