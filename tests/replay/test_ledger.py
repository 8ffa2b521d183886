from casebaton.client import Event
from casebaton.client.events import Held
from casebaton.replay.ledger import Ledger


def moved(revision: int, owner: str, before: str, *, load: int = 0) -> Event:
    held = (Held(agent="ana", interruptible=load),) if load else ()
    return Event(
        type="case_x", log_seq=revision, case="c-1", state="active", revision=revision, owner=owner,
        owner_before=before, held=held,
    )  # fmt: skip


def test_a_case_that_goes_from_hand_to_hand_is_owned_by_one() -> None:
    ledger = Ledger(3)
    ledger.saw(moved(4, "queue:support", "agent:ana"))
    ledger.saw(moved(3, "agent:ana", "queue:support"))
    ledger.saw(moved(3, "agent:ana", "queue:support"))
    ledger.claimed("ana", "c-1", 3)
    assert (ledger.double_owned, ledger.last_revision("c-1")) == (0, 4)


def test_two_agents_who_are_told_the_same_are_noticed() -> None:
    ledger = Ledger(3)
    ledger.claimed("ana", "c-1", 3)
    ledger.claimed("bo", "c-1", 3)
    assert ledger.double_owned == 1


def test_a_claim_that_the_events_deny_is_noticed() -> None:
    ledger = Ledger(3)
    ledger.saw(moved(3, "agent:bo", "queue:support"))
    ledger.claimed("ana", "c-1", 3)
    assert ledger.double_owned == 1


def test_two_stories_of_one_revision_are_noticed() -> None:
    ledger = Ledger(3)
    ledger.saw(moved(3, "agent:ana", "queue:support"))
    ledger.saw(moved(3, "agent:bo", "queue:support"))
    assert ledger.double_owned == 1


def test_an_owner_who_lost_the_case_without_a_word_is_noticed() -> None:
    ledger = Ledger(3)
    ledger.saw(moved(3, "agent:ana", "queue:support"))
    ledger.saw(moved(4, "agent:bo", "queue:support"))
    assert ledger.double_owned == 1


def test_too_much_work_is_counted_once_however_many_see_it() -> None:
    ledger = Ledger(3)
    for load in (3, 4, 4):
        ledger.saw(moved(load, "agent:ana", "queue:support", load=load))
    assert ledger.over_capacity == 1


def test_a_claim_whose_event_nobody_heard_counts_for_what_comes_next() -> None:
    ledger = Ledger(3)
    ledger.claimed("ana", "c-1", 3)
    assert ledger.double_owned == 0
    ledger.saw(moved(4, "queue:support", "agent:ana"))
    assert ledger.double_owned == 0
    ledger.saw(moved(4, "queue:support", "agent:bo"))
    assert ledger.double_owned == 1
