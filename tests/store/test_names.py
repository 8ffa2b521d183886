"""What names are found by."""

import pytest

from casebaton.store import names


@pytest.mark.parametrize("text", ["Müller", "MULLER", " müller ", "Mu\u0308ller"])
def test_case_accents_and_spaces_around_it_make_no_difference(text: str) -> None:
    assert names.key(text) == "muller"


def test_a_name_is_found_by_each_of_its_first_words() -> None:
    assert names.keys("Ana  María da Silva").split("\n") == [
        "ana maria da silva",
        "maria da silva",
        "da silva",
        "silva",
    ]
    assert len(names.keys(" ".join("abcdefgh")).split("\n")) == names.MOST_WORDS


def test_a_name_of_nothing_has_no_key() -> None:
    assert names.keys(" \n ") == names.NO_KEYS


def test_a_line_end_in_a_name_does_not_part_a_key() -> None:
    assert names.keys("Bo\nBerg").split("\n") == ["bo berg", "berg"]
