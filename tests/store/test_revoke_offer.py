from tests.store.soundness import WatchedEngine
from tests.store.tables import cells, check

TABLE = """
state     | sue
waiting   | WRONG_STATE
offered   | offer_revoked waiting queue:mixed 0
active    | WRONG_STATE
parked    | WRONG_STATE
wrapping  | WRONG_STATE
closed    | WRONG_STATE
cancelled | WRONG_STATE
"""


@cells(TABLE)
async def test_revoke_offer_in_every_state(watched: WatchedEngine, state: str, actor: str, outcome: str) -> None:
    await check(watched, "revoke_offer", state, actor, outcome, reason="vip")
