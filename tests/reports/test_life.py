"""A case's life in words, of what a real engine logged."""

import pytest
from msgspec import json

from casebaton.errors import CasebatonError
from casebaton.history.schema import events, stays
from casebaton.reports.asked import Within
from casebaton.reports.life import Life, length, tell
from tests.engine import BASIC, Engine
from tests.reports.world import Kept, at


async def _keep(engine: Engine, kept: Kept) -> None:
    """Put the log into the history."""
    for event in await engine.events():
        named = {name: event.get(name, "") for name in ("type", "agent", "queue")}
        at = {"seq": event["log_seq"], "at_ms": event["at_ms"], "position": "0-0", "case_id": event.get("case", "")}
        kept.add(events, {**at, **named, "body": json.encode(event).decode()})


def _tell(kept: Kept, case: str, within: Within | None = None) -> Life:
    with kept.connect() as connection:
        return tell(connection, kept.workspace, case, within)


async def test_a_life_is_told_from_its_submit_to_its_end(engine: Engine, kept: Kept) -> None:
    await engine.add_agent("ana")
    await engine.submit("c-1")
    await engine.advance(by=4)
    await engine.act("ana", "decline", "c-1", reason="busy")
    await engine.advance(by=8)
    await engine.add_agent("bo")
    await engine.advance(by=5)
    await engine.act("bo", "accept", "c-1")
    await engine.add_note("c-1", "A secret of the customer's")
    await engine.advance(by=65)
    await engine.act("bo", "park", "c-1")
    await engine.act("bo", "resume", "c-1")
    await engine.act("bo", "return", "c-1", reason="not_mine", place="keep")
    await engine.steer("supervisor", "assign", "c-1", agent="bo", reason="vip")
    await engine.act("bo", "complete", "c-1", disposition="solved")
    await engine.steer("producer", "reopen", "c-1")
    await engine.steer("producer", "cancel", "c-1", reason="duplicate")
    await _keep(engine, kept)
    told = _tell(kept, "c-1")
    assert [moment.says for moment in told.moments] == [
        "Submitted to support by producer crm: “subject of c-1”.",
        "Offered to ana, chosen by longest_idle.",
        "Declined by ana (busy).",
        "Alert all_declined.",
        "Offered to bo, chosen by priority.",
        "Accepted by bo. It had waited 17 s: 9 s it rang, 8 s whoever had room was kept from it.",
        "Note by supervisor sue.",
        "Parked by bo.",
        "Resumed by bo.",
        "Returned from bo to support (not_mine).",
        "Offered to ana, chosen by longest_idle.",
        "Given to bo by supervisor sue (vip).",
        "Closed as solved by agent bo.",
        "Reopened by producer sue, waits in support.",
        "Offered to ana, chosen by longest_idle.",
        "Cancelled by producer sue (duplicate).",
    ]
    assert [moment.after_ms for moment in told.moments][:6] == [0, 0, 4000, 0, 8000, 5000]
    assert "secret" not in json.encode(told).decode()
    assert not told.is_cut


async def test_transfers_and_wrap_ups_are_told_too(engine: Engine, kept: Kept) -> None:
    for agent in ("ana", "bo"):
        await engine.add_agent(agent)
    await engine.submit("c-1")
    await engine.act("ana", "accept", "c-1")
    for verb in ("decline", "accept"):
        await engine.act("ana", "transfer", "c-1", agent="bo")
        baton = (await engine.case("c-1"))["target_baton"]
        reason = {"reason": "full"} if verb == "decline" else {}
        await engine.act("bo", verb, "c-1", baton=baton, **reason)
    await engine.act("bo", "wrap", "c-1")
    await engine.advance(by=60)
    await engine.submit("c-2")
    await engine.steer("supervisor", "transfer", "c-2", queue="billing")
    await engine.steer("producer", "abandon", "c-2")
    await _keep(engine, kept)
    assert [moment.says for moment in _tell(kept, "c-1").moments][3:] == [
        "ana asks bo to take it over.",
        "bo did not take it over (declined).",
        "ana asks bo to take it over.",
        "Transferred from ana to bo.",
        "Wrap-up of bo.",
        "Closed by the engine after 1 min of work.",
    ]
    assert [moment.says for moment in _tell(kept, "c-2").moments][-2:] == [
        "Transferred from support to billing.",
        "Abandoned: the customer left.",
    ]


