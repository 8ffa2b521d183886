"""State tables: what a command does in every state of a case, for every kind of actor.

A cell is a refusal code, or what comes out: the event, then the case's state and owner, then the units that Ana holds.
"""

from typing import Any

import pytest

from casebaton.store.events import KEEPS_BATON
from tests.engine import Engine

ROLES = {"ana": "agent", "bo": "agent", "sue": "supervisor", "crm": "producer"}
STATES = ("waiting", "offered", "active", "parked", "wrapping", "closed", "cancelled")


def cells(table: str) -> pytest.MarkDecorator:
    """Parametrize a test over `(state, actor, outcome)`: a row per state, a column per actor or for several alike."""
    (_, *actors), *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    assert tuple(row[0] for row in rows) == STATES
    found = [
        pytest.param(state, actor, outcome, id=f"{state}-{actor}")
        for state, *outcomes in rows
        for column, outcome in zip(actors, outcomes, strict=True)
        for actor in column.split()
    ]
    return pytest.mark.parametrize(("state", "actor", "outcome"), found)


async def reach(engine: Engine, state: str) -> None:
    """Bring case `one` of queue mixed into a state: Ana is who gets it, Bo a colleague without room."""
    await engine.add_agent("bo", queues=["mixed"], capacity=0, room=0)
    await engine.add_agent("ana", queues=["mixed"])
    if state in ("waiting", "cancelled"):
        await engine.set_status("ana", "busy")
    await engine.submit("one", "mixed")
    if state in ("active", "parked", "wrapping", "closed"):
        await engine.act("ana", "accept", "one")
    if state in ("wrapping", "cancelled"):
        await engine.steer("producer", "cancel", "one", reason="withdrawn")
    if state == "parked":
        await engine.act("ana", "park", "one")
    if state == "closed":
        await engine.act("ana", "complete", "one")
    assert (await engine.case("one"))["state"] == state


async def check(engine: Engine, command: str, state: str, actor: str, outcome: str, **args: Any) -> None:
    """Run the command on case `one` in this state as this actor, with its present baton; compare with the cell."""
    await reach(engine, state)
    engine.now += 1000
    before, events = await engine.dump(), len(await engine.events())
    baton = (await engine.case("one"))["baton"]
    call = engine.run(command, (ROLES[actor], actor), case="one", baton=baton, **args)
    if " " not in outcome:
        assert (await engine.refusal(call)).code == outcome
        assert await engine.dump() == before
        return
    answer = await call
    event, after, owner, units = outcome.split()
    case = await engine.case("one")
    assert (case["state"], case["owner"]) == (after, owner)
    assert (answer["state"], answer["owner"], answer["baton"]) == (after, owner, case["baton"])
    assert await engine.load("ana") == (int(units), 3)
    (written,) = (await engine.events())[events:]
    assert (written["type"], written["state"], written["state_before"]) == (event, after, state)
    assert (written["actor"], written["cause"]) == (f"{ROLES[actor]}:{actor}", command)
    assert written["revision"] == case["revision"]
    assert (written["baton"] == baton) == (event in KEEPS_BATON)
