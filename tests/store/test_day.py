"""What an agent has done, by quarter hour, and how long it worked on each case."""

from typing import Any

import pytest

from casebaton import audit
from casebaton.client.state import Day
from tests.engine import BASIC, START, Engine
from tests.store.soundness import WatchedEngine

QUARTER_MS = 900_000
FIGURES = ("handled", "handed_on", "worked_ms", "wrap_up_ms", "offered", "accepted", "declined", "missed")
SUE = ("supervisor", "sue")


async def read_day(engine: Engine, agent: str = "ana", since_ms: int = START) -> Any:
    return await engine.run("read_day", SUE, command_id="", agent=agent, since_ms=since_ms)


async def figures(engine: Engine, agent: str = "ana", since_ms: int = START) -> dict[str, int]:
    """The figures that are not 0."""
    day = await read_day(engine, agent, since_ms)
    return {name: day[name] for name in FIGURES if day[name]}


async def own(engine: Engine, case: str = "one", agent: str = "ana") -> None:
    """Let the agent accept a case that is offered to it."""
    await engine.submit(case)
    await engine.act(agent, "accept", case)


async def worked(engine: Engine, case: str = "one") -> int | None:
    found: int | None = (await engine.case(case)).get("worked_ms")
    return found


# -- how long somebody has worked on a case --------------------------------------------------------------------------


async def test_a_case_is_worked_on_while_it_is_active_or_wraps_up_and_not_while_it_is_parked(
    watched: WatchedEngine,
) -> None:
    await watched.add_agent("ana")
    await own(watched)
    assert await worked(watched) is None
    watched.now += 5000
    await watched.act("ana", "park", "one")
    assert await worked(watched) == 5000
    watched.now += 60_000
    await watched.act("ana", "resume", "one")
    assert await worked(watched) == 5000
    watched.now += 3000
    await watched.act("ana", "wrap", "one")
    assert await worked(watched) == 8000
    watched.now += 2000
    await watched.act("ana", "extend", "one")
    watched.now += 500
    await watched.act("ana", "complete", "one")
    assert await worked(watched) == 10_500
    told = {event["type"]: event.get("worked_ms") for event in await watched.events() if "case" in event}
    assert told == {
        "case_queued": None, "case_offered": None, "case_accepted": None, "case_parked": 5000, "case_resumed": 5000,
        "case_wrapping": 8000, "wrap_up_extended": 8000, "case_closed": 10_500,
    }  # fmt: skip
    assert await figures(watched) == {
        "handled": 1, "worked_ms": 10_500, "wrap_up_ms": 2500, "offered": 1, "accepted": 1,
    }  # fmt: skip


async def test_each_owner_begins_anew_and_the_event_tells_what_the_one_before_has_done(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched)
    await watched.add_agent("bo")
    watched.now += 4000
    await watched.act("ana", "transfer", "one", agent="bo")
    watched.now += 1000
    baton = (await watched.case("one"))["target_baton"]
    await watched.act("bo", "accept", "one", baton=baton)
    assert await worked(watched) is None
    watched.now += 7000
    await watched.act("bo", "return", "one", reason="not_mine", place="keep")
    assert await worked(watched) is None
    told = [event.get("worked_ms") for event in await watched.events("case_transferred", "case_returned")]
    assert told == [5000, 7000]
    assert await figures(watched) == {"handed_on": 1, "worked_ms": 5000, "offered": 2, "accepted": 1}
    assert await figures(watched, "bo") == {"handed_on": 1, "worked_ms": 7000, "offered": 1, "accepted": 1}


async def test_a_reopened_case_begins_at_nothing(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched)
    watched.now += 4000
    await watched.act("ana", "complete", "one")
    await watched.steer("producer", "reopen", "one")
    await watched.act("ana", "accept", "one")
    assert await worked(watched) is None
    told = [event.get("worked_ms") for event in await watched.events("case_reopened", "case_accepted")]
    assert told == [None, None, None]


