import json
from pathlib import Path

from tests.cli.processes import left_in, run
from tests.replay.traces import SAMPLE


async def test_replays_a_trace_on_a_server_of_its_own_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("\n".join(SAMPLE))
    code, out, err = await run(tmp_path, "replay", "trace.csv", "--seconds", "1", "--json")
    assert code == 0, err
    line = json.loads(out)
    assert list(line) == [
        "cases", "closed", "transfers", "returns", "rows_ignored", "double_owned", "lost", "over_capacity",
        "violations", "offer_ms", "accept_ms",
    ]  # fmt: skip
    assert line | {"offer_ms": None, "accept_ms": None} == {
        "cases": 2, "closed": 2, "transfers": 1, "returns": 1, "rows_ignored": 2, "double_owned": 0, "lost": 0,
        "over_capacity": 0, "violations": [], "offer_ms": None, "accept_ms": None,
    }  # fmt: skip
    assert line["offer_ms"].keys() == line["accept_ms"].keys() == {"p50", "p99", "max"}
    assert left_in(tmp_path) == ["trace.csv"]


async def test_says_the_same_in_words(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("\n".join(SAMPLE))
    code, out, _ = await run(tmp_path, "replay", "trace.csv", "--seconds", "1")
    assert code == 0
    assert out.startswith("2 of 2 cases closed, 1 transfers, 1 returns, 2 rows ignored\n")
    assert "audit: 0 violations" in out


async def test_a_faulty_trace_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("a,b\n1,2\n")
    code, out, err = await run(tmp_path, "replay", "trace.csv")
    assert (code, out) == (2, "")
    assert err.startswith("casebaton: trace.csv: INVALID: the trace lacks the columns number")


async def test_follows_the_traces_own_owners_and_says_how_the_paths_compare(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("\n".join(SAMPLE))
    code, out, err = await run(tmp_path, "replay", "trace.csv", "--follow", "--seconds", "1", "--json")
    assert code == 0, err
    assert json.loads(out) == {
        "cases": 2, "paths_equal": 2, "paths_different": 0, "explained": [], "unexplained": [], "double_owned": 0,
        "lost": 0, "over_capacity": 0, "recorded_overrides": 0, "violations": [], "closed": 1, "cancelled": 1,
        "acts": {"assign": 2, "cancel": 1, "complete": 1, "park": 2, "submit": 2, "take": 2, "transfer": 1},
        "acts_left": 0, "refused": {},
    }  # fmt: skip
    assert left_in(tmp_path) == ["trace.csv"]


async def test_following_says_the_same_in_words(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("\n".join(SAMPLE))
    code, out, _ = await run(tmp_path, "replay", "trace.csv", "--follow", "--seconds", "1")
    assert code == 0
    assert out.startswith("2 of 2 cases went through the trace's own hands, 1 closed, 1 cancelled\n")
    assert "double owned 0, lost 0, over capacity 0 and 0 times by recorded override\n" in out
    assert "audit: 0 violations" in out
