from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                               | bo         | sue crm
waiting   | NOT_HOLDER                        | NOT_HOLDER | case_updated waiting queue:mixed 0
offered   | WRONG_STATE                       | NOT_HOLDER | case_updated offered queue:mixed 1
active    | case_updated active agent:ana 1   | NOT_HOLDER | case_updated active agent:ana 1
parked    | case_updated parked agent:ana 0   | NOT_HOLDER | case_updated parked agent:ana 0
wrapping  | case_updated wrapping agent:ana 1 | NOT_HOLDER | case_updated wrapping agent:ana 1
closed    | WRONG_STATE                       | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                        | NOT_HOLDER | WRONG_STATE
"""


@cells(TABLE)
async def test_update_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "update_case", state, actor, outcome, priority=1)


async def test_a_new_card_replaces_only_the_fields_it_names(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await watched.steer("producer", "update", "one", card='{"customer":"c-7"}', data='{"x":1}')
    found = await watched.case("one")
    assert (found["card"], found["data"]) == ({"subject": "subject of one", "customer": "c-7"}, {"x": 1})
    (event,) = await watched.events("case_updated")
    assert event["card"] == found["card"]


async def test_another_priority_keeps_the_age(watched: WatchedEngine) -> None:
    for case in ("old", "new"):
        await watched.submit(case)
        watched.now += 1000
    for priority, line in ((7, ["old", "new"]), (5, ["new", "old"]), (7, ["old", "new"])):
        await watched.steer("producer", "update", "new", priority=priority)
        await watched.steer("producer", "update", "old", priority=6 if priority == 5 else 7)
        assert await watched.line("support") == line
