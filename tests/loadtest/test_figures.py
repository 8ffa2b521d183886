"""Each figure in small: what it counts must be right; how fast it is says nothing here."""

import json

import pytest

from loadtest import (
    bulk,
    classes,
    dashboard,
    failover,
    fanout,
    frames,
    growth,
    history_kill,
    history_rate,
    kill,
    large,
    life,
    memory,
    offer,
    order,
    plans,
    race,
    render,
    report_time,
    scale,
    views,
)
from loadtest.figures import FIGURES
from loadtest.report import Skipped, is_met, line


def silent(_: str) -> None:
    pass


def test_an_objective_is_the_most_a_figure_may_be() -> None:
    assert is_met({"p50_ms": 3.0, "lost": 0}, {"p50_ms": 3, "lost": 0})
    assert not is_met({"p50_ms": 3.1, "lost": 0}, {"p50_ms": 3, "lost": 0})
    assert not is_met({"p50_ms": None, "lost": 0}, {"p50_ms": 3, "lost": 0})


def test_the_line_says_what_was_measured_on_what() -> None:
    found = json.loads(line("race", {"misinformed": 1}, {"misinformed": 0}))
    assert list(found) == ["figure", "value", "objective", "met", "versions"]
    assert (found["figure"], found["met"]) == ("race", False)
    assert {"casebaton", "python", "store", "cores"} <= found["versions"].keys()


async def test_race() -> None:
    value = await race.measure(silent, clients=6, rounds=3)
    assert is_met(value, FIGURES["race"].objective)
    assert value["rounds"] == 3


async def test_report_time() -> None:
    try:
        value = await report_time.measure(silent, events=7_000, days=2)
    except Skipped as skipped:
        pytest.skip(str(skipped))
    assert value["sqlite"].keys() == value["postgresql"].keys() == report_time.QUESTIONS.keys()
    assert (value["lives"], value["rows"]["agent_time"]) == (1000, 2 * 48 * 20)


async def test_offer() -> None:
    value = await offer.measure(silent, rate=50, seconds=1, warm_up_s=0.2, agents=5)
    assert is_met(value, {"lost": 0, "failed": 0, "violations": 0})
    assert value["sent"] == value["offered"] > 20
    assert 0 < value["p50_ms"] <= value["p99_ms"] <= value["max_ms"]
    assert value["cpu_percent"].keys() == {"node", "store", "generator"}


async def test_life() -> None:
    value = await life.measure(silent, lives=5, rounds=1)
    assert value["classes_1_us"] > 0
    assert value["classes_5_us"] > 0
    calls = value["classes_1"]["redis_calls"]
    assert calls.keys() == {"submit", "submit matching", "accept", "complete", "complete matching"}
    assert calls["submit"] < calls["submit matching"]


async def test_kill() -> None:
    value = await kill.measure(silent, kills=2, rate=300, agents=20)
    assert is_met(value, FIGURES["kill"].objective)
    assert value["kills"] == 2
    assert value["commands"]["acknowledged"] > 100


async def test_history_kill() -> None:
    value = await history_kill.measure(silent, kills=1, rate=100, kinds=("sqlite",))
    assert is_met(value, FIGURES["history_kill"].objective)
    assert value["sqlite"]["entries"] > 100


@pytest.mark.nightly
async def test_history_rate() -> None:
    value = await history_rate.measure(silent, rate=50, seconds=1, agents=5, kinds=("sqlite",))
    assert value["missing"] == 0
    assert value["sqlite"]["transitions_per_s"] > 0
    assert value["sqlite"]["alone_per_s"] > 0


async def test_memory() -> None:
    value = await memory.measure(silent, cases=60, agents=3, samples=60)
    assert is_met(value, FIGURES["memory"].objective)
    assert 0 < value["waiting_case_bytes"] < value["owned_case_bytes"]


async def test_apply_large() -> None:
    value = await large.measure(silent, queues=3, agents=20, rate=20, seconds=3, workers=3)
    assert is_met(value, {"broken_taken": 0, "lost": 0, "failed": 0, "violations": 0})
    assert value["new_s"] > 0
    assert value["changed_s"] > 0
    assert value["offer_ms"]["p99"] > 0


async def test_bulk() -> None:
    value = await bulk.measure(silent, cases=150, agents=12)
    assert is_met(value, {"unmatched": 0, "violations": 0})
    assert value["matches"] == 60
    assert 0 < value["drained_s"] < value["drained_s_per_10000"]


async def test_order() -> None:
    value = await order.measure(silent, transitions=1200)
    assert is_met(value, FIGURES["order"].objective)
    assert value["transitions"] >= 1200
    assert value["offers"] > 100


