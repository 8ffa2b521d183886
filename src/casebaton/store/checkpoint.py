"""The checkpoint: the fold of all log entries up to a position. The log below it is trimmed, so that it never grows
without end.

Whoever reads the log marks how far it has come; the checkpoint never passes a reader, so nothing unread is trimmed.
`open_fold` holds the checkpoint still while it is read, and from there any later entry can be folded. The engine's
transitions never trim.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Literal

import msgspec
from msgspec import Struct

from casebaton.errors import CasebatonError, Refused
from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.connection import reaching
from casebaton.store.events import QUEUE_EVENTS, LogEvent, read_event
from casebaton.store.facts import AgentFact, CaseFact, QueueFact
from casebaton.store.fold import Fold
from casebaton.store.keys import key
from casebaton.store.retention import Due, Keep, read_due

PAGE = 500  # entries folded and trimmed by one call of the engine, and facts read at once
KEEP_MS = 60_000
START = "0-0"
_ACTOR = ("engine", "checkpoint")

_encoder = msgspec.json.Encoder()
_case = msgspec.json.Decoder(CaseFact)
_agent = msgspec.json.Decoder(AgentFact)
_queue = msgspec.json.Decoder(QueueFact)

FactName = tuple[Literal["case", "agent", "queue"], str]


class Checkpoint(Struct, frozen=True):
    """How far the checkpoint has come: the last folded entry's position and number, and how many entries this call
    folded.
    """

    position: str
    log_seq: int
    folded: int


def _take(fold: Fold, name: str, value: bytes) -> None:
    """Put a stored fact into a fold."""
    kind, _, name = name.partition(":")
    if kind == "case":
        fold.cases[name] = _case.decode(value)
    elif kind == "queue":
        fold.queues[name] = _queue.decode(value)
    else:
        fold.agents[name] = _agent.decode(value)


async def mark_reader(store: StoreClient, workspace: str, reader: str, position: str, *, keep_ms: int = KEEP_MS) -> str:
    """Say how far a reader has read, good for `keep_ms`; an empty position stands for the checkpoint's, which is
    returned.

    `keep_ms` 0 signs the reader off. A position below the checkpoint comes too late: read afresh.
    """
    answer = await store.run(
        "mark_reader", workspace, _ACTOR, reader=reader, position=position, keep_ms=keep_ms
    )  # fmt: skip
    return answer.position


async def _present(store: StoreClient, workspace: str) -> tuple[str, int]:
    with reaching():
        position, log_seq = await store.redis.hmget(key(workspace, "checkpoint"), ["position", "log_seq"])
    return (START, 0) if position is None else (position.decode(), int(log_seq))


async def _read_page(
    store: StoreClient, workspace: str, after: str, is_wanted: Callable[[str, LogEvent], bool]
) -> tuple[str, list[LogEvent]]:
    """At most a page of events after a position, up to the first that is not wanted; the last one's position."""
    events: list[LogEvent] = []
    async with aclosing(log.read_after(store.redis, workspace, after)) as entries:  # type: ignore[type-var]
        async for entry in entries:
            event = read_event(entry)
            if len(events) == PAGE or not is_wanted(entry.position, event):
                break
            events.append(event)
            after = entry.position
    return after, events


async def _is_any_due(store: StoreClient, workspace: str, position: str, due: Due) -> bool:
    """Is there anything to let go? It is asked far more often than there is."""
    entry = await log.first_after(store.redis, workspace, position)
    return entry is not None and due.covers(entry.position, read_event(entry))


def _agents_of(event: LogEvent) -> set[str]:
    return {event.agent, event.agent_before, event.target, event.target_before} - {""}


def _named(events: Iterable[LogEvent]) -> list[str]:
    """The facts that these events touch."""
    cases = {f"case:{event.case}" for event in events if event.case}
    agents = {f"agent:{name}" for event in events for name in _agents_of(event)}
    queues = {f"queue:{event.queue}" for event in events if event.type in QUEUE_EVENTS}
    return sorted(cases | agents | queues | {f"agent:{held.agent}" for event in events for held in event.held})


