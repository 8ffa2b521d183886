"""The versions of a workspace's configuration: the last 50 that came into force, and their documents."""

import msgspec
from msgspec import Struct

from casebaton.errors import Refused
from casebaton.store.client import StoreClient
from casebaton.store.connection import reaching
from casebaton.store.keys import key
from casebaton.workspace import document
from casebaton.workspace.document import Document


class Version(Struct, frozen=True):
    """A configuration that came into force: when, by whom, and a digest of its document."""

    version: int
    at_ms: int
    actor: str
    digest: str


_version = msgspec.json.Decoder(Version)


def document_key(workspace: str, version: int) -> str:
    """Where a version's document is, from when it is staged."""
    return key(workspace, f"config:{version}:document")


async def list_versions(store: StoreClient, workspace: str) -> list[Version]:
    """The versions, newest first; the first is in force. Raises Refused: there is no such workspace."""
    with reaching():
        pipeline = store.redis.pipeline(transaction=False)
        pipeline.exists(key(workspace, "meta"))
        pipeline.lrange(key(workspace, "versions"), 0, -1)
        is_there, rows = await pipeline.execute()
    if not is_there:
        raise Refused("NO_SUCH_WORKSPACE", f"there is no workspace {workspace}")
    return [_version.decode(row) for row in rows]


async def newest_digest(store: StoreClient, workspace: str) -> str:
    """The digest of the document in force; empty before the first."""
    with reaching():
        row = await store.redis.lindex(key(workspace, "versions"), 0)
    return "" if row is None else _version.decode(row).digest


async def read_version(store: StoreClient, workspace: str, version: int | None = None) -> tuple[Version, Document]:
    """A version and its document, by default the one in force. Raises Refused: it is not among those kept."""
    for found in await list_versions(store, workspace):
        if version in (None, found.version):
            with reaching():
                text = await store.redis.get(document_key(workspace, found.version))
            if text is not None:
                return found, document.parse(text, "json")
    wanted = "any" if version is None else f"version {version}"
    raise Refused("UNKNOWN_VERSION", f"{wanted} is not among the last versions of the configuration")
