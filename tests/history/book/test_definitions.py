"""What the history counts, one definition at a time."""

from typing import Any

from casebaton.history.book.book import Book
from casebaton.history.schema import QUARTER_MS
from casebaton.store import overview_pages
from casebaton.store.log import read_after
from tests.engine import BASIC, START, Engine
from tests.history.book.reading import Shelf, read_all

FIELD = BASIC + "[channels.visit]\nstages = true\n[queues.field]\nlength_limit = 1\noverflow = 'support'\n"


async def told(engine: Engine) -> Shelf:
    """What the log amounts to so far."""
    book = Book()
    book.configure((await overview_pages.read_rules(engine.store, engine.workspace)).levels)
    levels = dict.fromkeys(range(10), (await overview_pages.read_rules(engine.store, engine.workspace)).levels)
    return read_all([entry async for entry in read_after(engine.store.redis, engine.workspace, "0-0")], levels, book)


def total(shelf: Shelf, table: str, **key: Any) -> dict[str, int]:
    """Sums of a table over all quarters, of some agent or queue."""
    found: dict[str, int] = {}
    for names, counts in shelf.sums[table].items():
        if all(value in names for value in key.values()):
            for column, count in counts.items():
                found[column] = found.get(column, 0) + count
    return {column: count for column, count in found.items() if count}


