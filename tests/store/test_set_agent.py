import json

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine


async def test_a_new_agent_is_offline_and_gone(watched: WatchedEngine) -> None:
    answer = await watched.store.run(
        "set_agent", "acme", ("admin", "apply"), now=watched.now, agent="ana", create=1, name='Ana "A"', team="north",
        capacity=4, interruptible_capacity=2, queues="support",
    )  # fmt: skip
    shown = json.loads(answer.body)
    assert shown == {
        "agent": "ana", "name": 'Ana "A"', "team": "north", "status": "offline", "status_cause": "created",
        "channels": ["*"], "presence": "gone", "capacity": 4, "interruptible_capacity": 2, "missed": 0,
        "queues": ["support"], "skills": {}, "skill_dates": {}, "tiers": {},
        "label": "offline", "label_before": "offline", "channels_before": ["*"],
        "auto_accept": False, "next_status": "",
    }  # fmt: skip
    (event,) = await watched.events("agent_updated")
    assert shown.items() <= event.items()


async def test_what_is_left_empty_stays_and_no_change_is_no_event(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["billing", "support"])
    events = len(await watched.events())
    before = await watched.dump_state()
    await watched.set_agent("ana", capacity=10, queues="billing,support")
    assert await watched.dump_state() == before
    changed = await watched.set_agent("ana", capacity=12)
    assert (changed["capacity"], changed["interruptible_capacity"], changed["queues"]) == (
        12,
        3,
        ["billing", "support"],
    )
    assert len(await watched.events()) == events + 1
    assert (await watched.set_agent("ana", queues="-"))["queues"] == []


async def test_raised_capacity_is_used_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=1)
    for case in ("one", "two"):
        await watched.submit(case)
    await watched.act("ana", "accept", "one")
    assert await watched.offers("ana") == []
    await watched.set_agent("ana", interruptible_capacity=2)
    assert await watched.offers("ana") == ["two"]


async def test_lowered_capacity_takes_offers_back_and_nothing_that_is_owned(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=2)
    for case in ("one", "two"):
        await watched.submit(case)
        if case == "one":
            await watched.act("ana", "accept", case)
    assert await watched.offers("ana") == ["two"]
    await watched.set_agent("ana", interruptible_capacity=0)
    assert (await watched.offers("ana"), await watched.desk("ana"), await watched.load("ana")) == ([], ["one"], (1, 0))
    (revoked,) = await watched.events("offer_revoked")
    assert (revoked["case"], revoked["reason"], revoked["actor"]) == ("two", "capacity_lowered", "supervisor:sue")


async def test_a_chat_that_still_fits_goes_on_ringing_beside_more_cases_than_fit(watched: WatchedEngine) -> None:
    """Primary work counts against the capacity alone, whatever interruptible work is held (P <= C)."""
    await watched.add_agent("bo", capacity=10, room=6)
    for case in ("a", "b", "c", "d", "e", "f"):
        await watched.submit(case)
        await watched.act("bo", "accept", case)
    await watched.submit("chat", channel="chat")
    await watched.set_agent("bo", capacity=9)
    assert await watched.offers("bo") == ["chat"]
    assert await watched.events("offer_revoked") == []
    await watched.set_agent("bo", capacity=4, interruptible_capacity=4)
    assert await watched.offers("bo") == []


