"""One step of the machine: a command, what it may and may not have done, and all that must hold after it."""

import asyncio
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from casebaton.errors import Refused
from casebaton.store import library
from casebaton.store.client import Actor, StoreClient
from tests.engine import Engine
from tests.store.oracle import Observer
from tests.store.ownership import WORKED_ON, next_case
from tests.store.permissions import first_events, is_allowed


class Steps(RuleBasedStateMachine):
    """A workspace of its own, and how every command goes."""

    url = ""
    is_hasty = False  # are kinds of work given up as soon as they are empty for a moment?

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store = self.runner.run(self._open())
        self.engine = Engine(self.store, "machine")
        self.observer = Observer(self.engine)
        self.accepted: list[tuple[str, Actor, str, dict[str, Any], Any]] = []
        self.old_batons: dict[str, str] = {}
        self.silent: set[str] = set()
        self.shape: dict[str, Any] = {}
        self.commands = 0

    async def _open(self) -> StoreClient:
        store = StoreClient(self.url, retry_for_s=0)
        await store.redis.flushall()
        await store.load()
        if self.is_hasty:
            await store.redis.function_load(hasty(library.build().code), replace=True)
        return store

    async def _close(self) -> None:
        if self.is_hasty:
            await self.store.redis.function_load(library.build().code, replace=True)
        await self.store.close()

    def teardown(self) -> None:
        self.runner.run(self._close())
        self.runner.close()

    def do(self, name: str, actor: Actor, **args: Any) -> None:
        self.runner.run(self._do(name, actor, args))

    async def _do(self, name: str, actor: Actor, args: dict[str, Any]) -> None:
        self.commands += 1
        command_id = f"m-{self.commands}"
        state = self.observer.state
        case = state.hash("case").get(args.get("case", ""))
        allowed = is_allowed(state, name, actor, args, self.engine.now)
        before = None if allowed else await self.observer.everything()
        answer: Any
        try:
            answer = await self.engine.run(name, actor, command_id=command_id, **args)
        except Refused as error:
            answer = error
        assert allowed != isinstance(answer, Refused), f"{name} by {actor}: {answer}"
        if not allowed:
            assert await self.observer.everything() == before, f"refused as {answer.code}, and yet something changed"
            return
        if name == "submit_case":
            self.observer.submitted.add(args["case"])
        events = await self.observer.look()
        if not (name == "submit_case" and case is not None):
            named = next_case(state, actor[1], args["queue"]) if name == "take_next" else args.get("case")
            expected = [(kind, named) for kind in first_events(name, args, case)]
            assert [(event.type, event.case) for event in events[: len(expected)]] == expected
        if case is not None:
            self.old_batons[args["case"]] = case["baton"]
        self.accepted.append((name, actor, command_id, args, answer))

    def has_cases(self) -> bool:
        return bool(self.observer.submitted)

    def has_offers(self) -> bool:
        return any(fact.state == "offered" for fact in self.observer.fold.cases.values())

    def is_upset_now(self) -> bool:
        """A third of the time: what disturbs everybody should not leave nobody at work."""
        return self.commands % 3 == 0

    def has_work(self) -> bool:
        return any(fact.state in WORKED_ON for fact in self.observer.fold.cases.values())

    def has_parked(self) -> bool:
        return any(fact.state == "parked" for fact in self.observer.fold.cases.values())

    def pick(self, index: int, *states: str) -> str:
        """A case in one of these states, if any is and mostly; else any that was ever submitted."""
        wanted = sorted(name for name, fact in self.observer.fold.cases.items() if fact.state in states)
        known = wanted if wanted and index < 8 else sorted(self.observer.submitted)
        return known[index % len(known)]

    def baton(self, case: str, wish: str) -> str:
        row = self.observer.state.hash("case").get(case, {})
        return {"present": row.get("baton", "none"), "old": self.old_batons.get(case, "none"), "any": "any"}[wish]

    def holder(self, case: str, otherwise: str, index: int) -> str:
        """Whoever holds the case, most of the time."""
        holder = self.observer.state.hash("case").get(case, {}).get("agent", "")
        return holder if holder and index != 0 else otherwise

    async def _tick(self, limit: int = 50) -> list[Any]:
        """Renew the leases and fire what is due, one call of the engine at a time."""
        for node in {"node-a", "node-b"} - self.silent:
            await self.engine.renew(node)
        events = []
        for _ in range(200):
            args = {"limit": limit, "silent_ms": ""}
            answer = await self.engine.run("advance", ("engine", "timers"), command_id="", **args)
            events += await self.observer.look()
            if answer["next_ms"] != 0:
                return events
        raise AssertionError("timers never come to rest")


def hasty(code: str) -> str:
    """The library with other measures: two kinds of work are too many, and a few seconds are a long time."""
    for measure, other in (("KEPT = 32", "KEPT = 1"), ("LOOK_MS = 600000", "LOOK_MS = 2000")):
        assert code.count(measure) == 1
        code = code.replace(measure, other)
    return code
