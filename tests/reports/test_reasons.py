"""With which words things happened."""

from casebaton.history.schema import reasons
from casebaton.reports.asked import Within
from casebaton.reports.reasons import report
from tests.reports.world import Kept, quarter


def _given(kept: Kept) -> None:
    morning = quarter("2026-11-25T09:00")
    kept.add(
        reasons,
        {"what": "declined", "reason": "busy", "agent": "ana", "team": "north", "count": 1},
        {"what": "declined", "reason": "busy", "agent": "bo", "team": "south", "count": 1},
        {"what": "declined", "reason": "not_mine", "agent": "bo", "team": "south", "count": 6},
        {"what": "closed", "reason": "", "agent": "ana", "team": "north", "count": 4, "queue": "support"},
        at_ms=morning,
    )


def test_the_most_frequent_word_comes_first_with_its_share(kept: Kept) -> None:
    _given(kept)
    with kept.connect() as connection:
        found = report(connection, kept.ask())
        assert [(row["what"], row["reason"], row["count"], row["share"]) for row in found.rows] == [
            ("closed", "", 4, 1.0),
            ("declined", "not_mine", 6, 0.75),
            ("declined", "busy", 2, 0.25),
        ]
        by_team = report(connection, kept.ask(by="team")).rows
    assert [(row["team"], row["reason"], row["share"]) for row in by_team if row["what"] == "declined"] == [
        ("north", "busy", 1.0),
        ("south", "not_mine", 6 / 7),
        ("south", "busy", 1 / 7),
    ]


def test_within_a_scope_are_its_queues_and_its_teams(kept: Kept) -> None:
    _given(kept)
    for within, count in ((Within(queues=("support",)), 4), (Within(teams=("north",)), 5), (Within(), 0)):
        with kept.connect() as connection:
            assert report(connection, kept.ask_within(within)).total["count"] == count
