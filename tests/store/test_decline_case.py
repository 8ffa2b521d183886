from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | ana                                 | bo sue crm
waiting   | NOT_HOLDER                          | NOT_HOLDER
offered   | case_declined waiting queue:mixed 0 | NOT_HOLDER
active    | WRONG_STATE                         | NOT_HOLDER
parked    | WRONG_STATE                         | NOT_HOLDER
wrapping  | WRONG_STATE                         | NOT_HOLDER
closed    | WRONG_STATE                         | NOT_HOLDER
cancelled | NOT_HOLDER                          | NOT_HOLDER
"""


@cells(TABLE)
async def test_decline_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "decline_case", state, actor, outcome, reason="busy")
