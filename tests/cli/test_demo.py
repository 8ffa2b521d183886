import asyncio
import json
import shlex
import signal
import urllib.request
from asyncio.subprocess import PIPE, Process
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import pytest

from casebaton.client import Client, Event
from casebaton.demo.appointments import FIELD, VISITS, slots, window
from casebaton.demo.customers import YOURS
from casebaton.demo.person import LEFT_FOR_YOU
from casebaton.demo.play import sample, simulated
from loadtest.process import free_port
from tests.cli.processes import WITHIN_S, left_in, start


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


async def answer_of(command: str) -> str:
    """What a command prints in a shell; nothing when it fails."""
    shell = await asyncio.create_subprocess_shell(command, stdout=PIPE, stderr=PIPE)
    out, _ = await shell.communicate()
    return "" if shell.returncode else out.decode()


async def ended(process: Process) -> int:
    """Its exit code."""
    async with asyncio.timeout(WITHIN_S):
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
        async with asyncio.timeout(30):  # some seconds on a machine that has nothing else to do
            offers = {}
            async for offer in you.offers():
                offers[offer.case.channel] = offer
                if offers.keys() >= {"appointment", "case"}:  # one rings for hours, others beside it
                    break
            await (await offers["case"].accept()).complete("solved")
            async for waiting in returns:
                if len(waiting) >= 3:
                    break
        appointment = await offers["appointment"].accept()
        assert appointment.case.window is not None
        assert appointment.case.card is not None
        assert appointment.case.card.place == VISITS[0][2]
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


async def test_keeps_its_data_when_told_where_and_prints_how_to_read_its_reports(tmp_path: Path) -> None:
    options = ("--port", str(free_port()), "--data-dir", "kept", "--agents", "1")
    process = await start(tmp_path, "demo", *options, history="")
    said = await greeting(process)
    assert "The data stay in kept." in said
    [command] = [line for line in said.splitlines() if " report " in line]
    async with asyncio.timeout(WITHIN_S):  # its history is there a moment later
        while not (read := await answer_of(command)):
            pass
    assert read.startswith("queues, ")
    process.send_signal(signal.SIGTERM)
    assert await ended(process) == 0
    assert left_in(tmp_path) == ["kept"]


def asked_by(said: str) -> list[urllib.request.Request]:
    """The requests of the curl lines that the demo prints."""
    lines = said.replace("\\\n", "").splitlines()
    [token] = [line.removeprefix("TOKEN=") for line in lines if line.startswith("TOKEN=")]
    found = []
    for line in lines:
        if line.startswith("curl "):
            _, _, method, url, *options = shlex.split(line.replace("$TOKEN", token))
            headers = dict(text.split(": ") for kind, text in pairwise(options) if kind == "-H")
            [body] = [text.encode() for kind, text in pairwise(options) if kind == "-d"]
            found.append(urllib.request.Request(url, body, headers, method=method))
    return found


async def test_what_it_prints_to_send_by_hand_reaches_you(tmp_path: Path) -> None:
    port = free_port()
    process = await start(tmp_path, "demo", "--port", str(port), "--agents", "1")
    question, appointment = asked_by(await greeting(process))
    for request, channel in ((question, "case"), (appointment, "appointment")):
        with await asyncio.to_thread(urllib.request.urlopen, request) as answer:
            case = json.load(answer)["ok"]
        assert case["state"] in ("waiting", "offered"), channel
    process.send_signal(signal.SIGINT)
    assert await ended(process) == 0


def test_the_sample_has_a_queue_to_take_from_and_two_that_are_yours_alone() -> None:
    workspace = sample()
    assert [queue for queue, found in workspace.queues.items() if found.mode != "push"] == ["returns"]
    for queue in (YOURS, FIELD):
        assert [name for name, agent in workspace.agents.items() if queue in (agent.queues or [])] == ["you"]


@pytest.mark.parametrize("now", ["2026-03-05T09:40Z", "2026-03-05T23:01Z", "2026-12-31T15:00Z"])
def test_visits_are_by_day_and_none_is_within_another(now: str) -> None:
    begin = datetime.fromisoformat(now)
    found = list(islice(slots(begin), 40))
    assert found[0] - begin > timedelta(hours=2)
    assert {at.hour for at in found} <= set(range(8, 17))
    assert all(window(first).until_ms < window(second).from_ms for first, second in pairwise(found))


@pytest.mark.parametrize("count", [0, 6, 100])
def test_you_are_never_simulated(count: int) -> None:
    names = simulated(sample(), count)
    assert "you" not in names
    assert len(names) == min(count, len(sample().agents) - 1)
