"""What the workspace's rules make of a change of hands, and in which order the log tells it."""

from typing import Any

import pytest

from casebaton.errors import Invalid
from casebaton.workspace import document
from tests.engine import BASIC
from tests.store.soundness import WatchedEngine


def ruled(*effects: str) -> str:
    """The basic document with these effects, a line of TOML fields each."""
    return BASIC + "".join("[[effects]]\n" + effect.replace("; ", "\n") + "\n" for effect in effects)


async def last(engine: WatchedEngine, count: int) -> list[tuple[str, str]]:
    """The types and actors of the log's last entries."""
    return [(event["type"], event["actor"]) for event in (await engine.events())[-count:]]


async def own(engine: WatchedEngine, *agents: str) -> None:
    """Let the first agent own case `one` of queue support."""
    for agent in agents:
        await engine.add_agent(agent)
        engine.now += 1
    await engine.submit("one")
    await engine.act(agents[0], "accept", "one")


async def test_effects_stand_in_their_order_between_the_cause_and_its_matches(watched: WatchedEngine) -> None:
    await watched.apply(
        ruled(
            'on = ["case_returned"]; note = "First."',
            'on = ["case_accepted"]; note = "Before that."',
            'on = ["case_declined", "case_returned"]; event = "came_back"',
            'on = ["case_returned"]; task = "Call back."',
        )
    )
    await own(watched, "ana", "bo")
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await last(watched, 5) == [
        ("case_returned", "agent:ana"),
        ("note_added", "rule:1"),
        ("automation_triggered", "rule:3"),
        ("note_added", "rule:4"),
        ("case_offered", "engine:match"),
    ]
    assert [(note["kind"], note["text"]) for note in await watched.notes("one")] == [
        ("note", "Before that."),
        ("note", "First."),
        ("task", "Call back."),
    ]


async def test_each_of_several_changes_in_one_run_is_followed_by_its_own_effects(watched: WatchedEngine) -> None:
    await watched.apply(
        ruled('on = ["offer_revoked"]; note = "Missed by {agent_before}."') + "[workspace]\noffer_limit = 2\n"
    )
    await watched.add_agent("ana")
    for case in ("one", "two"):
        await watched.submit(case)
    await watched.set_status("ana", "offline")
    found = [(event["type"], event["case"]) for event in (await watched.events())[-4:]]
    assert found == [("offer_revoked", "two"), ("note_added", "two"), ("offer_revoked", "one"), ("note_added", "one")]


async def test_a_text_is_filled_in_with_the_events_members(watched: WatchedEngine) -> None:
    text = "{case}: {queue_before} to {queue} from {agent_before} ({reason}), now {agent}."
    await watched.apply(ruled(f'on = ["case_transferred"]; note = "{text}"'))
    await own(watched, "ana")
    await watched.act("ana", "transfer", "one", queue="billing", reason="invoice")
    (note,) = await watched.notes("one")
    assert note["text"] == "one: support to billing from ana (invoice), now ."
    assert (note["actor"], note["kind"]) == ("rule:1", "note")


async def test_a_text_is_no_pattern_and_no_json(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_declined"]; note = \'100 %1 "{reason}" \\ {\''))
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="lunch")
    (note,) = await watched.notes("one")
    assert note["text"] == '100 %1 "lunch" \\ {'


