"""Use cases of the configuration: read it, and put a document or one of the last versions in force."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from msgspec import UNSET, Raw, UnsetType

from casebaton.auth import Identity
from casebaton.errors import Forbidden, Refused, Unavailable
from casebaton.service import access
from casebaton.store import effect, log, versions, workspaces
from casebaton.store.client import Answer, StoreClient
from casebaton.store.effect import Effect
from casebaton.store.turns import in_thread
from casebaton.store.versions import Version
from casebaton.store.workspaces import Applied, Asked
from casebaton.wire import messages as m
from casebaton.workspace.document import Document, Form, canonical, parse
from casebaton.workspace.reading import read_json
from casebaton.workspace.toml import to_toml

LISTED = 500  # of what a dry run finds; of more than that nobody reads on

MOST_WAITING = 16  # dry runs of a node: each may take seconds

Shown = Literal["changed", "all"]
Command = m.ReadConfig | m.ReadConfigVersions | m.ApplyConfig | m.RollbackConfig


class _DryRuns:
    """Of a node: one is worked out, some wait, more are refused."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for it. Raises Unavailable when too many do."""
        if self._turn.locked() and self._waiting >= MOST_WAITING:
            raise Unavailable(f"{self._waiting} dry runs wait already")
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()


_dry_runs: WeakKeyDictionary[StoreClient, _DryRuns] = WeakKeyDictionary()


class Text(NamedTuple):
    """A document as somebody wrote it."""

    content: bytes
    form: Form


class Whole(Version, frozen=True):
    """A version with its document, and with the same as TOML where that was asked for."""

    document: Raw
    toml: str | UnsetType = UNSET


async def list_versions(store: StoreClient, identity: Identity) -> list[Version]:
    """The last versions, newest first. Raises Forbidden or Refused."""
    access.require(identity, access.SUPERVISING, "read the configuration")
    return await versions.list_versions(store, identity.workspace)


async def read(
    store: StoreClient, identity: Identity, version: int | None = None, toml: Shown | UnsetType = UNSET
) -> Whole:
    """A version, by default the one in force. Raises Forbidden or Refused."""
    access.require(identity, access.SUPERVISING, "read the configuration")
    found, document = await versions.read_version(store, identity.workspace, version)
    text = UNSET if toml is UNSET else to_toml(document, whole=toml == "all")
    return Whole(**msgspec.structs.asdict(found), document=Raw(canonical(document)), toml=text)


async def put(
    store: StoreClient,
    identity: Identity,
    wanted: Text | int,
    *,
    command_id: str = "",
    previous: int | None = None,
    is_dry: bool = False,
) -> Applied | Effect:
    """Put a document, or that of an old version, in force where there is one; a dry run tells what that would do.

    Raises Forbidden, Invalid, NOT_JSON, Refused, or Unavailable when too many dry runs wait.
    """
    if is_dry:
        access.require(identity, access.SUPERVISING, "try a configuration out")
        if identity.scope is not None:
            raise Forbidden("a dry run looks at everybody in the workspace: a token with a scope may not try one")
    else:
        access.require(identity, access.CONFIGURING, "change the configuration")
    # A workspace is created by whoever runs the server, not by a token for one that is not there.
    if identity.workspace not in await workspaces.list_workspaces(store):
        raise Refused("NO_SUCH_WORKSPACE", f"there is no workspace {identity.workspace}")
    if is_dry:
        async with _dry_runs.setdefault(store, _DryRuns()).turn():
            document = await _document(store, identity.workspace, wanted)
            found = await effect.preview(store, identity.workspace, document, Asked(identity.actor, previous=previous))
        return _shortened(found)
    document = await _document(store, identity.workspace, wanted)
    return await workspaces.apply(
        store, identity.workspace, document, actor=identity.actor, command_id=command_id, previous=previous
    )


def _shortened(found: Effect) -> Effect:
    """With as much of each list as is told, and how much that leaves out."""
    lists: dict[str, list[Any]] = {
        "structure": found.structure, "refusals": found.refusals, "warnings": found.warnings
    }  # fmt: skip
    untold = {name: len(listed) - LISTED for name, listed in lists.items() if len(listed) > LISTED}
    return msgspec.structs.replace(found, untold=untold, **{name: lists[name][:LISTED] for name in untold})


async def _document(store: StoreClient, workspace: str, wanted: Text | int) -> Document:
    if isinstance(wanted, Text):
        return await in_thread(store, parse, wanted.content, wanted.form)
    _, document = await versions.read_version(store, workspace, wanted)
    return document


def _text(content: bytes) -> Text:
    """A text in JSON is a document in TOML."""
    return Text(read_json(content).encode(), "toml") if content[:1] == b'"' else Text(content, "json")


async def execute(store: StoreClient, identity: Identity, command: Command) -> Answer:
    """The same as commands. The answer's position is where the log stood afterwards."""
    result = await _result(store, identity, command)
    position, _ = await log.last_position(store.redis, identity.workspace)
    return Answer(position, msgspec.json.encode(result))


async def _result(store: StoreClient, identity: Identity, command: Command) -> Any:
    match command:
        case m.ReadConfig():
            return await read(store, identity, None if command.version is UNSET else command.version, command.toml)
        case m.ReadConfigVersions():
            return {"items": await list_versions(store, identity)}
        case m.ApplyConfig():
            wanted: Text | int = _text(bytes(command.document))
        case m.RollbackConfig():
            wanted = command.version
    previous = None if command.previous is UNSET else command.previous
    return await put(store, identity, wanted, command_id=command.id, previous=previous, is_dry=command.dry_run)
