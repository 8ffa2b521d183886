"""Cases that have ended, by what stands on them."""

import pytest

from casebaton.history.schema import ownerships, visits
from casebaton.history.words import customer_key
from casebaton.reports import ended
from casebaton.reports.asked import Within
from casebaton.reports.ended import EndedCases, find_ended
from tests.reports.world import Kept, at

BEGUN = dict.fromkeys(("created_at_ms", "requested_at_ms", "arrived_at_ms"), at("2026-11-25T09:00"))
TIMES = {"target_ms": 20_000, "open_wait_ms": 0, "active_ms": 1, "parked_ms": 0, "wrap_up_ms": 0, "away_ms": 0}


def _end(kept: Kept, case: str, when: str, *, customer: str = "", **fields: object) -> None:
    known = {"customer": customer, "customer_key": customer_key(customer), "ended_how": "closed", "visit": 1}
    kept.add(visits, {"case_id": case, "ended_at_ms": at(when), **known, **BEGUN, **TIMES, **fields})


def _find(kept: Kept, text: str, limit: int = 20, within: Within | None = None) -> EndedCases:
    with kept.connect() as connection:
        return find_ended(connection, kept.workspace, text, limit, within)


def _cases(found: EndedCases) -> list[str]:
    return [item.case for item in found.items]


@pytest.fixture
def filled(kept: Kept) -> Kept:
    """Three cases that have ended, one of them twice, on three days."""
    _end(kept, "c-1", "2026-11-23T12:00", customer="Café Müller", subject="The lamp is dark", queue="billing")
    _end(kept, "c-2", "2026-11-24T12:00", customer="acme", subject="A lamp for 100%", agent="ana", disposition="solved")
    _end(kept, "c-3", "2026-11-24T18:00", customer="acme", subject="An invoice", queue="support")
    _end(kept, "c-1", "2026-11-25T12:00", customer="Café Müller", subject="The lamp is dark again", visit=9)
    return kept


def test_words_are_found_wherever_they_stand_the_newest_first_and_each_case_once(filled: Kept) -> None:
    assert _cases(_find(filled, "lamp")) == ["c-1", "c-2"]
    assert _find(filled, "lamp").items[0].subject == "The lamp is dark again"
    assert _cases(_find(filled, "MULLER dark")) == ["c-1"]
    assert _cases(_find(filled, "support")) == ["c-3"]
    assert _cases(_find(filled, "100%")) == ["c-2"]
    assert _cases(_find(filled, "lamp invoice")) == []
    assert _cases(_find(filled, " \t")) == []


def test_an_item_says_how_it_ended(filled: Kept) -> None:
    [found] = _find(filled, "c-2").items
    assert (found.customer, found.agent, found.disposition, found.ended_how) == ("acme", "ana", "solved", "closed")
    assert (found.arrived_at_ms, found.ended_at_ms) == (at("2026-11-25T09:00"), at("2026-11-24T12:00"))


def test_more_are_told_of(filled: Kept) -> None:
    assert (_cases(_find(filled, "lamp", limit=1)), _find(filled, "lamp", limit=1).more) == (["c-1"], True)
    assert not _find(filled, "lamp", limit=2).more
    assert _cases(_find(filled, "acme", limit=1)) == ["c-3"]
    assert _find(filled, "acme", limit=1).more


def test_the_whole_id_and_the_whole_customer_are_found_behind_what_is_looked_at(
    filled: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended, "MOST_LOOKED_AT", 1)
    assert _cases(_find(filled, "c-2")) == ["c-2"]
    assert _cases(_find(filled, "acme")) == ["c-3", "c-2"]
    assert _cases(_find(filled, "invoice")) == []
    assert _find(filled, "invoice").back_to_ms == at("2026-11-25T12:00")
    monkeypatch.setattr(ended, "MOST_LOOKED_AT", 5)
    assert _find(filled, "invoice").back_to_ms is None


def test_a_scope_sees_what_came_into_its_queues_or_was_its_teams(filled: Kept) -> None:
    assert _cases(_find(filled, "acme", within=Within(queues=("support",)))) == ["c-3"]
    assert _cases(_find(filled, "acme", within=Within(teams=("north",)))) == []
    lasted = dict.fromkeys(("began_at_ms", "ended_at_ms", "active_ms", "parked_ms", "wrap_up_ms", "away_ms"), 1)
    filled.add(
        ownerships, {"case_id": "c-2", "visit": 1, "agent": "ana", "team": "north", "is_shared": False, **lasted}
    )
    assert _cases(_find(filled, "acme", within=Within(teams=("north",)))) == ["c-2"]
    assert _cases(_find(filled, "lamp", within=Within(teams=("north",)))) == ["c-2"]
