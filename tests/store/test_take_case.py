import asyncio

from casebaton.errors import Refused
from tests.engine import Engine
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
