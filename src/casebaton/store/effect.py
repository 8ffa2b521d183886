"""What a document would change if it were applied now: nothing is written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from casebaton.errors import Finding, Invalid, Refused
from casebaton.store import roster, versions
from casebaton.store.client import StoreClient
from casebaton.store.connection import reaching
from casebaton.store.keys import key
from casebaton.store.structure_changes import merged, rebuilt_queues
from casebaton.store.turns import in_thread
from casebaton.store.workspaces import Asked, Present, is_unchanged, read_present
from casebaton.workspace.document import Document, canonical
from casebaton.workspace.faults import step
from casebaton.workspace.roster import Person, misfits, rows_of
from casebaton.workspace.warnings import warnings_of


class Change(Struct, frozen=True, omit_defaults=True):
    """One thing that the document adds, changes or no longer names: its fields before and after, and whom it touches.

    `classes` counts the kinds of work that are built anew.
    """

    section: str
    name: str
    change: Literal["added", "changed", "removed"]
    fields: dict[str, tuple[Any, Any]] = {}
    waiting: int = 0
    agents: int = 0
    classes: int = 0


class Effect(Struct, frozen=True):
    """What an apply would do. `refusals` would keep it from doing anything. `untold`: how many more there are of a list
    that was shortened.
    """

    version: int
    is_unchanged: bool
    structure: list[Change]
    agents: dict[str, int]
    refusals: list[Finding]
    warnings: list[Finding]
    untold: dict[str, int] = {}


class Load(Struct):
    """What waits in each class of each queue now."""

    waiting: dict[str, dict[str, int]]

    def of_queue(self, name: str) -> int:
        """Cases that wait in the queue."""
        return sum(self.waiting.get(name, {}).values())

    def of_channel(self, name: str) -> int:
        """Cases of the channel that wait anywhere."""
        return sum(count for classes in self.waiting.values() for of, count in classes.items() if _channel(of) == name)

    def queues_with(self, channel: str) -> set[str]:
        """Queues that have seen the channel."""
        return {queue for queue, classes in self.waiting.items() if any(_channel(of) == channel for of in classes)}


def _channel(of_class: str) -> str:
    return of_class.split("/")[1]


async def _read_load(store: StoreClient, workspace: str, queues: set[str]) -> Load:
    names = sorted(queues)
    with reaching():
        pipeline = store.redis.pipeline(transaction=False)
        for name in names:
            pipeline.hkeys(key(workspace, f"classes:{name}"))
        found = [[row.decode() for row in rows] for rows in await pipeline.execute()]
        for of_class in (of_class for classes in found for of_class in classes):
            pipeline.zcard(key(workspace, f"wait:{of_class}"))
        counts = iter(await pipeline.execute())
    return Load({name: {of: next(counts) for of in classes} for name, classes in zip(names, found, strict=True)})


async def _before(store: StoreClient, workspace: str) -> dict[str, Any]:
    try:
        _, document = await versions.read_version(store, workspace)
    except Refused:
        return {}  # the first document
    return _members(document)


def _members(document: Document) -> dict[str, Any]:
    """The sections as plain values, each number written in one way."""
    found: dict[str, Any] = msgspec.json.decode(canonical(document))
    return found


async def preview(store: StoreClient, workspace: str, document: Document, asked: Asked) -> Effect:
    """What applying the document would do. Raises Invalid or Refused as the apply itself would at once.

    It is worked out in a thread: of tens of thousands of queues that takes seconds, in which others are served.
    """
    present = await read_present(store, workspace)
    if asked.previous not in (None, present.version):
        raise Refused("CONFIG_CHANGED", f"version {present.version} is in force, not {asked.previous}")
    before = await _before(store, workspace)
    people = await roster.read_people(store, workspace, asked.actor) if present.version else {}
    load = await _read_load(store, workspace, {*before.get("queues", {}), *document.queues})
    return await in_thread(store, _effect, document, before, present, people, load)


def _effect(
    document: Document, before: dict[str, Any], present: Present, people: dict[str, Person], load: Load
) -> Effect:
    rows = rows_of(document)
    if faults := list(misfits(rows, people, document)):
        raise Invalid.of(faults)
    rebuilt = rebuilt_queues(merged(document, present.structure), present.structure)
    members = Counter(queue for person in people.values() for queue in set(person.queues))
    differing = _differences(before, _members(document))
    changes = [_touching(change, load, people, members, rebuilt) for change in differing]
    done = [step.done for step in roster.plan(rows.values(), people)]
    return Effect(
        present.version,
        is_unchanged(document, present),
        changes,
        {name: done.count(name) for name in ("created", "changed", "unchanged")},
        list(_refusals(changes)),
        list(warnings_of(document, people)),
    )


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """Section by section, entry by entry."""
    for section in sorted(before.keys() | after.keys()):
        old, new = _entries(before.get(section, {})), _entries(after.get(section, {}))
        for name in sorted(old.keys() | new.keys()):
            yield from _difference(section, name, old.get(name), new.get(name))


def _entries(section: Any) -> dict[str, Any]:
    """By name; a list, or a section of plain fields, is one entry without a name."""
    if isinstance(section, list):
        return {"": {"items": section}} if section else {}
    return section if all(isinstance(member, dict) for member in section.values()) else {"": section}


def _difference(section: str, name: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[Change]:
    if not old:
        yield Change(section, name, "added")
    elif not new:
        yield Change(section, name, "removed")
    elif old != new:
        fields = sorted(field for field in old.keys() | new.keys() if old.get(field) != new.get(field))
        yield Change(section, name, "changed", {field: (old.get(field), new.get(field)) for field in fields})


def _touching(
    change: Change, load: Load, people: Mapping[str, Person], members: Mapping[str, int], rebuilt: set[str]
) -> Change:
    """The change with what waits, who works and what is built anew because of it."""
    if change.section == "queues":
        waiting, queues, agents = load.of_queue(change.name), {change.name}, members.get(change.name, 0)
        anew = queues & rebuilt if {"mode", "choice"} & set(change.fields) else set()
    elif change.section == "channels":
        waiting, queues, anew = load.of_channel(change.name), load.queues_with(change.name), set()
        agents = sum(1 for person in people.values() if queues.intersection(person.queues))
    else:
        waiting, agents, anew = 0, 0, rebuilt if "offer_limit" in change.fields else set()
    return msgspec.structs.replace(
        change,
        waiting=waiting,
        agents=agents,
        classes=sum(len(load.waiting.get(name, {})) for name in anew),
    )


def _refusals(changes: list[Change]) -> Iterator[Finding]:
    for change in changes:
        if (change.section, change.change) == ("queues", "removed") and change.waiting:
            yield Finding(step("$.queues", change.name), f"cannot be removed: {change.waiting} cases wait in it")
