"""What the clients of a figure asked and were told, to be held against the log afterwards."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterable, Awaitable, Callable
from time import perf_counter
from typing import Literal, TypeVar

from msgspec import Struct

from casebaton.client import CommandRefused, NotSent
from casebaton.store.events import read_event
from casebaton.store.log import Entry

T = TypeVar("T")
Told = Literal["acknowledged", "refused", "not_sent", "unknown"]

EFFECTS = {
    "case_queued": "submit",
    "case_accepted": "accept",
    "case_declined": "decline",
    "case_closed": "complete",
}


class Asked(Struct, frozen=True):
    """A change that somebody asked for: the same one however often it was asked. `baton` is the one shown."""

    kind: str
    case: str
    baton: str = ""


class Verdict(Struct):
    """Where what was told and what was done differ."""

    acknowledged_lost: int = 0
    refused_yet_done: int = 0
    doubled: int = 0
    unasked: int = 0


class Journal:
    """Runs commands and keeps what became of each."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.told: Counter[Told] = Counter()
        self._answers: dict[Asked, set[Told]] = defaultdict(set)
        self._acknowledged_at: dict[Asked, float] = {}
        self._on_told: list[Callable[[Told, float], object]] = []

    def on_told(self, callback: Callable[[Told, float], object]) -> None:
        """Call back for each answer, with the instant (of `perf_counter`) at which it was asked for."""
        self._on_told.append(callback)

    async def run(self, asked: Asked, command: Awaitable[T]) -> T:
        """Run a command and note how it ended; its error is raised all the same."""
        self.in_flight += 1
        asked_at = perf_counter()
        told: Told = "unknown"
        try:
            result = await command
            told = "acknowledged"
        except CommandRefused:
            told = "refused"
            raise
        except NotSent:
            told = "not_sent"
            raise
        finally:
            self.in_flight -= 1
            self.note(asked, told)
            for callback in self._on_told:
                callback(told, asked_at)
        return result

    def note(self, asked: Asked, told: Told) -> None:
        """Keep what somebody was told."""
        self.told[told] += 1
        self._answers[asked].add(told)
        if told == "acknowledged":
            self._acknowledged_at[asked] = perf_counter()

    def acknowledged(self, kind: str) -> set[str]:
        """The cases of which a kind of command was acknowledged."""
        return {asked.case for asked, told in self._answers.items() if asked.kind == kind and "acknowledged" in told}

    async def lost(self, kind: str, entries: AsyncIterable[Entry]) -> list[float]:
        """When (by `perf_counter`) those of a kind were acknowledged of which the whole log has no effect."""
        done = await _effects(entries)
        return [at for asked, at in self._acknowledged_at.items() if asked.kind == kind and not done[asked]]

    async def judge(self, entries: AsyncIterable[Entry]) -> Verdict:
        """Compare with the whole log. A command that was unknown, or never answered, may have one effect or none."""
        done = await _effects(entries)
        verdict = Verdict()
        for asked, told in self._answers.items():
            effects = done.get(asked, 0)
            verdict.acknowledged_lost += "acknowledged" in told and effects == 0
            verdict.refused_yet_done += told <= {"refused", "not_sent"} and effects > 0
            verdict.doubled += effects > 1
        verdict.unasked = len(done.keys() - self._answers.keys())
        return verdict


async def _effects(entries: AsyncIterable[Entry]) -> Counter[Asked]:
    """How often each change happened, as the log tells; a case's baton before an event is the one that was shown."""
    batons: dict[str, str] = {}
    done: Counter[Asked] = Counter()
    async for entry in entries:
        event = read_event(entry)
        if kind := EFFECTS.get(event.type):
            done[Asked(kind, event.case, "" if kind == "submit" else batons[event.case])] += 1
        if event.case and event.baton:
            batons[event.case] = event.baton
    return done
