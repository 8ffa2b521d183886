"""Every refusal that a contract header names: provoked once, and nothing in the store has moved, not even the clock."""

import pytest

from casebaton.errors import Refused
from tests.engine import Engine
from tests.store.refusals import (  # noqa: F401  # importing them registers what they provoke
    agents,
    cases,
    configuration,
    queues,
    reads,
    scope,
    submits,
    takes,
    transfers,
)
from tests.store.refusals.provocation import CONTRACTS, PROVOCATIONS, VERBS


@pytest.mark.parametrize("pair", sorted(PROVOCATIONS), ids="-".join)
async def test_a_refusal_leaves_every_key_as_it_was(engine: Engine, pair: tuple[str, str]) -> None:
    command, code = pair
    call = await PROVOCATIONS[pair](engine)
    engine.now += 1000
    before = await engine.dump()

    refused = await engine.refusal(call)

    assert refused.code == code
    assert await engine.dump() == before
    if command in VERBS and code not in (
        "CASE_NOT_FOUND",
        "UNKNOWN_QUEUE",
        "UNKNOWN_AGENT",
        "UNKNOWN_SKILL",
        "TOO_MANY_CLASSES",
        "OUT_OF_SCOPE",
    ):
        assert refused.current.keys() >= {"case", "state", "owner", "baton", "revision"}


def test_every_refusal_of_every_contract_is_provoked() -> None:
    named = {(contract.name, code) for contract in CONTRACTS.values() for code in contract.errors}
    assert named == PROVOCATIONS.keys()


@pytest.mark.parametrize("command", sorted(name for name in CONTRACTS if "bare" not in CONTRACTS[name].flags))
async def test_without_a_workspace_every_command_is_refused(engine: Engine, command: str) -> None:
    with pytest.raises(Refused) as refused:
        await engine.store.run(command, "nowhere", ("agent", "ana"), command_id="t-1", now=engine.now)
    assert refused.value.code == "NO_SUCH_WORKSPACE"
    assert not await engine.store.redis.keys("{nowhere}:*")
