"""Refusals of a new configuration and of a checkpoint."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import Engine
from tests.store.refusals.provocation import ADMIN, TIMERS, refuses


def flip(engine: Engine, **args: Any) -> Awaitable[Any]:
    settings: dict[str, Any] = {"offer_limit": 1, "retention_ms": 86_400_000, "grace_ms": 5_000, "gone_ms": 20_000}
    settings["reopen_ms"] = 0
    return engine.run("flip_config", ADMIN, version=2, **{"previous": 1, **args}, **settings)


@refuses(("flip_config", "CONFIG_CHANGED"))
async def flip_from_another_version(engine: Engine) -> Awaitable[Any]:
    return flip(engine, previous=0)


@refuses(("flip_config", "QUEUE_NOT_EMPTY"))
async def remove_a_queue_in_which_a_case_waits(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return flip(engine, removed="support")


@refuses(("trim_log", "CHECKPOINT_MOVED"))
async def move_a_checkpoint_from_elsewhere(engine: Engine) -> Awaitable[Any]:
    return engine.run("trim_log", TIMERS, command_id="", **{"from": "9-9", "to": "10-0", "to_seq": 1, "changes": "{}"})
