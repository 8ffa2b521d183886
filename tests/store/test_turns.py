"""Whose turn it is when one and the same command sets several free."""

from tests.engine import BASIC
from tests.store.soundness import WatchedEngine as Engine
from tests.store.soundness import read

OWN = BASIC.replace("[queues.support]", "[queues.support]\nexclusion_s = 0")
COUNTED = (
    BASIC.replace("[queues.support]", '[queues.support]\nchoice = "least_active"') + "[workspace]\noffer_limit = 2\n"
)


async def test_who_returns_a_case_gets_the_better_one_that_fits_by_now(watched: Engine) -> None:
    await watched.apply(OWN)
    await watched.add_agent("ana", room=2)
    await watched.submit("light")
    await watched.act("ana", "accept", "light")
    await watched.submit("heavy", priority=0, cost=2)
    assert await watched.waits("heavy")

    await watched.act("ana", "return", "light", reason="not_mine", place="keep")

    assert await watched.offers("ana") == ["heavy"]
    assert await watched.waits("light")


async def test_who_returns_a_case_gets_it_again_when_nothing_better_waits(watched: Engine) -> None:
    await watched.apply(OWN)
    await watched.add_agent("ana", room=2)
    await watched.submit("light", priority=0)
    await watched.act("ana", "accept", "light")
    await watched.submit("heavy", cost=2)

    await watched.act("ana", "return", "light", reason="not_mine", place="keep")

    assert await watched.offers("ana") == ["light"]


async def test_whose_cool_down_ends_gets_the_better_case_although_another_comes_back(watched: Engine) -> None:
    await watched.add_agent("ana")
    await watched.submit("urgent", priority=0)
    await watched.act("ana", "decline", "urgent", reason="busy")
    await watched.advance(30)
    await watched.set_status("ana", "busy")
    await watched.add_agent("bo")
    await watched.submit("plain")
    await watched.act("bo", "decline", "urgent", reason="busy")
    assert await watched.offers("bo") == ["plain"]
    await watched.set_status("ana", "online")

    await watched.advance(60)  # bo misses `plain` at the very second in which Ana's cool-down ends

    assert await watched.offers("ana") == ["urgent"]
    assert await watched.waits("plain")


async def test_a_turn_counts_the_cases_in_hand_also_after_one_was_exchanged_for_another(watched: Engine) -> None:
    await watched.apply(COUNTED)
    await watched.add_agent("ana")
    await watched.submit("light")
    await watched.act("ana", "accept", "light")
    await watched.act("ana", "complete", "light")
    await watched.advance(by=1)
    await watched.add_agent("bo", room=1)
    await watched.submit("first", cost=2)
    await watched.submit("second", cost=2)
    assert await watched.offers("ana") == ["first"]

    await watched.steer("supervisor", "revoke", "first", reason="needed")
    assert await watched.offers("ana") == ["second"]
    await watched.submit("third")

    assert await watched.offers("bo") == ["third"]


async def test_who_returns_a_case_gets_it_again_when_nothing_else_waits(watched: Engine) -> None:
    await watched.apply(OWN)
    await watched.add_agent("ana", room=2)
    await watched.submit("light")
    await watched.act("ana", "accept", "light")

    await watched.act("ana", "return", "light", reason="not_mine", place="keep")

    assert await watched.offers("ana") == ["light"]


async def test_a_better_case_comes_before_the_own_one_that_only_its_returner_may_have(watched: Engine) -> None:
    await watched.apply(OWN)
    await watched.add_agent("ana", room=2)
    await watched.submit("light", required_agent="ana")
    await watched.act("ana", "accept", "light")
    await watched.submit("heavy", priority=0, cost=2)

    await watched.act("ana", "return", "light", reason="not_mine", place="keep")

    assert await watched.offers("ana") == ["heavy"]


async def test_of_two_cases_of_one_instant_the_lower_id_comes_first_whatever_their_classes(watched: Engine) -> None:
    await watched.submit("b", cost=2)
    await watched.submit("a", cost=1)
    await watched.submit("d", cost=1)
    await watched.submit("c", cost=2)
    await watched.add_agent("ana")
    assert await watched.offers("ana") == ["a"]
    await watched.add_agent("bo")
    assert await watched.offers("bo") == ["b"]
    await watched.add_agent("cy")
    assert await watched.offers("cy") == ["c"]


async def test_a_class_is_not_left_to_timers_for_a_single_cool_down(watched: Engine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="busy")
    await watched.set_status("ana", "busy")
    await watched.set_status("ana", "online")
    assert (await read(watched)).class_states() == {"support/case/i1/-/*": "open"}
