import asyncio
import json
import signal
import socket
import urllib.request
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from casebaton.client import Client, Event
from casebaton.demo.customers import YOURS
from casebaton.demo.person import LEFT_FOR_YOU
from casebaton.demo.play import sample, simulated
from tests.cli.processes import WITHIN_S, left_in, start

STOPS_WITHIN_S = 10  # 3 on a machine that has nothing else to do


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def greeting(process: Process) -> str:
    """All that is printed up to the line that says how to stop."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(WITHIN_S):
        while "Ctrl-C" not in said:
            line = await process.stdout.readline()
            assert line, "the demo ended"
            said += line.decode()
    return said


def sign_in(base_url: str, name: str) -> str:
    """As the page does it."""
    body = json.dumps({"name": name, "role": "agent"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{base_url}/v1/demo/sign-in", body, headers)
    with urllib.request.urlopen(request) as answer:
        token: str = json.load(answer)["token"]
        return token


async def ended(process: Process) -> int:
    """Its exit code."""
    async with asyncio.timeout(STOPS_WITHIN_S):
        _, err = await process.communicate()
    assert process.returncode is not None
    assert not err, err.decode()
    return process.returncode


async def test_offers_you_cases_and_ends_cleanly(tmp_path: Path) -> None:
    port = free_port()
    process = await start(tmp_path, "demo", "--port", str(port), "--rate", "1200", "--agents", "3")
    said = await greeting(process)
    base_url = f"http://127.0.0.1:{port}"
    assert f"{base_url}/agent" in said
    assert f"{base_url}/supervisor" in said
    assert "name you" in said
    token = await asyncio.to_thread(sign_in, base_url, "you")
    async with Client(base_url, "demo", token=token) as client:
        you = client.agent()
        await you.set_status("online")
        async with asyncio.timeout(WITHIN_S):
            owned = await (await anext(you.offers())).accept()
            await owned.complete("solved")
    process.send_signal(signal.SIGINT)
    assert await ended(process) == 0
    assert left_in(tmp_path) == []


async def test_at_its_usual_rate_you_are_soon_offered_a_case_and_find_some_to_take(tmp_path: Path) -> None:
    port = free_port()
    process = await start(tmp_path, "demo", "--port", str(port))
    assert "the first case rings within some seconds" in await greeting(process)
    base_url = f"http://127.0.0.1:{port}"
    async with Client(base_url, "demo", token=await asyncio.to_thread(sign_in, base_url, "you")) as client:
        you = client.agent()
        returns = await client.watch_queue("returns")
        await you.set_status("online")
        async with asyncio.timeout(8):
            offer = await anext(you.offers())
            async for waiting in returns:
                if len(waiting) >= 3:
                    break
        await (await offer.accept()).complete("solved")
        await (await returns.take(returns.cases[0])).complete("refunded")
    process.send_signal(signal.SIGINT)
    assert await ended(process) == 0


async def test_simulated_agents_leave_some_cases_to_be_taken(tmp_path: Path) -> None:
    port = free_port()
    process = await start(tmp_path, "demo", "--port", str(port), "--rate", "1200", "--agents", "2")
    await greeting(process)
    base_url = f"http://127.0.0.1:{port}"
    left: list[int] = []
    async with Client(base_url, "demo", token=await asyncio.to_thread(sign_in, base_url, "you")) as client:
        returns = await client.watch_queue("returns")

        def hear(event: Event) -> None:
            if event.type == "case_taken":
                left.append(returns.waiting)

        client.on_event(hear)
        async with asyncio.timeout(WITHIN_S):
            async for _ in returns:
                if left:
                    break
    assert left[0] >= LEFT_FOR_YOU
    process.send_signal(signal.SIGINT)
    assert await ended(process) == 0


async def test_keeps_its_data_when_told_where(tmp_path: Path) -> None:
    process = await start(tmp_path, "demo", "--port", str(free_port()), "--data-dir", "kept", "--agents", "1")
    assert "The data stay in kept." in await greeting(process)
    process.send_signal(signal.SIGTERM)
    assert await ended(process) == 0
    assert left_in(tmp_path) == ["kept"]


def test_the_sample_has_five_queues_of_which_one_is_taken_from_and_one_is_yours_alone() -> None:
    workspace = sample()
    assert sorted(queue.mode for queue in workspace.queues.values()) == ["pull", "push", "push", "push", "push"]
    assert [name for name, agent in workspace.agents.items() if YOURS in (agent.queues or [])] == ["you"]


@pytest.mark.parametrize("count", [0, 6, 100])
def test_you_are_never_simulated(count: int) -> None:
    names = simulated(sample(), count)
    assert "you" not in names
    assert len(names) == min(count, len(sample().agents) - 1)
