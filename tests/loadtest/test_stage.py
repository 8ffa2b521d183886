from loadtest.harness.stage import StoreFigures, StoreUse, use_between

BEFORE = StoreFigures("a", scripts=100, script_us=5000.0, journal_bytes=10_000)


def test_what_the_store_did_is_the_difference_of_its_counters() -> None:
    after = StoreFigures("a", scripts=150, script_us=9000.0, journal_bytes=12_000)
    assert use_between(BEFORE, after) == StoreUse(50, 4000.0, 2000)


def test_after_a_restart_nothing_can_be_told() -> None:
    assert use_between(BEFORE, StoreFigures("b", 900, 90_000.0, 90_000)) == StoreUse(None, None, None)


def test_a_journal_that_was_rewritten_does_not_tell_what_was_written() -> None:
    after = StoreFigures("a", scripts=150, script_us=9000.0, journal_bytes=1000)
    assert use_between(BEFORE, after).journal_bytes is None
