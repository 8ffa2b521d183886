"""Is the node alive, and should traffic be sent to it?"""

from casebaton.store.embedded import EmbeddedServer
from tests.http.world import Api, open_api, problem


async def test_a_node_with_a_store_is_ready(api: Api) -> None:
    assert (await api.client.get("/livez")).json() == {"status": "alive"}
    answer = await api.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "node": api.node.lease.node})


async def test_a_draining_node_is_alive_but_not_ready(api: Api) -> None:
    await api.node.drain()
    answer = await api.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "draining"})
    assert (await api.client.get("/livez")).status_code == 200


async def test_a_node_that_has_lost_a_part_is_neither(api: Api) -> None:
    api.node.lost.set()
    for path in ("/livez", "/readyz"):
        answer = await api.client.get(path)
        assert (answer.status_code, answer.json()) == (503, {"status": "a part has ended, the node stops"})


async def test_without_its_store_a_node_is_alive_but_not_ready_and_reads_are_unavailable() -> None:
    async with EmbeddedServer() as server, open_api(server.url) as api:
        await server.stop()
        answer = await api.client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "store unreachable"})
        assert (await api.client.get("/livez")).status_code == 200
        for path in ("queues", "cases"):
            answer = await api.sue.get(path)
            assert problem(answer, 503, "UNAVAILABLE")["retryable"] is True
            assert answer.headers["retry-after"] == "1"


async def test_a_command_without_a_store_may_be_sent_again() -> None:
    async with EmbeddedServer() as server, open_api(server.url) as api:
        api.node.store._retry_for_s = 0.1  # how long the client tries is not what is tested here
        await server.stop()
        answer = await api.crm.post("cases", {"queue": "support", "subject": "Printer"})
        assert problem(answer, 504, "OUTCOME_UNKNOWN")["retryable"] is True
