import pytest

from casebaton.store.embedded import EmbeddedServer
from loadtest.life import Counters
from loadtest.peers import calls
from loadtest.peers.engine import engines
from loadtest.peers.ratios import Missing


async def test_the_functions_call_as_many_commands_as_the_scripts_that_were_recorded() -> None:
    async with EmbeddedServer() as server, engines(server.url, 1) as (engine,):
        redis = engine.floor.store.redis
        scripts = await calls.record(engine.floor, engine.queues[0])
        assert len(scripts) == 3
        await calls.play(redis, scripts)
        counters = Counters(redis)
        for number, script in enumerate(scripts):
            await counters.reset()
            await redis.fcall(f"bare_{number}", 0)
            assert await counters.calls() == len(script) > 5


def test_without_a_benchmark_of_the_store_the_peer_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Missing, match="redis-tools"):
        calls.tool()
