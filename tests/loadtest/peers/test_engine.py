from casebaton import audit
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from loadtest.peers import engine


async def test_every_case_lives_to_its_end_in_one_and_in_five_classes() -> None:
    async with EmbeddedServer() as server, engine.engines(server.url, 1, 5) as engines:
        for each in engines:
            assert await each.lives_per_second(250) > 0
            assert await each.lives_per_second(50) > 0
        store = StoreClient(server.url)
        for classes in (1, 5):
            report = await audit.check(store, f"classes-{classes}")
            assert report.violation_count == 0
        await store.close()
