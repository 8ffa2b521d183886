"""The same command id again: the first answer, and not a byte moves. Each actor's last 64 commands of a week, and all
of the last minute, are remembered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from casebaton.store import library
from tests.engine import BASIC, NODE, Engine

CONTRACTS = library.read_contracts()
Arrange = Callable[[Engine], Awaitable[dict[str, Any]]]
ANA, CRM, SUE, ADMIN = ("agent", "ana"), ("producer", "crm"), ("supervisor", "sue"), ("admin", "apply")


async def ring(engine: Engine) -> dict[str, Any]:
    await engine.add_agent("ana", queues=["mixed"])
    await engine.submit("one", "mixed")
    return {"case": "one", "baton": (await engine.case("one"))["baton"]}


async def own(engine: Engine) -> dict[str, Any]:
    answer = await engine.run("accept_case", ANA, **await ring(engine))
    return {"case": "one", "baton": answer["baton"]}


async def own_a_visit(engine: Engine) -> dict[str, Any]:
    await engine.apply(f"{BASIC}[channels.visit]\nstages = true\n")
    await engine.add_agent("ana", queues=["mixed"])
    await engine.submit("one", "mixed", channel="visit")
    return {"case": "one", "baton": (await engine.act("ana", "accept", "one"))["baton"]}


async def wrap(engine: Engine) -> dict[str, Any]:
    answer = await engine.run("wrap_case", ANA, **await own(engine))
    return {"case": "one", "baton": answer["baton"]}


async def park(engine: Engine) -> dict[str, Any]:
    answer = await engine.run("park_case", ANA, **await own(engine))
    return {"case": "one", "baton": answer["baton"]}


async def close(engine: Engine) -> dict[str, Any]:
    answer = await engine.run("complete_case", ANA, **await own(engine))
    return {"case": "one", "baton": answer["baton"]}


async def wait(engine: Engine) -> dict[str, Any]:
    await engine.add_agent("ana", queues=["mixed"])
    await engine.set_status("ana", "busy")
    answer = await engine.submit("one", "mixed")
    return {"case": "one", "baton": answer["baton"]}


async def wait_of_a_customer(engine: Engine) -> dict[str, Any]:
    await engine.submit("one", "mixed", customer="k")
    return {}


async def wait_unnamed(engine: Engine) -> dict[str, Any]:
    await wait(engine)
    return {}


async def nothing(_: Engine) -> dict[str, Any]:
    return {}


async def agent(engine: Engine) -> dict[str, Any]:
    await engine.add_agent("ana")
    return {}


async def own_unnamed(engine: Engine) -> dict[str, Any]:
    await own(engine)
    return {}


async def flag(engine: Engine) -> dict[str, Any]:
    await engine.add_agent("ana")
    await engine.run("raise_flag", ANA)
    return {}


async def drain(engine: Engine) -> dict[str, Any]:
    await engine.on_queue("drain", "mixed")
    return {}


CONNECTION = {"connection": "c", "node": NODE}
SETTINGS = {"offer_limit": 2, "retention_ms": 60_000, "grace_ms": 5_000, "gone_ms": 20_000, "reopen_ms": 60_000}
COMMANDS: dict[str, tuple[tuple[str, str], Arrange, dict[str, Any]]] = {
    "accept_case": (ANA, ring, {}),
    "decline_case": (ANA, ring, {"reason": "busy"}),
    "take_case": (ANA, wait, {}),
    "return_case": (ANA, own, {"reason": "not_mine", "place": "back"}),
    "transfer_case": (ANA, own, {"queue": "billing", "reason": "wrong_queue"}),
    "complete_case": (ANA, own, {"disposition": "solved"}),
    "cancel_case": (CRM, own, {"reason": "withdrawn"}),
    "update_case": (CRM, wait, {"priority": 1}),
    "add_note": (CRM, wait, {"baton": "any", "text": "Called back."}),
    "revoke_offer": (SUE, ring, {"reason": "vip"}),
    "submit_case": (CRM, nothing, {
        "case": "one", "queue": "mixed", "channel": "case", "priority": 5, "digest": "d", "card": "{}"}),
    "set_status": (ANA, agent, {"status": "busy", "channels": "*"}),
    "pause_queue": (SUE, nothing, {"queue": "mixed", "reason": "fire_drill"}),
    "drain_queue": (SUE, nothing, {"queue": "mixed"}),
    "resume_queue": (SUE, drain, {"queue": "mixed"}),
    "set_agent": (SUE, agent, {"agent": "ana", "capacity": 4}),
    "connect": (ANA, agent, {**CONNECTION, "lease_ms": 5_000, "limit": 10}),
    "disconnect": (ANA, agent, {"connection": "ana-1", "node": NODE}),
    "release_node": (("engine", NODE), agent, {"node": NODE}),
    "flip_config": (ADMIN, nothing, {"version": 2, "previous": 1, "changed": "support", **SETTINGS}),
    "remove_agent": (ADMIN, agent, {"agent": "ana"}),
    "erase_customer": (ADMIN, wait_of_a_customer, {"customer_key": "k"}),
    "erase_case": (("engine", "history"), wait_of_a_customer, {"case": "one", "customer_key": "k", "erased_at": 2**42}),
    "advance": (("engine", "timers"), agent, {"limit": 50}),
    "abandon_case": (CRM, wait, {}),
    "take_next": (ANA, wait_unnamed, {}),
    "assign_case": (SUE, wait, {"agent": "ana"}),
    "wrap_case": (ANA, own, {"disposition": "solved"}),
    "extend_wrap_up": (ANA, wrap, {}),
    "park_case": (ANA, own, {"wake_at_ms": 2**42}),
    "resume_case": (ANA, park, {}),
    "reopen_case": (CRM, close, {}),
    "drain_agent": (SUE, agent, {"agent": "ana"}),
    "requeue_agent": (SUE, own_unnamed, {"agent": "ana", "reason": "ill"}),
    "raise_flag": (ANA, own_unnamed, {"case": "one", "text": "help"}),
    "lower_flag": (ANA, flag, {}),
    "answer_flag": (SUE, flag, {"agent": "ana", "text": "coming"}),
    "set_stage": (ANA, own_a_visit, {"stage": "dispatched"}),
}  # fmt: skip
# Harmless twice by themselves: each names the state it expects, or sets what it finds.
SELF_REPEATING = {"create_workspace", "renew", "trim_log", "mark_reader", "take_lease"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
async def test_the_same_id_again_gets_the_first_answer_and_moves_nothing(engine: Engine, command: str) -> None:
    actor, arrange, args = COMMANDS[command]
    args = {**await arrange(engine), **args}
    first = await engine.run(command, actor, command_id="again", **args)
    before = await engine.dump()
    engine.now += 1000
    assert await engine.run(command, actor, command_id="again", **args) == first
    assert await engine.dump() == before


def test_every_command_that_writes_is_repeated_here() -> None:
    writing = {name for name, contract in CONTRACTS.items() if "no-writes" not in contract.flags}
    assert writing == COMMANDS.keys() | SELF_REPEATING


async def test_a_workspace_is_created_once(engine: Engine) -> None:
    before = await engine.dump()
    settings: dict[str, Any] = {**SETTINGS, "offer_limit": 7}
    assert await engine.run("create_workspace", ADMIN, **settings) == {"created": False}
    assert await engine.dump() == before


# What changed nothing, what a newer command made of it, and where to look.
UNCHANGED: dict[str, tuple[tuple[str, str], dict[str, Any], dict[str, Any], str]] = {
    "set_status": (ANA, {"status": "online", "channels": "*"}, {"status": "busy", "channels": "*"}, "status"),
    "set_agent": (SUE, {"agent": "ana", "capacity": 10}, {"agent": "ana", "capacity": 7}, "capacity"),
}


@pytest.mark.parametrize("command", UNCHANGED)
async def test_a_command_that_found_nothing_to_change_does_not_undo_a_newer_one_when_it_comes_again(
    engine: Engine, command: str
) -> None:
    actor, present, newer, field = UNCHANGED[command]
    await engine.add_agent("ana")
    events = len(await engine.events())
    first = await engine.run(command, actor, command_id="again", **present)
    assert len(await engine.events()) == events
    await engine.run(command, actor, **newer)
    before = await engine.dump()
    assert await engine.run(command, actor, command_id="again", **present) == first
    assert await engine.dump() == before
    assert (await engine.agent("ana"))["agent"][field] == newer[field]


async def test_a_case_submitted_again_under_another_id_is_remembered_under_both(engine: Engine) -> None:
    await engine.submit("one", command_id="first")
    found = await engine.submit("one", command_id="second")
    await engine.steer("producer", "cancel", "one", reason="withdrawn")
    assert await engine.submit("one", command_id="second") == found


async def submit_many(engine: Engine, numbers: range) -> None:
    await asyncio.gather(*(engine.submit(f"c-{n}", command_id=f"id-{n}") for n in numbers))


async def find_kept(engine: Engine) -> set[int]:
    """The numbers of the producer's remembered commands."""
    keys = ("{acme}:answers:producer:crm", "{acme}:old_answers:producer:crm")
    names = {name.decode() for found in keys for name in await engine.store.redis.hkeys(found)}
    return {int(name.removeprefix("id-")) for name in names - {"#"}}


