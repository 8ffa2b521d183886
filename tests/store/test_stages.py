"""The stages of an appointment: who may move what, and what becomes of them when the case changes hands."""

from typing import Any

import pytest

from casebaton import audit
from tests.engine import BASIC, Engine
from tests.store.records import alter
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TEXT = f"{BASIC}[channels.visit]\nstages = true\n[channels.repair]\nstages = true\nauto_accept = true\n"
ORDER = ["scheduled", "dispatched", "travelling", "in_progress"]
TABLE = """
state     | ana                                | bo         | sue
waiting   | NOT_HOLDER                         | NOT_HOLDER | WRONG_STATE
offered   | WRONG_STATE                        | NOT_HOLDER | WRONG_STATE
active    | stage_changed active agent:ana 1   | NOT_HOLDER | stage_changed active agent:ana 1
parked    | stage_changed parked agent:ana 0   | NOT_HOLDER | stage_changed parked agent:ana 0
wrapping  | WRONG_STAGE                        | NOT_HOLDER | WRONG_STAGE
closed    | WRONG_STATE                        | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                         | NOT_HOLDER | WRONG_STATE
"""
ANA, SUE = ("agent", "ana"), ("supervisor", "sue")


@cells(TABLE)
async def test_set_stage_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await watched.apply(BASIC.replace("[channels.case]", "[channels.case]\nstages = true"))
    await check(watched, "set_stage", state, actor, outcome, stage="dispatched")


async def own(engine: Engine, stage: str = "scheduled") -> None:
    """Let Ana own case `one`, at this stage."""
    await engine.apply(TEXT)
    await engine.add_agent("ana", queues=["mixed"])
    await engine.submit("one", "mixed", channel="visit")
    await engine.act("ana", "accept", "one")
    if stage != "scheduled":
        await engine.set_stage("one", stage)


async def stage(engine: Engine, case: str = "one") -> Any:
    return (await engine.case(case)).get("stage")


def told(event: Any) -> tuple[Any, ...]:
    return event["type"], event.get("stage_before"), event.get("stage")


async def test_an_owner_goes_forward_step_by_step_and_each_step_is_in_the_history(watched: WatchedEngine) -> None:
    await own(watched)
    baton = (await watched.case("one"))["baton"]
    for step in ("dispatched", "travelling", "in_progress"):
        await watched.set_stage("one", step, ANA, baton=baton)
    closed = await watched.set_stage("one", "completed", ANA, baton=baton)
    assert (closed["state"], await stage(watched)) == ("closed", "completed")
    page = await watched.run("read_history", SUE, command_id="", case="one", limit=50)
    assert [told(event) for event in reversed(page["items"])] == [
        ("case_queued", None, None),
        ("case_offered", None, None),
        ("case_accepted", None, "scheduled"),
        ("stage_changed", "scheduled", "dispatched"),
        ("stage_changed", "dispatched", "travelling"),
        ("stage_changed", "travelling", "in_progress"),
        ("case_closed", "in_progress", "completed"),
    ]
    assert page["items"][0]["disposition"] == "completed"


@pytest.mark.parametrize("present", ORDER)
async def test_an_owner_gives_up_from_any_open_stage_and_says_why(watched: WatchedEngine, present: str) -> None:
    await own(watched, present)
    await watched.set_stage("one", "cannot_complete", ANA, reason="nobody_home")
    closed = (await watched.events("case_closed"))[0]
    assert told(closed) == ("case_closed", present, "cannot_complete")
    assert (closed["disposition"], closed["reason"]) == ("cannot_complete", "nobody_home")
    assert await stage(watched) == "cannot_complete"


async def test_an_owner_neither_skips_a_stage_nor_goes_back(watched: WatchedEngine) -> None:
    await own(watched, "dispatched")
    for wrong in ("scheduled", "dispatched", "in_progress", "completed"):
        refused = await watched.refusal(watched.set_stage("one", wrong, ANA))
        assert (refused.code, refused.current["case"]) == ("WRONG_STAGE", "one")
        assert refused.detail == "the stage is dispatched: it may become travelling, cannot_complete"


async def test_a_supervisor_moves_any_open_stage_forward_and_back(watched: WatchedEngine) -> None:
    await own(watched)
    for step in ("in_progress", "scheduled", "travelling"):
        await watched.set_stage("one", step, SUE, reason="planning")
        assert await stage(watched) == step
    assert (await watched.events("stage_changed"))[-1]["reason"] == "planning"
    refused = await watched.refusal(watched.set_stage("one", "travelling"))
    assert refused.detail == (
        "the stage is travelling: it may become scheduled, dispatched, in_progress, completed, cannot_complete"
    )
    await watched.set_stage("one", "completed")
    assert (await watched.refusal(watched.set_stage("one", "travelling"))).code == "WRONG_STATE"


async def test_cancelling_ends_the_stages_at_once_whoever_works_on_it(watched: WatchedEngine) -> None:
    await own(watched, "travelling")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert told((await watched.events("case_wrapping"))[0]) == ("case_wrapping", "travelling", "cancelled")
    for actor in (ANA, SUE):
        refused = await watched.refusal(watched.set_stage("one", "cannot_complete", actor, reason="late"))
        assert refused.detail == "the stage is cancelled and it stays so"
    await watched.act("ana", "complete", "one")
    assert ((await watched.case("one"))["state"], await stage(watched)) == ("cancelled", "cancelled")


async def test_a_waiting_appointment_is_cancelled_too(watched: WatchedEngine) -> None:
    await watched.apply(TEXT)
    await watched.submit("one", channel="visit")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert await stage(watched) == "cancelled"