async def test_who_loses_a_case_to_a_colleague_has_handed_it_on_if_it_was_its_own(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.add_agent("bo", queues=[])
    await watched.submit("one")
    await watched.steer("supervisor", "assign", "one", agent="ana")
    assert await figures(watched) == {"offered": 1}
    watched.now += 5000
    await watched.act("ana", "park", "one")
    watched.now += 1000
    await watched.steer("supervisor", "assign", "one", agent="bo")
    assert await figures(watched) == {"handed_on": 1, "worked_ms": 5000, "offered": 1}
    assert (await worked(watched), await figures(watched, "bo")) == (None, {})


# -- the figures -----------------------------------------------------------------------------------------------------


async def test_offers_are_counted_by_their_answers(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[channels.case]", "[channels.case]\ncooldown_s = 0\nring_s = 10"))
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="busy")
    assert await figures(watched) == {"offered": 2, "declined": 1}
    await watched.advance(by=10)
    assert await figures(watched) == {"offered": 3, "declined": 1, "missed": 1}
    await watched.set_status("ana", "busy")
    assert await figures(watched) == {"offered": 3, "declined": 1, "missed": 1}  # taken back
    await watched.set_status("ana", "online")
    await watched.act("ana", "accept", "one")
    assert await figures(watched) == {"offered": 4, "declined": 1, "missed": 1, "accepted": 1}


@pytest.mark.parametrize("verb", ["decline", "miss"])
async def test_so_are_those_of_colleagues(watched: WatchedEngine, verb: str) -> None:
    await watched.add_agent("ana")
    await own(watched)
    await watched.add_agent("bo", queues=[])
    await watched.act("ana", "transfer", "one", agent="bo")
    if verb == "miss":
        await watched.advance(by=30)
    else:
        baton = (await watched.case("one"))["target_baton"]
        await watched.act("bo", "decline", "one", baton=baton, reason="busy")
    assert await figures(watched, "bo") == {"offered": 1, "missed" if verb == "miss" else "declined": 1}
    assert await figures(watched) == {"offered": 1, "accepted": 1}


async def test_what_is_taken_or_given_outright_was_not_offered(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool", "support"])
    await watched.submit("one", "pool")
    await watched.act("ana", "take", "one")
    await watched.set_agent("ana", auto_accept=1)
    await watched.submit("two")
    assert await watched.desk("ana") == ["one", "two"]
    assert await figures(watched) == {}
    watched.now += 1000
    await watched.steer("supervisor", "return", "two", reason="needed", place="keep")
    assert (await figures(watched))["handed_on"] == 1


async def test_a_case_that_ends_by_itself_or_is_withdrawn_was_handled(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    for case in ("one", "two"):
        await own(watched, case)
    await watched.act("ana", "park", "one")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    watched.now += 1000
    await watched.act("ana", "wrap", "two")
    await watched.advance(by=60)
    assert await figures(watched) == {
        "handled": 2, "worked_ms": 61_000, "wrap_up_ms": 60_000, "offered": 2, "accepted": 2,
    }  # fmt: skip


# -- since when ------------------------------------------------------------------------------------------------------


async def finish_one(engine: Engine, case: str) -> None:
    await own(engine, case)
    engine.now += 1000
    await engine.act("ana", "complete", case)


async def test_figures_are_told_since_the_quarter_hour_in_which_an_instant_lies(engine: Engine) -> None:
    engine.now += QUARTER_MS - START % QUARTER_MS  # a quarter begins
    first = engine.now
    await engine.add_agent("ana")
    await finish_one(engine, "one")
    engine.now = first + QUARTER_MS - 500
    await own(engine, "two")
    engine.now = first + QUARTER_MS
    await engine.act("ana", "complete", "two")
    engine.now = first + 5 * QUARTER_MS
    await finish_one(engine, "three")
    for since, handled, from_ms in (
        (first, 3, first), (first + QUARTER_MS - 1, 3, first), (first + QUARTER_MS, 2, first + QUARTER_MS),
        (first + 3 * QUARTER_MS + 1, 1, first + 3 * QUARTER_MS), (first + 6 * QUARTER_MS, 0, first + 6 * QUARTER_MS),
    ):  # fmt: skip
        day = await read_day(engine, since_ms=since)
        assert (day["handled"], day["since_ms"]) == (handled, from_ms)
    assert (await read_day(engine, since_ms=first + QUARTER_MS))["offered"] == 1  # counted when it was offered
    day = await engine.run("read_day", SUE, command_id="", agent="ana")
    assert (day["handled"], day["at_ms"]) == (3, engine.now)


async def test_a_day_of_25_hours_is_whole_and_what_is_older_is_forgotten(engine: Engine) -> None:
    engine.now += QUARTER_MS - START % QUARTER_MS
    await engine.add_agent("ana")
    begin = engine.now
    for n in range(110):
        engine.now = begin + n * QUARTER_MS
        await finish_one(engine, f"c-{n}")
    assert (await read_day(engine, since_ms=begin + 9 * QUARTER_MS))["handled"] == 101
    oldest = begin + 5 * QUARTER_MS
    whole = await read_day(engine, since_ms=0)
    assert (whole["handled"], whole["since_ms"]) == (105, oldest)
    assert await engine.store.redis.llen("{acme}:day:ana") == 104
    engine.now += 200 * QUARTER_MS
    assert (await read_day(engine, since_ms=0))["handled"] == 0


# -- what ended last -------------------------------------------------------------------------------------------------


async def test_the_last_cases_are_told_newest_first_with_how_they_ended(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched)
    watched.now += 1000
    await watched.act("ana", "complete", "one", disposition="solved")
    await own(watched, "two")
    await watched.act("ana", "wrap", "two", disposition="advised")
    watched.now += 500
    await watched.act("ana", "complete", "two")
    ended = (await read_day(watched))["recent"]
    assert ended == [
        {"case": "two", "state": "closed", "queue": "support", "channel": "case", "ended_at_ms": watched.now,
         "worked_ms": 500, "disposition": "advised", "card": {"subject": "subject of two"}},
        {"case": "one", "state": "closed", "queue": "support", "channel": "case", "ended_at_ms": watched.now - 500,
         "worked_ms": 1000, "disposition": "solved", "card": {"subject": "subject of one"}},
    ]  # fmt: skip


async def test_one_that_lives_again_tells_only_its_state_and_is_told_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched)
    await watched.act("ana", "complete", "one")
    await watched.steer("producer", "reopen", "one")
    assert (await read_day(watched))["recent"] == [{"case": "one", "state": "offered"}]
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "complete", "one")
    assert [case["case"] for case in (await read_day(watched))["recent"]] == ["one"]


async def test_fifty_are_told_and_not_many_more_kept(engine: Engine) -> None:
    await engine.add_agent("ana")
    for n in range(160):
        await own(engine, f"c-{n}")
        await engine.act("ana", "complete", f"c-{n}")
    assert [case["case"] for case in (await read_day(engine))["recent"]] == [f"c-{n}" for n in range(159, 109, -1)]
    assert await engine.store.redis.llen("{acme}:recent:ana") <= 100


async def test_a_supervisor_is_told_of_the_cases_within_its_scope(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["billing", "support"])
    for case, queue in (("one", "billing"), ("two", "support")):
        await engine.submit(case, queue)
        await engine.act("ana", "accept", case)
        await engine.act("ana", "complete", case)
    sam = ("supervisor", "sam", '{"queues":["support"],"teams":[]}')
    day = await engine.run("read_day", sam, command_id="", agent="ana")
    assert (day["handled"], [case["case"] for case in day["recent"]]) == (2, ["two"])


async def test_who_leaves_takes_the_figures_along(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await own(watched)
    await watched.act("ana", "complete", "one")
    watched.now += 2 * QUARTER_MS
    await own(watched, "two")
    await watched.act("ana", "complete", "two")
    await watched.run("remove_agent", ("admin", "ann"), agent="ana")
    assert not await watched.store.redis.exists("{acme}:day:ana", "{acme}:recent:ana")
    await watched.add_agent("ana")
    day = await read_day(watched)
    assert ({name for name in FIGURES if day[name]}, day["recent"]) == (set(), [])
    assert (await audit.check(watched.store, watched.workspace)).is_clean


async def test_the_answer_is_what_the_client_reads(engine: Engine) -> None:
    await engine.add_agent("ana")
    assert (await read_day(engine)).keys() == set(Day.__struct_fields__)
