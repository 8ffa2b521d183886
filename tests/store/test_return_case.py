import pytest

from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                                 | bo         | sue crm
waiting   | NOT_HOLDER                          | NOT_HOLDER | WRONG_STATE
offered   | WRONG_STATE                         | NOT_HOLDER | WRONG_STATE
active    | case_returned waiting queue:mixed 0 | NOT_HOLDER | case_returned waiting queue:mixed 0
parked    | case_returned waiting queue:mixed 0 | NOT_HOLDER | case_returned waiting queue:mixed 0
wrapping  | case_returned waiting queue:mixed 0 | NOT_HOLDER | case_returned waiting queue:mixed 0
closed    | WRONG_STATE                         | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                          | NOT_HOLDER | WRONG_STATE
"""


@cells(TABLE)
async def test_return_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "return_case", state, actor, outcome, reason="not_mine", place="keep")


@pytest.mark.parametrize("verb", ["return", "complete", "transfer"])
async def test_work_that_ends_sends_its_agent_to_the_end_of_the_idle_line(watched: WatchedEngine, verb: str) -> None:
    args = {"return": {"reason": "r", "place": "keep"}, "transfer": {"queue": "billing"}, "complete": {}}[verb]
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    watched.now += 1000
    await watched.act("ana", verb, "one", **args)
    assert (await watched.agent("ana"))["agent"]["idle_at_ms"] == watched.now
