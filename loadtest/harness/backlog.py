"""The cases that wait before the load begins: brought in over HTTP, a hundred at once, into paused queues."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from loadtest.generator.job import evidence_file
from loadtest.generator.recorder import Evidence, Row
from loadtest.process import Site
from loadtest.scenario import CHANNEL, Scenario
from loadtest.until import sleep_until

BATCH = 100  # as many as the server takes
AT_ONCE = 8
LOWEST = 9
SHOW_EVERY = 10_000


class HttpFailed(Exception):
    """An answer that is not what it should be."""


class Item(Struct):
    """One of a batch's results."""

    error: dict[str, Any] | None = None


class Results(Struct):
    """A batch's answer."""

    results: list[Item]


class HttpClient:
    """One connection that sends one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host
        self._token = token
        self._numbers = itertools.count()

    @classmethod
    async def open(cls, url: str, token: str) -> "HttpClient":
        """Connect. Raises OSError."""
        where = urlsplit(url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        return cls(reader, writer, where.netloc, token)

    async def post(self, path: str, body: object, key: str) -> bytes:
        """Send a change and give back the answer's body. Raises HttpFailed."""
        content = msgspec.json.encode(body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        status, *lines = (await self._reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        answer = await self._reader.readexactly(int(headers[b"content-length"]))
        if not status.split()[1].startswith(b"2"):
            raise HttpFailed(f"{path}: {status.decode()}: {answer.decode()}")
        return answer

    async def close(self) -> None:
        """End the connection."""
        self._writer.close()
        await self._writer.wait_closed()


class Backlog:
    """The backlog of every workspace; without one nothing is done."""

    def __init__(self, scenario: Scenario, site: Site, nodes: list[str]) -> None:
        self._scenario = scenario
        self._site = site
        self._nodes = nodes
        self._rows: list[Row] = []

    async def build(self, say: Callable[[str], None], directory: Path) -> None:
        """Pause every queue and fill them; the evidence goes where that of the generators does. Raises HttpFailed."""
        if not self._scenario.backlog:
            return
        await self._steer("pause")
        batches = self._batches(say)
        async with asyncio.TaskGroup() as parts:
            for number in range(AT_ONCE):
                parts.create_task(self._fill(number, batches))
        path = directory / evidence_file(self._scenario.site.generators)
        path.write_bytes(msgspec.json.encode(Evidence(self._rows, set())))

    def _batches(self, say: Callable[[str], None]) -> Iterator[tuple[str, list[dict[str, object]]]]:
        queues, workspaces = self._scenario.queue_names, self._scenario.workspaces
        for begin in range(0, self._scenario.backlog, BATCH):
            if begin % SHOW_EVERY == 0:
                say(f"{begin} of {self._scenario.backlog} cases wait")
            yield (
                workspaces[begin // BATCH % len(workspaces)],
                [
                    {
                        "id": f"b-{number}",
                        "case": f"b{number}",
                        "queue": queues[number % len(queues)],
                        "channel": CHANNEL,
                        "subject": "The lamp flickers",
                        "priority": LOWEST,
                    }
                    for number in range(begin, min(begin + BATCH, self._scenario.backlog))
                ],
            )

    async def _fill(self, number: int, batches: Iterator[tuple[str, list[dict[str, object]]]]) -> None:
        clients: dict[str, HttpClient] = {}
        try:
            for workspace, cases in batches:
                if workspace not in clients:
                    token = self._site.token("producer", f"backlog-{number}", workspace)
                    clients[workspace] = await HttpClient.open(self._nodes[number % len(self._nodes)], token)
                answer = await clients[workspace].post(f"/v1/{workspace}/cases", cases, str(cases[0]["id"]))
                results = msgspec.json.decode(answer, type=Results).results
                if any(item.error for item in results):
                    raise HttpFailed(f"a case of the backlog was refused: {answer.decode()[:500]}")
                self._rows += [("submit", str(case["case"]), "", "acknowledged") for case in cases]
        finally:
            for client in clients.values():
                await client.close()

    async def resume(self, begin_at: float) -> None:
        """Let the backlog flow when the load begins."""
        if self._scenario.backlog:
            await sleep_until(begin_at)
            await self._steer("resume")

    async def _steer(self, verb: str) -> None:
        for workspace in self._scenario.workspaces:
            client = await HttpClient.open(self._nodes[0], self._site.token("supervisor", "sue", workspace))
            try:
                for queue in self._scenario.queue_names:
                    await client.post(f"/v1/{workspace}/queues/{queue}/{verb}", {}, f"{verb}-{queue}")
            finally:
                await client.close()
