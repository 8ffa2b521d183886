"""Reports as CSV."""

import csv
import io

from casebaton.reports.answer import Answer, Column
from casebaton.reports.csv import life_to_csv, to_csv
from casebaton.reports.life import Life, Moment
from tests.reports.world import BERLIN, at

COLUMNS = (Column("arrived", "cases", "Cases."), Column("level", "share", "A share."), Column("reasons", "", "Words."))


def _answer(*rows: dict[str, object], total: dict[str, object] | None = None) -> Answer:
    begin, end = at("2026-11-25"), at("2026-11-26")
    return Answer(
        report="queues", from_ms=begin, until_ms=end, zone=BERLIN, as_of_ms=end, columns=COLUMNS, rows=list(rows),
        total=total or {},
    )  # fmt: skip


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_names_come_first_then_the_numbers_in_their_order() -> None:
    text = to_csv(
        _answer({"queue": "billing", "level": 2 / 3, "arrived": 7}, {"queue": "pool", "reasons": {"late": 2}})
    )
    assert _read(text) == [
        ["queue", "arrived", "level", "reasons"],
        ["billing", "7", "0.666667", ""],
        ["pool", "", "", '{"late":2}'],
    ]


def test_without_rows_it_is_the_total() -> None:
    assert _read(to_csv(_answer(total={"arrived": 3})))[1] == ["3", "", ""]
    assert len(_read(to_csv(_answer()))) == 1


def test_a_text_is_no_formula() -> None:
    assert _read(to_csv(_answer({"team": "=1+1", "arrived": -1})))[1][:2] == ["'=1+1", "-1"]


def test_a_life_has_the_clock_of_a_zone() -> None:
    moment = Moment(at("2026-11-25T09:00:07"), 1200, "case_queued", "Submitted, “so it is”.")
    assert _read(life_to_csv(Life("c-1", [moment]), BERLIN))[1][1:] == [
        *("2026-11-25 09:00:07", "1200", "case_queued", "Submitted, “so it is”."),
    ]
