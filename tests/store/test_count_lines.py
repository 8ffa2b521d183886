"""count_lines: how many wait, without reading them."""

import pytest

from casebaton.errors import Refused
from tests.engine import Engine


async def submit(engine: Engine, *cases: str, queue: str) -> None:
    for case in cases:
        await engine.submit(case, queue=queue)


async def test_an_agent_is_told_of_its_own_queues(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["billing", "pool"])
    await submit(engine, "one", "two", queue="pool")
    await submit(engine, "three", queue="support")
    counted = await engine.run("count_lines", ("agent", "ana"), command_id="")
    assert counted == {"at_ms": engine.now, "waiting": {"billing": 0, "pool": 2}}


async def test_others_name_the_queues(engine: Engine) -> None:
    await submit(engine, "one", queue="support")
    counted = await engine.run("count_lines", ("engine", "counts"), command_id="", queues="support,nowhere")
    assert counted["waiting"] == {"support": 1, "nowhere": 0}


async def test_an_unknown_agent_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused) as refused:
        await engine.run("count_lines", ("agent", "nobody"), command_id="")
    assert refused.value.code == "UNKNOWN_AGENT"
