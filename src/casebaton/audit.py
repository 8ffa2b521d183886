"""Audits a live workspace: does the state that is stored follow from the log, and is every case in exactly one place?

The state changes while it is read. So it is read in slices, each atomic at one entry of the log, and compared with the
fold of the log up to that very entry. What is checked is written down in `docs/invariants.md`.
"""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from casebaton.store import inventory
from casebaton.store.checkpoint import Reading, open_fold
from casebaton.store.client import StoreClient
from casebaton.store.facts import ENDED, AgentFact, CaseFact, FlagFact, QueueFact, Window

SLICE = 100
MOST_VIOLATIONS = 200
_FOLD_STEP = 1000
_ACTOR = ("engine", "audit")

Progress = Callable[[str, int], None]

PLACES = {
    "waiting": ["card", "line", "wait"],
    "offered": ["card", "held", "offer"],
    "active": ["card", "held"],
    "parked": ["card", "held"],
    "wrapping": ["card", "held", "wrap"],
}
_CASE_NOUNS = frozenset({"case", "card", "data", "cooling", "notes"})
_SETS = frozenset({"line", "wait", "held", "ready", "members", "waking", "customer", "kept", "windows"})


class Violation(Struct, frozen=True):
    """Something that must not be: a stable code, the place, what should be there and what is."""

    code: str
    where: str
    expected: Any
    found: Any


class Report(Struct):
    """What an audit looked at and what it found. `violations` holds the first 200 of `violation_count`."""

    workspace: str
    from_log_seq: int
    to_log_seq: int = 0
    events: int = 0
    cases: int = 0
    agents: int = 0
    entries: int = 0
    violation_count: int = 0
    violations: list[Violation] = []

    @property
    def is_clean(self) -> bool:
        """Was nothing found?"""
        return self.violation_count == 0

    def add(self, code: str, where: str, expected: Any, found: Any) -> None:
        """Note a violation."""
        self.violation_count += 1
        if len(self.violations) < MOST_VIOLATIONS:
            self.violations.append(Violation(code, where, expected, found))


class StoredCase(Struct):
    """A case as `audit_cases` shows it; `state` is empty when there is no record."""

    case: str
    state: str
    places: list[str]
    queue: str = ""
    agent: str = ""
    baton: str = ""
    revision: int = 0
    score: int = 0
    channel: str = ""
    pool: str = ""
    cost: int = 0
    priority: int = 0
    skills: dict[str, int] = {}
    tier: str = ""
    notes: int = 0
    parked_cost: int = 0
    wake_at: int = 0
    wake_pending: bool = False
    target: str = ""
    target_baton: str = ""
    stage: str = ""
    window: Window | None = None
    customer: str = ""
    reserved_agent: str = ""
    queued_at_ms: int = 0

    @property
    def right_places(self) -> list[str]:
        """The places that should claim it, sorted."""
        places = {*PLACES[self.state]}
        if self.wake_pending:
            places.add("waking")
        elif self.wake_at:
            places.add("wake")
        if self.customer:
            places.add("customer")
        if self.reserved_agent:
            places.add("reserved")
        if self.target:
            places |= {"target", "transfer"}
        if self.window:
            places |= {"window"} if self.state != "waiting" else set()
            places |= {"target_window"} if self.target else set()
        return sorted(places)


class StoredAgent(Struct):
    """An agent as the engine shows it."""

    status: str
    presence: str
    channels: tuple[str, ...]
    queues: tuple[str, ...]
    capacity: int
    interruptible_capacity: int
    held_primary: int
    held_interruptible: int
    offers: int
    skills: dict[str, int]
    tiers: dict[str, int]
    label: str
    auto_accept: bool
    next_status: str
    waking: int
    flag: FlagFact | None
    channel_cases: dict[str, int] = {}
    limits: dict[str, int] = {}
    reserved_case: str = ""
    ring_factor: int = 1


class CasesSlice(Struct):
    """The answer of `audit_cases`."""

    log_seq: int
    cases: list[StoredCase]


