from tests.engine import Engine
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                              | bo sue crm
waiting   | NOT_HOLDER                       | NOT_HOLDER
offered   | case_accepted active agent:ana 1 | NOT_HOLDER
active    | WRONG_STATE                      | NOT_HOLDER
parked    | WRONG_STATE                      | NOT_HOLDER
wrapping  | WRONG_STATE                      | NOT_HOLDER
closed    | WRONG_STATE                      | NOT_HOLDER
cancelled | NOT_HOLDER                       | NOT_HOLDER
"""


@cells(TABLE)
async def test_accept_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "accept_case", state, actor, outcome)


async def test_who_only_bears_the_holders_name_does_not_hold_the_case(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    baton = (await watched.case("one"))["baton"]
    for role in ("supervisor", "producer", "admin"):
        refused = await watched.refusal(watched.run("accept_case", (role, "ana"), case="one", baton=baton))
        assert refused.code == "NOT_HOLDER"


async def test_the_baton_any_is_not_for_agents(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    assert (await watched.refusal(watched.act("ana", "accept", "one", baton="any"))).code == "STALE_BATON"


async def test_whoever_steers_under_the_name_of_the_agent_is_not_the_agent(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    baton = (await watched.case("one"))["baton"]
    refused = await watched.refusal(watched.run("accept_case", ("supervisor", "ana"), case="one", baton=baton))
    assert refused.code == "NOT_HOLDER"
