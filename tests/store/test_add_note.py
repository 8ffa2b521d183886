import pytest

from casebaton import audit
from casebaton.errors import Refused
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                             | bo         | sue crm
waiting   | NOT_HOLDER                      | NOT_HOLDER | note_added waiting queue:mixed 0
offered   | WRONG_STATE                     | NOT_HOLDER | note_added offered queue:mixed 1
active    | note_added active agent:ana 1   | NOT_HOLDER | note_added active agent:ana 1
parked    | note_added parked agent:ana 0   | NOT_HOLDER | note_added parked agent:ana 0
wrapping  | note_added wrapping agent:ana 1 | NOT_HOLDER | note_added wrapping agent:ana 1
closed    | WRONG_STATE                     | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                      | NOT_HOLDER | WRONG_STATE
"""
TEXT = 'He said "no/yes"\n語 \u2028 \x7f\\'


@cells(TABLE)
async def test_add_note_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "add_note", state, actor, outcome, text="Called back.")


async def test_notes_are_read_as_they_were_written_oldest_first(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    baton = (await watched.act("ana", "accept", "one"))["baton"]
    await watched.add_note("one", TEXT, ("agent", "ana"), baton=baton)
    watched.now += 1000
    await watched.add_note("one", "Thanks.")

    first, second = await watched.notes("one")
    assert first == {"number": 1, "at_ms": watched.now - 1000, "actor": "agent:ana", "kind": "note", "text": TEXT}
    assert (second["number"], second["actor"], second["text"]) == (2, "supervisor:sue", "Thanks.")
    assert (await watched.case("one"))["notes"] == 2
    assert [(event["note"], event["notes"]) for event in await watched.events("note_added")] == [
        (first, 1),
        (second, 2),
    ]


async def test_the_same_note_sent_twice_is_one(watched: WatchedEngine) -> None:
    await watched.submit("one")
    for _ in range(2):
        await watched.add_note("one", "Called back.", command_id="c-1")
    assert len(await watched.notes("one")) == 1


async def test_a_case_without_notes_says_nothing_of_them(watched: WatchedEngine) -> None:
    await watched.submit("one")
    assert "notes" not in await watched.case("one")
    assert await watched.notes("one") == []


async def test_notes_go_with_the_case_from_hand_to_hand_and_end_with_it(watched: WatchedEngine) -> None:
    for agent in ("ana", "bo"):
        await watched.add_agent(agent, queues=["support", "billing"], room=1)
    await watched.submit("one")
    await watched.add_note("one", "Knows us well.")
    (first,) = [agent for agent in ("ana", "bo") if await watched.offers(agent)]
    await watched.act(first, "accept", "one")
    await watched.act(first, "transfer", "one", queue="billing")
    (second,) = [agent for agent in ("ana", "bo") if await watched.offers(agent)]
    assert second != first
    (offer,) = (await watched.agent(second))["offers"]
    assert offer["notes"] == 1
    assert [note["text"] for note in await watched.notes("one", ("agent", second))] == ["Knows us well."]
    await watched.act(second, "accept", "one")
    await watched.steer("supervisor", "cancel", "one", reason="withdrawn")
    await watched.act(second, "complete", "one")
    assert await watched.notes("one") == []
    assert not await watched.store.redis.exists("{acme}:notes:one")


async def test_a_closed_case_keeps_its_notes_for_as_long_as_it_may_be_reopened(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.add_note("one", "Knows us well.")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "complete", "one")
    assert 0 < await watched.store.redis.pttl("{acme}:notes:one") <= 7 * 86_400_000
    assert len(await watched.notes("one")) == 1
    await watched.steer("producer", "reopen", "one")
    assert await watched.store.redis.pttl("{acme}:notes:one") == -1
    assert (await watched.case("one"))["notes"] == 1
    await watched.add_note("one", "Back again.")
    assert [note["number"] for note in await watched.notes("one")] == [1, 2]


async def test_a_note_is_part_of_the_cases_history(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await watched.add_note("one", "Called back.")
    page = await watched.run("read_history", ("producer", "crm"), command_id="", case="one", before="", limit=10)
    assert [event["type"] for event in page["items"]] == ["note_added", "case_queued"]


@pytest.mark.parametrize("actor", [("agent", "ana"), ("agent", "bo"), ("producer", "crm")])
async def test_who_sees_the_case_reads_its_notes(watched: WatchedEngine, actor: tuple[str, str]) -> None:
    await watched.add_agent("ana", queues=[])
    await watched.add_agent("bo", queues=["billing"])
    await watched.submit("one", "billing", required_agent="ana")
    await watched.add_note("one", "For Ana.")
    assert len(await watched.notes("one", actor)) == 1


async def test_whoever_is_asked_to_take_it_over_reads_its_notes_a_member_of_its_queue_or_not(
    watched: WatchedEngine,
) -> None:
    await watched.add_agent("ana")
    await watched.add_agent("bo", queues=("billing",))
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.add_note("one", "Knows us well.")
    with pytest.raises(Refused, match="not a member"):
        await watched.run("read_notes", ("agent", "bo"), command_id="", case="one")
    await watched.act("ana", "transfer", "one", agent="bo")
    found = await watched.run("read_notes", ("agent", "bo"), command_id="", case="one")
    assert [note["text"] for note in found["items"]] == ["Knows us well."]


async def test_a_note_leaves_a_transfer_to_a_colleague_under_way(watched: WatchedEngine) -> None:
    for agent in ("ana", "bo"):
        await watched.add_agent(agent)
        watched.now += 1
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "transfer", "one", agent="bo")
    baton = (await watched.case("one"))["target_baton"]
    await watched.add_note("one", "Knows us well.")
    (noted,) = await watched.events("note_added")
    assert (noted["target"], noted["target_baton"]) == ("bo", baton)
    assert (await watched.act("bo", "accept", "one", baton=baton))["owner"] == "agent:bo"
    assert (await audit.check(watched.store, watched.workspace)).is_clean
