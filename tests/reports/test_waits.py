"""Where waiting time went."""

from casebaton.history.schema import waits
from casebaton.reports.waits import report
from tests.reports.world import Kept, quarter


def test_each_cause_has_its_share_of_all_waiting(kept: Kept) -> None:
    morning = quarter("2026-11-25T09:00")
    kept.add(
        waits,
        {"at_ms": morning, "cause": "busy", "total_ms": 3000, "stays": 2},
        {"at_ms": morning, "cause": "busy", "total_ms": 3000, "stays": 1, "priority": 0},
        {"at_ms": morning, "cause": "offered", "total_ms": 2000, "stays": 3},
        {"at_ms": morning, "cause": "no_agent", "total_ms": 700, "stays": 1, "queue": "support"},
    )
    with kept.connect() as connection:
        found = report(connection, kept.ask(by="queue"))
    numbers = [(row["queue"], row["cause"], row["total_ms"], row["stays"], row["share"]) for row in found.rows]
    assert numbers == [
        ("billing", "busy", 6000, 3, 0.75),
        ("billing", "offered", 2000, 3, 0.25),
        ("support", "no_agent", 700, 1, 1.0),
    ]
    assert found.total == {"total_ms": 8700}
    assert found.rows[0]["says"] == "All who were there had no room."
