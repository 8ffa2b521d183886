"""`plans`: the steps of a plan fire at their time, with every socket closed and one of two nodes killed.

Nobody is connected, so nothing but the timers of the nodes can move a case. In each round cases arrive over a second;
then one node is killed, the two in turn, so that at times it is the one that is responsible for the workspace. What was
late is read in the log, by the time of the engine.
"""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterable, Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from casebaton.store import log
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.log import Entry
from casebaton.wire.messages import AdditionalSkill
from casebaton.workspace import document
from loadtest.agents import producer
from loadtest.process import WORKSPACE, NodeProcess, Site, free_port
from loadtest.report import in_ms

STEPS_S = {"drop_skills": 1.5, "open_tier": 2.5, "overflow": 4.0}
GRACE_S = 2.0  # so long after the last step's time the log is read: what has not fired by then never did in time
GERMAN = [AdditionalSkill(skill="german")]
DOCUMENT = document.parse(f"""
skills = ["german"]
[channels.case]
[plans.short]
steps = [
  {{after_s = {STEPS_S["drop_skills"]}, drop_skills = true}},
  {{after_s = {STEPS_S["open_tier"]}, open_tier = 1}},
  {{after_s = {STEPS_S["overflow"]}, overflow = "everybody"}},
]
[queues.support]
plan = "short"
[queues.everybody]
""")


class Event(Struct, frozen=True):
    """What is read of an event."""

    type: str
    at_ms: int
    case: str = ""
    step: str = ""
    reason: str = ""

    @property
    def taken(self) -> str:
        """The step that was taken, or nothing."""
        return self.reason if self.type == "case_transferred" else self.step


_read = msgspec.json.Decoder(Event).decode


async def lateness(entries: AsyncIterable[Entry]) -> tuple[dict[str, list[float]], int]:
    """Seconds by which each step was late, by step; and how many cases came in."""
    queued: dict[str, int] = {}
    late: dict[str, list[float]] = defaultdict(list)
    async for entry in entries:
        event = _read(entry.body)
        if event.type == "case_queued":
            queued[event.case] = event.at_ms
        elif event.taken in STEPS_S:
            late[event.taken].append((event.at_ms - queued[event.case]) / 1000 - STEPS_S[event.taken])
    return late, len(queued)


async def _submit(site: Site, node: NodeProcess, cases: range) -> None:
    """Cases over a second; the socket is closed at its end."""
    async with producer(site, node.base_url) as crm:
        for number in cases:
            await crm.submit(case=f"c-{number}", queue="support", subject="The lamp flickers", additional_skills=GERMAN)
            await asyncio.sleep(1 / len(cases))  # so that their steps are not all due at one instant


async def measure(say: Callable[[str], None], *, rounds: int, cases: int) -> dict[str, Any]:
    """So many rounds, each with so many cases and a kill; the killed node is started again after each."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            site = Site(Path(directory), server.url)
            await site.apply(DOCUMENT)
            nodes = [NodeProcess(site, free_port()) for _ in range(2)]
            for node in nodes:
                await node.start()
            try:
                for number in range(rounds):
                    victim, other = nodes[number % 2], nodes[1 - number % 2]
                    await _submit(site, other, range(number * cases, (number + 1) * cases))
                    await victim.kill()
                    say(f"{number + 1} of {rounds}: {cases} cases wait, every socket is closed, one node is killed")
                    await asyncio.sleep(STEPS_S["overflow"] + GRACE_S)  # no socket that could tell is open
                    await victim.start()
            finally:
                for node in nodes:
                    await node.stop()
            async with site.store() as store:
                late, arrived = await lateness(log.read_after(store.redis, WORKSPACE, "0-0"))
            report = await site.audit()
    return _value(late, arrived, rounds, report.violation_count)


def _value(late: dict[str, list[float]], arrived: int, rounds: int, violations: int) -> dict[str, Any]:
    everything = [each for row in late.values() for each in row]
    return {
        "max_late_ms": round(max(everything) * 1000) if everything else None,
        "early": sum(each < 0 for each in everything),
        "missing": arrived * len(STEPS_S) - len(everything),
        "violations": violations,
        "late_ms": {step: in_ms(late[step]) for step in STEPS_S},
        "cases": arrived,
        "kills": rounds,
    }
