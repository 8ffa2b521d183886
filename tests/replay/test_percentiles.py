from casebaton.replay.percentiles import percentiles


def test_they_are_samples_that_were_seen() -> None:
    assert percentiles([float(n) for n in range(1, 101)]) == {"p50": 50.0, "p99": 99.0, "max": 100.0}


def test_one_sample_is_all_of_them() -> None:
    assert percentiles([2.346]) == {"p50": 2.35, "p99": 2.35, "max": 2.35}


def test_without_samples_there_are_none() -> None:
    assert percentiles([]) == {"p50": None, "p99": None, "max": None}
