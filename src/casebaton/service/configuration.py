"""Use cases of the configuration: read it, apply a document, look what that would do, bring a version back."""

from casebaton.auth import Identity
from casebaton.errors import Refused
from casebaton.service import access
from casebaton.store import effect, versions, workspaces
from casebaton.store.client import StoreClient
from casebaton.store.versions import Version
from casebaton.store.workspaces import Applied, Asked
from casebaton.workspace.document import Document, Form, parse


async def list_versions(store: StoreClient, identity: Identity) -> list[Version]:
    """The last versions, newest first. Raises Forbidden or Refused."""
    access.require(identity, access.SUPERVISING, "read the configuration")
    return await versions.list_versions(store, identity.workspace)


async def read(store: StoreClient, identity: Identity, version: int | None = None) -> tuple[Version, Document]:
    """A version, by default the one in force. Raises Forbidden or Refused."""
    access.require(identity, access.SUPERVISING, "read the configuration")
    return await versions.read_version(store, identity.workspace, version)


async def apply(
    store: StoreClient, identity: Identity, text: bytes, form: Form, *, command_id: str, previous: int | None
) -> Applied:
    """Put a document in force in a workspace that exists. Raises Forbidden, Invalid, NOT_JSON or Refused."""
    await _may_change(store, identity)
    return await _apply(store, identity, parse(text, form), command_id, previous)


async def preview(
    store: StoreClient, identity: Identity, text: bytes, form: Form, *, previous: int | None
) -> effect.Effect:
    """What applying the document would do. Raises as `apply` does."""
    await _may_change(store, identity)
    asked = Asked(identity.actor, previous=previous)
    return await effect.preview(store, identity.workspace, parse(text, form), asked)


async def rollback(
    store: StoreClient, identity: Identity, version: int, *, command_id: str, previous: int | None
) -> Applied:
    """Apply an old version's document as a new version. Raises Forbidden or Refused."""
    await _may_change(store, identity)
    _, document = await versions.read_version(store, identity.workspace, version)
    return await _apply(store, identity, document, command_id, previous)


async def _apply(
    store: StoreClient, identity: Identity, document: Document, command_id: str, previous: int | None
) -> Applied:
    workspace, actor = identity.workspace, identity.actor
    return await workspaces.apply(store, workspace, document, actor=actor, command_id=command_id, previous=previous)


async def _may_change(store: StoreClient, identity: Identity) -> None:
    """A workspace is created by whoever runs the server, not by a token for one that is not there."""
    access.require(identity, access.CONFIGURING, "change the configuration")
    if identity.workspace not in await workspaces.list_workspaces(store):
        raise Refused("NO_SUCH_WORKSPACE", f"there is no workspace {identity.workspace}")
