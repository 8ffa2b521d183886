"""Supervisor and agent at once. #4 is offered to Ana with baton b; she accepts while Sue assigns it to Bo, both
showing b.
"""

from tests.engine import Engine


async def prepare(engine: Engine) -> str:
    await engine.add_agent("ana")
    await engine.submit("four")
    await engine.submit("next")
    await engine.add_agent("bo", queues=["billing"])
    assert await engine.offers("ana") == ["four"]
    baton: str = (await engine.case("four"))["baton"]
    return baton


async def test_the_accept_comes_first_and_nothing_moves(engine: Engine) -> None:
    baton = await prepare(engine)
    await engine.act("ana", "accept", "four", baton=baton)
    refused = await engine.refusal(engine.steer("supervisor", "assign", "four", agent="bo", baton=baton))
    assert (refused.code, refused.current["owner"]) == ("STALE_BATON", "agent:ana")
    assert await engine.desk("ana") == ["four"]
    assert await engine.load("bo") == (0, 3)


async def test_the_assignment_comes_first_and_the_next_case_rings_her(engine: Engine) -> None:
    baton = await prepare(engine)
    await engine.steer("supervisor", "assign", "four", agent="bo", baton=baton)
    refused = await engine.refusal(engine.act("ana", "accept", "four", baton=baton))
    assert (refused.code, refused.current["owner"]) == ("STALE_BATON", "agent:bo")
    assert await engine.desk("bo") == ["four"]
    assert await engine.offers("ana") == ["next"]
    assert (await engine.load("ana"), await engine.load("bo")) == ((1, 3), (1, 3))