async def test_the_first_owner_is_waited_for_since_the_request_and_after_a_reopening_since_that(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    asked: dict[str, Any] = {
        "queue": "pool",
        "channel": "case",
        "priority": 5,
        "card": '{"subject":"s"}',
        "digest": "d",
    }
    await engine.run("submit_case", ("producer", "crm"), case="c", created_at=START - 60_000, **asked)
    await engine.advance(10)
    await engine.act("ana", "take", "c")
    await engine.act("ana", "complete", "c")
    await engine.advance(100)
    await engine.run("reopen_case", ("supervisor", "sue"), case="c", baton="any")
    await engine.advance(105)
    await engine.act("ana", "take", "c")
    shelf = await told(engine)
    lengths = {
        measure: sorted(counts["total_ms"] for (name, *_), counts in shelf.sums["durations"].items() if name == measure)
        for measure in ("first_owner", "first_owner_created", "speed_taken")
    }
    assert lengths["first_owner"] == lengths["speed_taken"] == [5_000, 10_000]
    assert lengths["first_owner_created"] == [5_000, 70_000]


async def test_a_stay_lasts_through_offers_until_somebody_owns_the_case(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("c")
    await engine.advance(4)
    await engine.act("ana", "decline", "c", reason="busy")
    await engine.advance(70)
    await engine.act("ana", "accept", "c")
    await engine.act("ana", "return", "c", reason="not_mine", place="keep")
    (stay,) = (await told(engine)).rows["stays"]
    assert (stay["began_how"], stay["ended_how"], stay["dwell_ms"], stay["is_first"]) == (
        "queued",
        "owned",
        70_000,
        True,
    )
    offers = (await told(engine)).rows["offers"]
    assert [(offer["answer"], offer["reason"], offer["response_ms"]) for offer in offers] == [
        ("declined", "busy", 4_000), ("accepted", "", 6_000),
    ]  # fmt: skip


async def test_work_is_told_from_parked_time_and_from_time_with_the_owner_offline(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("c", "pool")
    await engine.act("ana", "take", "c")
    await engine.advance(10)
    await engine.set_status("ana", "offline")
    await engine.advance(13)
    await engine.set_status("ana", "online")
    await engine.act("ana", "park", "c")
    await engine.advance(113)
    await engine.act("ana", "resume", "c")
    await engine.act("ana", "wrap", "c")
    await engine.advance(120)
    await engine.act("ana", "complete", "c")
    (stint,) = (await told(engine)).rows["ownerships"]
    lengths = {name: stint[name] for name in ("active_ms", "parked_ms", "wrap_up_ms", "away_ms")}
    assert lengths == {"active_ms": 13_000, "parked_ms": 100_000, "wrap_up_ms": 7_000, "away_ms": 3_000}
    (handle,) = (counts for (name, *_), counts in (await told(engine)).sums["durations"].items() if name == "handle")
    assert handle["total_ms"] == 17_000


async def test_a_stint_is_desk_time_when_its_agent_works_on_another_case_beside_it(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    for case in ("alone", "one", "two", "parked", "beside"):
        await engine.submit(case, "pool")
    await engine.act("ana", "take", "alone")
    await engine.act("ana", "complete", "alone")
    for case in ("one", "two"):
        await engine.act("ana", "take", case)
    for case in ("one", "two"):
        await engine.act("ana", "complete", case)
    await engine.act("ana", "take", "parked")
    await engine.act("ana", "park", "parked")
    await engine.act("ana", "take", "beside")
    await engine.act("ana", "complete", "beside")
    await engine.act("ana", "complete", "parked")
    shared = {stint["case_id"]: stint["is_shared"] for stint in (await told(engine)).rows["ownerships"]}
    assert shared == {"alone": False, "one": True, "two": True, "parked": False, "beside": False}


async def test_an_agents_time_is_what_it_holds_and_could_hold_while_it_is_there(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"], room=1)
    await engine.submit("c", "pool")
    await engine.advance(10)
    await engine.act("ana", "take", "c")
    await engine.advance(40)
    await engine.act("ana", "complete", "c")
    await engine.set_status("ana", "offline")
    await engine.disconnect("ana")
    await engine.advance(70)
    engine.now += 2 * QUARTER_MS
    await engine.submit("later", "pool")
    times = total(await told(engine), "agent_time", status="online")
    assert times == {
        "total_ms": 40_000, "idle_ms": 10_000, "full_interruptible_ms": 30_000, "held_interruptible_ms": 30_000,
        "interruptible_capacity_ms": 40_000, "capacity_ms": 400_000,
    }  # fmt: skip
    assert total(await told(engine), "agent_time", status="offline")["total_ms"] == 20_000, "until it was gone"


async def test_what_waited_over_quarter_hours_waited_in_each(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("c", "pool")
    engine.now += 2 * QUARTER_MS + 5_000
    await engine.act("ana", "take", "c")
    sums = (await told(engine)).sums["queue_quarters"]
    assert [sums[START + i * QUARTER_MS, "pool", "case", 5, ""]["waiting_ms"] for i in range(3)] == [
        QUARTER_MS, QUARTER_MS, 5_000,
    ]  # fmt: skip


async def test_a_full_queue_has_sent_on_what_came_into_another(engine: Engine) -> None:
    await engine.apply(FIELD)
    await engine.submit("first", "field")
    await engine.submit("second", "field")
    shelf = await told(engine)
    assert total(shelf, "queue_quarters", queue="field") == {"arrived": 1, "stays_begun": 1, "overflowed": 1}
    assert total(shelf, "queue_quarters", queue="support") == {"arrived": 1, "stays_begun": 1}


async def test_what_a_colleague_misses_counts_for_the_colleague_alone(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    await engine.add_agent("bo", queues=["pool"])
    await engine.submit("c", "pool")
    await engine.act("ana", "take", "c")
    await engine.act("ana", "transfer", "c", agent="bo", reason="yours")
    await engine.advance(31)
    await engine.act("ana", "transfer", "c", agent="bo", reason="yours")
    await engine.act("bo", "accept", "c", baton=(await engine.case("c"))["target_baton"])
    shelf = await told(engine)
    counts = total(shelf, "agent_quarters", agent="bo")
    assert (counts["missed"], counts["accepted"], counts["response_ms"]) == (1, 1, 30_000)
    assert "missed" not in total(shelf, "queue_quarters", queue="pool")
    (stint,) = shelf.rows["ownerships"]
    assert (stint["agent"], stint["ended_how"], stint["reason"]) == ("ana", "transferred", "yours")


async def test_stages_last_until_the_next_and_what_could_not_be_done_says_why(engine: Engine) -> None:
    await engine.apply(FIELD)
    await engine.add_agent("ana", queues=["field"])
    await engine.submit("c", "field", channel="visit")
    await engine.act("ana", "accept", "c")
    await engine.advance(60)
    await engine.set_stage("c", "dispatched", ("agent", "ana"))
    await engine.advance(90)
    await engine.set_stage("c", "cannot_complete", ("agent", "ana"), reason="nobody_home")
    shelf = await told(engine)
    stages = [
        (row["stage"], row["ended_at_ms"] - row["began_at_ms"], row["next_stage"], row["reason"])
        for row in shelf.rows["stages"]
    ]
    assert stages == [("scheduled", 60_000, "dispatched", ""), ("dispatched", 30_000, "cannot_complete", "nobody_home")]
    assert {key[-2:] for key in shelf.sums["reasons"]} == {
        ("closed", "cannot_complete"), ("cannot_complete", "nobody_home"),
    }  # fmt: skip


async def test_what_is_given_without_asking_was_pushed_and_no_offer(engine: Engine) -> None:
    await engine.apply(BASIC.replace("[queues.support]", "[queues.support]\nauto_accept = true"))
    await engine.add_agent("ana")
    await engine.submit("c")
    shelf = await told(engine)
    assert total(shelf, "queue_quarters")["pushed"] == 1
    assert not shelf.rows["offers"]
    await engine.act("ana", "complete", "c")
    assert (await told(engine)).rows["ownerships"][0]["began_how"] == "auto_accepted"


async def test_a_closed_laptop_is_no_capacity_unless_work_finds_its_agent_all_the_same(engine: Engine) -> None:
    reachable = "[channels.visit]\nreachable_offline = true\nring_s = 900\n"
    await engine.apply(BASIC + reachable)
    await engine.add_agent("ana")
    await engine.disconnect("ana")
    await engine.advance(100)
    times = total(await told(engine), "agent_time", agent="ana")
    assert times["total_ms"] - times["gone_ms"] == 0
    assert times["total_ms"] == 20_000, "in grace it is there still"
    await engine.submit("c", channel="visit")
    await engine.advance(160)
    await engine.act("ana", "decline", "c", reason="busy")
    await engine.advance(250)
    await engine.set_status("ana", "offline")
    engine.now += 1_000_000
    await engine.submit("later", channel="case")
    times = total(await told(engine), "agent_time", agent="ana")
    assert (times["total_ms"], times["idle_ms"]) == (20_000 + 150_000, 20_000 + 60_000), "it rang again at 220"


async def test_what_was_withdrawn_under_its_owners_hands_ends_for_that_reason(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    for case in ("wrapped", "returned"):
        await engine.submit(case, "pool")
        await engine.act("ana", "take", case)
        await engine.steer("producer", "cancel", case, reason="withdrawn")
    await engine.act("ana", "complete", "wrapped")
    await engine.act("ana", "return", "returned", reason="not_mine", place="keep")
    await engine.steer("producer", "cancel", "returned", reason="gone")
    shelf = await told(engine)
    reasons = [(*key[-2:], counts["count"]) for key, counts in shelf.sums["reasons"].items()]
    assert sorted(reasons) == [("cancelled", "gone", 1), ("cancelled", "withdrawn", 1), ("returned", "not_mine", 1)]


async def test_in_time_is_up_to_the_target_and_short_is_below_its_bound(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"], room=9)
    for case in ("just", "late", "short", "kept"):
        await engine.submit(case, "pool")
    engine.now += 4_999
    await engine.run("abandon_case", ("producer", "crm"), case="short", baton="any")
    engine.now += 1
    await engine.run("abandon_case", ("producer", "crm"), case="kept", baton="any")
    engine.now += 15_000
    await engine.act("ana", "take", "just")
    engine.now += 1
    await engine.act("ana", "take", "late")
    counts = total(await told(engine), "queue_quarters", queue="pool")
    assert [counts[name] for name in ("owned", "in_time", "abandoned", "short_abandoned")] == [2, 1, 1, 1]


async def test_a_log_that_is_silent_for_more_than_a_day_tells_of_nobodys_time(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"])
    engine.now += 30 * 86_400_000
    await engine.submit("c", "pool")
    engine.now += QUARTER_MS
    await engine.submit("d", "pool")
    assert total(await told(engine), "agent_time", status="online")["total_ms"] == 86_400_000 + QUARTER_MS
