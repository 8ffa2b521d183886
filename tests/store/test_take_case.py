import asyncio

from casebaton.errors import Refused
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                           | bo      | sue           | crm
waiting   | case_taken active agent:ana 1 | NO_ROOM | UNKNOWN_AGENT | UNKNOWN_AGENT
offered   | OFFERED                       | OFFERED | OFFERED       | OFFERED
active    | TAKEN                         | TAKEN   | TAKEN         | TAKEN
parked    | TAKEN                         | TAKEN   | TAKEN         | TAKEN
wrapping  | TAKEN                         | TAKEN   | TAKEN         | TAKEN
closed    | TAKEN                         | TAKEN   | TAKEN         | TAKEN
cancelled | TAKEN                         | TAKEN   | TAKEN         | TAKEN
"""


@cells(TABLE)
async def test_take_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "take_case", state, actor, outcome)


async def test_of_many_who_take_at_once_one_wins_and_each_loser_is_told_the_owner(engine: Engine) -> None:
    agents = [f"a-{n}" for n in range(12)]
    for agent in agents:
        await engine.add_agent(agent, queues=["pool"])
    await engine.submit("one", "pool")
    baton = (await engine.case("one"))["baton"]
    results = await asyncio.gather(
        *(engine.act(agent, "take", "one", baton=baton) for agent in agents), return_exceptions=True
    )
    refusals = [result for result in results if isinstance(result, Refused)]
    owner = (await engine.case("one"))["owner"]
    assert {(refusal.code, refusal.current["owner"]) for refusal in refusals} == {("TAKEN", owner)}
    assert len(refusals) == 11
    assert len(await engine.events("case_taken")) == 1


async def test_whom_a_case_requires_may_take_it(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    await watched.submit("one", "pool", required_agent="ana")
    await watched.act("ana", "take", "one")
    assert await watched.desk("ana") == ["one"]


async def test_skills_count_only_where_the_queue_says_so(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["pool"])
    await watched.submit("one", "pool", skills="german=1")
    await watched.act("ana", "take", "one")
    assert await watched.desk("ana") == ["one"]


async def test_who_has_the_skills_may_take_where_they_count(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace('mode = "pull"', 'mode = "pull"\ntake_needs_skills = true'))
    await watched.add_agent("ana", queues=["pool"], skills="german=1")
    await watched.submit("one", "pool", skills="german=1")
    await watched.act("ana", "take", "one")
    assert await watched.desk("ana") == ["one"]
