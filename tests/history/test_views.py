"""The views for BI tools, in both databases."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, inspect, text

from casebaton.history.buckets import bucket_of, upper_ms
from casebaton.history.migrate import migrate
from casebaton.history.schema import durations, visits
from casebaton.history.views import VIEWS
from tests.history.kinds import on_both

pytestmark = on_both
DOCS = (Path(__file__).parents[2] / "docs" / "reports.md").read_text()
AT_MS = 1_795_593_600_000
AT = datetime.fromtimestamp(AT_MS / 1000, UTC)


@pytest.fixture
def made(history: Engine) -> Engine:
    """A history with its tables and views."""
    migrate(history)
    return history


def _read(history: Engine, query: str) -> list[dict[str, Any]]:
    with history.connect() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def _instant(found: Any) -> datetime:
    return datetime.fromisoformat(found) if isinstance(found, str) else found.astimezone(UTC)


def test_every_view_can_be_read_is_documented_and_names_no_customer(made: Engine) -> None:
    for name in VIEWS:
        assert _read(made, f"SELECT * FROM {name}") == []
        columns = {column["name"] for column in inspect(made).get_columns(name)}
        assert not {"customer", "subject", "url", "body", "record"} & columns
        assert "workspace" in columns
        assert f"| `{name}` |" in DOCS


def test_instants_are_timestamps(made: Engine) -> None:
    times = {
        "created_at_ms": AT_MS - 9000,
        "requested_at_ms": AT_MS,
        "arrived_at_ms": AT_MS,
        "owned_at_ms": AT_MS + 1500,
    }
    visit = {"workspace": "w", "case_id": "c", "visit": 1, "began_how": "queued", "priority": 5, "skills": "", **times}
    waits = {"target_ms": 2000, "open_wait_ms": 1500, "ended_at_ms": AT_MS + 9000}
    with made.begin() as connection:
        connection.execute(insert(visits), {**visit, **waits})
    [row] = _read(made, "SELECT * FROM bi_visits")
    assert _instant(row["arrived_at"]) == AT
    assert (row["first_owner_ms"], row["in_time"], row["window_from"]) == (1500, 1, None)


def test_a_bucket_has_the_bound_that_the_histogram_has(made: Engine) -> None:
    buckets = sorted({bucket_of(ms) for ms in (0, 1, 100, 3100, 3200, 3300, 60_000, 86_400_000, 40 * 86_400_000)})
    place = {
        "workspace": "w",
        "measure": "age",
        "at_ms": AT_MS,
        "queue": "q",
        "channel": "c",
        "priority": 5,
        "skills": "",
    }
    rows = [{**place, "skills": "", "bucket": bucket} for bucket in buckets]
    with made.begin() as connection:
        connection.execute(insert(durations), rows)
    found = _read(made, "SELECT at_most_ms FROM bi_durations ORDER BY at_most_ms")
    assert [row["at_most_ms"] for row in found] == [upper_ms(bucket) for bucket in buckets]
