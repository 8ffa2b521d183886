"""Random commands from everybody at once, all invariants checked after each.

A failure prints its steps, and a blob that repeats them.
"""

import pytest

from tests.store.machine.dispatch import explore


def test_the_invariants_hold_whatever_comes(redis_url: str) -> None:
    explore(
        redis_url, examples=100, steps=60, is_random=False
    )  # the same steps each time; the nightly run looks for others


def test_the_invariants_hold_while_kinds_of_work_come_and_go(redis_url: str) -> None:
    explore(redis_url, examples=25, steps=60, is_random=False, is_hasty=True)


@pytest.mark.nightly
def test_the_invariants_hold_for_twenty_thousand_steps(redis_url: str) -> None:
    explore(redis_url, examples=450, steps=100, is_random=True)  # a run takes about half of the steps it may
