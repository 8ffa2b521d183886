"""A closed case comes back: a new visit with its card, its data and the instant it was first requested."""

from typing import Any

from tests.engine import Engine
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | sue crm
waiting   | WRONG_STATE
offered   | WRONG_STATE
active    | WRONG_STATE
parked    | WRONG_STATE
wrapping  | WRONG_STATE
closed    | case_reopened waiting queue:mixed 0
cancelled | WRONG_STATE
"""


@cells(TABLE)
async def test_reopen_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    if state == "closed":
        await watched.add_agent("ana", queues=["mixed"])
        await watched.submit("one", "mixed")
        await watched.act("ana", "accept", "one")
        await watched.act("ana", "complete", "one")
        await watched.set_status("ana", "busy")
        answer = await watched.steer({"sue": "supervisor", "crm": "producer"}[actor], "reopen", "one")
        (event,) = await watched.events("case_reopened")
        assert [event["type"], answer["state"], answer["owner"], "0"] == outcome.split()
        return
    await check(watched, "reopen_case", state, actor, outcome)


async def close(engine: Engine, case: str = "one", **submit: Any) -> None:
    await engine.submit(case, **submit)
    await engine.act("ana", "accept", case)
    await engine.act("ana", "complete", case)


async def test_its_age_in_the_line_counts_from_now_and_its_request_stays(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await close(watched)
    requested_at = (await watched.case("one"))["requested_at_ms"]
    await watched.set_status("ana", "busy")
    watched.now += 60_000
    await watched.submit("younger")
    watched.now += 1_000

    await watched.steer("producer", "reopen", "one")

    assert await watched.line("support") == ["younger", "one"]
    case = await watched.case("one")
    assert (case["requested_at_ms"], case["queued_at_ms"], case["state_at_ms"]) == (
        requested_at, watched.now, watched.now,
    )  # fmt: skip
    assert case["card"] == {"subject": "subject of one"}
    assert "agent" not in case
    (event,) = await watched.events("case_reopened")
    assert (event["state_before"], event["owner_before"], event["card"]) == ("closed", "none", case["card"])
    assert "agent_before" not in event


async def test_it_is_offered_like_any_other_also_to_whom_it_cooled_down_for(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "return", "one", reason="r", place="keep")
    await watched.add_agent("bo")
    await watched.act("bo", "accept", "one")
    await watched.act("bo", "complete", "one")
    await watched.set_status("bo", "offline")
    await watched.steer("producer", "reopen", "one")
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "accept", "one")
    await watched.advance(301)  # past the end of the first visit's exclusion
    assert await watched.desk("ana") == ["one"]


async def test_nothing_of_a_reopened_case_expires(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await close(watched, data="[1]")
    for noun in ("case", "card", "data"):
        assert await watched.store.redis.pttl(f"{{acme}}:{noun}:one") > 0
    await watched.steer("producer", "reopen", "one")
    for noun in ("case", "card", "data"):
        assert await watched.store.redis.pttl(f"{{acme}}:{noun}:one") == -1
    assert (await watched.case("one"))["data"] == [1]


async def test_up_to_the_last_millisecond_of_a_week_and_no_longer(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await close(watched, "one")
    await close(watched, "two")
    watched.now += 7 * 86_400_000 - 1
    assert (await watched.steer("producer", "reopen", "one"))["state"] in ("waiting", "offered")
    watched.now += 1
    late = await watched.refusal(watched.steer("producer", "reopen", "two"))
    assert (late.code, "linked_case two" in late.detail) == ("REOPEN_TOO_LATE", True)


async def test_a_reopened_case_was_owned_before(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await close(watched)
    await watched.steer("producer", "reopen", "one")
    assert (await watched.refusal(watched.steer("producer", "abandon", "one"))).code == "WAS_OWNED"


async def test_a_new_case_can_name_the_one_it_goes_on_with(watched: WatchedEngine) -> None:
    await watched.submit("two", linked_case="one")
    assert (await watched.case("two"))["linked_case"] == "one"
    assert [event["linked_case"] for event in await watched.events("case_queued")] == ["one"]
    await watched.submit("three")
    assert "linked_case" not in await watched.case("three")