async def test_the_last_64_of_an_actor_are_remembered_for_a_week(engine: Engine) -> None:
    for n in range(200):
        await engine.submit(f"c-{n}", command_id=f"id-{n}")
        await engine.set_agent(f"agent-{n}", create=1)  # another actor's commands crowd nothing out
        engine.now += 600_000
        assert await find_kept(engine) >= set(range(max(0, n - 63), n + 1))
    before = await engine.dump()
    for n in range(136, 200):
        await engine.submit("by-mistake", command_id=f"id-{n}")
    assert await engine.dump() == before


async def test_a_week_later_fewer_are_enough_and_whoever_never_comes_again_leaves_nothing(engine: Engine) -> None:
    week, redis = 7 * 86_400_000, engine.store.redis
    await submit_many(engine, range(10))
    assert 0 < await redis.pttl("{acme}:answers:producer:crm") <= 2 * week
    engine.now += week - 1
    await submit_many(engine, range(10, 20))
    assert await find_kept(engine) == set(range(20))
    engine.now += 1
    await submit_many(engine, range(20, 30))
    assert await find_kept(engine) == set(range(30))  # ten of them a moment old
    assert 0 < await redis.pttl("{acme}:old_answers:producer:crm") <= 2 * week
    engine.now += week
    await submit_many(engine, range(30, 40))
    assert await find_kept(engine) == set(range(20, 40))


