"""The command as its user runs it: a process of its own, in a directory of its own."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

WITHIN_S = 60
COMMAND = str(Path(sys.executable).with_name("casebaton"))


def environment(home: Path) -> dict[str, str]:
    """Temporary files go under `home`, so that a test sees what is left. Without a history: it is a process more."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEBATON_")}
    return {**kept, "TMPDIR": str(home), "CASEBATON_HISTORY_URL": "none"}


async def start(home: Path, *arguments: str | Path, history: str = "none") -> Process:
    """Start `casebaton …`."""
    env = environment(home) | {"CASEBATON_HISTORY_URL": history}
    return await asyncio.create_subprocess_exec(
        COMMAND, *map(str, arguments), cwd=home, env=env, stdout=PIPE, stderr=PIPE
    )


async def run(home: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """Run it to its end: exit code, stdout, stderr."""
    process = await start(home, *arguments)
    async with asyncio.timeout(WITHIN_S):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def left_in(home: Path) -> list[str]:
    """What is in a directory."""
    return sorted(path.name for path in home.iterdir())