@pytest.mark.nightly
async def test_failover() -> None:
    value = await failover.measure_one(silent, "sentinel", replicas=0, rate=100, agents=5)
    assert len(value.lost) > 3, "what was acknowledged while the primary was cut off"
    assert max(value.lost) < failover.LAG_S, "only then"
    assert value.acknowledged > 50
    assert value.failover_s > 0
    assert (value.violations, value.verdict.doubled, value.verdict.refused_yet_done) == (0, 0, 0)


@pytest.mark.nightly
async def test_fanout() -> None:
    value = await fanout.measure(silent, rate=100, seconds=0.5, rounds=1, nodes=2)
    assert value["ratio"] > 0
    assert value["behind"] == 0
    assert value["cases"]["2 nodes"] > 20
    assert value["node_us_per_case"].keys() == value["store_us_per_case"].keys() == {"1 node", "2 nodes"}
    assert value["reads_per_s"]["2 nodes"] > value["reads_per_s"]["1 node"] / 4 > 0


async def test_growth() -> None:
    value = await growth.measure(silent, small=(6, 10), large=(60, 100), lives=5, rounds=2)
    assert value["ratio"] > 0
    assert value["transitions"] == 80


async def test_classes() -> None:
    value = await classes.measure(silent, counts=[1, 5], lives=3, rounds=1)
    assert value["classes"] == 1000
    assert value["lives"] == 14
    assert value["classes_5_us"] > 0


@pytest.mark.nightly
async def test_plans() -> None:
    value = await plans.measure(silent, rounds=1, cases=3)
    assert is_met(value, {"early": 0, "missing": 0, "violations": 0})
    assert value["cases"] == 3
    assert value["max_late_ms"] >= 0


async def test_dashboard() -> None:
    value = await dashboard.measure(silent, agents=30, rate=60, seconds=1, supervisors=2)
    assert is_met(value, {"wrong": 0, "failed": 0})
    assert 0 < value["p50_ms"] <= value["p99_ms"]
    assert value["calls_per_change"].keys() == value["cpu_percent"].keys() == {"alone", "watched"}
    assert value["frames_per_s"] > 1


async def test_scale() -> None:
    value = await scale.measure(silent, rosters=[60, 120])
    assert value["still_there"] == 0
    assert value["growth"] == max(value["growths"].values()) > 0
    small, large = value["steps"][60], value["steps"][120]
    assert small.keys() == large.keys() == value["growths"].keys()
    assert (small["create"]["scripts"], large["create"]["scripts"]) == (60, 120)
    assert (small["reap"]["units"], large["reap"]["units"]) == (18, 36)
    assert value["bytes"][60]["closed_case"] > 200
    assert value["bytes"][60]["log_entry"] > 200


async def test_views() -> None:
    value = await views.measure(silent, agents=500, rounds=2)
    assert value["fold_us_per_entry"] > 0
    assert value["whole_us_per_change"] > 0
    assert value["team_us_per_change"] > 0
    assert value["bytes_per_change"] > 100
    assert value["overview_bytes_per_agent"] > 300


@pytest.mark.browser
@pytest.mark.nightly
async def test_render() -> None:
    try:
        value = await render.measure(silent, agents=12, cases=20, rounds=1, kills=1)
    except Skipped as skipped:
        pytest.skip(str(skipped))
    assert value["failed"] == 0
    assert value["pages"].keys() == {"agent", "supervisor"}
    for page in value["pages"].values():
        assert 0 < page["cold_paint_ms"]["p50"] <= page["cold_usable_ms"]["p50"] <= value["cold_ms"]
        assert 0 < page["warm_usable_ms"]["p50"] <= value["warm_ms"]
    assert 0 < value["back"]["p50"] <= value["back_ms"]


@pytest.mark.browser
async def test_frames() -> None:
    try:
        # Not as many changes as agents: after a whole round the same rows would be in sight as before it.
        value = await frames.measure(silent, agents=60, rate=40, seconds=1)
    except Skipped as skipped:
        pytest.skip(str(skipped))
    assert value["failed"] == 0
    assert value["screens"].keys() == {"agents", "wallboard"}
    for screen in value["screens"].values():
        assert screen["drawn_per_s"] > 0, "agents changed before its eyes"
        assert 0 < screen["frame_ms"] <= value["frame_ms"]
        assert 0 < screen["heap_mb"] <= value["heap_mb"]


async def test_what_needs_a_browser_is_skipped_in_words_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for measure in (
        render.measure(silent, agents=1, cases=1, rounds=1, kills=1),
        frames.measure(silent, agents=1, rate=1, seconds=1),
    ):
        with pytest.raises(Skipped, match="make browser"):
            await measure
