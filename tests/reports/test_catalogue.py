"""Reports by name, and what a query may say."""

import re
from pathlib import Path

import pytest
from msgspec import json
from sqlalchemy import Engine

from casebaton.errors import CasebatonError, Invalid
from casebaton.history.schema import events, gaps, progress
from casebaton.reports.answer import Answer
from casebaton.reports.catalogue import REPORTS, ask
from casebaton.reports.durations import MEASURES
from tests.reports.world import BERLIN, NOW_MS, Kept, at


@pytest.fixture
def kept(tables: Engine, tmp_path: Path) -> Kept:
    """An empty history of a workspace, of either kind."""
    return Kept(tables, tmp_path.name)


each_report = pytest.mark.parametrize("name", REPORTS)


def _ask(kept: Kept, name: str, given: dict[str, str] | None = None) -> Answer:
    query = {name: [value] for name, value in (given or {}).items()}
    return ask(kept.engine, name, query, workspace=kept.workspace, now_ms=NOW_MS)


@each_report
def test_of_nothing_a_report_has_no_rows_and_says_so_in_json(kept: Kept, name: str) -> None:
    found = _ask(kept, name, {"zone": BERLIN})
    assert found.rows == []
    assert (found.report, found.from_ms, found.as_of_ms) == (name, at("2026-11-26"), NOW_MS)
    assert json.decode(json.encode(found))["columns"][0].keys() == {"name", "unit", "says"}


@each_report
def test_each_number_is_explained_once(name: str, kept: Kept) -> None:
    columns = _ask(kept, name).columns
    assert len({column.name for column in columns}) == len(columns)
    assert all(column.says.endswith(".") for column in columns)


@each_report
def test_a_meaning_names_other_numbers_of_the_report_between_backticks_and_nowhere_else(kept: Kept, name: str) -> None:
    columns = {column.name: column.says for column in _ask(kept, name).columns}
    in_code = {column for column in columns if "_" in column}
    for says in columns.values():
        assert set(re.findall("`(.*?)`", says)) <= columns.keys()
        assert not in_code & set(re.findall(r"\w+", re.sub("`.*?`", "", says)))


@each_report
def test_a_report_answers_by_all_that_it_may_be_asked_by(kept: Kept, name: str) -> None:
    report = REPORTS[name]
    given = {"by": ",".join(report.by), "period": "last_7_days"} | dict.fromkeys(report.by, "5")
    if name == "staffing":
        given.pop("queue")
    for interval in ("", *report.intervals):
        assert _ask(kept, name, given | ({"interval": interval} if interval else {})).rows == []
    if report.may_compare:
        assert _ask(kept, name, {"compare": "1"}).previous is not None


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("queues", {"bye": "queue"}, "bye: there is no such parameter here: expected some of period, from,"),
        ("queues", {"by": "agent"}, "by: expected some of queue, channel, priority, skill, not agent"),
        ("queues", {"agent": "ana"}, "agent: there is no such parameter"),
        ("queues", {"interval": "minute"}, "interval: expected one of quarter_hour, half_hour, hour, day,"),
        ("queues", {"priority": "urgent"}, "priority: expected 0 to 9"),
        ("queues", {"compare": "yes"}, "compare: expected 1 or 0"),
        ("queues", {"queue": "x" * 201}, "queue: expected at most"),
        ("queues", {"queue": "a\x00b"}, "queue: expected at most"),
        ("queues", {"measure": "handle"}, "measure: there is no such parameter"),
        ("ageing", {"interval": "day"}, "interval: expected none"),
        ("ageing", {"compare": "1"}, "compare: "),
        ("staffing", {"interval": "month"}, "interval: expected one of quarter_hour, half_hour, hour, hour_of_day"),
        ("staffing", {"channel": "chat"}, "channel: there is no such parameter"),
    ],
)
def test_what_cannot_be_asked_is_named(kept: Kept, name: str, given: dict[str, str], says: str) -> None:
    with pytest.raises(Invalid) as refused:
        _ask(kept, name, given)
    assert refused.value.detail.startswith(says)


def test_a_parameter_that_is_said_twice_is_named(kept: Kept) -> None:
    with pytest.raises(Invalid, match="zone: say it once"):
        ask(kept.engine, "queues", {"zone": ["UTC", "UTC"]}, workspace=kept.workspace, now_ms=NOW_MS)


def test_a_report_that_there_is_not_is_named_with_those_that_there_are(kept: Kept) -> None:
    with pytest.raises(CasebatonError, match="NO_SUCH_PAGE: reports are queues, durations"):
        _ask(kept, "cases")


def test_a_report_tells_what_the_history_lacks_and_from_when_to_when_it_is(kept: Kept) -> None:
    kept.add(progress, {"position": "0-0", "seq": 9, "at_ms": NOW_MS - 1500})
    kept.add(gaps, {"from_seq": 5, "until_seq": 7, "at_ms": NOW_MS - 5000, "what": "trimmed"})
    kept.add(gaps, {"from_seq": 1, "until_seq": 2, "at_ms": at("2026-11-01"), "what": "lost"})
    kept.add(events, *({"at_ms": at_ms, "position": "0-0", "body": "{}"} for at_ms in (at("2026-11-02"), NOW_MS)))
    found = _ask(kept, "queues", {"zone": BERLIN})
    assert found.notes == ("Entries 5 to 7 of the log are missing here (trimmed), at 2026-11-26 10:59.",)
    assert (found.begins_ms, found.stored_ms) == (at("2026-11-02"), NOW_MS - 1500)


def test_of_a_period_before_the_history_nothing_is_known_not_even_that_it_was_0(kept: Kept) -> None:
    begins_ms = at("2026-11-25T10:00")
    kept.add(events, {"at_ms": begins_ms, "position": "0-0", "body": "{}"})
    asked = {"zone": BERLIN, "compare": "1"}
    for period, is_known in (("today", True), ("yesterday", False)):
        before = _ask(kept, "queues", {**asked, "period": period}).previous
        assert before is not None
        assert ("arrived" in before.total) == is_known
    assert "arrived" in _ask(kept, "queues", {**asked, "period": "yesterday"}).total


DOCS = (Path(__file__).parents[2] / "docs" / "reports.md").read_text()
# Of percentiles and of bounds of ages the first stands there for all, and of stages.
ALIKE = re.compile(r"p(90|95|99)_ms$|(in_line|owned)_(5m|15m|1h|4h|1d|7d|longer)$|(dispatched|travelling|in_progress)_")


@each_report
def test_the_page_says_what_every_number_means(name: str, kept: Kept) -> None:
    assert f"| [`{name}`](#" in DOCS
    columns = [column for column in _ask(kept, name).columns if not ALIKE.search(column.name)]
    assert not [column.name for column in columns if f"| `{column.name}` | {column.says} |" not in DOCS]


def test_and_every_measure_and_parameter() -> None:
    for measure, says in MEASURES.items():
        assert f"| `{measure}` | {says} |" in DOCS
    for parameter in (
        "period",
        "zone",
        "by",
        "interval",
        "compare",
        *(word for one in REPORTS.values() for word in one.more),
    ):
        assert f"`{parameter}`" in DOCS
