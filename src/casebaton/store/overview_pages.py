"""Reads the pages that an overview begins with: bounded slices of the engine's own indexes, one after the other."""

from typing import NamedTuple

import msgspec
from msgspec import Struct

from casebaton.errors import Refused
from casebaton.store import structure, versions, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.figures import Levels
from casebaton.store.overview import AgentOverview, Overview, QueueOverview
from casebaton.workspace.thresholds import Threshold

AGENTS, QUEUES, WAITS = 50, 100, 500  # that one script reads
_ACTOR = ("engine", "overview")
# What a configuration means that was applied before there were figures.
UNSAID = {"service_level_ms": "20000", "short_abandon_ms": "5000", "alerts": "{}"}


class _Hand(Struct):
    agent: AgentOverview
    hand: tuple[tuple[str, str, str], ...]


class _Hands(Struct):
    items: tuple[_Hand, ...]
    next_cursor: str = ""


class _Waits(Struct):
    items: tuple[tuple[str, int], ...]
    next_cursor: str = ""


class _Queues(Struct):
    items: tuple[QueueOverview, ...]


class Rules(NamedTuple):
    """By what figures are counted, and of what there are alerts."""

    levels: Levels
    thresholds: dict[str, Threshold]


_hands = msgspec.json.Decoder(_Hands)
_waits = msgspec.json.Decoder(_Waits)
_queues = msgspec.json.Decoder(_Queues)


async def read_all(store: StoreClient, workspace: str, overview: Overview) -> str:
    """Read agents, queues and lines into an empty overview. Returns the position that it has to come to.

    Raises Refused (there is no such workspace), Unavailable or OutcomeUnknown.
    """
    after, is_last = "", False
    while not is_last:
        answer = await store.run("read_hands", workspace, _ACTOR, after=after, limit=AGENTS)
        page = _hands.decode(answer.body)
        for each in page.items:
            overview.take_agent(each.agent, each.hand)
        after = page.next_cursor
        is_last = not after
    await read_queues(store, workspace, overview)
    return await _read_lines(store, workspace, overview) or answer.position


async def read_queues(store: StoreClient, workspace: str, overview: Overview) -> None:
    """Read which queues the configuration in force has, and what stops them."""
    present = await workspaces.read_present(store, workspace)
    rows = _queue_rows(present)
    names = sorted(rows)
    for start in range(0, len(names), QUEUES):
        asked = ",".join(names[start : start + QUEUES])
        answer = await store.run("read_queues", workspace, _ACTOR, queues=asked)
        for queue in _queues.decode(answer.body).items:
            queue.retired = "retired" in rows[queue.queue]
            queue.service_level_ms = _service_level_ms(rows[queue.queue])
            overview.take_queue(queue)


async def read_levels(store: StoreClient, workspace: str, version: int) -> Levels | None:
    """By what figures are counted under a version of the configuration; None when it is no longer kept."""
    present = await workspaces.read_present(store, workspace)
    if present.version == version:  # it knows retired queues as well
        return _levels(present)
    try:
        return structure.levels_of((await versions.read_version(store, workspace, version))[1])
    except Refused:
        return None


async def read_rules(store: StoreClient, workspace: str) -> Rules:
    """What the configuration in force says of them."""
    present = await workspaces.read_present(store, workspace)
    watched = present.structure.get("watched", UNSAID)
    thresholds = msgspec.json.decode(watched["alerts"], type=dict[str, Threshold])
    return Rules(_levels(present), thresholds)


def _levels(present: workspaces.Present) -> Levels:
    levels = {name: _service_level_ms(row) for name, row in _queue_rows(present).items()}
    return Levels(levels, int(present.structure.get("watched", UNSAID)["short_abandon_ms"]))


def _queue_rows(present: workspaces.Present) -> dict[str, dict[str, str]]:
    return {name[6:]: row for name, row in present.structure.items() if name.startswith("queue:")}


def _service_level_ms(row: dict[str, str]) -> int:
    return int(row.get("service_level_ms", UNSAID["service_level_ms"]))


async def _read_lines(store: StoreClient, workspace: str, overview: Overview) -> str:
    position = ""
    for queue in list(overview.queues):
        after, is_last = "", False
        while not is_last:
            answer = await store.run("read_waits", workspace, _ACTOR, queue=queue, after=after, limit=WAITS)
            page = _waits.decode(answer.body)
            for case, since_ms in page.items:
                overview.take_wait(queue, case, since_ms)
            position, after = answer.position, page.next_cursor
            is_last = not after
    return position