async def test_a_supervisor_sets_the_status_as_if_it_had_been_chosen(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.set_agent("ana", status="busy")
    assert [event["type"] for event in await watched.events()][-3:] == [
        "case_offered", "agent_status_changed", "offer_revoked",
    ]  # fmt: skip
    found = (await watched.agent("ana"))["agent"]
    assert (found["status"], found["status_cause"], found["label_before"]) == ("busy", "supervisor", "online")
    (revoked,) = await watched.events("offer_revoked")
    assert (revoked["reason"], revoked["actor"]) == ("agent_busy", "supervisor:sue")
    await watched.set_agent("ana", status="online")
    assert await watched.offers("ana") == ["one"]


async def test_status_and_capacity_together_are_two_changes_and_the_same_again_none(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.set_agent("ana", status="busy", capacity=12)
    assert [event["type"] for event in await watched.events()][-2:] == ["agent_updated", "agent_status_changed"]
    before = await watched.dump_state()
    await watched.set_agent("ana", status="busy", capacity=12)
    assert await watched.dump_state() == before


async def test_a_status_set_by_a_supervisor_takes_a_next_one_back(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("chat", channel="chat")
    await watched.act("ana", "accept", "chat")
    await watched.submit("one")
    await watched.set_next_status("ana", "offline")
    await watched.set_agent("ana", status="online")
    assert (await watched.agent("ana"))["agent"]["next_status"] == ""
    assert await watched.offers("ana") == ["one"]


async def test_a_supervisor_brings_an_agent_back_who_did_not_respond(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("chat", channel="chat")
    await watched.advance(30)
    found = (await watched.agent("ana"))["agent"]
    assert (found["status"], found["label"], found["label_before"]) == ("not_responding", "not_responding", "online")
    (alert,) = [event for event in await watched.events("alert_raised") if event["alert"] == "not_responding"]
    assert (alert["agent"], alert["actor"]) == ("ana", "engine:timers")
    await watched.set_agent("ana", status="online")
    assert (await watched.agent("ana"))["agent"]["missed"] == 0
    await watched.advance(90)
    assert await watched.offers("ana") == ["chat"]


async def test_a_queue_that_has_retired_stays_with_its_members_whatever_else_changes(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["billing", "support"])
    await watched.apply(BASIC.replace("[queues.billing]\n", ""))
    changed = await watched.set_agent("ana", capacity=12)
    assert (changed["capacity"], changed["queues"]) == (12, ["billing", "support"])


async def test_a_tier_is_of_a_queue_that_there_is_or_was_when_it_was_given(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", tiers="billing=1")
    refused = await watched.refusal(watched.set_agent("ana", tiers="billing=1,nowhere=1"))
    assert (refused.code, refused.detail) == ("UNKNOWN_QUEUE", "there is no queue nowhere")
    await watched.apply(BASIC.replace("[queues.billing]\n", ""))
    changed = await watched.set_agent("ana", tiers="billing=2")
    assert changed["tiers"] == {"billing": 2}


async def test_who_leaves_a_queue_gets_back_nothing_of_what_rang_from_there(watched: WatchedEngine) -> None:
    await watched.apply(f"{BASIC}[workspace]\noffer_limit = 2\n")
    await watched.add_agent("ana", queues=["support", "billing"])
    await watched.submit("one")
    await watched.set_agent("ana", queues="billing")
    assert await watched.offers("ana") == []
    assert await watched.waits("one")


async def test_offers_ring_longer_at_who_needs_the_time(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    assert (await watched.set_agent("ana", ring_factor=4))["ring_factor"] == 4
    await watched.submit("one")
    assert (await watched.case("one"))["deadline_at_ms"] == watched.now + 4 * 30_000
    await watched.advance(by=119)
    assert await watched.offers("ana") == ["one"]
    await watched.advance(by=1)
    assert await watched.events("offer_expired") != []


async def test_so_does_what_a_colleague_wants_to_hand_over(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.add_agent("bo", queues=[])
    await watched.set_agent("bo", ring_factor=10)
    await watched.act("ana", "transfer", "one", agent="bo")
    assert (await watched.case("one"))["target_deadline_at_ms"] == watched.now + 10 * 30_000


async def test_an_offer_that_rings_keeps_its_deadline_and_one_time_is_the_usual(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=2)
    await watched.set_agent("ana", ring_factor=2)
    await watched.submit("one")
    rings_until = (await watched.case("one"))["deadline_at_ms"]
    watched.now += 1000
    assert "ring_factor" not in await watched.set_agent("ana", ring_factor=1)
    assert (await watched.case("one"))["deadline_at_ms"] == rings_until
    before = await watched.dump_state()
    await watched.set_agent("ana", ring_factor=1)
    assert await watched.dump_state() == before
    await watched.act("ana", "accept", "one")
    await watched.submit("two")
    assert (await watched.case("two"))["deadline_at_ms"] == watched.now + 30_000
