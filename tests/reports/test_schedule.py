"""When a scheduled report is due, and its file."""

from pathlib import Path

import pytest

from casebaton.errors import Invalid
from casebaton.reports.answer import Answer
from casebaton.reports.schedule import file_of, next_at, try_place, write
from tests.reports.world import BERLIN, at


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-25T05:59", "2026-11-25T06:00"),
        ("2026-11-25T06:00", "2026-11-26T06:00"),
        ("2026-10-24T22:00", "2026-10-25T06:00"),
    ],
)
def test_it_is_due_at_the_next_such_clock_time(now: str, due: str) -> None:
    assert next_at(at(now), "06:00", BERLIN) == at(due)


def test_a_clock_time_that_a_change_skips_is_due_all_the_same() -> None:
    assert next_at(at("2026-03-28T12:00"), "02:30", BERLIN) == at("2026-03-29T03:30")


def test_what_is_no_clock_time_is_named() -> None:
    with pytest.raises(Invalid, match="daily: "):
        next_at(0, "6", BERLIN)


def _answer() -> Answer:
    begin, end = at("2026-11-25"), at("2026-11-26")
    return Answer(
        report="queues", from_ms=begin, until_ms=end, zone=BERLIN, as_of_ms=end, columns=(), rows=[], total={}
    )


def test_a_file_is_named_by_the_days_of_its_period() -> None:
    assert file_of(Path("out/{report}-{from}.csv"), _answer()) == Path("out/queues-2026-11-25.csv")
    for bad in ("{day}.csv", "{from.__class__}", "{}", "{0}"):
        with pytest.raises(Invalid, match="out: "):
            file_of(Path(bad), _answer())


def test_a_file_is_written_whole_in_a_directory_that_is_made(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "day.csv"
    write(path, "a\r\n")
    write(path, "b\r\n")
    assert path.read_bytes() == b"b\r\n"
    assert [one.name for one in path.parent.iterdir()] == ["day.csv"]
    with pytest.raises(UnicodeEncodeError):
        write(path, "\ud800")
    assert path.read_bytes() == b"b\r\n"
    assert [one.name for one in path.parent.iterdir()] == ["day.csv"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    try_place(tmp_path / "reports" / "day.csv")
    assert not list((tmp_path / "reports").iterdir())
    (tmp_path / "file").write_text("")
    for refused in (try_place, lambda path: write(path, "a")):
        with pytest.raises(OSError, match=r"file/x/day\.csv cannot be written: Not a directory"):
            refused(tmp_path / "file" / "x" / "day.csv")