class Hand(Struct):
    """What the cases in an agent's hands add up to."""

    primary: int
    interruptible: int
    offers: int
    channel_cases: dict[str, int]


class AgentSlice(Struct):
    """The answer of `audit_agent`."""

    log_seq: int
    agent: StoredAgent | None = None
    hand: Hand | None = None
    disagreements: list[str] = []


class StoredQueue(Struct):
    """A queue's state as `audit_queue` shows it."""

    paused: bool
    draining: bool
    open: bool


class QueueSlice(Struct):
    """The answer of `audit_queue`."""

    log_seq: int
    queue: StoredQueue
    disagreements: list[str]


class WrongEntry(Struct):
    """A member that stands in a set wrongly."""

    member: str
    found: str


class EntriesSlice(Struct):
    """The answer of `audit_entries`."""

    log_seq: int
    wrong: list[WrongEntry]


Slice = TypeVar("Slice", CasesSlice, AgentSlice, EntriesSlice, QueueSlice)


class _LogBroken(Exception):
    """The log does not lead to the state that was read: nothing can be compared any more."""


def _quiet(_stage: str, _done: int) -> None:
    pass


async def check(store: StoreClient, workspace: str, progress: Progress = _quiet) -> Report:
    """Audit one workspace while it works, changing nothing but its own mark as a reader of the log.

    `progress` is told the stage and how much of it is done. Raises Unavailable, or Refused: there is no such workspace.
    """
    async with open_fold(store, workspace) as reading:
        report = Report(workspace, reading.fold.log_seq)
        audit = _Audit(store, workspace, reading, report, progress)
        try:
            await audit.run()
        except _LogBroken:
            progress("stopped", report.events)
        report.to_log_seq = reading.fold.log_seq
        return report


