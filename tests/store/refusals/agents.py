"""Refusals of what is about agents: their status, connections, places and flags."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import BASIC, LEASE_MS, NODE, Engine
from tests.store.refusals.provocation import ADMIN, SUPERVISOR, offer, refuses


@refuses(("set_status", "UNKNOWN_STATUS"))
async def choose_no_status(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.set_status("ana", "brunch")


@refuses(("set_status", "STATUS_NOT_ALLOWED"))
async def choose_another_teams_status(engine: Engine) -> Awaitable[Any]:
    await engine.apply(BASIC + '[statuses.lunch]\nkind = "busy"\nteams = ["north"]\n')
    await engine.add_agent("ana")
    return engine.set_status("ana", "lunch")


@refuses(("set_status", "UNKNOWN_CHANNEL"))
async def accept_a_channel_that_there_is_not(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.set_status("ana", "online", channels="case,fax")


@refuses(("connect", "UNKNOWN_AGENT"))
async def connect_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.connect_to(NODE, "nobody", "tab")


@refuses(("connect", "TOO_MANY_CONNECTIONS"))
async def connect_an_eleventh_time(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    for n in range(2, 11):
        await engine.connect("ana", f"ana-{n}")
    return engine.connect_to(NODE, "ana", "ana-11")


@refuses(("connect", "LEASE_LOST"))
async def connect_under_a_name_that_was_lost(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    for _ in range(6):
        engine.now += 1000
        await engine.tick()
    return engine.connect_to(NODE, "ana", "ana-2")


@refuses(("renew", "LEASE_LOST"))
async def renew_no_lease(engine: Engine) -> Awaitable[Any]:
    return engine.run("renew", ("engine", "node-x"), command_id="", node="node-x", lease_ms=LEASE_MS)


@refuses(("set_agent", "UNKNOWN_AGENT"))
async def change_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.set_agent("nobody", capacity=3)


@refuses(("set_agent", "UNKNOWN_QUEUE"))
async def join_no_queue(engine: Engine) -> Awaitable[Any]:
    return engine.set_agent("ana", create=1, capacity=1, queues="support,nowhere")


@refuses(("set_agent", "UNKNOWN_CHANNEL"))
async def limits_a_channel_that_there_is_not(engine: Engine) -> Any:
    return engine.set_agent("ana", create=1, limits="case=1,fax=1")


@refuses(("set_agent", "BAD_CAPACITY"))
async def be_more_interruptible_than_able(engine: Engine) -> Awaitable[Any]:
    return engine.set_agent("ana", create=1, capacity=2, interruptible_capacity=3)


@refuses(("remove_agent", "UNKNOWN_AGENT"))
async def remove_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.run("remove_agent", ADMIN, agent="nobody")


@refuses(("remove_agent", "AGENT_NOT_EMPTY"))
async def remove_somebody_at_work(engine: Engine) -> Awaitable[Any]:
    await offer(engine)
    return engine.run("remove_agent", ADMIN, agent="ana")


@refuses(("set_agent", "UNKNOWN_STATUS"))
async def put_in_no_status(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.set_agent("ana", capacity=9, status="not_responding")


@refuses(("set_agent", "STATUS_NOT_ALLOWED"))
async def put_in_another_teams_status(engine: Engine) -> Awaitable[Any]:
    await engine.apply(BASIC + '[statuses.lunch]\nkind = "busy"\nteams = ["north"]\n')
    await engine.add_agent("ana")
    return engine.set_agent("ana", status="lunch")


@refuses(("drain_agent", "UNKNOWN_AGENT"))
async def drain_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.run("drain_agent", SUPERVISOR, agent="nobody")


@refuses(("requeue_agent", "UNKNOWN_AGENT"))
async def requeue_nobody(engine: Engine) -> Awaitable[Any]:
    return engine.run("requeue_agent", SUPERVISOR, agent="nobody", reason="ill")


@refuses(("raise_flag", "UNKNOWN_AGENT"))
async def raise_nobodys_flag(engine: Engine) -> Awaitable[Any]:
    return engine.run("raise_flag", ("agent", "nobody"))


@refuses(("raise_flag", "FLAG_RAISED"))
async def raise_a_second_flag(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    await engine.run("raise_flag", ("agent", "ana"), text="help")
    return engine.run("raise_flag", ("agent", "ana"), text="help, please")


@refuses(("raise_flag", "CASE_NOT_FOUND"))
async def raise_a_flag_about_nothing(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.run("raise_flag", ("agent", "ana"), case="nothing")


@refuses(("raise_flag", "NOT_HOLDER"))
async def raise_a_flag_about_what_only_rings(engine: Engine) -> Awaitable[Any]:
    await offer(engine)
    return engine.run("raise_flag", ("agent", "ana"), case="one")


@refuses(("lower_flag", "UNKNOWN_AGENT"))
async def lower_nobodys_flag(engine: Engine) -> Awaitable[Any]:
    return engine.run("lower_flag", ("agent", "nobody"))


@refuses(("answer_flag", "UNKNOWN_AGENT"))
async def answer_nobodys_flag(engine: Engine) -> Awaitable[Any]:
    return engine.run("answer_flag", SUPERVISOR, agent="nobody")


@refuses(("answer_flag", "NO_FLAG"))
async def answer_a_flag_that_is_not_up(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    return engine.run("answer_flag", SUPERVISOR, agent="ana", text="Coming")


@refuses(("submit_case", "UNKNOWN_QUEUE"))
async def submit_nowhere(engine: Engine) -> Awaitable[Any]:
    return engine.submit("one", "nowhere")
