"""The life of an appointment, on the channel that `docs/appointments.md` shows."""

import re
from pathlib import Path

from tests.engine import Engine

PAGE = (Path(__file__).parents[2] / "docs" / "appointments.md").read_text()
TOML = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
HOUR = 3600
ANA, BO = ("agent", "ana"), ("agent", "bo")


def window(engine: Engine, begins_h: float, ends_h: float) -> str:
    """From and until so many hours after now, as the engine takes it."""
    return f"{engine.now + round(begins_h * HOUR) * 1000}-{engine.now + round(ends_h * HOUR) * 1000}"


async def prepare(engine: Engine) -> None:
    """Ana and Bo work in the field: online, and without a connection."""
    assert TOML is not None
    await engine.apply(TOML[1])
    for agent in ("ana", "bo"):
        await engine.add_agent(agent, queues=["field"])
        await engine.disconnect(agent)
        await engine.advance(by=30)


async def test_the_life_of_an_appointment(engine: Engine) -> None:
    await prepare(engine)
    first, clashing = window(engine, 24, 26), window(engine, 25, 27)

    # It rings at Ana, who is on the road, and she has four hours to answer. She takes half an hour.
    await engine.submit("boiler", "field", channel="appointment", window=first)
    assert await engine.offers("ana") == ["boiler"]
    await engine.advance(by=HOUR / 2, step_ms=60_000)
    assert (await engine.agent("ana"))["agent"]["presence"] == "gone"
    accepted = await engine.act("ana", "accept", "boiler")
    assert (await engine.case("boiler"))["stage"] == "scheduled"

    # Another one at the same time is for Bo, though Ana's turn is as good; he declines, and nobody is left.
    await engine.submit("heater", "field", channel="appointment", window=clashing)
    assert (await engine.offers("ana"), await engine.offers("bo")) == ([], ["heater"])
    await engine.act("bo", "decline", "heater", reason="too_far")
    assert await engine.waits("heater")
    assigning = engine.steer("supervisor", "assign", "heater", agent="ana")
    refused = await engine.refusal(assigning)
    assert (refused.code, refused.detail) == ("WINDOW_TAKEN", "ana has case boiler at that time")

    # Its customer can be there two hours later: Ana has the time, and owns both.
    await engine.steer("producer", "update", "heater", window=window(engine, 26, 28))
    assert await engine.offers("ana") == ["heater"]
    await engine.act("ana", "accept", "heater")

    # The work goes on step by step; what is planned wrongly a supervisor sets right.
    await engine.set_stage("boiler", "dispatched", ANA, baton=accepted["baton"])
    await engine.set_stage("boiler", "travelling", ANA)
    skipping = await engine.refusal(engine.set_stage("boiler", "completed", ANA))
    assert skipping.detail == "the stage is travelling: it may become in_progress, cannot_complete"
    await engine.set_stage("boiler", "dispatched", reason="van_broken")
    for stage in ("travelling", "in_progress", "completed"):
        await engine.set_stage("boiler", stage, ANA)
    assert (await engine.case("boiler"))["state"] == "closed"

    # At the other door nobody opens.
    await engine.set_stage("heater", "cannot_complete", ANA, reason="nobody_home")
    assert (await engine.case("heater"))["stage"] == "cannot_complete"

    page = await engine.run("read_history", ("supervisor", "sue"), command_id="", case="boiler", limit=50)
    told = [event["stage"] for event in reversed(page["items"]) if event.get("stage")]
    assert told == ["scheduled", "dispatched", "travelling", "dispatched", "travelling", "in_progress", "completed"]


async def test_an_offer_that_nobody_answers_for_four_hours_goes_on(engine: Engine) -> None:
    await prepare(engine)
    await engine.submit("boiler", "field", channel="appointment", window=window(engine, 24, 26))
    await engine.advance(by=4 * HOUR, step_ms=2000)
    assert (await engine.offers("ana"), await engine.offers("bo")) == ([], ["boiler"])
    assert (await engine.agent("ana"))["agent"]["missed"] == 1


async def test_who_has_signed_off_is_asked_nothing(engine: Engine) -> None:
    await prepare(engine)
    for agent in ("ana", "bo"):
        await engine.set_status(agent, "offline")
    await engine.submit("boiler", "field", channel="appointment", window=window(engine, 24, 26))
    assert await engine.waits("boiler")
