"""What people and teams may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebaton.workspace import roster
from casebaton.workspace.names import from_cell, text_faults, to_cell


@pytest.mark.parametrize(
    "text", ["Zoë Müller-Lüdenscheidt", "O'Neil, Ann", "आन्या", "👩\u200d👧", "نمی\u200cشو", "Ana (=2)", "3rd line"]
)
def test_names_of_people_everywhere_are_taken(text: str) -> None:
    assert list(text_faults(text, "$.name")) == []


@pytest.mark.parametrize("unseen", "\t\n\r\x1b\x7f\x85\u061c\u200b\u200e\u2028\u202e\u2066\ufeff\U000e0041")
@pytest.mark.parametrize("text", ["{}Ana", "A{}na", "Ana{}"])
def test_what_is_not_seen_is_refused_and_told_by_its_code_point(text: str, unseen: str) -> None:
    [fault] = text_faults(text.format(unseen), "$.name")
    assert str(fault) == f"$.name: Expected a text without control characters, found U+{ord(unseen):04X}"


@pytest.mark.parametrize("first", [*"=+-@\uff1d\uff0b\uff0d\uff20", " =", "\u00a0\u3000-"])
def test_what_a_spreadsheet_would_run_is_refused(first: str) -> None:
    [fault] = text_faults(f"{first}1", "$.team")
    assert str(fault) == "$.team: Expected a text that does not begin with = or + or - or @, as formulas do"


@given(st.text(st.sampled_from(" '=-\uff1d\tA")))
def test_a_text_of_any_kind_comes_back_from_its_cell_which_is_no_formula(text: str) -> None:
    assert from_cell(to_cell(text)) == text
    assert to_cell(text).lstrip()[:1] not in ("=", "-", "\uff1d")


def test_an_old_name_that_is_a_formula_is_exported_as_none_and_read_back_as_it_was() -> None:
    person = roster.Person(
        agent="ana", name='=HYPER("x")', team=" -t", capacity=1, interruptible_capacity=1, queues=["support"]
    )
    text = roster.to_csv([person])
    assert text.splitlines()[1].startswith("""ana,"'=HYPER(""x"")",' -t,1,1,support,""")
    [row] = roster.parse(text.encode(), "csv").values()
    assert roster.changes(row, person) == {}
