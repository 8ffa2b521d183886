"""How long everything takes."""

import pytest

from casebaton.errors import Invalid
from casebaton.reports import durations
from casebaton.reports.answer import Answer
from tests.reports.world import SECOND, Kept


def _ask(kept: Kept, **given: str) -> Answer:
    with kept.connect() as connection:
        return durations.report(connection, kept.ask(**given))


@pytest.fixture
def timed(kept: Kept) -> Kept:
    kept.add_durations("handle", "2026-11-25T10:00", 100 * SECOND, 200 * SECOND, 300 * SECOND)
    kept.add_durations("handle", "2026-11-25T12:00", 1000 * SECOND, queue="support")
    kept.add_durations("dwell", "2026-11-25T10:00", 0, 0, 400)
    kept.add_durations("dwell", "2026-11-24T10:00", 700)
    return kept


def test_each_measure_has_a_row_that_says_what_it_is(timed: Kept) -> None:
    dwell, handle = _ask(timed).rows
    assert (dwell["measure"], dwell["count"], dwell["mean_ms"], dwell["p50_ms"], dwell["p99_ms"]) == (
        "dwell",
        3,
        133,
        0,
        400,
    )
    assert (handle["count"], handle["mean_ms"]) == (4, 400 * SECOND)
    assert handle["says"] == durations.MEASURES["handle"]
    assert "histogram" not in handle


def test_one_measure_by_queue_with_its_histogram(timed: Kept) -> None:
    found = _ask(timed, measure="handle", by="queue", histogram="1").rows
    assert [(row["queue"], row["count"]) for row in found] == [("billing", 3), ("support", 1)]
    assert [count for _, count in found[0]["histogram"]] == [1, 1, 1]
    assert all(bar[0] >= ms for bar, ms in zip(found[0]["histogram"], (100_000, 200_000, 300_000), strict=True))


def test_the_day_before_stands_beside_it(timed: Kept) -> None:
    before = _ask(timed, measure="dwell", compare="1").previous
    assert before is not None
    assert [(row["count"], row["mean_ms"]) for row in before.rows] == [(1, 700)]


def test_an_unknown_measure_is_named(timed: Kept) -> None:
    with pytest.raises(Invalid, match=r"measure: .*not speed"):
        _ask(timed, measure="handle,speed")