class _Audit:
    """One run over one workspace."""

    def __init__(
        self, store: StoreClient, workspace: str, reading: Reading, report: Report, progress: Progress
    ) -> None:
        self._store = store
        self._workspace = workspace
        self._reading = reading
        self._report = report
        self._progress = progress
        self._seen_cases: set[str] = set()
        self._seen_agents: set[str] = set()
        self._seen_queues: set[str] = set()

    async def run(self) -> None:
        fold = self._reading.fold
        # A slice of nothing tells how long the log is now.
        await self._follow((await self._ask("audit_cases", CasesSlice, cases="")).log_seq)
        for names in _sliced(sorted(fold.cases)):
            await self._check_cases(names)
        for name in sorted(fold.agents):
            await self._check_agent(name)
        for name in sorted(fold.queues):
            await self._check_queue(name)
        await self._check_stored()

    async def _ask(self, command: str, answer: type[Slice], **args: str) -> Slice:
        found = await self._store.run(command, self._workspace, _ACTOR, **args)  # type: ignore[arg-type]  # a command's own
        return msgspec.json.decode(found.body, type=answer)

    async def _follow(self, log_seq: int) -> None:
        """Fold up to the entry at which a slice was read."""
        report, fold = self._report, self._reading.fold
        while fold.log_seq < log_seq:
            folded = await self._reading.follow(min(log_seq, fold.log_seq + _FOLD_STEP))
            report.events += folded
            for fault in fold.faults:
                report.add(fault.code, fault.where, fault.expected, fault.found)
            fold.faults.clear()
            if not folded:
                break
            self._progress("log", report.events)
        if fold.log_seq != log_seq:
            report.add("log_end", "log", log_seq, fold.log_seq)
            raise _LogBroken

    async def _check_cases(self, names: Sequence[str]) -> None:
        """Compare cases with the log, whether either of the two knows them or not."""
        found = await self._ask("audit_cases", CasesSlice, cases=",".join(names))
        await self._follow(found.log_seq)
        self._seen_cases.update(names)
        for stored in found.cases:
            self._check_case(stored, self._reading.fold.cases.get(stored.case))
        self._report.cases += sum(1 for stored in found.cases if stored.state and stored.state not in ENDED)
        self._progress("cases", self._report.cases)

    def _check_case(self, stored: StoredCase, folded: CaseFact | None) -> None:
        where = f"case:{stored.case}"
        is_live = bool(stored.state) and stored.state not in ENDED
        if folded is not None and not is_live:
            self._report.add("case_lost", where, folded.state, stored.state or "no case")
        elif folded is None and is_live:
            self._report.add("case_unknown", where, "no live case, says the log", stored.state)
        elif folded is not None:
            self._compare("case_differs", where, folded, stored)
        expected = stored.right_places if is_live else []
        if stored.places != expected:
            self._report.add("places" if is_live else "left_over", where, expected, stored.places)

    def _compare(self, code: str, where: str, folded: CaseFact | AgentFact | QueueFact, stored: Struct) -> None:
        for field in folded.__struct_fields__:
            expected, found = getattr(folded, field), getattr(stored, field)
            if expected != found:
                self._report.add(code, f"{where}.{field}", expected, found)

    async def _check_agent(self, name: str) -> None:
        """Compare an agent with the log, with what is in its hands and with the indexes."""
        found = await self._ask("audit_agent", AgentSlice, agent=name)
        await self._follow(found.log_seq)
        self._seen_agents.add(name)
        folded, where = self._reading.fold.agents.get(name), f"agent:{name}"
        if found.agent is None and folded is None:
            return  # removed; only its last cool-downs are still counted
        if found.agent is None or found.hand is None:
            self._report.add("agent_lost", where, "an agent", None)
            return
        if folded is None:
            self._report.add("agent_unknown", where, "no agent, says the log", found.agent.status)
        else:
            self._compare("agent_differs", where, folded, found.agent)
        agent = found.agent
        said = Hand(agent.held_primary, agent.held_interruptible, agent.offers, agent.channel_cases)
        if said != found.hand:
            self._report.add("held", where, msgspec.to_builtins(found.hand), msgspec.to_builtins(said))
        for index in found.disagreements:
            self._report.add("index", where, "listed exactly when it should be", index)
        self._report.agents += 1
        self._progress("agents", self._report.agents)

    async def _check_queue(self, name: str) -> None:
        """Compare what stops a queue with the log, and its classes with that."""
        found = await self._ask("audit_queue", QueueSlice, queue=name)
        await self._follow(found.log_seq)
        self._seen_queues.add(name)
        self._compare("queue_differs", f"queue:{name}", self._reading.fold.queues.get(name, QueueFact()), found.queue)
        for item in found.disagreements:
            self._report.add("class_state", f"queue:{name}", "stopped exactly when its queue is", item)

    async def _check_stored(self) -> None:
        """Look at everything stored: for what the log does not know, and for entries that stand where they must not."""
        cases: set[str] = set()
        async for noun, name in inventory.scan_nouns(self._store, self._workspace):
            if noun in _CASE_NOUNS and name not in self._seen_cases:
                cases.add(name)
            elif noun == "agent" and name not in self._seen_agents:
                await self._check_agent(name)
            elif noun in ("queue", "classes") and name not in self._seen_queues:
                await self._check_queue(name)
            elif noun in _SETS:
                await self._check_entries(noun, name)
        for names in _sliced(sorted(cases)):
            await self._check_cases(names)

    async def _check_entries(self, noun: str, name: str) -> None:
        members = inventory.scan_members(self._store, self._workspace, noun, name)
        async for batch in _gathered(members):
            found = await self._ask("audit_entries", EntriesSlice, noun=noun, name=name, members=",".join(batch))
            for entry in found.wrong:
                self._report.add("wrong_entry", f"{noun}:{name}", f"not {entry.member}", entry.found)
            self._report.entries += len(batch)
            self._progress("entries", self._report.entries)


def _sliced(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), SLICE):
        yield names[start : start + SLICE]


async def _gathered(members: AsyncIterable[str]) -> AsyncIterator[list[str]]:
    batch: list[str] = []
    async for member in members:
        batch.append(member)
        if len(batch) == SLICE:
            yield batch
            batch = []
    if batch:
        yield batch
