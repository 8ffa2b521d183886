"""Refusals of commands on a case."""

from collections.abc import Awaitable
from typing import Any

from tests.engine import BASIC, Engine
from tests.store.refusals.provocation import SUPERVISOR, VERBS, close, for_each_verb, own, refuses


async def name_no_case(engine: Engine, command: str) -> Awaitable[Any]:
    return engine.run(command, ("agent", "ana"), case="nothing", baton="b", **VERBS[command])


async def show_an_old_baton(engine: Engine, command: str) -> Awaitable[Any]:
    baton = await own(engine)
    await engine.run("return_case", ("agent", "ana"), case="one", baton=baton, reason="not_mine", place="keep")
    return engine.run(command, ("agent", "ana"), case="one", baton=baton, **VERBS[command])


async def act_on_anothers_case(engine: Engine, command: str) -> Awaitable[Any]:
    baton = await own(engine)
    return engine.run(command, ("agent", "bo"), case="one", baton=baton, **VERBS[command])


async def act_on_an_ended_case(engine: Engine, command: str) -> Awaitable[Any]:
    baton = await own(engine)
    ended = await engine.run("complete_case", ("agent", "ana"), case="one", baton=baton)
    is_steered = command in ("cancel_case", "revoke_offer", "abandon_case", "assign_case")
    actor = SUPERVISOR if is_steered else ("agent", "ana")
    return engine.run(command, actor, case="one", baton=ended["baton"], **VERBS[command])


@refuses(("reopen_case", "WRONG_STATE"))
async def reopen_a_live_case(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.steer("producer", "reopen", "one")


@refuses(("reopen_case", "REOPEN_TOO_LATE"))
async def reopen_after_a_week(engine: Engine) -> Awaitable[Any]:
    await close(engine)
    await engine.advance(by=7 * 86_400, step_ms=86_400_000)
    return engine.steer("producer", "reopen", "one")


@refuses(("reopen_case", "UNKNOWN_QUEUE"))
async def reopen_into_a_queue_that_was_removed(engine: Engine) -> Awaitable[Any]:
    await close(engine)
    await engine.set_agent("ana", queues="support")
    await engine.apply(BASIC.replace('[queues.pool]\nmode = "pull"\n', ""))
    return engine.steer("producer", "reopen", "one")


for_each_verb("CASE_NOT_FOUND", name_no_case)


for_each_verb("STALE_BATON", show_an_old_baton)


for_each_verb("NOT_HOLDER", act_on_anothers_case)


for_each_verb("WRONG_STATE", act_on_an_ended_case)


PLANNED = f"{BASIC}[channels.visit]\nwindows = true\n"


async def plan_at_the_same_time(engine: Engine) -> None:
    """Ana owns case `mine`, and `one` waits in queue pool for the same time."""
    await engine.apply(PLANNED)
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("mine", "pool", channel="visit", window="10-20")
    await engine.act("ana", "take", "mine")
    await engine.submit("one", "pool", channel="visit", window="15-25")


@refuses(("take_case", "WINDOW_TAKEN"))
async def take_at_the_same_time(engine: Engine) -> Awaitable[Any]:
    await plan_at_the_same_time(engine)
    return engine.act("ana", "take", "one")


@refuses(("assign_case", "WINDOW_TAKEN"))
async def assign_at_the_same_time(engine: Engine) -> Awaitable[Any]:
    await plan_at_the_same_time(engine)
    return engine.steer("supervisor", "assign", "one", agent="ana")


@refuses(("transfer_case", "WINDOW_TAKEN"))
async def transfer_at_the_same_time(engine: Engine) -> Awaitable[Any]:
    await plan_at_the_same_time(engine)
    await engine.add_agent("bo", queues=["pool"])
    await engine.act("bo", "take", "one")
    return engine.act("bo", "transfer", "one", agent="ana")


@refuses(("reopen_case", "WINDOW_TAKEN"))
async def reopen_at_the_same_time(engine: Engine) -> Awaitable[Any]:
    await plan_at_the_same_time(engine)
    await engine.act("ana", "complete", "mine")
    await engine.act("ana", "take", "one")
    return engine.steer("producer", "reopen", "mine", preferred_ms=60_000)


@refuses(("update_case", "WINDOW_TAKEN"))
async def plan_anew_at_the_same_time(engine: Engine) -> Awaitable[Any]:
    await plan_at_the_same_time(engine)
    await engine.submit("two", "pool", channel="visit", window="30-40")
    await engine.act("ana", "take", "two")
    return engine.steer("producer", "update", "two", window="19-30")


@refuses(("submit_case", "NO_WINDOWS"))
async def plan_what_has_no_windows(engine: Engine) -> Awaitable[Any]:
    return engine.submit("one", window="10-20")


@refuses(("update_case", "NO_WINDOWS"))
async def plan_anew_what_has_no_windows(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.steer("producer", "update", "one", window="10-20")


@refuses(("set_stage", "WRONG_STAGE"))
async def leave_a_stage_out(engine: Engine) -> Awaitable[Any]:
    await engine.apply(f"{BASIC}[channels.visit]\nstages = true\n")
    await engine.add_agent("ana")
    await engine.submit("one", channel="visit")
    await engine.act("ana", "accept", "one")
    return engine.set_stage("one", "travelling", ("agent", "ana"))


@refuses(("read_case", "CASE_NOT_FOUND"))
async def read_no_case(engine: Engine) -> Awaitable[Any]:
    return engine.case("nothing")


@refuses(("add_note", "TOO_MANY_NOTES"))
async def write_a_101st_note(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    for n in range(100):
        await engine.add_note("one", f"note {n}", command_id="")
    return engine.add_note("one", "one more")


@refuses(("read_notes", "CASE_NOT_FOUND"))
async def read_the_notes_of_no_case(engine: Engine) -> Awaitable[Any]:
    return engine.notes("nothing")


@refuses(("assign_case", "UNKNOWN_AGENT"))
async def assign_to_nobody(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    return engine.steer("supervisor", "assign", "one", agent="nobody")


@refuses(("assign_case", "SAME_AGENT"))
async def assign_to_its_owner(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    return engine.steer("supervisor", "assign", "one", agent="ana")


@refuses(("assign_case", "NO_ROOM"))
async def assign_to_a_full_agent(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", room=0)
    await engine.submit("one")
    return engine.steer("supervisor", "assign", "one", agent="ana")


@refuses(("extend_wrap_up", "NO_EXTENSION_LEFT"))
async def extend_a_wrap_up_a_third_time(engine: Engine) -> Awaitable[Any]:
    await own(engine)
    await engine.act("ana", "wrap", "one")
    for _ in range(2):
        await engine.act("ana", "extend", "one")
    return engine.act("ana", "extend", "one")


@refuses(("resume_case", "NO_ROOM"))
async def resume_without_room(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana", room=1)
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.act("ana", "park", "one")
    await engine.submit("two")
    return engine.act("ana", "resume", "one")
