"""`casebaton report` and `casebaton life`."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from casebaton.cli.main import main
from casebaton.cli.reporting import write_daily
from casebaton.errors import Invalid, Unavailable
from casebaton.history import database, schema
from casebaton.history.migrate import migrate
from casebaton.reports.answer import Answer
from casebaton.settings import Settings
from tests.reports.world import BERLIN, HOUR, Kept, at, quarter

DAY = ("from=2026-11-25", "until=2026-11-26", f"zone={BERLIN}")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """The history of workspace acme in the data directory."""
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    yield Kept(engine, "acme")
    engine.dispose()


def _run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--workspace", "acme", "--data-dir", str(home)])


def _out(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_without_a_name_it_says_which_reports_there_are(tmp_path: Path) -> None:
    assert "staffing    How many agents" in _out(_run(tmp_path, "report"))


def test_a_report_is_printed_with_what_its_numbers_mean_and_those_of_before(kept: Kept, tmp_path: Path) -> None:
    for when, arrived in (("2026-11-25T09:00", 8), ("2026-11-24T09:00", 5)):
        kept.add(schema.queue_quarters, {"at_ms": quarter(when), "arrived": arrived, "owned": 4, "in_time": 3})
    kept.add_durations("first_owner", "2026-11-25T09:00", 83_000)
    kept.connect().close()
    lines = _out(_run(tmp_path, "report", "queues", *DAY, "by=queue", "compare=1")).splitlines()
    assert lines[0] == "queues, 2026-11-25 00:00 to 2026-11-26 00:00, Europe/Berlin"
    numbers = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[lines.index("queue billing") :] if line}
    assert (numbers["arrived"], numbers["level"]) == ("8 before: 5", "75.0 % before: 75.0 %")
    assert numbers["first_owner_mean_ms"] == "1 min 23 s before: -"
    assert "declined" not in numbers
    assert "  arrived: Cases that came, submitted or reopened. What becomes of them is counted here, too." in lines


def test_a_report_of_nothing_says_so(kept: Kept, tmp_path: Path) -> None:
    kept.connect().close()
    assert _out(_run(tmp_path, "report", "queues", *DAY)).splitlines()[1:] == [
        "Nothing of this workspace is stored yet.",
        "",
        "Nothing in this period.",
    ]


def test_a_report_says_where_the_history_begins_when_a_period_begins_before(kept: Kept, tmp_path: Path) -> None:
    kept.add_event("c-1", "case_queued", "2026-11-24T09:12", queue="billing")
    kept.add(schema.queue_quarters, {"at_ms": quarter("2026-11-25T09:00"), "arrived": 8})
    says = "The history begins 2026-11-24 09:12: nothing is known of what was before."
    assert says not in _out(_run(tmp_path, "report", "queues", *DAY))
    assert says in _out(_run(tmp_path, "report", "queues", *DAY, "compare=1")).splitlines()
    week = ("from=2026-11-20", *DAY[1:])
    assert says in _out(_run(tmp_path, "report", "queues", *week)).splitlines()
    assert says not in _out(_run(tmp_path, "report", "ageing", *week))


def test_or_as_csv_or_json(kept: Kept, tmp_path: Path) -> None:
    kept.add(schema.queue_quarters, {"at_ms": quarter("2026-11-25T09:00"), "arrived": 8})
    [row] = csv.DictReader(io.StringIO(_out(_run(tmp_path, "report", "queues", *DAY, "interval=hour", "--csv"))))
    assert (row["interval"], row["queue"], row["arrived"]) == ("2026-11-25 09:00", "billing", "8")
    assert json.loads(_out(_run(tmp_path, "report", "queues", *DAY, "--json")))["total"]["arrived"] == 8


def test_a_file_is_named_after_the_period(kept: Kept, tmp_path: Path) -> None:
    assert kept.workspace == "acme"
    assert _out(_run(tmp_path, "report", "queues", *DAY, "--out", str(tmp_path / "out" / "{report}-{from}.csv"))) == ""
    assert (tmp_path / "out" / "queues-2026-11-25.csv").read_text().startswith("arrived,")


def test_a_life_is_told_by_the_clocks_of_a_zone(kept: Kept, tmp_path: Path) -> None:
    kept.add_event("c-1", "case_queued", "2026-11-25T09:00", queue="billing", actor="producer:crm")
    assert _out(_run(tmp_path, "life", "c-1", "--zone", BERLIN)).splitlines() == [
        "c-1, by the clocks of Europe/Berlin",
        "  2026-11-25 09:00:00               Submitted to billing by producer crm.",
    ]
    assert json.loads(_out(_run(tmp_path, "life", "c-1", "--json")))["case"] == "c-1"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "queues", "by=agent"), "by: expected some of"),
        (("report", "nonsense"), "reports are queues"),
        (("report", "queues", "yesterday"), "expected a parameter as in period=yesterday"),
        (("report", "queues", "--out", "x.pdf"), "--out: expected a name that ends in .csv, .json, .txt"),
        (("report", "queues", "--daily", "06:00"), "--daily needs --out"),
        (("report", "queues", "--daily", "6", "--out", "x.csv"), "daily: expected a clock time"),
        (("report", "queues", "--out", "{week}.csv"), "out: expected {from}, {until} or {report}"),
        (("report", "queues", "--out", "/proc/nowhere/x.csv"), "/proc/nowhere/x.csv cannot be written: "),
        (("report", "queues", "--daily", "06:00", "--out", "/proc/nowhere/x.csv"), "x.csv cannot be written: "),
        (("life", "c-9"), "the history has no case c-9"),
    ],
)
def test_what_is_wrong_is_one_line(kept: Kept, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    assert kept.workspace == "acme"
    found = _run(tmp_path, *words)
    assert found.exit_code == 2
    assert says in found.stderr


def test_where_there_is_no_history_it_says_where_it_looked(tmp_path: Path) -> None:
    assert f"there is no history {tmp_path / 'history.db'}" in _run(tmp_path, "report", "queues").stderr
    found = CliRunner().invoke(main, ["report", "queues", "--workspace", "acme", "--history-url", "none"])
    assert "history_url is none" in found.stderr
    assert not list(tmp_path.iterdir())


NOTHING = Answer(report="queues", from_ms=0, until_ms=0, zone="UTC", as_of_ms=0, columns=(), rows=[], total={})


class _Clock:
    """A clock that goes on by what one rests, until so many rests are over."""

    def __init__(self, now_ms: int, rests: int) -> None:
        self.now_ms = now_ms
        self._rests = rests

    def now(self) -> int:
        return self.now_ms

    def rest(self, seconds: float) -> None:
        if not self._rests:
            raise KeyboardInterrupt
        self._rests -= 1
        self.now_ms += round(seconds * 1000)


def test_every_day_a_file_is_written_at_its_time_and_again_when_it_could_not_be(tmp_path: Path) -> None:
    asked: list[int] = []

    def ask(now_ms: int) -> Answer:
        asked.append(now_ms)
        if len(asked) == 3:
            raise Unavailable("the history is away")
        begin = (now_ms // (24 * HOUR)) * 24 * HOUR
        return msgspec.structs.replace(NOTHING, from_ms=begin - 24 * HOUR, until_ms=begin, as_of_ms=now_ms)

    clock = _Clock(at("2026-11-25T05:58", "UTC"), rests=4 + 1 + 24 * 120)
    with pytest.raises(KeyboardInterrupt):
        write_daily(ask, "csv", tmp_path / "{from}.csv", "06:00", "UTC", now=clock.now, rest=clock.rest)
    assert asked == [at(f"2026-11-{day}", "UTC") for day in ("25T05:58", "25T06:00", "26T06:00", "26T06:00")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11-24.csv", "2026-11-25.csv"]


def test_what_is_asked_wrongly_ends_it_before_the_first_day(tmp_path: Path) -> None:
    def ask(_: int) -> Answer:
        raise Invalid("by: expected something else")

    with pytest.raises(Invalid):
        write_daily(ask, "csv", tmp_path / "x.csv", "06:00", "UTC")
