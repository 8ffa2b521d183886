from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | sue crm
waiting   | case_cancelled cancelled none 0
offered   | case_cancelled cancelled none 0
active    | case_wrapping wrapping agent:ana 1
parked    | case_cancelled cancelled none 0
wrapping  | WRONG_STATE
closed    | WRONG_STATE
cancelled | WRONG_STATE
"""


@cells(TABLE)
async def test_cancel_case_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "cancel_case", state, actor, outcome, reason="withdrawn")
