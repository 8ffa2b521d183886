"""Which workspaces there are, and how a document becomes the configuration in force."""

import secrets
import time
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from casebaton.errors import CasebatonError, Finding, Invalid, Refused
from casebaton.store import calendars, roster, versions
from casebaton.store.client import Actor, StoreClient
from casebaton.store.connection import reaching
from casebaton.store.keys import REGISTRY, key
from casebaton.store.structure import Structure, hours_of, settings_of
from casebaton.store.structure_changes import (
    merged,
    patient_queues,
    rebuilt_queues,
    removed_queues,
    reordered_queues,
    timed_queues,
)
from casebaton.workspace import document as documents
from casebaton.workspace.document import Document
from casebaton.workspace.roster import misfits, rows_of
from casebaton.workspace.warnings import warnings_of

ADMIN = ("admin", "apply")


class Applied(Struct, frozen=True):
    """What an apply did. `refused` are the agents that could not be made so; `warnings` say what can never route."""

    version: int
    structure_changed: bool
    agents: int
    refused: tuple[roster.Outcome, ...] = ()
    warnings: tuple[Finding, ...] = ()


class Present(Struct, frozen=True):
    """The configuration in force: its version (0 before the first), its digest, and what the engine reads."""

    version: int
    digest: str
    structure: Structure


class Asked(Struct, frozen=True):
    """Who applies, under which command id, upon which version (None: whichever is in force), at which virtual time."""

    actor: Actor
    command_id: str = ""
    previous: int | None = None
    now: int | None = None


async def list_workspaces(store: StoreClient) -> list[str]:
    """All workspaces of this store, sorted."""
    with reaching():
        return sorted(name.decode() for name in await store.redis.smembers(REGISTRY))


async def config_version(store: StoreClient, workspace: str) -> int:
    """The version in force; 0 before the first apply."""
    with reaching():
        return int(await store.redis.hget(key(workspace, "meta"), "config") or 0)


async def _read_structure(store: StoreClient, workspace: str, version: int) -> Structure:
    """The structure of a version, as `structure_of` lays it out."""
    prefix = key(workspace, f"config:{version}")
    with reaching():
        names = sorted(name.decode() for name in await store.redis.smembers(f"{prefix}:names"))
        pipeline = store.redis.pipeline(transaction=False)
        for name in names:
            pipeline.hgetall(f"{prefix}:{name}")
        rows = await pipeline.execute()
    return {
        name: {field.decode(): value.decode() for field, value in row.items()}
        for name, row in zip(names, rows, strict=True)
    }


async def read_present(store: StoreClient, workspace: str) -> Present:
    """The configuration in force, whole: read again when another comes into force meanwhile."""
    while True:
        version = await config_version(store, workspace)
        digest = await versions.newest_digest(store, workspace)
        structure = await _read_structure(store, workspace, version)
        if version == await config_version(store, workspace):
            return Present(version, digest, structure)


async def queue_modes(store: StoreClient, workspace: str) -> dict[str, str]:
    """Every queue and its mode; retired ones are not among them. Raises CasebatonError without such a workspace."""
    present = await read_present(store, workspace)
    if not present.version:
        raise CasebatonError("NO_SUCH_WORKSPACE", f"there is no workspace {workspace}")
    structure = present.structure
    return {
        name[6:]: row["mode"] for name, row in structure.items() if name.startswith("queue:") and "retired" not in row
    }


def is_unchanged(document: Document, present: Present) -> bool:
    """Is the document in force already?"""
    return documents.digest(document) == present.digest and merged(document, present.structure) == present.structure


