"""`apply_large`: a large document comes into force while a small flow of cases goes on.

The document is applied as an operator does it, by `casebaton apply` in a process of its own; its start counts. First
everything is new, then every queue has another mode and every agent another capacity, and last a document with one
fault: that one must change nothing.
"""

import asyncio
import hashlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from casebaton.store import roster, workspaces
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace.document import Agent, Document, Queue
from loadtest.agents import describe, names, producer, working
from loadtest.offer import QUEUE, STRAGGLERS_S, WORK_S, Arrivals
from loadtest.process import WORKSPACE, Site, run_node
from loadtest.report import in_ms
from loadtest.until import until

QUEUES_PER_AGENT = 5
WARM_UP_S = 2.0


def grow(small: Document, queues: int, agents: int, *, mode: str, capacity: int) -> Document:
    """The document with so many queues more, and so many agents in a few of them each."""
    lines = [f"queue-{number}" for number in range(queues)]
    people = {
        f"person-{number}": Agent(
            team=f"team-{number % 20}",
            capacity=capacity,
            interruptible_capacity=capacity,
            queues=[lines[(number + step) % queues] for step in range(min(QUEUES_PER_AGENT, queues))],
        )
        for number in range(agents)
    }
    more = {name: Queue(mode=mode) for name in lines}  # type: ignore[arg-type]  # the document checks it
    return msgspec.structs.replace(small, queues=small.queues | more, agents=small.agents | people)


async def apply(site: Site, document: Document) -> tuple[int, float]:
    """Run `casebaton apply`: its exit code, and how many seconds it took."""
    file = site.data_dir / "large.json"
    await asyncio.to_thread(file.write_bytes, msgspec.json.encode(document))
    command = [str(Path(sys.executable).with_name("casebaton")), "apply", str(file), "--workspace", WORKSPACE]
    began_at = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, "--redis-url", site.redis_url, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait(), perf_counter() - began_at


async def state(site: Site) -> str:
    """What an apply may change, as a digest: the structure in force and the roster."""
    async with site.store() as store:
        present = await workspaces.read_present(store, WORKSPACE)
        people = await roster.read_people(store, WORKSPACE, ("admin", "load"))
    return hashlib.sha256(msgspec.json.encode([present, people], order="sorted")).hexdigest()


async def _apply_all(
    say: Callable[[str], None], site: Site, small: Document, queues: int, agents: int
) -> dict[str, Any]:
    first = grow(small, queues, agents, mode="push", capacity=10)
    other = grow(small, queues, agents, mode="both", capacity=11)
    broken = grow(small, queues, agents, mode="both", capacity=12)
    broken.agents["person-0"].queues = ["nowhere"]
    seconds = []
    for document in (first, other):
        code, took_s = await apply(site, document)
        if code:
            raise RuntimeError(f"casebaton apply ended with {code}")
        say(f"{queues} queues and {agents} agents in {took_s:.2f} s")
        seconds.append(took_s)
    before = await state(site)
    code, _ = await apply(site, broken)
    return {
        "new_s": round(seconds[0], 2),
        "changed_s": round(seconds[1], 2),
        "broken_taken": int(code != 2 or await state(site) != before),
    }


async def measure(
    say: Callable[[str], None], *, queues: int, agents: int, rate: float, seconds: float, workers: int
) -> dict[str, Any]:
    """One run on one node; `seconds` is how long the cases flow from the first apply on."""
    arrivals = Arrivals(rate, seconds, WARM_UP_S)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            site, small = Site(Path(directory), server.url), describe(names(workers), [QUEUE], capacity=3)
            await site.apply(small)
            async with (
                run_node(site) as node,
                producer(site, node.base_url) as crm,
                working(site, node.base_url, names(workers), work_s=WORK_S, on_event=arrivals.saw),
            ):
                begin = asyncio.Event()
                sending = asyncio.create_task(arrivals.send(crm, begin.set))
                await begin.wait()
                figures = await _apply_all(say, site, small, queues, agents)
                await sending
                await until(arrivals.is_complete, within_s=STRAGGLERS_S)
            say("auditing")
            report = await site.audit()
    measured = arrivals.measured
    return {
        **figures,
        "queues": queues,
        "agents": agents,
        "rate": rate,
        "offer_ms": in_ms(arrivals.latencies()),
        "lost": sum(number not in arrivals.offered_at for number in measured),
        "failed": len(arrivals.failures),
        "violations": report.violation_count,
    }
