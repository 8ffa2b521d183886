from loadtest.generator.recorder import Recorder
from loadtest.histogram import merge


def test_only_what_began_within_the_measured_stretch_is_timed() -> None:
    recorder = Recorder(1.0, 2.0)
    recorder.begin_at = 100.0
    for began_at in (100.5, 101.0, 101.9, 102.0):
        recorder.latency("offer", began_at, began_at + 0.01)
    measured = recorder.measured()
    assert merge([measured.histograms["offer"]]).count == 2
    assert {second: merge([found]).count for second, found in measured.offers.items()} == {1: 2}


def test_what_came_before_the_load_is_counted_but_has_no_second() -> None:
    recorder = Recorder(0.0, 2.0)
    recorder.count("offered", 5.0)
    recorder.begin_at = 100.0
    recorder.count("offered", 100.5)
    recorder.count("offered", 101.5)
    measured = recorder.measured()
    assert measured.counts == {"offered": 3}
    assert measured.seconds == {"offered": {0: 1, 1: 1}}


def test_a_glimpse_of_a_second_in_which_nothing_was_offered_shows_nothing() -> None:
    assert Recorder(0.0, 1.0).offer_p99_ms(0) is None
