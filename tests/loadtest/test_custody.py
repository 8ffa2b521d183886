from typing import Any

from loadtest.harness.custody import Custody, Event, Found

RING_MS, GRACE_MS = 30_000, 5000
QUEUED = {"type": "case_queued", "state": "waiting", "owner": "queue:q", "baton": "b1"}


def found_in(*events: dict[str, Any], seen: set[str] | None = None) -> Found:
    """What custody finds in events of case c and agent a, each a second after the one before unless it says when."""
    custody = Custody(seen or set(), grace_ms=GRACE_MS, ring_ms=RING_MS)
    for number, event in enumerate(events):
        case = {} if event["type"] == "agent_presence_changed" else {"case": "c"}
        custody.see(Event(**{"at_ms": number * 1000, **case, **event}))
    return custody.end()


def presence(presence: str, at_ms: int) -> dict[str, Any]:
    return {"type": "agent_presence_changed", "agent": "a", "presence": presence, "at_ms": at_ms}


def offered(at_ms: int = 1000, **fields: Any) -> dict[str, Any]:
    before = {"state_before": "waiting", "owner_before": "queue:q"}
    offer = {"type": "case_offered", "state": "offered", "owner": "queue:q", "agent": "a", "baton": "b2"}
    return {**offer, **before, "at_ms": at_ms, **fields}


def back(kind: str, at_ms: int, **fields: Any) -> dict[str, Any]:
    waits = {"state": "waiting", "owner": "queue:q", "state_before": "offered", "owner_before": "queue:q"}
    return {"type": kind, "baton": "b3", "at_ms": at_ms, **waits, **fields}


def accepted(at_ms: int = 2000, **fields: Any) -> dict[str, Any]:
    active = {"state": "active", "owner": "agent:a", "agent": "a", "state_before": "offered", "owner_before": "queue:q"}
    return {"type": "case_accepted", "baton": "b3", "at_ms": at_ms, **active, **fields}


def closed(**fields: Any) -> dict[str, Any]:
    before = {"state_before": "active", "owner_before": "agent:a"}
    return {"type": "case_closed", "state": "closed", "owner": "none", "baton": "b4", "at_ms": 3000, **before, **fields}


def test_a_life_without_fault() -> None:
    found = found_in(QUEUED, offered(), accepted(), closed())
    assert (found.cases, found.offers, found.open.total()) == (1, 1, 0)
    assert (found.two_owners, found.batons_twice, found.offers_lost, found.falsely_revoked) == (0, 0, 0, 0)


def test_a_case_that_goes_on_from_somebody_else_had_two_owners() -> None:
    assert found_in(QUEUED, offered(), accepted(), closed(owner_before="agent:b")).two_owners == 1
    assert found_in(QUEUED, offered(), accepted(state_before="waiting")).two_owners == 1


def test_a_baton_that_comes_again_is_noticed_and_one_that_stays_is_not() -> None:
    assert found_in(QUEUED, offered(baton="b1", state="waiting")).batons_twice == 0
    assert found_in(QUEUED, offered(), accepted(baton="b1")).batons_twice == 1


def test_what_has_not_ended_is_open() -> None:
    assert found_in(QUEUED, offered()).open == {"offered": 1}


def test_an_offer_that_rang_to_its_end_unseen_at_an_agent_who_was_there_is_lost() -> None:
    ring = (QUEUED, offered(), back("offer_expired", 31_000))
    assert found_in(*ring).offers_lost == 1
    assert found_in(*ring, seen={"b2"}).offers_lost == 0
    assert found_in(*ring[:2], presence("grace", 30_000), ring[2]).offers_lost == 0
    assert found_in(*ring).expired == 1


def revoked_after(away_ms: int, *, reason: str = "agent_lost", offered_at_ms: int = 1000) -> int:
    away = presence("grace", 10_000)
    taken = back("offer_revoked", 10_000 + away_ms, reason=reason)
    return found_in(QUEUED, offered(offered_at_ms), away, taken).falsely_revoked


def test_an_offer_may_be_revoked_once_its_agent_was_away_for_the_grace_time() -> None:
    assert revoked_after(5000) == 0
    assert revoked_after(4999) == 1


def test_an_offer_that_rings_to_its_end_while_its_agent_is_away_is_revoked_rightly() -> None:
    assert revoked_after(3000, offered_at_ms=-17_000) == 0
    assert revoked_after(3000, offered_at_ms=-16_999) == 1


def test_an_agent_who_was_back_has_not_been_away() -> None:
    gone = (presence("grace", 2000), presence("connected", 3000), presence("grace", 7000))
    taken = back("offer_revoked", 8000, reason="agent_lost")
    assert found_in(QUEUED, offered(), *gone, taken).falsely_revoked == 1


def test_what_somebody_took_back_on_purpose_is_no_loss() -> None:
    assert revoked_after(0, reason="agent_busy") == 0
