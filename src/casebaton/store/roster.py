"""Makes the roster so, row by row: each row is one command of the engine, live and atomic by itself."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from casebaton.errors import CasebatonError
from casebaton.store import names, skills
from casebaton.store.client import Actor, StoreClient
from casebaton.workspace import roster
from casebaton.workspace.roster import Person, Row

PAGE = 200
AT_ONCE = 25  # rows on their way together: they share a pipeline, and cases that flow meanwhile hardly wait for it


class Outcome(Struct, frozen=True, omit_defaults=True):
    """What became of a row. `code` and `detail` say why it was refused."""

    agent: str
    done: Literal["created", "changed", "unchanged", "removed", "refused"]
    code: str = ""
    detail: str = ""


class _Page(Struct):
    items: list[Person]
    next_cursor: str = ""


_page = msgspec.json.Decoder(_Page)


async def read_people(store: StoreClient, workspace: str, actor: Actor) -> dict[str, Person]:
    """Everybody of a workspace by id. Raises Refused: there is no such workspace."""
    people: dict[str, Person] = {}
    after = ""
    while True:
        answer = await store.run("read_agents", workspace, actor, after=after, limit=PAGE)
        page = _page.decode(answer.body)
        people.update((person.agent, person) for person in page.items)
        after = page.next_cursor
        if not after:
            return people


class Step(Struct, frozen=True):
    """A row's command and what it will have done; nothing is sent for what is so already."""

    agent: str
    done: Literal["created", "changed", "unchanged", "removed"]
    command: str = ""
    arguments: dict[str, Any] = {}


def plan(rows: Iterable[Row], people: dict[str, Person], *, remove_missing: bool = False) -> list[Step]:
    """What has to be done, in the rows' order; last go the agents that no row names."""
    rows = list(rows)
    steps = [_step(row, people.get(row.agent)) for row in rows]
    if remove_missing:
        missing = sorted(people.keys() - {row.agent for row in rows})
        steps += [Step(agent, "removed", "remove_agent", {"agent": agent}) for agent in missing]
    return steps


def _step(row: Row, person: Person | None) -> Step:
    changes = roster.changes(row, person)
    if person is not None and not changes:
        return Step(row.agent, "unchanged")
    arguments = {"agent": row.agent, "create": "" if person else 1, **_as_text(changes)}
    return Step(row.agent, "changed" if person else "created", "set_agent", arguments)


def _as_text(changes: dict[str, Any]) -> dict[str, Any]:
    """The fields as the engine takes them."""
    texts = ("queues", "skills", "skill_dates", "tiers", "limits")
    found = {name: value for name, value in changes.items() if name not in texts}
    if "name" in changes:
        found["name_keys"] = names.keys(changes["name"])
    if "queues" in changes:
        found["queues"] = ",".join(changes["queues"]) or skills.NONE
    if "skills" in changes:
        dates = {name: (span.since_ms, span.until_ms) for name, span in changes["skill_dates"].items()}
        found["skills"] = skills.of_agent(changes["skills"], dates)
    if "tiers" in changes:
        found["tiers"] = skills.tiers(changes["tiers"])
    if "limits" in changes:
        found["limits"] = skills.limits(changes["limits"])
    if "auto_accept" in changes:
        found["auto_accept"] = int(changes["auto_accept"])
    return found


async def carry_out(
    store: StoreClient, workspace: str, steps: Sequence[Step], *, actor: Actor, now: int | None = None
) -> list[Outcome]:
    """Run the steps, some at once; one that is refused or fails costs only itself."""
    outcomes: list[Outcome] = []
    for slice_ in _sliced(steps):
        outcomes += await asyncio.gather(*(_run(store, workspace, step, actor, now) for step in slice_))
    return outcomes


async def _run(store: StoreClient, workspace: str, step: Step, actor: Actor, now: int | None) -> Outcome:
    if step.command:
        try:
            await store.run(step.command, workspace, actor, now=now, **step.arguments)
        except CasebatonError as error:
            return Outcome(step.agent, "refused", error.code, error.detail)
    return Outcome(step.agent, step.done)


def _sliced(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    for start in range(0, len(steps), AT_ONCE):
        yield steps[start : start + AT_ONCE]
