import pytest

from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | crm
waiting   | case_abandoned abandoned none 0
offered   | case_abandoned abandoned none 0
active    | WAS_OWNED
parked    | WAS_OWNED
wrapping  | WAS_OWNED
closed    | WRONG_STATE
cancelled | WRONG_STATE
"""


@cells(TABLE)
async def test_abandon_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "abandon_case", state, actor, outcome)


@pytest.mark.parametrize("verb", ["return", "transfer"])
async def test_a_case_that_came_back_to_a_line_was_owned_all_the_same(watched: WatchedEngine, verb: str) -> None:
    args = {"return": {"reason": "r", "place": "keep"}, "transfer": {"queue": "billing"}}[verb]
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await watched.act("ana", verb, "one", **args)
    assert (await watched.refusal(watched.steer("producer", "abandon", "one"))).code == "WAS_OWNED"


async def test_an_offer_that_was_declined_was_no_ownership(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "decline", "one", reason="busy")
    assert (await watched.steer("producer", "abandon", "one"))["state"] == "abandoned"


async def test_whoever_it_rang_at_gets_the_next_case(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.submit("two")
    await watched.steer("producer", "abandon", "one")
    assert await watched.offers("ana") == ["two"]
