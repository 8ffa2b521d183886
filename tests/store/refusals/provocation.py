"""How a refusal is provoked: by commands of the contracts, each of which names its codes."""

from collections.abc import Awaitable, Callable
from typing import Any

from casebaton.store import library
from tests.engine import Engine

Provocation = Callable[[Engine], Awaitable[Awaitable[Any]]]


CONTRACTS = library.read_contracts()


PROVOCATIONS: dict[tuple[str, str], Provocation] = {}


ADMIN, SUPERVISOR, TIMERS = ("admin", "apply"), ("supervisor", "sue"), ("engine", "timers")


# Arguments without which a command cannot be asked at all; the rest may be empty.
VERBS: dict[str, dict[str, Any]] = {
    "accept_case": {},
    "decline_case": {"reason": "busy"},
    "complete_case": {},
    "return_case": {"reason": "not_mine", "place": "keep"},
    "transfer_case": {"queue": "billing"},
    "update_case": {"priority": 1},
    "cancel_case": {"reason": "withdrawn"},
    "revoke_offer": {"reason": "vip"},
    "take_case": {},
    "abandon_case": {},
    "assign_case": {"agent": "ana"},
    "wrap_case": {},
    "extend_wrap_up": {},
    "park_case": {},
    "resume_case": {},
    "reopen_case": {},
    "add_note": {"text": "Called back."},
    "set_stage": {"stage": "dispatched"},
}


def refuses(*pairs: tuple[str, str]) -> Callable[[Provocation], Provocation]:
    """Name the (command, code) that a provocation brings about: it arranges, and returns the call to be refused."""

    def register(provoke: Provocation) -> Provocation:
        for pair in pairs:
            assert pair not in PROVOCATIONS
            PROVOCATIONS[pair] = provoke
        return provoke

    return register


async def own(engine: Engine, case: str = "one", queue: str = "support") -> str:
    """Let Ana own a case; its baton."""
    await engine.add_agent("ana", queues=[queue])
    await engine.submit(case, queue)
    answer = await engine.act("ana", "accept", case)
    return str(answer["baton"])


async def offer(engine: Engine) -> str:
    """Let case `one` ring at Ana; its baton."""
    await engine.add_agent("ana")
    await engine.submit("one")
    assert await engine.offers("ana") == ["one"]
    return str((await engine.case("one"))["baton"])


def for_each_verb(code: str, provoke: Callable[[Engine, str], Awaitable[Awaitable[Any]]]) -> None:
    """Register one provocation for all the case commands whose header names the code."""
    for command in VERBS:
        if code in CONTRACTS[command].errors and (command, code) not in PROVOCATIONS:

            async def provoke_this(engine: Engine, command: str = command) -> Awaitable[Any]:
                return await provoke(engine, command)

            refuses((command, code))(provoke_this)


async def close(engine: Engine) -> None:
    """Let Ana own case `one` of queue pool, and complete it."""
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.act("ana", "take", "one")
    await engine.act("ana", "complete", "one")


async def wait_in_the_pool(engine: Engine, queues: list[str], room: int = 3) -> Awaitable[Any]:
    await engine.add_agent("ana", queues=queues, room=room)
    await engine.submit("one", "pool")
    return engine.act("ana", "take", "one")


def take_next(engine: Engine, agent: str = "ana", queue: str = "") -> Awaitable[Any]:
    return engine.run("take_next", ("agent", agent), queue=queue)
