from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                             | bo sue crm
waiting   | NOT_HOLDER                      | NOT_HOLDER
offered   | WRONG_STATE                     | NOT_HOLDER
active    | case_closed closed none 0       | NOT_HOLDER
parked    | case_closed closed none 0     | NOT_HOLDER
wrapping  | case_cancelled cancelled none 0 | NOT_HOLDER
closed    | WRONG_STATE                     | NOT_HOLDER
cancelled | NOT_HOLDER                      | NOT_HOLDER
"""


@cells(TABLE)
async def test_complete_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "complete_case", state, actor, outcome, disposition="solved")
