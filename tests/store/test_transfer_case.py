from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                                      | bo         | sue crm
waiting   | NOT_HOLDER                               | NOT_HOLDER | case_transferred waiting queue:billing 0
offered   | WRONG_STATE                              | NOT_HOLDER | case_transferred waiting queue:billing 0
active    | case_transferred waiting queue:billing 0 | NOT_HOLDER | case_transferred waiting queue:billing 0
parked    | case_transferred waiting queue:billing 0 | NOT_HOLDER | case_transferred waiting queue:billing 0
wrapping  | case_transferred waiting queue:billing 0 | NOT_HOLDER | case_transferred waiting queue:billing 0
closed    | WRONG_STATE                              | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                               | NOT_HOLDER | WRONG_STATE
"""


@cells(TABLE)
async def test_transfer_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "transfer_case", state, actor, outcome, queue="billing", reason="wrong_queue")


async def test_it_keeps_its_age_and_its_request_time_in_the_other_line(watched: WatchedEngine) -> None:
    await watched.submit("old")
    requested = (await watched.case("old"))["requested_at_ms"]
    watched.now += 60_000
    await watched.submit("young", "billing")
    await watched.steer("supervisor", "transfer", "old", queue="billing")
    assert await watched.line("billing") == ["old", "young"]
    found = await watched.case("old")
    assert (found["requested_at_ms"], found["queued_at_ms"]) == (requested, watched.now)
    (event,) = await watched.events("case_transferred")
    assert (event["queue_before"], event["queue"]) == ("support", "billing")


async def test_whoever_held_it_is_told_and_not_offered_it_again_for_a_while(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["support", "billing"])
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.steer("supervisor", "transfer", "one", queue="billing")
    rows = await watched.store.redis.xrevrange("{acme}:log", count=1)
    assert rows[0][1][b"to"].split()[1:] == [b"queue:billing", b"queue:support", b"agent:ana"]
    await watched.advance(by=299)
    assert await watched.offers("ana") == []
    await watched.advance(by=1)
    assert await watched.offers("ana") == ["one"]
