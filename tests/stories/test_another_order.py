"""Another order. Forty cases wait by age; at T60 an admin puts the queue into the order of what is due first."""

from tests.engine import BASIC, START, Engine

BY_AGE = BASIC.replace("[queues.support]", "[queues.support]\nrank = 1")
DUE = BY_AGE.replace("[queues.support]", '[queues.support]\norder = "due"')


async def test_who_waits_is_served_by_the_new_order(engine: Engine) -> None:
    await engine.apply(BY_AGE)
    for n in range(40):
        await engine.submit(f"c-{n:02}", due_at=START + (3600 - n) * 1000)
        engine.now += 1
    by_age = await engine.line("support")
    await engine.advance(60)

    await engine.apply(DUE)
    await engine.submit("urgent", due_at=START + 600_000)
    await engine.add_agent("ana")
    await engine.tick()

    assert await engine.offers("ana") == ["urgent"]
    assert await engine.line("support") == by_age[::-1]
    moved = [event["case"] for event in await engine.events("case_updated")]
    assert sorted(moved) == by_age
    await engine.act("ana", "accept", "urgent")
    assert await engine.offers("ana") == ["c-39"]
    assert (await engine.case("c-39"))["requested_at_ms"] == START + 39
