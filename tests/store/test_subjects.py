"""What cases are found by."""

import json
from typing import Any

import pytest

from casebaton.store.log import Entry
from casebaton.store.subjects import Card, Subjects, Wanted, text_of


def entry(**body: Any) -> Entry:
    return Entry("1-1", 1, (), json.dumps({"type": "x", "log_seq": 1} | body).encode())


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("printer", True),
        ("print acme", True),
        ("muller", True),
        ("c-7", True),
        ("bill", True),
        ("billing scanner", False),
    ],
)
def test_every_word_has_to_stand_on_the_case_or_in_its_queues_name(words: str, is_found: bool) -> None:
    text = text_of("C-7", Card(subject="Printer of Ms Müller", customer="ACME"))
    assert Wanted(tuple(words.split())).has_words(text, "Billing") is is_found


def test_a_place_fits_what_is_asked_for() -> None:
    assert Wanted(()).fits("billing", "waiting", "")
    assert Wanted((), queue="billing", state="active", agent="ana").fits("billing", "active", "ana")
    for other in (Wanted((), queue="support"), Wanted((), state="parked"), Wanted((), agent="bo")):
        assert not other.fits("billing", "active", "ana")


def test_what_an_entry_tells_is_newer_than_a_page_whenever_that_comes() -> None:
    subjects = Subjects()
    subjects.take_entry(entry(case="one", state="waiting", card={"subject": "new"}))
    subjects.take_page([("one", Card(subject="old")), ("two", Card(subject="old"))])
    subjects.take_entry(entry(case="two", state="waiting", card={"subject": "newer"}))
    assert subjects.texts == {"one": "one new", "two": "two newer"}


def test_what_has_ended_is_forgotten_and_what_says_nothing_of_the_card_changes_nothing() -> None:
    subjects = Subjects()
    subjects.take_page([("one", Card(subject="a")), ("two", Card(subject="b"))])
    subjects.take_entry(entry(case="one", state="closed"))
    subjects.take_entry(entry(case="two", state="active", agent="ana"))
    subjects.take_entry(entry(agent="ana", status="busy"))
    assert subjects.texts == {"two": "two b"}
