"""The JavaScript client's examples, as somebody runs them who has installed it: in Node, against a real node."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace import document
from tests.node.world import RunningNode, run_node

WEB = Path(__file__).parents[1] / "web"
SDK = WEB / "src" / "sdk"
TSC = WEB / "node_modules" / "typescript" / "bin" / "tsc"
NODE = shutil.which("node") or str(WEB.parent / ".venv" / "node" / "node")
WITHIN_S = 30.0
DOCUMENT = """
[channels.case]
[queues.support]
[agents.ana]
name = "Ana"
queues = ["support"]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which the package is installed as it would be published, with its examples."""
    if not (Path(NODE).exists() and TSC.exists()):
        pytest.skip("no node, or no npm packages in web/: `make setup` installs both")
    home = tmp_path_factory.mktemp("installed")
    package = home / "node_modules" / "casebaton"
    package.mkdir(parents=True)
    shutil.copy(SDK / "package.json", package)
    shutil.copytree(SDK / "examples", home, dirs_exist_ok=True)
    return home


@pytest_asyncio.fixture
async def node(redis_url: str) -> AsyncIterator[RunningNode]:
    """A node with workspace acme: ana in support."""
    store = StoreClient(redis_url)
    try:
        await store.redis.flushall()
        await store.load()
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        async with run_node(store.url) as node:
            yield node
    finally:
        await store.close()


class Program:
    """A program that runs; its lines as they come."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def until(self, text: str) -> None:
        """Wait for a line that has this in it."""
        assert self.process.stdout
        async with asyncio.timeout(WITHIN_S):
            while not any(text in line for line in self.lines):
                line = await self.process.stdout.readline()
                assert line, f"it ended without saying {text!r}: {self.lines}"
                self.lines.append(line.decode().rstrip())

    async def end(self) -> int | None:
        """Wait for its end; the exit code."""
        assert self.process.stdout
        async with asyncio.timeout(WITHIN_S):
            self.lines += (await self.process.stdout.read()).decode().splitlines()
            return await self.process.wait()


async def run(command: list[str], **environment: str) -> Program:
    """Start a program; both of its outputs are read as one."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | environment,
    )
    return Program(process)


async def example(home: Path, node: RunningNode, role: str, subject: str, *words: str) -> Program:
    """Start an example with a token of this role."""
    command = [NODE, "--experimental-websocket", "--no-warnings", str(home / words[0]), *words[1:]]
    return await run(command, URL=node.base_url, WORKSPACE="acme", TOKEN=node.token(role, subject))


async def test_an_agent_a_producer_and_a_wallboard_work_together(installed: Path, node: RunningNode) -> None:
    package = installed / "node_modules" / "casebaton"
    build = await run([NODE, str(TSC), "-p", str(SDK / "tsconfig.build.json"), "--outDir", str(package / "dist")])
    assert await build.end() == 0, build.lines

    wallboard = await example(installed, node, "supervisor", "sue", "wallboard.mjs")
    await wallboard.until("ana is offline, gone")
    agent = await example(installed, node, "agent", "ana", "agent.mjs", "1")
    await agent.until("Ana is online")
    await wallboard.until("ana is online, connected")
    producer = await example(installed, node, "producer", "crm", "producer.mjs", "support", "A refund")

    assert await producer.end() == 0, producer.lines
    assert producer.lines[0] == "0 wait in support"
    assert [line for line in producer.lines if line.startswith("case_")] == [
        "case_queued: waiting, queue:support",
        "case_offered: offered, queue:support",
        "case_accepted: active, agent:ana",
        "case_closed: closed, none",
    ]
    assert producer.lines[-1] == "5 events, the last by agent:ana"
    assert await agent.end() == 0, agent.lines
    assert "offered: A refund, 30 s to answer" in agent.lines
    assert "case_came accepted: A refund" in agent.lines
    wallboard.process.terminate()
    await wallboard.end()
