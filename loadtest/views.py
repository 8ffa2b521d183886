"""`views`: what supervisors' views of a workspace cost a node, with nothing else in its way.

Real changes of agents' status are read from the log and taken into a node's own overview; then its frames are made, for
those who see everything and for teams of 20. Frames for one scope are made once for all who have it, so a scope, not a
supervisor, is what they cost; whoever gets one costs a send.
"""

import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import Any

from casebaton.auth import Scope
from casebaton.node.health import Health
from casebaton.node.hub import Hub
from casebaton.node.overviews import LiveOverview, Told
from casebaton.store import log, overview_pages
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from loadtest.centre import Centre, team_of

CHANGES = 125  # of a frame: 500 a second, four frames a second


async def _begin(store: StoreClient, centre: Centre) -> tuple[LiveOverview, float]:
    """Everybody is there; the overview, and its bytes for an agent on the roster."""
    await centre.open()
    await centre.create()
    await centre.connect()
    await centre.choose("online", centre.present)
    tracemalloc.start()
    hub = Hub(store)
    live = LiveOverview(centre.name, store, hub, Health(store, hub, "n"), lambda _: None)
    await overview_pages.read_all(store, centre.name, live.overview)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return live, used / len(centre.roster)


async def _fold(store: StoreClient, centre: Centre, live: LiveOverview, status: str) -> float:
    """So many agents choose a status: microseconds in which the overview takes an entry in."""
    some = centre.present[:: len(centre.present) // CHANGES][:CHANGES]
    await centre.choose(status, some)
    entries = await log.read_last(store.redis, centre.name, len(some))
    began_s = process_time()
    for entry in entries:
        live.take(entry)
    return (process_time() - began_s) * 1e6 / len(some)


def _make(live: LiveOverview, scope: Scope | None, since: int, times: int) -> tuple[float, int]:
    """Microseconds in which a frame is made, for each change there was; its bytes."""
    began_s = process_time()
    for number in range(times):
        # A key of its own each time: otherwise the frame that is there already would be given out.
        made = live.make(scope, Told(since - number, 0))
    size = len(made.frame.body) if made.frame else 0
    return (process_time() - began_s) * 1e6 / times / CHANGES, size


async def measure(say: Callable[[str], None], *, agents: int, rounds: int) -> dict[str, Any]:
    """The least of so many rounds."""
    async with EmbeddedServer() as server:
        store = StoreClient(server.url)
        await store.load()
        centre = Centre(store, agents)
        live, bytes_per_agent = await _begin(store, centre)
        say(f"{agents} agents, {len(centre.present)} are there")
        rows = []
        for number in range(rounds):
            live.overview.changes.clear()
            since = live.overview.log_seq
            folded = await _fold(store, centre, live, ("busy", "online")[number % 2])
            whole, size = _make(live, None, since, 20)
            rows.append((folded, whole, _make(live, Scope(teams=(team_of(0),)), since, 20)[0], size))
        await store.close()
    folded, whole, team, size = (min(column) for column in zip(*rows, strict=True))
    return {
        "fold_us_per_entry": round(folded, 2),
        "whole_us_per_change": round(whole, 3),
        "team_us_per_change": round(team, 3),
        "bytes_per_change": round(size / CHANGES),
        "overview_bytes_per_agent": round(bytes_per_agent),
        "agents": agents,
    }
