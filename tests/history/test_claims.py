"""Who writes a workspace's history: one at a time, with takeover, by one's own clock."""

import pytest
from sqlalchemy import Engine

from casebaton.history.claims import SILENT_AFTER_S, Claims
from casebaton.history.migrate import migrate
from tests.history.kinds import on_both

pytestmark = on_both


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock(history: Engine) -> Clock:
    """A clock, beside a history whose tables are there."""
    migrate(history)
    return Clock()


def test_the_first_who_looks_writes_all_and_the_next_waits(history: Engine, clock: Clock) -> None:
    first, second = Claims(history, clock=clock), Claims(history, clock=clock)
    assert first.look(["a", "b"]) == {"a", "b"}
    assert second.look(["a", "b"]) == set()
    assert second.look(["a", "b", "c"]) == {"c"}
    assert first.look(["a", "b", "c"]) == {"a", "b"}


def test_who_stands_still_is_taken_over_and_finds_out(history: Engine, clock: Clock) -> None:
    first, second = Claims(history, clock=clock), Claims(history, clock=clock)
    first.look(["a"])
    second.look(["a"])
    clock.now += SILENT_AFTER_S - 1
    assert second.look(["a"]) == set()
    clock.now += 1
    assert second.look(["a"]) == {"a"}
    assert first.look(["a"]) == set()
    assert second.look(["a"]) == {"a"}


def test_who_beats_is_not_taken_over(history: Engine, clock: Clock) -> None:
    first, second = Claims(history, clock=clock), Claims(history, clock=clock)
    for _ in range(5):
        assert first.look(["a"]) == {"a"}
        assert second.look(["a"]) == set()
        clock.now += SILENT_AFTER_S


def test_what_is_let_go_is_taken_at_once(history: Engine, clock: Clock) -> None:
    first, second = Claims(history, clock=clock), Claims(history, clock=clock)
    first.look(["a"])
    second.look(["a"])
    first.let_go()
    assert second.look(["a"]) == {"a"}


def test_of_two_who_see_the_same_silence_one_takes_over(history: Engine, clock: Clock) -> None:
    silent, *others = (Claims(history, clock=clock) for _ in range(3))
    silent.look(["a"])
    for claims in others:
        claims.look(["a"])
    clock.now += SILENT_AFTER_S
    assert [claims.look(["a"]) for claims in others] == [{"a"}, set()]