async def _fold(store: StoreClient, workspace: str, log_seq: int, events: Sequence[LogEvent]) -> Fold:
    """Fold a page onto the facts that it touches. Faults mean a faulty log, or a rival who moved the checkpoint."""
    fold, names = Fold(log_seq), _named(events)
    with reaching():
        values = await store.redis.hmget(key(workspace, "checkpoint"), names) if names else []
    for name, value in zip(names, values, strict=True):
        if value is not None:
            _take(fold, name, value)
    for event in events:
        fold.apply(event)
    return fold


def _changes(fold: Fold) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    facts: dict[str, Mapping[str, Struct]] = {"case": fold.cases, "agent": fold.agents, "queue": fold.queues}
    for kind, name in sorted(fold.changed):
        fact = facts[kind].get(name)
        changes[f"{kind}:{name}"] = None if fact is None else _encoder.encode(fact).decode()
    return changes


async def advance_checkpoint(store: StoreClient, workspace: str, keep: Keep) -> Checkpoint:
    """Fold and trim until nothing is left that need not be kept, or a reader stands in the way.

    Safe from any number of nodes at once and to be cancelled at any point: each page of at most 500 entries is one
    atomic step by compare-and-set. Raises Unavailable, or CasebatonError `LOG_FAULTY` when the log contradicts
    itself: then nothing is trimmed.
    """
    due = await read_due(store, workspace, keep)
    position, log_seq = await _present(store, workspace)
    folded = 0
    while await _is_any_due(store, workspace, position, due):
        to, events = await _read_page(store, workspace, position, due.covers)
        fold = await _fold(store, workspace, log_seq, events)
        if fold.faults:
            if (await _present(store, workspace))[0] != position:
                break  # a rival trimmed what was being read
            # What does not fold is evidence: it stays in the log until somebody has looked at it.
            raise CasebatonError("LOG_FAULTY", f"the log of {workspace} is not trimmed: {fold.faults[0]}")
        arguments = {"from": position, "to": to, "to_seq": fold.log_seq, "changes": _encoder.encode(_changes(fold))}
        try:
            await store.run("trim_log", workspace, _ACTOR, **arguments)  # type: ignore[arg-type]  # a command's own
        except Refused as refused:
            if refused.code != "CHECKPOINT_MOVED":
                raise
            break
        position, log_seq, folded = to, fold.log_seq, folded + len(events)
    return Checkpoint(position, log_seq, folded)


class Reading:
    """A fold that starts at the checkpoint and follows the log; while it is open nothing after its position is
    trimmed.
    """

    def __init__(self, store: StoreClient, workspace: str, reader: str, position: str, fold: Fold) -> None:
        self.position = position
        self.fold = fold
        self._store = store
        self._workspace = workspace
        self._reader = reader
        self._marked_at = 0.0

    async def follow(self, last_seq: int) -> int:
        """Fold up to and with entry `last_seq`; returns how many entries were folded. Fewer come when the log ends
        before it.
        """
        folded = 0
        while self.fold.log_seq < last_seq:
            self.position, events = await _read_page(
                self._store, self._workspace, self.position, lambda _, event: event.log_seq <= last_seq
            )
            if not events:
                break
            for event in events:
                self.fold.apply(event)
            folded += len(events)
            await self._mark()
        return folded

    async def _mark(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._marked_at > KEEP_MS / 4000:
            await mark_reader(self._store, self._workspace, self._reader, self.position)
            self._marked_at = now


@asynccontextmanager
async def open_fold(store: StoreClient, workspace: str) -> AsyncIterator[Reading]:
    """Read the checkpoint's facts, in bounded pages, and follow the log from there. The checkpoint stands still
    meanwhile.
    """
    reader = f"fold:{secrets.token_hex(8)}"
    position = await mark_reader(store, workspace, reader, "")
    try:
        _, log_seq = await _present(store, workspace)
        fold = Fold(log_seq)
        with reaching():
            async for name, value in store.redis.hscan_iter(key(workspace, "checkpoint"), count=PAGE):
                if name not in (b"position", b"log_seq"):
                    _take(fold, name.decode(), value)
        yield Reading(store, workspace, reader, position, fold)
    finally:
        await mark_reader(store, workspace, reader, "", keep_ms=0)