async def test_all_of_the_last_minute_are_remembered_however_many_they_are(engine: Engine) -> None:
    for second in range(0, 200, 20):
        await submit_many(engine, range(second * 5, second * 5 + 100))
        assert await find_kept(engine) >= set(range(max(0, second - 60) * 5, second * 5 + 100))
        engine.now += 20_000
    before = await engine.dump()
    await asyncio.gather(*(engine.submit("by-mistake", command_id=f"id-{n}") for n in range(700, 1_000)))
    assert await engine.dump() == before


async def test_what_is_remembered_does_not_pile_up(engine: Engine) -> None:
    for minute in range(6):
        await submit_many(engine, range(minute * 100, minute * 100 + 100))
        engine.now += 60_000
    assert await find_kept(engine) == set(range(400, 600))


async def test_a_refused_id_may_be_used_again(engine: Engine) -> None:
    await engine.refusal(engine.submit("one", "nowhere", command_id="same"))
    assert (await engine.submit("one", command_id="same"))["state"] == "waiting"


async def test_another_actors_same_id_is_another_command(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.add_agent("bo")
    for name in ("ana", "bo"):
        await engine.run("set_status", ("agent", name), command_id="same", status="busy", channels="*")
    assert [(await engine.agent(name))["agent"]["status"] for name in ("ana", "bo")] == ["busy", "busy"]
