"""Reply while the owner is full. Bo 3/3 parks #6 (cost 0) and fills up again; T0 the customer replies."""

from tests.engine import Engine


async def prepare(engine: Engine) -> int:
    """Park #6, fill up, let another case wait and the customer reply at T0; when #6 was requested."""
    await engine.add_agent("bo")
    for case in ("six", "a", "b"):
        await engine.submit(case)
        await engine.act("bo", "accept", case)
    assert await engine.load("bo") == (3, 3)
    await engine.act("bo", "park", "six")
    await engine.submit("c")
    await engine.act("bo", "accept", "c")
    assert await engine.load("bo") == (3, 3)
    await engine.submit("queued", priority=0)
    requested_at: int = (await engine.case("six"))["requested_at_ms"]
    return requested_at


async def reply(engine: Engine) -> None:
    await engine.steer("producer", "update", "six", customer_activity=True)


async def test_it_is_active_before_any_queued_case_is_offered(engine: Engine) -> None:
    await prepare(engine)
    await reply(engine)
    case = await engine.case("six")
    assert (case["owner"], case["state"], case["wake_pending"]) == ("agent:bo", "parked", True)
    assert await engine.load("bo") == (3, 3)

    await engine.advance(240)
    await engine.act("bo", "complete", "a")

    case = await engine.case("six")
    assert (case["owner"], case["state"], "wake_pending" in case) == ("agent:bo", "active", False)
    assert await engine.load("bo") == (3, 3)
    assert await engine.offers("bo") == []
    assert (await engine.case("queued"))["state"] == "waiting"
    await engine.advance(700)
    assert (await engine.case("six"))["state"] == "active"


async def test_without_room_it_goes_to_others_with_its_age_and_bo_is_told(engine: Engine) -> None:
    requested_at = await prepare(engine)
    await reply(engine)
    await engine.advance(599)
    assert (await engine.case("six"))["state"] == "parked"
    await engine.add_agent("ana")
    await engine.act("ana", "accept", "queued")

    await engine.advance(600)

    (returned,) = await engine.events("case_returned")
    assert (returned["case"], returned["reason"], returned["agent_before"]) == ("six", "wake_limit", "bo")
    assert (await engine.case("six"))["requested_at_ms"] == requested_at
    assert await engine.offers("ana") == ["six"]
    rows = await engine.store.redis.xrange("{acme}:log")
    told = [fields[b"to"] for _, fields in rows if b'"case_returned"' in fields[b"body"]]
    assert [b"agent:bo" in topics.split() for topics in told] == [True]


async def test_a_priority_edit_does_not_wake_it(engine: Engine) -> None:
    await prepare(engine)
    await engine.act("bo", "complete", "a")
    await engine.steer("producer", "update", "six", priority=0)
    case = await engine.case("six")
    assert (case["state"], "wake_pending" in case) == ("parked", False)
    assert await engine.offers("bo") == ["queued"]
