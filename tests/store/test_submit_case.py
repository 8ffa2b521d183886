from tests.store.soundness import WatchedEngine


async def test_a_submitted_case_waits_in_its_queue(watched: WatchedEngine) -> None:
    answer = await watched.submit("one")
    assert (answer["state"], answer["owner"], answer["revision"]) == ("waiting", "queue:support", 1)
    assert await watched.line("support") == ["one"]
    (event,) = await watched.events("case_queued")
    assert event["card"] == {"subject": "subject of one"}
    assert not {"agent", "state_before", "owner_before", "held"} & event.keys()


async def test_the_cause_stands_before_the_match_it_makes(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    assert (await watched.submit("one"))["state"] == "offered"
    queued, offered = (await watched.events())[-2:]
    assert (queued["type"], offered["type"]) == ("case_queued", "case_offered")
    assert (offered["cause"], offered["actor"]) == ("submit_case", "engine:match")
    assert offered["held"] == [{"agent": "ana", "primary": 0, "interruptible": 1, "offers": 1}]
    assert offered["deadline_at_ms"] == watched.now + 30_000


async def test_the_same_body_again_answers_the_case_as_it_is_now(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    before = await watched.dump_state()
    assert (await watched.submit("one"))["owner"] == "agent:ana"
    assert await watched.dump_state() == before
    await watched.act("ana", "complete", "one")
    assert (await watched.submit("one"))["state"] == "closed"


async def test_another_body_is_refused_with_the_case_that_exists(watched: WatchedEngine) -> None:
    await watched.submit("one")
    refused = await watched.refusal(watched.submit("one", digest="another"))
    assert (refused.code, refused.current["state"]) == ("CASE_EXISTS", "waiting")


async def test_after_the_retention_the_id_is_a_new_case(watched: WatchedEngine) -> None:
    first = await watched.submit("one")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    await watched.store.redis.delete("{acme}:case:one", "{acme}:positions:one")  # as if its time had run out
    again = await watched.submit("one", digest="another")
    assert (again["state"], again["revision"]) == ("waiting", 1)
    assert again["baton"] != first["baton"]
