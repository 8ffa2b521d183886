"""`scale`: what very many agents cost the store, step by step.

Nothing but these scripts runs, so the store's processor time is theirs alone; divided by the agents or cases of a step,
it stays the same from row to row unless something grows faster than the roster. How long single scripts took is elapsed
time, as the store counts it: on a busy machine the longest is one that waited for a processor.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import process_time
from typing import Any

from casebaton.store import checkpoint
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.store.keys import key, log_key
from casebaton.store.retention import Keep
from loadtest.centre import QUEUES, QUEUES_PER_AGENT, TEAM, TICK_MS, Centre

CAREER = 120  # lives of one agent
ASKED = 10
LIVES = 300
GRACE_MS, GONE_MS = 5000, 20_000  # as the document has them

Row = dict[str, dict[str, float]]


class Meter:
    """What the store's scripts cost: its processor time, and how long scripts held it up, as it counts both itself."""

    def __init__(self, store: StoreClient) -> None:
        self._redis = store.redis

    async def prepare(self) -> None:
        """Have the percentiles told that are asked for: 100 is the longest."""
        await self._redis.config_set("latency-tracking-info-percentiles", "50 100")

    async def _cpu_us(self) -> float:
        used = await self._redis.info("cpu")
        return float(used["used_cpu_user_main_thread"] + used["used_cpu_sys_main_thread"]) * 1e6

    @asynccontextmanager
    async def step(self, row: Row, name: str, units: int) -> AsyncIterator[None]:
        """Put into the row what the scripts come to while the block runs, for so many agents or cases."""
        await self._redis.config_resetstat()
        began_us = await self._cpu_us()
        yield
        used_us = await self._cpu_us() - began_us
        lengths = (await self._redis.info("latencystats"))["latency_percentiles_usec_fcall"]
        scripts = (await self._redis.info("commandstats"))["cmdstat_fcall"]["calls"]
        row[name] = {
            "cpu_us_per_unit": round(used_us / units, 1),
            "units": units,
            "scripts": int(scripts),
            "script_median_us": round(lengths["p50"]),
            "script_longest_us": round(lengths["p100"]),
        }


class Memory:
    """What the store's memory has grown by, without the log, which is kept at a length."""

    def __init__(self, centre: Centre) -> None:
        self._redis, self._log = centre.store.redis, log_key(centre.name)
        self._before = 0

    async def grown(self) -> int:
        """Bytes since the last call."""
        used = (await self._redis.info("memory"))["used_memory"] - await self.log_bytes()
        grown, self._before = used - self._before, used
        return int(grown)

    async def log_bytes(self) -> int:
        """What the log takes."""
        return int(await self._redis.memory_usage(self._log, samples=0) or 0)


async def _fill(centre: Centre, meter: Meter, memory: Memory, row: Row) -> dict[str, int]:
    """Everybody comes, and the cases wait: bytes of each."""
    await centre.open()
    await memory.grown()
    async with meter.step(row, "create", len(centre.roster)):
        await centre.create()
    found = {"agent": await memory.grown() // len(centre.roster)}
    async with meter.step(row, "connect", len(centre.present)):
        await centre.connect()
    async with meter.step(row, "choose_status", len(centre.present)):
        await centre.choose("online", centre.present)
    found["connected_agent"] = await memory.grown() // len(centre.present)
    await centre.occupy()
    await memory.grown()
    async with meter.step(row, "submit_waiting", len(centre.present)):
        await centre.wait()
    found["waiting_case"] = await memory.grown() // len(centre.present)
    return found


async def _work(centre: Centre, meter: Meter, row: Row) -> float:
    """What goes on among so many; the processor time in which a node reads a view's beginning, in us an agent."""
    async with meter.step(row, "submit_matching", LIVES):
        await centre.live(LIVES)
    async with meter.step(row, "complete_matching", TEAM):
        await centre.serve(TEAM)
    some = centre.present[:: max(1, len(centre.present) // LIVES)]
    async with meter.step(row, "change_status", len(some)):
        await centre.choose("busy", some)
    await centre.choose("online", some)
    case, candidates = await centre.submit_rare(), len(centre.roster) * QUEUES_PER_AGENT // len(QUEUES)
    async with meter.step(row, "why", ASKED * candidates):
        for _ in range(ASKED):
            await centre.ask(case)
    began_s = process_time()
    async with meter.step(row, "overview", len(centre.roster)):
        await centre.overview()
    return (process_time() - began_s) * 1e6 / len(centre.roster)


async def _upheave(centre: Centre, meter: Meter, row: Row) -> None:
    """Another configuration, other members, and the loss of the node that holds everybody."""
    async with meter.step(row, "flip_config", len(centre.roster)):
        await centre.apply(mode="both")
    async with meter.step(row, "rebuild", len(centre.roster)):
        await centre.drain()
    await centre.apply(member_skills={"known": 1})
    async with meter.step(row, "regroup", len(centre.roster)):
        await centre.drain()
    await centre.be_silent()
    async with meter.step(row, "reap", len(centre.present)):
        await centre.pass_time(TICK_MS)
    await centre.pass_time(GRACE_MS - TICK_MS)
    async with meter.step(row, "end_grace", len(centre.present)):
        await centre.pass_time(TICK_MS)
    await centre.pass_time(GONE_MS - GRACE_MS - TICK_MS)
    async with meter.step(row, "become_gone", len(centre.present)):
        await centre.pass_time(TICK_MS)


async def _kept(centre: Centre, memory: Memory) -> dict[str, int]:
    """Bytes of what is kept: a log entry, a fact of the checkpoint, a closed case, an agent's commands."""
    found = await centre.career(CAREER)
    found["log_entry"] = await memory.log_bytes() // await centre.store.redis.xlen(log_key(centre.name))
    await memory.grown()
    await checkpoint.advance_checkpoint(centre.store, centre.name, Keep(0))
    facts = await centre.store.redis.hlen(key(centre.name, "checkpoint"))
    return found | {"checkpoint_fact": await memory.grown() // facts}


async def measure(say: Callable[[str], None], *, rosters: list[int]) -> dict[str, Any]:
    """One workspace for each size of the roster, the least first, one after the other in one store."""
    value: dict[str, Any] = {"steps": {}, "bytes": {}, "node_us_of_overview": {}, "still_there": 0}
    async with EmbeddedServer() as server:
        store = StoreClient(server.url)
        await store.load()
        meter = Meter(store)
        await meter.prepare()
        for agents in rosters:
            centre, row = Centre(store, agents), Row()
            memory = Memory(centre)
            value["bytes"][agents] = await _fill(centre, meter, memory, row)
            say(f"{agents} agents, {len(centre.present)} are there, and as many cases wait")
            if agents == rosters[0]:
                value["bytes"][agents] |= await _kept(centre, memory)
            value["node_us_of_overview"][agents] = round(await _work(centre, meter, row), 1)
            await _upheave(centre, meter, row)
            value["steps"][agents] = row
            value["still_there"] += agents - (await centre.overview())["gone"]
            say(", ".join(f"{name} {step['cpu_us_per_unit']:.0f} us" for name, step in row.items()))
        await store.close()
    least, most = value["steps"][rosters[0]], value["steps"][rosters[-1]]
    growth = {name: round(most[name]["cpu_us_per_unit"] / step["cpu_us_per_unit"], 2) for name, step in least.items()}
    return {"growth": max(growth.values()), "still_there": value.pop("still_there"), "growths": growth} | value