async def test_completing_a_case_completes_its_stages(watched: WatchedEngine) -> None:
    await own(watched, "travelling")
    await watched.act("ana", "complete", "one", disposition="by_phone")
    closed = (await watched.events("case_closed"))[0]
    assert (told(closed), closed["disposition"]) == (("case_closed", "travelling", "completed"), "by_phone")


async def test_a_wrap_up_that_runs_out_completes_them(watched: WatchedEngine) -> None:
    await own(watched, "in_progress")
    await watched.act("ana", "wrap", "one")
    assert await stage(watched) == "in_progress"
    await watched.advance(by=60)
    assert ((await watched.case("one"))["state"], await stage(watched)) == ("closed", "completed")


async def test_parking_keeps_the_stage_and_a_parked_case_goes_on(watched: WatchedEngine) -> None:
    await own(watched, "dispatched")
    await watched.act("ana", "park", "one")
    await watched.set_stage("one", "travelling", ANA)
    await watched.act("ana", "resume", "one")
    assert await stage(watched) == "travelling"


async def test_back_in_a_line_it_has_no_stage_and_its_next_owner_begins_again(watched: WatchedEngine) -> None:
    await own(watched, "in_progress")
    await watched.add_agent("bo", queues=["mixed"])
    await watched.act("ana", "return", "one", reason="ill", place="keep")
    assert told((await watched.events("case_returned"))[0]) == ("case_returned", "in_progress", None)
    assert await stage(watched) is None
    await watched.act("bo", "accept", "one")
    assert await stage(watched) == "scheduled"


async def test_a_colleague_who_takes_it_over_begins_again_and_its_own_transfer_keeps_the_stage(
    watched: WatchedEngine,
) -> None:
    await own(watched, "travelling")
    await watched.add_agent("bo", queues=["mixed"])
    await watched.act("ana", "transfer", "one", agent="bo")
    assert told((await watched.events("transfer_offered"))[0]) == ("transfer_offered", None, "travelling")
    await watched.set_stage("one", "in_progress", ANA)
    assert (await watched.case("one"))["target"] == "bo"
    baton = (await watched.agent("bo"))["offers"][0]["baton"]
    await watched.act("bo", "accept", "one", baton=baton)
    assert told((await watched.events("case_transferred"))[0]) == ("case_transferred", "in_progress", "scheduled")


async def test_an_end_withdraws_a_transfer_before_the_stage_changes(watched: WatchedEngine) -> None:
    await own(watched, "in_progress")
    await watched.add_agent("bo", queues=["mixed"])
    await watched.act("ana", "transfer", "one", agent="bo")
    await watched.set_stage("one", "completed", ANA)
    assert [told(event) for event in (await watched.events())[-2:]] == [
        ("transfer_failed", None, "in_progress"),
        ("case_closed", "in_progress", "completed"),
    ]


async def test_a_reopened_appointment_begins_again(watched: WatchedEngine) -> None:
    await own(watched, "in_progress")
    await watched.set_stage("one", "cannot_complete", reason="no_parts")
    await watched.steer("producer", "reopen", "one")
    assert told((await watched.events("case_reopened"))[0]) == ("case_reopened", "cannot_complete", None)
    await watched.act("ana", "accept", "one")
    assert await stage(watched) == "scheduled"


async def test_whom_it_is_given_to_outright_begins_at_scheduled(watched: WatchedEngine) -> None:
    await watched.apply(TEXT)
    await watched.add_agent("ana")
    await watched.submit("one", channel="repair")
    await watched.submit("two", "pool", channel="visit")
    await watched.steer("supervisor", "assign", "two", agent="ana")
    assert (await stage(watched), await stage(watched, "two")) == ("scheduled", "scheduled")


async def test_a_channel_without_stages_has_none(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    assert await stage(watched) is None
    for actor in (ANA, SUE):
        refused = await watched.refusal(watched.set_stage("one", "dispatched", actor))
        assert (refused.code, refused.detail) == ("WRONG_STAGE", "the case has no stage and it stays so")


async def test_a_case_that_was_owned_before_its_channel_got_stages_enters_them(watched: WatchedEngine) -> None:
    await watched.apply(TEXT.replace("[channels.visit]\nstages = true", "[channels.visit]"))
    await watched.add_agent("ana")
    await watched.submit("one", channel="visit")
    await watched.act("ana", "accept", "one")
    await watched.apply(TEXT)
    refused = await watched.refusal(watched.set_stage("one", "dispatched", ANA))
    assert refused.detail == "the case has no stage: it may become scheduled, cannot_complete"
    await watched.set_stage("one", "scheduled", ANA)
    assert await stage(watched) == "scheduled"
    assert (await audit.check(watched.store, watched.workspace)).violations == []


async def test_what_was_withdrawn_before_its_channel_got_stages_is_not_completed(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["mixed"])
    await watched.submit("one", "mixed")
    await watched.act("ana", "accept", "one")
    await watched.steer("supervisor", "cancel", "one", reason="withdrawn")
    await watched.apply(BASIC.replace("[channels.case]", "[channels.case]\nstages = true"))
    for actor in (ANA, SUE):
        refused = await watched.refusal(watched.set_stage("one", "completed", actor))
        assert (refused.code, refused.detail) == ("WRONG_STAGE", "the case has no stage and it stays so")


async def test_the_audit_finds_a_stage_that_the_log_does_not_tell_of(watched: WatchedEngine) -> None:
    await own(watched, "travelling")
    await alter(watched, "case", "one", stage="dispatched")
    report = await audit.check(watched.store, watched.workspace)
    assert [(found.code, found.where) for found in report.violations] == [("case_differs", "case:one.stage")]
