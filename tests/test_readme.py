"""What the README tells a newcomer to type is typed here, in its order, against a real node."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from loadtest.process import free_port
from tests.cli.processes import WITHIN_S, environment

ROOT = Path(__file__).parent.parent
USE_IT = (ROOT / "README.md").read_text().partition("## Use it")[2].partition("\n## ")[0]
OF_THE_NODE = 7  # so many lines of the last block are for the node that runs; the others start servers of their own


def blocks(language: str) -> Iterator[str]:
    """The section's fenced blocks of one language."""
    return iter(re.findall(rf"^```{language}\n(.*?)^```", USE_IT, re.MULTILINE | re.DOTALL))


class Directory:
    """A newcomer's directory: the README's files, its .venv, and a port that is free."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._port = free_port()
        (home / ".venv").symlink_to(sys.prefix)
        (home / "support.toml").write_text(next(blocks("toml")))
        (home / "agent.py").write_text(next(blocks("python")))

    async def start(self, script: str) -> Process:
        """Start a shell on lines of the README."""
        settings = {"CASEBATON_PORT": str(self._port), "CASEBATON_HISTORY_URL": "", "PYTHONUNBUFFERED": "1"}
        return await asyncio.create_subprocess_exec(
            "bash", "-euc", script.replace("127.0.0.1:8000", f"127.0.0.1:{self._port}"),
            cwd=self._home, env=environment(self._home) | settings, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip

    async def run(self, script: str) -> str:
        """Run lines to their end; what they print."""
        code, said = await self.end_of(script)
        assert code == 0, said
        return said

    async def run_until(self, script: str, words: str) -> None:
        """Run a line again and again until it prints these words: the history comes a moment after the log."""
        async with asyncio.timeout(WITHIN_S):
            while words not in (await self.end_of(script))[1]:
                pass

    async def end_of(self, script: str) -> tuple[int | None, str]:
        """Run lines to their end; the exit code, and what they print."""
        process = await self.start(script)
        async with asyncio.timeout(WITHIN_S):
            said = (await process.communicate())[0].decode()
        return process.returncode, said

    @asynccontextmanager
    async def running(self, script: str, until: str) -> AsyncIterator[str]:
        """Run a line that does not end by itself, from when it has printed `until`; what it printed so far."""
        process = await self.start(f"exec {script}")
        assert process.stdout is not None
        said = ""
        try:
            async with asyncio.timeout(WITHIN_S):
                while until not in said:
                    line = (await process.stdout.readline()).decode()
                    assert line, f"it ended: {said}"
                    said += line
            yield said
        finally:
            process.terminate()
            await process.communicate()


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    """What stands in a newcomer's directory."""
    return Directory(tmp_path)


async def test_what_use_it_says_works_in_its_order(directory: Directory) -> None:
    node, producer, agent, more = blocks("sh")
    apply, serve = node.splitlines()
    assert "version 1 is in force" in await directory.run(apply)
    async with directory.running(serve, "node_started"):
        assert "version 1 is in force" in await directory.run(apply)
        submitted = await directory.run(producer)
        assert '"state":"waiting"' in submitted
        async with directory.running(agent, "rings:") as said:
            case = re.search(r'"case":"([^"]+)"', submitted)
            assert case is not None
            assert f"rings: {case[1]} Card(subject='Invoice 17 is wrong', customer='acme'" in said
        pause, resume, why, report, staffing, life, check = more.splitlines()[:OF_THE_NODE]
        assert '"paused":true' in await directory.run(pause)
        assert '"paused":false' in await directory.run(resume)
        assert "case_offered ana" in await directory.run(why)
        await directory.run_until(life, "ana")
        assert "billing" in await directory.run(report)
        await directory.run(staffing)
        assert "nothing found" in await directory.run(check)


async def test_the_one_line_figures_exist(directory: Directory) -> None:
    *_, more = blocks("sh")
    for line in more.splitlines()[OF_THE_NODE:]:
        command = line.partition("#")[0].rsplit(maxsplit=1)[0]
        assert "usage" in (await directory.run(f"PYTHONPATH={ROOT} {command} --help")).lower()
