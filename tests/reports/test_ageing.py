"""What is under way, and for how long already."""

import pytest

from casebaton.errors import Invalid
from casebaton.history.schema import live
from casebaton.reports.ageing import report
from casebaton.reports.answer import Answer
from tests.reports.world import HOUR, MINUTE, NOW_MS, SECOND, Kept


def _live(
    case: str, state: str, since: int, *, age: int | None = None, quiet: int = 0, **more: object
) -> dict[str, object]:
    """A case whose present stay or ownership has lasted so long."""
    return {
        "kind": "case",
        "name": case,
        "state": state,
        "record": b"",
        "since_ms": NOW_MS - since,
        "requested_at_ms": NOW_MS - (age or since),
        "touched_at_ms": NOW_MS - quiet,
        **more,
    }


@pytest.fixture
def busy(kept: Kept) -> Kept:
    kept.add(
        live,
        _live("c-1", "waiting", 30 * SECOND),
        _live("c-2", "waiting", MINUTE, age=9 * HOUR),
        _live("c-3", "offered", MINUTE + 1, agent="ana", team="north"),
        _live("c-4", "waiting", 30 * 24 * HOUR, queue="support"),
        _live("c-5", "active", 2 * HOUR, quiet=25 * HOUR, agent="ana", team="north"),
        _live("c-6", "active", 2 * HOUR, quiet=23 * HOUR, agent="ana", team="north"),
        _live("c-7", "parked", 26 * HOUR, quiet=26 * HOUR, agent="ana", team="north"),
        _live("c-8", "wrapping", MINUTE, agent="bo", team="south"),
        {"kind": "queue", "name": "billing", "state": "open", "record": b""},
        {"kind": "agent", "name": "ana", "state": "online", "record": b"", "agent": "ana", "since_ms": 0},
    )
    return kept


def _ask(kept: Kept, **given: str) -> Answer:
    with kept.connect() as connection:
        return report(connection, kept.ask(**given))


def _numbers(row: dict[str, object], *names: str) -> list[object]:
    return [row.get(name) for name in names]


def test_the_line_has_its_ages_and_its_oldest(busy: Kept) -> None:
    billing, support = _ask(busy, by="queue").rows
    assert _numbers(billing, "waiting", "offered", "in_line_1m", "in_line_5m", "in_line_15m") == [2, 1, 2, 1, 0]
    assert _numbers(billing, "oldest_wait_ms", "oldest_age_ms") == [MINUTE + 1, 9 * HOUR]
    assert _numbers(support, "waiting", "in_line_7d", "in_line_longer", "active") == [1, 0, 1, 0]
    assert "oldest_owned_ms" not in support


def test_so_has_what_is_in_hand_and_what_nobody_touches(busy: Kept) -> None:
    ana, bo = (row for row in _ask(busy, by="agent").rows if row["agent"])
    assert _numbers(ana, "active", "parked", "owned_4h", "owned_1d", "owned_7d", "idle_owned") == [2, 1, 2, 0, 1, 1]
    assert ana["oldest_owned_ms"] == 26 * HOUR
    assert _numbers(bo, "wrapping", "owned_1m", "idle_owned") == [1, 1, 0]
    assert _ask(busy, idle_s=str(22 * 3600)).total["idle_owned"] == 2


def test_all_of_it_is_the_total(busy: Kept) -> None:
    assert _numbers(_ask(busy).total, "waiting", "active", "oldest_wait_ms") == [3, 2, 30 * 24 * HOUR]
    assert _ask(busy, team="south").total["wrapping"] == 1


def test_idle_seconds_are_a_number(busy: Kept) -> None:
    with pytest.raises(Invalid, match="idle_s: "):
        _ask(busy, idle_s="soon")
