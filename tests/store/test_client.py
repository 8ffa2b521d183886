import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ResponseError

from casebaton.errors import EngineFault, OutcomeUnknown, Refused, Unavailable
from casebaton.store import client as client_module
from casebaton.store import workspaces
from casebaton.store.client import Answer, StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.sender import Call, Sender, open_line
from casebaton.workspace import document
from tests.engine import BASIC, Engine
from tests.proxy import Proxy

CRM = ("producer", "crm")


@asynccontextmanager
async def client_through(
    url: str, *, retry_for_s: float = client_module.RETRY_FOR_S, replicas: int = 0
) -> AsyncIterator[StoreClient]:
    store = StoreClient(url, retry_for_s=retry_for_s, replicas=replicas)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def through_proxy(engine: Engine, **options: Any) -> AsyncIterator[tuple[Proxy, StoreClient]]:
    """A lossy link to the engine's server and a client at its far end, warmed up."""
    async with Proxy(engine.store.url) as proxy, client_through(proxy.url, **options) as store:
        await submit(store, "warm-up")
        yield proxy, store


async def submit(store: StoreClient, case: str, queue: str = "support") -> Answer:
    return await store.run(
        "submit_case", "acme", CRM, command_id=f"id-{case}", case=case, queue=queue, channel="case", priority=5,
        digest="d", card="{}",
    )  # fmt: skip


async def update(store: StoreClient, case: str, subject: str) -> Answer:
    return await store.run(
        "update_case", "acme", CRM, command_id=f"update-{subject}", case=case, baton="any",
        card=f'{{"subject":"{subject}"}}',
    )  # fmt: skip


async def submitted(engine: Engine) -> list[str]:
    """The cases that entered their queue, in the log's order, as often as they did."""
    return [event["case"] for event in await engine.events("case_queued")]


def sender_of(store: StoreClient) -> Sender:
    """The only sender of a client that has a single server."""
    (sender,) = store._senders.values()
    return sender