async def test_a_change_says_what_was_changed_and_of_a_customer_no_more_than_the_subject(
    engine: Engine, kept: Kept
) -> None:
    await engine.submit("c-1", customer="k")
    said = {"subject": "A lamp", "customer": "secret", "url": "https://secret", "place": "secret"}
    for changed in (
        {"priority": 0, "card": json.encode({"subject": "A lamp"}).decode()},
        {"priority": 7, "skills": "german=2", "due_at": at("2026-11-25T09:30", "UTC")},
        {"card": json.encode(said).decode(), "customer_activity": 1},
        {"skills": "-", "due_at": 2**53 - 1},
        {"data": '{"secret": 1}'},
    ):
        await engine.steer("producer", "update", "c-1", **changed)
        await engine.add_note("c-1", "between them")
    await engine.apply(BASIC.replace("[queues.support]", '[queues.support]\nrank = 1\norder = "due"'))
    await engine.advance(by=1)
    await engine.run("erase_customer", ("admin", "ann"), customer_key="k")
    await _keep(engine, kept)
    told = _tell(kept, "c-1")
    assert [moment.says for moment in told.moments if moment.event == "case_updated"] == [
        "Changed by producer sue: priority 5 → 0, subject “subject of c-1” → “A lamp”.",
        "Changed by producer sue: priority 0 → 7, due none → 2026-11-25 09:30 UTC, skills none → german 2.",
        "Changed by producer sue: customer, link, place, a sign of the customer.",
        "Changed by producer sue: due 2026-11-25 09:30 UTC → 9007199254740991 ms, skills german 2 → none.",
        "Changed by producer sue: its data, or nothing that was not so before.",
        "Another place in the line: the queue has another order.",
        "What is said of its customer erased by admin ann.",
    ]
    assert "secret" not in json.encode(told).decode()


def test_a_change_of_words_that_were_erased_or_of_which_the_beginning_is_not_told_says_so(kept: Kept) -> None:
    seen = {"channel": "visit", "actor": "producer:crm", "priority": 5}
    window = {"from_ms": at("2026-11-25T09:00", "UTC"), "until_ms": at("2026-11-25T10:00", "UTC")}
    kept.add_event("c-1", "case_updated", "2026-11-25T09:00", **seen)
    kept.add_event("c-1", "case_updated", "2026-11-25T09:01", **seen)
    kept.add_event("c-1", "case_updated", "2026-11-25T09:02", **seen, window=window)
    assert [moment.says for moment in _tell(kept, "c-1").moments] == [
        "Changed by producer crm: what it was before is not told.",
        "Changed by producer crm: what was written is erased.",
        "Changed by producer crm: window none → 2026-11-25 09:00 UTC to 2026-11-25 10:00 UTC.",
    ]


async def test_within_a_scope_a_case_is_told_whose_queue_it_ever_was_in(engine: Engine, kept: Kept) -> None:
    await engine.submit("c-1", "billing")
    await engine.steer("supervisor", "transfer", "c-1", queue="support")
    await _keep(engine, kept)
    assert _tell(kept, "c-1", Within(queues=("support",))).moments
    with pytest.raises(CasebatonError, match="OUT_OF_SCOPE"):
        _tell(kept, "c-1", Within(queues=("pool",), teams=("north",)))
    ended = dict.fromkeys(("began_at_ms", "ended_at_ms", "dwell_ms", "visit"), 0)
    kept.add(stays, {"case_id": "c-1", "queue": "pool", **ended, "is_first": True, "waited": "{}"})
    assert _tell(kept, "c-1", Within(queues=("pool",))).moments


def test_a_case_that_nobody_knows_is_not_found(kept: Kept) -> None:
    with pytest.raises(CasebatonError, match="CASE_NOT_FOUND: the history has no case c-9"):
        _tell(kept, "c-9")


def test_of_a_very_long_life_the_end_is_told(kept: Kept) -> None:
    body = {"type": "case_updated", "at_ms": 0, "actor": "producer:crm"}
    rows = [
        {
            "seq": n,
            "at_ms": n,
            "position": "0-0",
            "type": "case_updated",
            "case_id": "c-1",
            "body": json.encode(body | {"at_ms": n}).decode(),
        }
        for n in range(2001)
    ]
    kept.add(events, *rows)
    told = _tell(kept, "c-1")
    assert (told.is_cut, len(told.moments), told.moments[-1].at_ms, told.moments[0].at_ms) == (True, 2000, 2000, 1)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0 s"),
        (1234, "1.2 s"),
        (60_000, "1 min"),
        (245_000, "4 min 5 s"),
        (7_805_000, "2 h 10 min"),
        (7_205_000, "2 h"),
        (90_000_000, "1 d 1 h"),
    ],
)
def test_lengths_of_time_are_for_people(ms: int, text: str) -> None:
    assert length(ms) == text
