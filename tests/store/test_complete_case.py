from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                             | bo         | sue crm
waiting   | NOT_HOLDER                      | NOT_HOLDER | WRONG_STATE
offered   | WRONG_STATE                     | NOT_HOLDER | WRONG_STATE
active    | case_closed closed none 0       | NOT_HOLDER | case_closed closed none 0
parked    | case_closed closed none 0       | NOT_HOLDER | case_closed closed none 0
wrapping  | case_cancelled cancelled none 0 | NOT_HOLDER | case_cancelled cancelled none 0
closed    | WRONG_STATE                     | NOT_HOLDER | WRONG_STATE
cancelled | NOT_HOLDER                      | NOT_HOLDER | WRONG_STATE
"""


@cells(TABLE)
async def test_complete_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "complete_case", state, actor, outcome, disposition="solved")