def count_pipelines(store: StoreClient, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pipelines that the client sends from now on."""
    sizes: list[int] = []
    sender = sender_of(store)
    send: Callable[[Sequence[Call]], Awaitable[list[Any]]] = sender._pipeline

    async def counted(batch: Sequence[Call]) -> list[Any]:
        sizes.append(len(batch))
        return await send(batch)

    monkeypatch.setattr(sender, "_pipeline", counted)
    return sizes


class TestBatching:
    async def test_calls_of_one_turn_share_pipelines_and_keep_their_order(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes = count_pipelines(engine.store, monkeypatch)
        cases = [f"c-{n}" for n in range(600)]
        answers = await asyncio.gather(*(submit(engine.store, case) for case in cases))
        assert sizes == [256, 256, 88]
        assert await submitted(engine) == cases
        assert len({answer.position for answer in answers}) == 600

    async def test_what_comes_while_a_batch_is_out_goes_together_in_the_next(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with through_proxy(engine) as (proxy, store):
            sizes = count_pipelines(store, monkeypatch)
            async with proxy.holding_replies() as held:
                first = asyncio.create_task(submit(store, "first"))
                await held.wait()
                rest = [asyncio.create_task(submit(store, f"c-{n}")) for n in range(20)]
            await asyncio.gather(first, *rest)
            assert sizes == [1, 20]

    async def test_one_refused_call_does_not_disturb_its_batch(self, engine: Engine) -> None:
        good, bad, late = await asyncio.gather(
            submit(engine.store, "one"), submit(engine.store, "two", "nowhere"), submit(engine.store, "three"),
            return_exceptions=True,
        )  # fmt: skip
        assert isinstance(good, Answer)
        assert isinstance(late, Answer)
        assert isinstance(bad, Refused)
        assert (bad.code, bad.detail, bad.retryable) == ("UNKNOWN_QUEUE", "there is no queue nowhere", False)

    async def test_more_than_may_wait_are_turned_away(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client_module, "MAX_WAITING", 3)
        async with client_through(engine.store.url, retry_for_s=0) as store:
            results = await asyncio.gather(*(submit(store, f"c-{n}") for n in range(10)), return_exceptions=True)
        assert [type(result) for result in results] == [Answer] * 3 + [Unavailable] * 7
        assert await submitted(engine) == ["c-0", "c-1", "c-2"]


class TestRefusals:
    async def test_a_refusal_carries_the_case_as_it_stands(self, engine: Engine) -> None:
        await engine.add_agent("ana")
        await engine.submit("one")
        refused = await engine.refusal(engine.act("ana", "accept", "one", baton="old"))
        present = await engine.case("one")
        assert (refused.code, refused.retryable) == ("STALE_BATON", False)
        assert refused.current == {
            "case": "one", "state": "offered", "owner": "queue:support", "agent": "ana", "baton": present["baton"],
            "revision": present["revision"],
        }  # fmt: skip

    async def test_an_argument_that_no_contract_names_is_an_error_here(self, engine: Engine) -> None:
        with pytest.raises(TypeError, match="read_case takes no"):
            await engine.store.run("read_case", "acme", CRM, cases="one")


class TestReplicas:
    async def test_what_too_few_replicas_have_is_never_acknowledged_and_a_refusal_stands(self, engine: Engine) -> None:
        async with client_through(engine.store.url, retry_for_s=0.1, replicas=1) as store:
            with pytest.raises(OutcomeUnknown, match="too few replicas have it: 0 of 1"):
                await submit(store, "one")
            with pytest.raises(Refused, match="there is no queue nowhere"):
                await submit(store, "two", "nowhere")
        assert await submitted(engine) == ["one"]


class TestPlainReads:
    async def test_many_at_once_wait_for_each_other_and_disturb_no_command(self, engine: Engine) -> None:
        reads = [workspaces.config_version(engine.store, "acme") for _ in range(50)]
        writes = [submit(engine.store, f"c-{n}") for n in range(50)]
        versions = (await asyncio.gather(*reads, *writes))[:50]
        assert versions == [1] * 50
        assert len(await submitted(engine)) == 50


class TestLostLibrary:
    async def test_a_flush_in_the_middle_of_load_is_noticed_by_nobody(self, engine: Engine) -> None:
        async def flush() -> None:
            await engine.store.redis.function_flush("SYNC")

        cases = [f"c-{n}" for n in range(600)]
        work: list[Awaitable[object]] = [submit(engine.store, case) for case in cases]
        for place in (500, 300, 100, 0):
            work.insert(place, flush())
        results = await asyncio.gather(*work)
        assert sum(isinstance(result, Answer) for result in results) == 600
        assert sorted(await submitted(engine)) == sorted(cases)

    async def test_calls_refused_for_want_of_the_library_keep_their_order(self, engine: Engine) -> None:
        await engine.store.redis.function_flush("SYNC")
        cases = [f"c-{n}" for n in range(300)]
        await asyncio.gather(*(submit(engine.store, case) for case in cases))
        assert await submitted(engine) == cases


class TestLossyLink:
    async def test_a_lost_reply_is_asked_for_again_and_has_one_effect(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            proxy.lose_reply()
            answer = await submit(store, "one")
            await proxy.until_lost()
            assert await submitted(engine) == ["warm-up", "one"]
            (event,) = [e for e in await engine.events("case_queued") if e["case"] == "one"]
            assert event["baton"].encode() in answer.body
            assert await submit(store, "one") == answer

    async def test_of_a_whole_batch_whose_replies_are_lost_each_has_one_effect(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            proxy.lose_reply()
            cases = [f"c-{n}" for n in range(100)]
            answers = await asyncio.gather(*(submit(store, case) for case in cases))
            assert await submitted(engine) == ["warm-up", *cases]
            assert len({answer.position for answer in answers}) == 100

    async def test_of_hundreds_of_one_actors_commands_whose_replies_are_lost_each_has_one_effect(
        self, engine: Engine
    ) -> None:
        async with through_proxy(engine) as (proxy, store):
            async with proxy.holding_replies() as held:
                calls = [asyncio.create_task(update(store, "warm-up", str(n))) for n in range(400)]
                await held.wait()
                proxy.cut()
            await asyncio.gather(*calls)
            subjects = [event["card"]["subject"] for event in await engine.events("case_updated")]
            assert subjects == [str(n) for n in range(400)]

    async def test_a_reply_that_does_not_come_in_time_is_asked_for_again(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            sender = sender_of(store)
            assert sender._line is not None
            await sender._line.close()
            sender._line = line = open_line(proxy.url, answer_within_s=0.2)
            await submit(store, "warm-again")
            async with proxy.holding_replies() as held, asyncio.timeout(30):
                call = asyncio.create_task(submit(store, "one"))
                await held.wait()
                while line._connection.is_connected:  # noqa: ASYNC110 (redis-py gives no signal of it)
                    await asyncio.sleep(0.005)
            await call
            assert (await submitted(engine)).count("one") == 1

    async def test_cut_again_and_again_everything_arrives_once(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            cases = [f"c-{n}" for n in range(30)]
            for case in cases:
                proxy.lose_reply()
                await submit(store, case)
            assert await submitted(engine) == ["warm-up", *cases]

    async def test_after_an_outage_calls_run_in_the_order_in_which_they_were_asked_for(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            async with proxy.down():
                calls = []
                for n in range(3):
                    calls.append(asyncio.create_task(submit(store, f"c-{n}")))
                    await proxy.until_turned_away(3 if n == 0 else 1)
            await asyncio.gather(*calls)
            assert await submitted(engine) == ["warm-up", "c-0", "c-1", "c-2"]

    async def test_what_was_never_sent_is_said_not_to_have_run(self, engine: Engine) -> None:
        async with through_proxy(engine, retry_for_s=0) as (proxy, store):
            async with proxy.holding_replies() as held:
                first = asyncio.create_task(submit(store, "first"))
                await held.wait()
                late = asyncio.create_task(submit(store, "late"))
                await asyncio.sleep(0)  # it is in line
                proxy.cut()
                found = await asyncio.gather(first, late, return_exceptions=True)
            assert [type(error) for error in found] == [OutcomeUnknown, Unavailable]
            assert await submitted(engine) == ["warm-up", "first"]

    async def test_with_the_store_away_for_too_long_the_outcome_is_unknown(self, engine: Engine) -> None:
        async with through_proxy(engine, retry_for_s=0.2) as (proxy, store):
            async with proxy.down():
                with pytest.raises(OutcomeUnknown) as unknown:
                    await submit(store, "one")
                assert unknown.value.retryable
            await submit(store, "one")
            assert await submitted(engine) == ["warm-up", "one"]


class TestCancelling:
    async def test_a_cancelled_caller_leaves_the_client_usable_and_the_command_may_have_happened(
        self, engine: Engine
    ) -> None:
        async with through_proxy(engine) as (proxy, store):
            async with proxy.holding_replies() as held:
                call = asyncio.create_task(submit(store, "one"))
                await held.wait()
                call.cancel()
                await asyncio.wait([call])
            assert call.cancelled()
            await submit(store, "two")
            assert await submitted(engine) == ["warm-up", "one", "two"]

    async def test_cancelled_before_it_was_sent_it_never_happens(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            async with proxy.holding_replies() as held:
                first = asyncio.create_task(submit(store, "first"))
                await held.wait()
                second = asyncio.create_task(submit(store, "second"))
                third = asyncio.create_task(submit(store, "third"))
                await asyncio.sleep(0)  # both run up to where they wait
                assert len(sender_of(store).waiting) == 2
                second.cancel()
                await asyncio.wait([second])
            await asyncio.gather(first, third)
            assert await submitted(engine) == ["warm-up", "first", "third"]

    async def test_closing_ends_the_calls_that_are_out_and_those_that_wait(self, engine: Engine) -> None:
        async with through_proxy(engine) as (proxy, store):
            async with proxy.holding_replies() as held, asyncio.timeout(30):
                out = asyncio.create_task(submit(store, "out"))
                await held.wait()
                waiting = asyncio.create_task(submit(store, "waiting"))
                await asyncio.sleep(0)  # it runs up to where it waits
                assert len(sender_of(store).waiting) == 1
                await store.close()
                results = await asyncio.gather(out, waiting, return_exceptions=True)
            assert [type(result) for result in results] == [OutcomeUnknown] * 2
            assert "waiting" not in await submitted(engine)


class TestServer:
    async def test_killed_and_respawned_under_load_every_call_is_answered_and_has_one_effect(
        self, tmp_path: Path
    ) -> None:
        async with EmbeddedServer(tmp_path) as server, client_through(server.url, retry_for_s=20) as store:
            watching = asyncio.create_task(server.watch())
            await store.load()
            await workspaces.apply(store, "acme", document.parse(BASIC))
            engine, cases, answered = Engine(store, "acme"), [f"c-{n}" for n in range(400)], asyncio.Semaphore(0)

            async def produce(mine: list[str]) -> list[Answer]:
                answers = []
                for case in mine:
                    answers.append(await submit(store, case))
                    answered.release()
                return answers

            producers = [asyncio.create_task(produce(cases[n::20])) for n in range(20)]
            for _ in range(100):
                await answered.acquire()
            os.kill(server.pid, signal.SIGKILL)
            async with asyncio.timeout(60):
                answers = await asyncio.gather(*producers)
            assert len({answer.position for mine in answers for answer in mine}) == 400
            assert sorted(await submitted(engine)) == sorted(cases)
            watching.cancel()
            await asyncio.wait([watching])

    async def test_without_memory_new_work_is_refused_and_work_in_hand_goes_on(self, engine: Engine) -> None:
        await engine.add_agent("ana")
        await engine.submit("one")
        await engine.act("ana", "accept", "one")
        await engine.store.redis.config_set("maxmemory", 1)
        try:
            async with client_through(engine.store.url, retry_for_s=0) as store:
                with pytest.raises(Unavailable, match="out of memory"):
                    await submit(store, "two")
                await engine.act("ana", "complete", "one")
        finally:
            await engine.store.redis.config_set("maxmemory", 0)
        assert (await engine.case("one"))["state"] == "closed"

    async def test_a_bug_of_the_engine_is_not_repeated_and_is_logged(
        self, engine: Engine, caplog: pytest.LogCaptureFixture
    ) -> None:
        await engine.store.redis.set("{acme}:line:support", "not a sorted set")
        async with client_through(engine.store.url) as store:
            with pytest.raises(EngineFault):
                await submit(store, "one")
        assert len(await engine.events("case_queued")) == 1
        assert "WRONGTYPE" in caplog.text

    async def test_a_store_that_cannot_be_reached_is_said_so(self, tmp_path: Path) -> None:
        async with client_through(f"unix://{tmp_path}/nothing.sock", retry_for_s=0) as store:
            with pytest.raises(Unavailable):
                await store.load()
            with pytest.raises(OutcomeUnknown):
                await submit(store, "one")

    async def test_a_server_without_functions_is_said_so(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        async def unknown(_: str) -> None:
            raise ResponseError("unknown command 'FUNCTION'")

        monkeypatch.setattr(engine.store.redis, "function_load", unknown)
        with pytest.raises(Unavailable, match="does not take the function library"):
            await engine.store.load()
