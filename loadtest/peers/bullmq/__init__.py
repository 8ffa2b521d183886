"""BullMQ: add and process, a hundred at once, in one process of Node on the same kind of store.

The nearest thing there is to Casebaton's engine: a queue whose every step is one script of Redis, and whose step that
ends a job fetches the next one. It knows no agents, capacity, skills, offers or owners.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from casebaton.store.embedded import EmbeddedServer
from loadtest.peers.child import Child, child
from loadtest.peers.engine import WITHIN_S, engines
from loadtest.peers.ratios import Found, Missing, Ratio, Side, alternate, ratio

HERE = Path(__file__).parent
OLDEST_NODE = 20
INSTALL_WITHIN_S = 120.0
CLASSES = {1: 1.0, 5: 0.8}  # classes of an agent: the least that the engine should do of BullMQ's rate


def _tool(name: str) -> str:
    """Node or npm: on PATH, or where `make setup` puts them. Raises Missing."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.prefix, "node")))
    if found is None:
        raise Missing(f"there is no {name}: install Node >= {OLDEST_NODE}")
    return found


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=INSTALL_WITHIN_S, check=True)
    except subprocess.SubprocessError as error:
        raise Missing(f"{Path(command[0]).name} failed: {getattr(error, 'stderr', None) or error}") from error
    return done.stdout.strip()


def install(say: Callable[[str], None]) -> str:
    """Install what package-lock.json pins, unless it is there. The path of Node. Raises Missing."""
    node = _tool("node")
    version = _output(node, "--version")
    if int(version[1:].partition(".")[0]) < OLDEST_NODE:
        raise Missing(f"Node is {version}: it needs {OLDEST_NODE} or newer")
    lock = HERE / "package-lock.json"
    installed = HERE / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        say("installing BullMQ")
        _output(_tool("npm"), "ci", "--silent")
    return node


def versions(node: str) -> dict[str, str]:
    """What is measured."""
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    pinned = {name: packages[f"node_modules/{name}"]["version"] for name in ("bullmq", "ioredis")}
    return {"node": _output(node, "--version").removeprefix("v"), **pinned}


async def jobs_per_second(process: Child, jobs: int) -> float:
    """Add and process so many jobs."""
    return jobs / float(await process.ask(str(jobs), within_s=WITHIN_S))


async def measure(say: Callable[[str], None], *, rounds: int, lives: int) -> Found:
    """Casebaton's lives over BullMQ's jobs, agents in 1 and in 5 classes, with the journal on disk and without one."""
    node = install(say)
    ratios: dict[str, Ratio] = {}
    for durability in ("always", "none"):
        with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
            where = Path(directory) if durability == "always" else None
            async with (
                EmbeddedServer(where and where / "ours") as ours,
                EmbeddedServer(where and where / "theirs") as theirs,
                engines(ours.url, *CLASSES) as found,
                child(node, str(HERE / "work.mjs"), theirs.url.removeprefix("unix://")) as process,
            ):
                say(f"journal: {durability}")
                sides: dict[str, Side[float]] = {"bullmq": partial(jobs_per_second, process, lives)}
                for classes, engine in zip(CLASSES, found, strict=True):
                    sides[f"classes_{classes}"] = partial(engine.lives_per_second, lives)
                rows = await alternate(say, sides, rounds)
        for classes, least in CLASSES.items():
            asked = least if durability == "always" else None
            ratios[f"{durability}_classes_{classes}"] = ratio(rows, f"classes_{classes}", "bullmq", least=asked)
    return Found(ratios, versions(node))
