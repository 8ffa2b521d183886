"""Refusals of cases that come in, and of what they ask for."""

import json
from collections.abc import Awaitable
from typing import Any

from tests.engine import BASIC, Engine
from tests.store.refusals.provocation import refuses


@refuses(("submit_case", "UNKNOWN_CHANNEL"))
async def submit_by_no_channel(engine: Engine) -> Awaitable[Any]:
    return engine.submit("one", channel="telex")


@refuses(("submit_case", "UNKNOWN_SKILL"))
async def submit_with_a_skill_that_nobody_can_have(engine: Engine) -> Awaitable[Any]:
    return engine.submit("one", skills="klingon=1")


@refuses(("submit_case", "UNKNOWN_AGENT"))
async def submit_for_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.submit("one", required_agent="nobody")


@refuses(("update_case", "UNKNOWN_SKILL"))
async def ask_for_a_skill_that_nobody_can_have(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.steer("supervisor", "update", "one", additional_skills="klingon=1#1")


@refuses(("set_agent", "UNKNOWN_SKILL"))
async def learn_a_skill_that_is_none(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.set_agent("ana", skills="klingon=1")


@refuses(("update_case", "TOO_MANY_CLASSES"))
async def ask_for_one_skill_too_many(engine: Engine) -> Awaitable[Any]:
    await fill_with_classes(engine, "support")
    return engine.steer("supervisor", "update", "case-0", skills="german=1")


@refuses(("take_case", "REQUIRES_AGENT"))
async def take_what_is_for_another(engine: Engine) -> Awaitable[Any]:
    for agent in ("ana", "bo"):
        await engine.add_agent(agent, queues=["pool"])
    await engine.submit("one", "pool", required_agent="bo")
    return engine.act("ana", "take", "one")


@refuses(("take_case", "NO_SKILL"))
async def take_without_the_skill(engine: Engine) -> Awaitable[Any]:
    await engine.apply(BASIC.replace('mode = "pull"', 'mode = "pull"\ntake_needs_skills = true'))
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool", skills="german=1")
    return engine.act("ana", "take", "one")


@refuses(("submit_case", "CASE_EXISTS"))
async def submit_another_body(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.submit("one", digest="another")


async def fill_with_classes(engine: Engine, queue: str) -> None:
    """Use up a queue's classes: one channel more than it may have, each submitted once but the last."""
    channels = "".join(f"[channels.kind-{n}]\n" for n in range(257))
    await engine.apply(BASIC + channels)
    for n in range(256):
        await engine.submit(f"case-{n}", queue, channel=f"kind-{n}")


@refuses(("submit_case", "TOO_MANY_CLASSES"))
async def submit_the_257th_kind(engine: Engine) -> Awaitable[Any]:
    await fill_with_classes(engine, "support")
    return engine.submit("last", channel="kind-256")


@refuses(("transfer_case", "TOO_MANY_CLASSES"))
async def transfer_the_257th_kind(engine: Engine) -> Awaitable[Any]:
    await fill_with_classes(engine, "support")
    await engine.submit("last", "billing", channel="kind-256")
    return engine.steer("supervisor", "transfer", "last", queue="support")


@refuses(("update_case", "CARD_TOO_LARGE"))
async def update_past_a_kibibyte(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    card = json.dumps(dict.fromkeys(("customer", "url"), "x" * 600))
    return engine.steer("supervisor", "update", "one", card=card)


@refuses(("transfer_case", "UNKNOWN_QUEUE"))
async def transfer_nowhere(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.steer("supervisor", "transfer", "one", queue="nowhere")
