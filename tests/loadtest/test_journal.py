import json
from collections.abc import AsyncIterator
from time import perf_counter

import pytest

from casebaton.client import CommandRefused, NotSent, OutcomeUnknown
from casebaton.client.events import Fault
from casebaton.store.log import Entry
from loadtest.journal import Asked, Journal, Verdict

SUBMIT = Asked("submit", "c-1")
ACCEPT = Asked("accept", "c-1", "b2")


async def answered(error: Exception | None = None) -> None:
    if error:
        raise error


async def journal_of(*asked: tuple[Asked, Exception | None]) -> Journal:
    journal = Journal()
    for each, error in asked:
        if error is None:
            await journal.run(each, answered())
        else:
            with pytest.raises(type(error)):
                await journal.run(each, answered(error))
    return journal


async def log_of(*events: tuple[str, str]) -> AsyncIterator[Entry]:
    """A log of case c-1: event types and the batons after them."""
    for seq, (kind, baton) in enumerate(events, 1):
        body = {"type": kind, "log_seq": seq, "case": "c-1", "baton": baton}
        yield Entry(f"{seq}-0", seq, (), json.dumps(body).encode())


QUEUED, OFFERED, ACCEPTED = ("case_queued", "b1"), ("case_offered", "b2"), ("case_accepted", "b3")
REFUSED = CommandRefused(Fault(code="STALE_BATON"))
UNKNOWN = OutcomeUnknown("no answer")


async def test_what_was_acknowledged_and_done_once_is_right() -> None:
    journal = await journal_of((SUBMIT, None), (ACCEPT, None))
    assert await journal.judge(log_of(QUEUED, OFFERED, ACCEPTED)) == Verdict()


async def test_an_acknowledged_command_without_effect_is_lost() -> None:
    journal = await journal_of((SUBMIT, None), (ACCEPT, None))
    assert await journal.judge(log_of(QUEUED, OFFERED)) == Verdict(acknowledged_lost=1)


async def test_when_what_was_lost_was_acknowledged_is_told_by_its_kind() -> None:
    journal = await journal_of((SUBMIT, None), (ACCEPT, None))
    assert await journal.lost("submit", log_of(QUEUED, OFFERED)) == []
    (at,) = await journal.lost("accept", log_of(QUEUED, OFFERED))
    assert 0 < perf_counter() - at < 60
    journal = await journal_of((SUBMIT, REFUSED))
    assert await journal.lost("submit", log_of()) == [], "nobody was told that it was done"


@pytest.mark.parametrize("events", [(QUEUED, OFFERED), (QUEUED, OFFERED, ACCEPTED)])
async def test_an_unknown_command_may_have_one_effect_or_none(events: tuple[tuple[str, str], ...]) -> None:
    journal = await journal_of((SUBMIT, None), (ACCEPT, UNKNOWN))
    assert await journal.judge(log_of(*events)) == Verdict()


async def test_a_second_effect_is_one_too_many() -> None:
    journal = await journal_of((SUBMIT, UNKNOWN))
    assert await journal.judge(log_of(QUEUED, QUEUED)) == Verdict(doubled=1)


@pytest.mark.parametrize("error", [REFUSED, NotSent("no connection")])
async def test_a_command_that_was_turned_away_must_have_no_effect(error: Exception) -> None:
    journal = await journal_of((SUBMIT, None), (ACCEPT, error))
    assert await journal.judge(log_of(QUEUED, OFFERED, ACCEPTED)) == Verdict(refused_yet_done=1)


async def test_a_refusal_after_an_unknown_attempt_says_nothing_about_the_first() -> None:
    journal = await journal_of((SUBMIT, None), (ACCEPT, UNKNOWN), (ACCEPT, REFUSED))
    assert await journal.judge(log_of(QUEUED, OFFERED, ACCEPTED)) == Verdict()


async def test_an_effect_that_nobody_asked_for_is_noticed() -> None:
    journal = await journal_of((SUBMIT, None))
    assert await journal.judge(log_of(QUEUED, OFFERED, ACCEPTED)) == Verdict(unasked=1)
