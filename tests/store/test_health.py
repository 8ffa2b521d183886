"""How nodes and servers are: nodes name each other; each server is asked by itself, and named if it is silent."""

from types import SimpleNamespace
from typing import Any

from casebaton.store import health
from casebaton.store.client import StoreClient
from casebaton.store.connection import connect
from casebaton.store.health import ServerHealth
from tests.engine import Engine

NOW = 1_800_000_000


async def test_a_server_says_what_it_is(engine: Engine) -> None:
    (server,) = await health.read_servers(engine.store)
    says = await engine.store.redis.info()
    assert server.version == says[f"{server.kind}_version"]
    assert (server.role, server.replicas, server.memory_limit_bytes) == ("master", 0, says["maxmemory"])
    assert server.memory_bytes > 0


async def test_one_that_does_not_answer_is_named_and_the_others_are_told(engine: Engine) -> None:
    nobody = connect("redis://127.0.0.1:1")
    two: Any = SimpleNamespace(
        places=["redis://127.0.0.1:1", *engine.store.places], primaries=[nobody, *engine.store.primaries]
    )
    silent, other = await health.read_servers(two)
    assert silent == ServerHealth(server="127.0.0.1:1")
    assert other.version
    await nobody.aclose()


async def test_the_secret_of_its_address_is_not_told() -> None:
    store = StoreClient("redis://ann:secret@127.0.0.1:1")
    (server,) = await health.read_servers(store)
    assert server == ServerHealth(server="127.0.0.1:1")
    await store.close()


async def test_a_server_that_tells_little_is_told_with_that() -> None:
    class Hosted:
        async def execute_command(self, *_: str) -> dict[str, Any]:
            return {"redis_version": "7.2.4"}

    hosted: Any = SimpleNamespace(places=["redis://store:6379"], primaries=[Hosted()])
    assert await health.read_servers(hosted) == (ServerHealth(server="store:6379", kind="redis", version="7.2.4"),)


async def test_nodes_name_each_other(engine: Engine) -> None:
    assert await health.share_presence(engine.store, "node-a", NOW, 3.0) == ["node-a"]
    assert await health.share_presence(engine.store, "node-b", NOW + 1, 3.0) == ["node-a", "node-b"]
    assert await health.share_presence(engine.store, "node-b", NOW + 4, 3.0) == ["node-b"]
