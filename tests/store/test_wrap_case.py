"""After-contact work: the owner keeps the case for a while, then it is closed by itself."""

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

WRAP = """
state     | ana                              | bo sue crm
waiting   | NOT_HOLDER                       | NOT_HOLDER
offered   | WRONG_STATE                      | NOT_HOLDER
active    | case_wrapping wrapping agent:ana 1 | NOT_HOLDER
parked    | WRONG_STATE                      | NOT_HOLDER
wrapping  | WRONG_STATE                      | NOT_HOLDER
closed    | WRONG_STATE                      | NOT_HOLDER
cancelled | NOT_HOLDER                       | NOT_HOLDER
"""
EXTEND = """
state     | ana                                 | bo sue crm
waiting   | NOT_HOLDER                          | NOT_HOLDER
offered   | WRONG_STATE                         | NOT_HOLDER
active    | WRONG_STATE                         | NOT_HOLDER
parked    | WRONG_STATE                          | NOT_HOLDER
wrapping  | wrap_up_extended wrapping agent:ana 1 | NOT_HOLDER
closed    | WRONG_STATE                         | NOT_HOLDER
cancelled | NOT_HOLDER                          | NOT_HOLDER
"""


@cells(WRAP)
async def test_wrap_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "wrap_case", state, actor, outcome, disposition="solved")


@cells(EXTEND)
async def test_extend_wrap_up_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "extend_wrap_up", state, actor, outcome)


async def wrap(watched: WatchedEngine, *, room: int = 1) -> None:
    await watched.add_agent("ana", room=room)
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "wrap", "one", disposition="solved")


async def test_it_holds_its_unit_until_its_time_is_over_and_then_is_closed(watched: WatchedEngine) -> None:
    await wrap(watched)
    await watched.submit("two")
    await watched.advance(59)
    assert (await watched.desk("ana"), await watched.offers("ana")) == (["one"], [])

    await watched.advance(60)

    (event,) = await watched.events("case_closed")
    assert (event["reason"], event["disposition"], event["actor"]) == ("wrap_up_over", "solved", "engine:timers")
    assert await watched.offers("ana") == ["two"]
    assert (await watched.agent("ana"))["agent"]["idle_at_ms"] == event["at_ms"]


async def test_completing_it_closes_it_at_once_and_the_last_disposition_counts(watched: WatchedEngine) -> None:
    await wrap(watched)
    await watched.act("ana", "complete", "one", disposition="by_phone")
    (event,) = await watched.events("case_closed")
    assert (event["disposition"], "reason" in event) == ("by_phone", False)


async def test_without_another_one_its_first_disposition_stands(watched: WatchedEngine) -> None:
    await wrap(watched)
    await watched.act("ana", "complete", "one")
    assert [event["disposition"] for event in await watched.events("case_closed")] == ["solved"]


async def test_each_extension_starts_the_time_again_and_both_are_counted(watched: WatchedEngine) -> None:
    await wrap(watched)
    baton = (await watched.case("one"))["baton"]
    for count, at in ((1, 50), (2, 100)):
        await watched.advance(at)
        await watched.act("ana", "extend", "one")
        case = await watched.case("one")
        assert (case["extensions"], case["baton"]) == (count, baton)
        assert case["deadline_at_ms"] == watched.now + 60_000
    assert [event["extensions"] for event in await watched.events("wrap_up_extended")] == [1, 2]
    assert (await watched.refusal(watched.act("ana", "extend", "one"))).code == "NO_EXTENSION_LEFT"

    await watched.advance(159)
    assert (await watched.case("one"))["state"] == "wrapping"
    await watched.advance(160)
    assert (await watched.case("one"))["state"] == "closed"


async def test_a_channel_may_allow_no_extension(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[channels.case]", "[channels.case]\nwrap_up_extensions = 0"))
    await wrap(watched)
    assert (await watched.refusal(watched.act("ana", "extend", "one"))).code == "NO_EXTENSION_LEFT"


async def test_a_case_withdrawn_under_somebodys_hands_still_ends_as_cancelled(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert (await watched.case("one"))["ends_as"] == "cancelled"
    await watched.act("ana", "extend", "one")
    await watched.advance(by=60)
    (event,) = await watched.events("case_cancelled")
    assert (event["reason"], "disposition" in event) == ("wrap_up_over", False)


async def test_another_wrap_up_of_the_same_case_starts_afresh(watched: WatchedEngine) -> None:
    await wrap(watched)
    await watched.act("ana", "extend", "one")
    await watched.add_agent("bo", queues=["billing"])
    await watched.steer("supervisor", "assign", "one", agent="bo")
    case = await watched.case("one")
    assert not {"ends_as", "extensions", "disposition", "deadline_at_ms"} & case.keys()
    await watched.act("bo", "wrap", "one")
    case = await watched.case("one")
    assert (case["extensions"], "disposition" in case) == (0, False)


async def test_an_outage_costs_no_wrap_up(watched: WatchedEngine) -> None:
    await wrap(watched)
    await watched.advance(1)
    watched.now += 600_000
    await watched.tick()
    assert (await watched.case("one"))["state"] == "wrapping"
    await watched.advance(by=59)
    assert (await watched.case("one"))["state"] == "closed"
