"""What a node logs: nothing that a customer said, and nothing that opens a door."""

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import structlog

from casebaton import logs
from casebaton.errors import CasebatonError
from casebaton.store.client import StoreClient
from casebaton.tasks import end
from tests.node.test_hub import cut
from tests.node.world import SECRET, WITHIN_S, run_node
from tests.proxy import Proxy

CANARY = "canary"


@pytest.fixture
def written(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Logs as a node run with `--log-level debug` writes them; call it for them and whatever else was printed."""
    stream = io.StringIO()  # pytest changes sys.stderr between a test's phases; who logs has kept the first one
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    names = ("uvicorn", "uvicorn.error", "uvicorn.access", "websockets", "asyncio", "redis")
    levels = {name: logging.getLogger(name).level for name in names}
    root.handlers.clear()
    logs.configure("debug")
    yield lambda: stream.getvalue() + "".join(capfd.readouterr())
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


async def misbehave(node: Any, socket: Any) -> None:
    """Frames and requests that are refused, each with a canary."""
    for frame in (
        {"type": "submit_case", "id": CANARY, "queue": "pool", "subject": CANARY, "priority": CANARY},
        {"type": CANARY, "id": "x"},
        {"type": "submit_case", "id": "x", "queue": f"{CANARY}-queue", "subject": CANARY, "data": [CANARY]},
        {"type": "refresh_token", "id": "x", "token": CANARY},
    ):
        await socket.send(frame)
        assert "error" in await socket.receive()
    async with node.socket() as other:
        await other.hello(f"{CANARY}.{CANARY}.{CANARY}")
        await other.closed()
    async with node.socket() as other:
        await other.raw.send(b"\xff" + CANARY.encode(), text=True)
        await other.closed()
    async with httpx2.AsyncClient(base_url=node.base_url, timeout=WITHIN_S) as client:
        headers = {"Authorization": f"Bearer {CANARY}"}
        for path in (f"/v1/acme/cases/{CANARY}?token={CANARY}", f"/v1/{CANARY}/ws?token={CANARY}", f"/{CANARY}"):
            assert (await client.get(path, headers=headers)).status_code >= 400


async def test_secrets_and_customers_text_never_reach_the_logs(store: StoreClient, written: Callable[[], str]) -> None:
    tokens = []
    async with Proxy(store.url) as link, run_node(link.url, log_level="debug") as node:
        tokens.append(node.token("agent", "ana"))
        async with (
            node.online("ana") as ana,
            node.signed_in("producer", "crm") as crm,
            node.signed_in("supervisor", "sue") as sue,
        ):
            await crm.command(
                "submit_case",
                queue="support",
                subject=f"{CANARY} subject",
                customer=f"{CANARY} customer",
                url=f"https://crm.example/{CANARY}",
                data={CANARY: CANARY},
                case="c-1",
            )
            offer = await ana.event("case_offered")
            await ana.command("accept_case", case="c-1", baton=offer["baton"])
            await crm.command("update_case", case="c-1", baton="any", subject=f"{CANARY} again")
            for who in (ana, sue):
                assert (await who.command("search_cases", text=f"{CANARY} again"))["ok"]["items"]
            await ana.command("refresh_token", token=tokens[0])
            await misbehave(node, crm)
            link.cut()
            await ana.command("complete_case", case="c-1", baton=(await ana.event("case_accepted"))["baton"])
            await cut(store)
            await ana.closed()
    text = written()
    assert "log_position_lost" in text, "the logs were captured"
    for secret in (CANARY, SECRET, *tokens, "eyJ"):
        assert secret not in text


async def test_a_task_that_fails_is_said_to_have_failed(written: Callable[[], str]) -> None:
    async def fail() -> None:
        raise CasebatonError("LOG_FAULTY", "the log contradicts itself")

    async def linger() -> None:
        await asyncio.Event().wait()

    failing, lingering = asyncio.create_task(fail(), name="checkpoints"), asyncio.create_task(linger())
    await asyncio.wait({failing})
    await end(failing, lingering)
    assert lingering.cancelled()
    text = written()
    assert '"task": "checkpoints"' in text
    assert "LOG_FAULTY" in text


async def test_a_task_that_swallows_its_first_cancellation_is_ended_all_the_same() -> None:
    swallowed = asyncio.Event()

    async def swallow_one() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(swallow_one())
    await asyncio.sleep(0)
    await end(task)
    assert swallowed.is_set()
    assert task.cancelled()
