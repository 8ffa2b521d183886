"""Erlang B, C and A, against published numbers, their own limits, and a queue that is played."""

import heapq
import math
import random

import pytest

from casebaton.reports.erlang import Traffic, erlang_b, erlang_c, outlook, servers_for

# 100 calls in half an hour, three minutes each.
CALLS = Traffic(arrivals_per_s=100 / 1800, handle_s=180)
IMPATIENT = CALLS._replace(patience_s=120)


def test_erlang_c_says_what_is_published_for_a_hundred_calls_in_half_an_hour() -> None:
    found = outlook(CALLS, 14, within_s=20)
    assert CALLS.load == pytest.approx(10)
    assert erlang_c(10, 14) == found.waiting == pytest.approx(0.174132, abs=5e-7)
    assert found.level == pytest.approx(0.888350, abs=5e-7)
    assert found.mean_wait_s == pytest.approx(7.83594, abs=5e-6)
    assert found.occupancy == pytest.approx(10 / 14)


@pytest.mark.parametrize(
    ("load", "servers", "blocked"), [(1, 1, 0.5), (2, 2, 0.4), (10, 10, 0.2146), (10, 15, 0.0365), (20, 30, 0.0085)]
)
def test_erlang_b_says_what_stands_in_the_tables(load: float, servers: int, blocked: float) -> None:
    assert erlang_b(load, servers) == pytest.approx(blocked, abs=5e-5)


def test_erlang_a_says_what_is_published_for_fifty_agents_and_two_minutes_of_patience() -> None:
    # Garnett, Mandelbaum, Reiman: Designing a Call Center with Impatient Customers, 2002, table 1.
    calls = Traffic(arrivals_per_s=48 / 60, handle_s=60)
    patient, impatient = outlook(calls, 50, 20), outlook(calls._replace(patience_s=120), 50, 20)
    assert patient.mean_wait_s == pytest.approx(20.8, abs=0.05)
    assert patient.occupancy == pytest.approx(0.96, abs=0.005)
    assert impatient.abandoned == pytest.approx(0.031, abs=0.0005)
    assert impatient.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert impatient.occupancy == pytest.approx(0.93, abs=0.005)


def test_erlang_a_of_ten_servers_at_their_limit() -> None:
    found = outlook(IMPATIENT, 10, within_s=20)
    assert found.waiting == pytest.approx(0.496853, abs=5e-7)
    assert found.abandoned == pytest.approx(0.137464, abs=5e-7)
    assert found.mean_wait_s == pytest.approx(16.4957, abs=5e-5)
    assert found.occupancy == pytest.approx(0.862536, abs=5e-7)


@pytest.mark.parametrize("servers", [11, 14, 30])
def test_with_endless_patience_erlang_a_is_erlang_c(servers: int) -> None:
    endless = outlook(CALLS._replace(patience_s=1e10), servers, 20)
    assert endless == pytest.approx(outlook(CALLS, servers, 20), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("servers", [1, 10, 14])
def test_without_patience_erlang_a_is_erlang_b(servers: int) -> None:
    found = outlook(CALLS._replace(patience_s=1e-7), servers, 20, short_s=0)
    assert found.abandoned == pytest.approx(erlang_b(10, servers), rel=1e-5)
    assert found.level == pytest.approx(1 - erlang_b(10, servers), rel=1e-5)


@pytest.mark.parametrize(("servers", "within_s"), [(6, 30.0), (10, 20.0), (12, 5.0)])
def test_a_queue_that_is_played_has_the_level_that_erlang_a_says(servers: int, within_s: float) -> None:
    in_time, counted = _play(IMPATIENT, servers, within_s, short_s=5, arrivals=200_000)
    assert in_time / counted == pytest.approx(outlook(IMPATIENT, servers, within_s).level, abs=0.012)


def _play(traffic: Traffic, servers: int, within_s: float, short_s: float, arrivals: int) -> tuple[int, int]:
    """One arrival after the other, first come first served: how many were served in time, of how many who count."""
    chance, now, in_time, counted = random.Random(8), 0.0, 0, 0
    free_at = [0.0] * servers
    assert traffic.patience_s is not None
    for _ in range(arrivals):
        now += chance.expovariate(traffic.arrivals_per_s)
        wait, patience = max(free_at[0] - now, 0), chance.expovariate(1 / traffic.patience_s)
        if wait <= patience:
            heapq.heapreplace(free_at, now + wait + chance.expovariate(1 / traffic.handle_s))
        in_time += wait <= patience and wait <= within_s
        counted += wait <= patience or patience >= short_s
    return in_time, counted


def test_who_has_too_few_servers_never_gets_there_unless_somebody_leaves() -> None:
    assert outlook(CALLS, 10, 20) == (1.0, 0.0, 0.0, math.inf, 1.0)
    assert outlook(CALLS, 0, 20).level == 0
    assert outlook(IMPATIENT, 0, 20) == (1.0, 0.0, 1.0, 120, 1.0)
    assert outlook(IMPATIENT, 5, 20).level > 0


def test_where_nothing_comes_everything_is_in_time() -> None:
    assert outlook(Traffic(0, 180), 0, 20) == (0.0, 1.0, 0.0, 0.0, 0.0)
    assert servers_for(Traffic(0, 180), 0.8, 20) == 1


def test_the_fewest_servers_for_a_goal_are_found() -> None:
    for traffic in (CALLS, IMPATIENT):
        found = servers_for(traffic, 0.8, 20)
        assert outlook(traffic, found, 20).level >= 0.8 > outlook(traffic, found - 1, 20).level
    assert servers_for(IMPATIENT, 0.8, 20) < servers_for(CALLS, 0.8, 20) == 14


def test_a_day_of_overload_and_a_large_centre_are_reckoned_without_overflow() -> None:
    flood = outlook(Traffic(10, 60, 3600), 5, 20)
    assert flood.abandoned == pytest.approx(1 - 5 / 600)
    assert flood.level == pytest.approx(0, abs=1e-9)
    assert outlook(Traffic(10, 60, 3600), 580, 3600).level == pytest.approx(1 - 20 / 600, abs=0.002)
    assert 600 < servers_for(Traffic(10, 60), 0.8, 20) < 650
    with pytest.raises(OverflowError):
        servers_for(Traffic(1e6, 1000), 0.8, 20)