async def test_a_named_event_tells_automation_what_happened(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_transferred", "case_closed"]; event = "sync_crm"'))
    await own(watched, "ana")
    await watched.act("ana", "transfer", "one", queue="mixed", reason="invoice")
    await watched.add_agent("bo", queues=["mixed"])
    await watched.act("bo", "accept", "one")
    await watched.act("bo", "complete", "one")
    moved, closed = await watched.events("automation_triggered")
    assert moved.items() >= {
        "name": "sync_crm", "rule": 1, "on": "case_transferred", "cause": "transfer_case", "case": "one",
        "queue": "mixed", "owner": "queue:mixed", "agent_before": "ana", "reason": "invoice",
    }.items()  # fmt: skip
    assert closed.items() >= {"on": "case_closed", "owner": "none", "agent_before": "bo", "queue": "mixed"}.items()
    assert "state" not in moved, "clients would take it for a move of the case"


async def test_whoever_loses_a_case_by_somebody_elses_decision_is_notified(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_transferred"]; notify_previous_owner = true'))
    await own(watched, "ana")
    await watched.steer("supervisor", "transfer", "one", queue="billing", reason="urgent")
    (notified,) = await watched.events("owner_notified")
    assert notified.items() >= {
        "agent": "ana", "owner": "queue:billing", "case": "one", "queue": "billing", "reason": "urgent", "rule": 1,
        "on": "case_transferred",
    }.items()  # fmt: skip
    entry = (await watched.store.redis.xrevrange("{acme}:log", count=1))[0][1]
    assert entry[b"to"].split()[1:] == [b"agent:ana"]


@pytest.mark.parametrize("how", ["gives it away", "only had its offer", "keeps it"])
async def test_nobody_is_notified_who_did_it_or_lost_nothing(watched: WatchedEngine, how: str) -> None:
    await watched.apply(ruled('on = ["case_transferred", "case_wrapping"]; notify_previous_owner = true'))
    if how == "only had its offer":
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.steer("supervisor", "transfer", "one", queue="billing")
    elif how == "keeps it":
        await own(watched, "ana")
        await watched.steer("producer", "cancel", "one", reason="withdrawn")
    else:
        await own(watched, "ana")
        await watched.act("ana", "transfer", "one", queue="billing")
    assert await watched.events("case_transferred", "case_wrapping")
    assert not await watched.events("owner_notified")


async def test_a_rule_may_be_for_one_queue_or_channel(watched: WatchedEngine) -> None:
    await watched.apply(
        ruled(
            'on = ["case_transferred"]; queue = "billing"; event = "to_billing"',
            'on = ["case_transferred"]; channel = "chat"; event = "a_chat"',
        )
    )
    await watched.submit("one")
    await watched.submit("two", channel="chat")
    for case in ("one", "two"):
        await watched.steer("supervisor", "transfer", case, queue="billing")
        await watched.steer("supervisor", "transfer", case, queue="pool")
    found = [(event["case"], event["queue"], event["name"]) for event in await watched.events("automation_triggered")]
    assert found == [
        ("one", "billing", "to_billing"),
        ("two", "billing", "to_billing"),
        ("two", "billing", "a_chat"),
        ("two", "pool", "a_chat"),
    ]


async def test_a_rule_that_fails_says_so_and_the_move_stands(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_returned"]; note = "Full."', 'on = ["case_returned"]; event = "came_back"'))
    await own(watched, "ana")
    watched.watching = False
    for n in range(100):
        await watched.add_note("one", f"note {n}", command_id="")
    watched.watching = True
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert (await last(watched, 3)) == [
        ("case_returned", "agent:ana"),
        ("effect_failed", "rule:1"),
        ("automation_triggered", "rule:2"),
    ]
    (failed,) = await watched.events("effect_failed")
    assert failed.items() >= {"rule": 1, "on": "case_returned", "case": "one", "reason": "too_many_notes"}.items()
    assert await watched.waits("one")
    assert len(await watched.notes("one")) == 100


async def test_a_text_that_became_too_long_fails(watched: WatchedEngine) -> None:
    await watched.apply(ruled(f'on = ["case_accepted"]; note = "{"{case}" * 160}"'))
    await watched.add_agent("ana")
    await watched.submit("x" * 64)
    await watched.act("ana", "accept", "x" * 64)
    (failed,) = await watched.events("effect_failed")
    assert failed["reason"] == "text_too_long"
    assert await watched.notes("x" * 64) == []


async def test_the_answer_is_the_case_after_its_effects(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_accepted"]; note = "Mine."'))
    await watched.add_agent("ana")
    await watched.submit("one")
    answer = await watched.act("ana", "accept", "one")
    case = await watched.case("one")
    assert (answer["revision"], answer["baton"]) == (case["revision"], case["baton"])
    assert case["notes"] == 1


async def test_a_colleague_who_accepts_a_case_makes_its_sender_hear_of_it(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_transferred"]; notify_previous_owner = true'))
    await own(watched, "ana", "bo")
    await watched.act("ana", "transfer", "one", agent="bo")
    baton = (await watched.case("one"))["target_baton"]
    await watched.act("bo", "accept", "one", baton=baton)
    (notified,) = await watched.events("owner_notified")
    assert (notified["agent"], notified["owner"]) == ("ana", "agent:bo")


async def test_a_missed_offer_has_effects_too(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["offer_expired"]; note = "{agent_before} missed it."'))
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.advance(31)
    assert [note["text"] for note in await watched.notes("one")] == ["ana missed it."]


async def test_rules_that_are_gone_from_the_document_are_gone(watched: WatchedEngine) -> None:
    await watched.apply(ruled('on = ["case_declined"]; note = "Declined."'))
    await watched.apply(BASIC)
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="lunch")
    assert await watched.notes("one") == []


@pytest.mark.parametrize(
    ("effect", "fault"),
    [
        ('on = []; note = "x"', r"\$\.effects\[0\]\.on"),
        ('on = ["case_queued"]; note = "x"', r"\$\.effects\[0\]\.on"),
        ('on = ["case_accepted"]', r"\$\.effects\[0\]: expected exactly one of note, task, event, notify_"),
        ('on = ["case_accepted"]; note = "x"; task = "y"', r"\$\.effects\[0\]: expected exactly one of"),
        ('on = ["case_accepted"]; note = ""', r"\$\.effects\[0\]\.note"),
        ('on = ["case_accepted"]; event = "two words"', r"\$\.effects\[0\]\.event"),
        ('on = ["case_accepted"]; notify_previous_owner = false', r"\$\.effects\[0\]\.notify_previous_owner"),
        ('on = ["case_accepted"]; queue = "none"; note = "x"', r"\$\.effects\[0\]\.queue: there is no queue none"),
        ('on = ["case_accepted"]; channel = "none"; note = "x"', r"\$\.effects\[0\]\.channel: there is no channel"),
        ('on = ["case_closed"]; task = "x"', r"\$\.effects\[0\]\.task: after case_closed the case takes no notes"),
        ('on = ["case_accepted"]; note = "{owner}"', r"\$\.effects\[0\]\.note: there is no \{owner\}: there are agent"),
    ],
)
def test_a_faulty_effect_is_named_by_its_path(effect: str, fault: Any) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(ruled(effect))
