import asyncio

from casebaton.client import CaseBrief, OwnedCase
from casebaton.replay.cast import Owner
from casebaton.replay.ledger import Ledger
from tests.client.conftest import Stage
from tests.client.peer import a_case, a_snapshot


def brief(case: str, revision: int) -> CaseBrief:
    return CaseBrief(case=case, state="active", owner="agent:ana", agent="ana", revision=revision)


async def test_an_owner_moves_a_case_once_its_desk_shows_what_the_last_answer_told(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "parked", baton="before")))
    resuming = asyncio.create_task(Owner(client, Ledger(3)).on_own(brief("c-1", 2), OwnedCase.resume))
    await asyncio.sleep(0)  # it has looked at its desk
    await peer.event("case_updated", a_case("c-1", "parked", revision=2, baton="since"), state_before="parked")
    command = await peer.command()
    assert (command["type"], command["baton"]) == ("resume_case", "since")
    await peer.reply(command, a_case("c-1", "active", revision=3, baton="resumed"))
    answered = await resuming
    assert (answered.state, answered.baton, answered.revision) == ("active", "resumed", 3)


async def test_who_was_too_fast_tries_again_before_anything_else(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active"), a_case("c-2", "active")))
    ana = Owner(client, Ledger(3))
    both = asyncio.gather(*(ana.on_own(brief(case, 1), OwnedCase.complete) for case in ("c-1", "c-2")))
    first = await peer.command()
    await peer.refuse(first, "TOO_FAST", retryable=True)
    again = await peer.command()
    await peer.reply(again, {"case": "c-1"})
    then = await peer.command()
    await peer.reply(then, {"case": "c-2"})
    await both
    assert [command["case"] for command in (first, again, then)] == ["c-1", "c-1", "c-2"]
