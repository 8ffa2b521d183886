"""Every refusal that a contract header names: provoked once, and nothing in the store has moved, not even the clock."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from casebaton.errors import Refused
from casebaton.store import library
from tests.engine import BASIC, LEASE_MS, NODE, Engine

Provocation = Callable[[Engine], Awaitable[Awaitable[Any]]]
CONTRACTS = library.read_contracts()
PROVOCATIONS: dict[tuple[str, str], Provocation] = {}
ADMIN, SUPERVISOR, TIMERS = ("admin", "apply"), ("supervisor", "sue"), ("engine", "timers")
# Arguments without which a command cannot be asked at all; the rest may be empty.
VERBS: dict[str, dict[str, Any]] = {
    "accept_case": {},
    "decline_case": {"reason": "busy"},
    "complete_case": {},
    "return_case": {"reason": "not_mine", "place": "keep"},
    "transfer_case": {"queue": "billing"},
    "update_case": {"priority": 1},
    "cancel_case": {"reason": "withdrawn"},
    "revoke_offer": {"reason": "vip"},
    "take_case": {},
    "abandon_case": {},
    "assign_case": {"agent": "ana"},
    "wrap_case": {},
    "extend_wrap_up": {},
    "park_case": {},
    "resume_case": {},
    "reopen_case": {},
    "add_note": {"text": "Called back."},
    "set_stage": {"stage": "dispatched"},
}


def refuses(*pairs: tuple[str, str]) -> Callable[[Provocation], Provocation]:
    """Name the (command, code) that a provocation brings about: it arranges, and returns the call to be refused."""

    def register(provoke: Provocation) -> Provocation:
        for pair in pairs:
            assert pair not in PROVOCATIONS
            PROVOCATIONS[pair] = provoke
        return provoke

    return register


async def own(engine: Engine, case: str = "one", queue: str = "support") -> str:
    """Let Ana own a case; its baton."""
    await engine.add_agent("ana", queues=[queue])
    await engine.submit(case, queue)
    answer = await engine.act("ana", "accept", case)
    return str(answer["baton"])


async def offer(engine: Engine) -> str:
    """Let case `one` ring at Ana; its baton."""
    await engine.add_agent("ana")
    await engine.submit("one")
    assert await engine.offers("ana") == ["one"]
    return str((await engine.case("one"))["baton"])


def for_each_verb(code: str, provoke: Callable[[Engine, str], Awaitable[Awaitable[Any]]]) -> None:
    """Register one provocation for all the case commands whose header names the code."""
    for command in VERBS:
        if code in CONTRACTS[command].errors and (command, code) not in PROVOCATIONS:

            async def provoke_this(engine: Engine, command: str = command) -> Awaitable[Any]:
                return await provoke(engine, command)

            refuses((command, code))(provoke_this)


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


async def close(engine: Engine) -> None:
    """Let Ana own case `one` of queue pool, and complete it."""
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.act("ana", "take", "one")
    await engine.act("ana", "complete", "one")


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


@refuses(("add_note", "TOO_MANY_NOTES"))
async def write_a_101st_note(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    for n in range(100):
        await engine.add_note("one", f"note {n}", command_id="")
    return engine.add_note("one", "one more")


@refuses(("read_notes", "CASE_NOT_FOUND"))
async def read_the_notes_of_no_case(engine: Engine) -> Awaitable[Any]:
    return engine.notes("nothing")


@refuses(("read_notes", "NOT_MEMBER"))
async def read_notes_from_outside(engine: Engine) -> Awaitable[Any]:
    await engine.add_agent("ana")
    await engine.submit("one", "pool")
    return engine.notes("one", ("agent", "ana"))


@refuses(("take_case", "TAKEN"))
async def take_a_taken_case(engine: Engine) -> Awaitable[Any]:
    baton = await own(engine, queue="mixed")
    return engine.act("ana", "take", "one", baton=baton)


@refuses(("take_case", "OFFERED"))
async def take_an_offered_case(engine: Engine) -> Awaitable[Any]:
    baton = await offer(engine)
    return engine.act("bo", "take", "one", baton=baton)


@refuses(("take_case", "PUSH_ONLY"))
async def take_from_a_push_queue(engine: Engine) -> Awaitable[Any]:
    await engine.submit("one")
    await engine.set_agent("ana", create=1, capacity=1, interruptible_capacity=1, queues="support")
    return engine.act("ana", "take", "one")


async def wait_in_the_pool(engine: Engine, queues: list[str], room: int = 3) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=queues, room=room)
    await engine.submit("one", "pool")
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


def take_next(engine: Engine, agent: str = "ana", queue: str = "") -> Awaitable[Any]:
    return engine.run("take_next", ("agent", agent), queue=queue)


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


@pytest.mark.parametrize("pair", sorted(PROVOCATIONS), ids="-".join)
async def test_a_refusal_leaves_every_key_as_it_was(engine: Engine, pair: tuple[str, str]) -> None:
    command, code = pair
    call = await PROVOCATIONS[pair](engine)
    engine.now += 1000
    before = await engine.dump()

    refused = await engine.refusal(call)

    assert refused.code == code
    assert await engine.dump() == before
    if command in VERBS and code not in (
        "CASE_NOT_FOUND",
        "UNKNOWN_QUEUE",
        "UNKNOWN_AGENT",
        "UNKNOWN_SKILL",
        "TOO_MANY_CLASSES",
        "OUT_OF_SCOPE",
    ):
        assert refused.current.keys() >= {"case", "state", "owner", "baton", "revision"}


def test_every_refusal_of_every_contract_is_provoked() -> None:
    named = {(contract.name, code) for contract in CONTRACTS.values() for code in contract.errors}
    assert named == PROVOCATIONS.keys()


@pytest.mark.parametrize("command", sorted(name for name in CONTRACTS if "bare" not in CONTRACTS[name].flags))
async def test_without_a_workspace_every_command_is_refused(engine: Engine, command: str) -> None:
    with pytest.raises(Refused) as refused:
        await engine.store.run(command, "nowhere", ("agent", "ana"), command_id="t-1", now=engine.now)
    assert refused.value.code == "NO_SUCH_WORKSPACE"
    assert not await engine.store.redis.keys("{nowhere}:*")