async def _stage(store: StoreClient, workspace: str, document: Document, wanted: Structure) -> int:
    """Write a structure and its document beside the one in force."""
    # A number of its own for every attempt: of two that stage at once, neither writes into what the other flips to.
    version = int(await store.redis.hincrby(key(workspace, "meta"), "staged", 1))
    prefix = key(workspace, f"config:{version}")
    pipeline = store.redis.pipeline(transaction=True)
    pipeline.sadd(f"{prefix}:names", *wanted)
    for name, row in wanted.items():
        pipeline.hset(f"{prefix}:{name}", mapping=row)
    pipeline.set(versions.document_key(workspace, version), documents.canonical(document))
    await pipeline.execute()
    return version


async def _discard(store: StoreClient, workspace: str, version: int, names: Iterable[str]) -> None:
    """Delete what was staged and did not come into force. What a lost caller leaves is swept by a later flip."""
    prefix = key(workspace, f"config:{version}")
    with reaching():
        await store.redis.delete(f"{prefix}:names", f"{prefix}:document", *(f"{prefix}:{name}" for name in names))


async def _stage_and_flip(store: StoreClient, workspace: str, document: Document, asked: Asked) -> tuple[int, bool]:
    """Write the structure beside the one in force and flip to it, unless nothing differs: the version, and whether it
    is new. Raises Refused.
    """
    present = await read_present(store, workspace)
    if is_unchanged(document, present):
        return present.version, False
    wanted = merged(document, present.structure)
    previous = present.version if asked.previous is None else asked.previous
    with reaching():
        version = await _stage(store, workspace, document, wanted)
    try:
        answer = await store.run(
            "flip_config", workspace, asked.actor, command_id=asked.command_id, now=asked.now,
            version=version, previous=previous, digest=documents.digest(document),
            changed=",".join(sorted(rebuilt_queues(wanted, present.structure))),
            timed=",".join(sorted(timed_queues(wanted) | timed_queues(present.structure))),
            reordered=",".join(sorted(reordered_queues(wanted, present.structure))),
            patient=",".join(sorted(patient_queues(wanted, present.structure))),
            regroups=int(wanted.get("by_skill") != present.structure.get("by_skill")),
            removed=",".join(sorted(removed_queues(wanted, present.structure))), **settings_of(document.workspace),
        )  # fmt: skip
    except Refused:
        await _discard(store, workspace, version, wanted)
        raise
    flipped = _flipped.decode(answer.body).config
    if flipped != version:  # the same command again: it is answered with what it did first
        await _discard(store, workspace, version, wanted)
    return flipped, True


async def apply(
    store: StoreClient,
    workspace: str,
    document: Document,
    *,
    actor: Actor = ADMIN,
    command_id: str = "",
    previous: int | None = None,
    now: int | None = None,
) -> Applied:
    """Make the document the workspace's structure, and its agents what it says of them; the workspace is created when
    it is new.

    Safe to run twice, and with the same command id even when another document came in between. Agents and fields of
    agents that the document does not name stay as they are. `previous` names the version that it changes. Raises
    Invalid: an agent does not fit what it is already; or Refused: another apply came in between. Then nothing changed.
    """
    is_new = await config_version(store, workspace) == 0
    people = {} if is_new else await roster.read_people(store, workspace, actor)
    rows = rows_of(document)
    if faults := list(misfits(rows, people, document)):
        raise Invalid.of(faults)
    if is_new:
        await store.run("create_workspace", workspace, ADMIN, now=now, **settings_of(document.workspace))
    with reaching():
        await store.redis.sadd(REGISTRY, workspace)
    await calendars.renew(store, workspace, hours_of(document), round(time.time() * 1000) if now is None else now)
    asked = Asked(actor, command_id or secrets.token_urlsafe(12), previous, now)
    version, is_changed = await _stage_and_flip(store, workspace, document, asked)
    steps = roster.plan(rows.values(), people)
    outcomes = await roster.carry_out(store, workspace, steps, actor=actor, now=now)
    refused = tuple(outcome for outcome in outcomes if outcome.done == "refused")
    return Applied(version, is_changed, len(rows), refused, tuple(warnings_of(document, people)))


class _Flipped(Struct):
    config: int


_flipped = msgspec.json.Decoder(_Flipped)
