"""`/v1/{workspace}/config`: the document in force, its versions, and another one in its place."""

from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.errors import Invalid, Refused
from casebaton.http.problems import problem
from casebaton.http.requests import command_id, decode, flag, identify, json, read_body, services
from casebaton.service import configuration
from casebaton.store import log
from casebaton.store.versions import Version
from casebaton.store.workspaces import Applied
from casebaton.wire.ids import read_id
from casebaton.workspace import document
from casebaton.workspace.document import Document


class Rollback(Struct, forbid_unknown_fields=True):
    """The version to bring back."""

    version: int


def _whole(version: Version, found: Document) -> Response:
    body = {**msgspec.to_builtins(version), "document": msgspec.Raw(document.canonical(found))}
    return json(msgspec.json.encode(body), ETag=f'"{version.version}"')


async def read(request: Request) -> Response:
    """The document in force."""
    return _whole(*await configuration.read(services(request).store, identify(request)))


async def read_version(request: Request) -> Response:
    """One of the last versions."""
    identity, number = identify(request), request.path_params["version"]
    return _whole(*await configuration.read(services(request).store, identity, _version("version", number)))


async def list_versions(request: Request) -> Response:
    """The last versions, newest first."""
    found = await configuration.list_versions(services(request).store, identify(request))
    return json(msgspec.json.encode({"items": found}))


async def put(request: Request) -> Response:
    """Apply a document; with `dry_run` only say what that would do."""
    store, identity, is_dry = services(request).store, identify(request), flag(request, "dry_run")
    form: document.Form = "toml" if "toml" in request.headers.get("content-type", "") else "json"
    previous, text = _if_match(request), await read_body(request)
    try:
        if is_dry:
            effect = await configuration.preview(store, identity, text, form, previous=previous)
            return json(msgspec.json.encode(effect))
        key = read_id("Idempotency-Key", command_id(request))
        applied = await configuration.apply(store, identity, text, form, command_id=key, previous=previous)
    except Refused as refused:
        return _refusal(refused, previous)
    return await _accepted(request, identity.workspace, applied)


async def rollback(request: Request) -> Response:
    """Apply an old version as a new one."""
    store, identity, previous = services(request).store, identify(request), _if_match(request)
    wanted: Rollback = decode(await read_body(request), Rollback)
    key = read_id("Idempotency-Key", command_id(request))
    try:
        applied = await configuration.rollback(store, identity, wanted.version, command_id=key, previous=previous)
    except Refused as refused:
        return _refusal(refused, previous)
    return await _accepted(request, identity.workspace, applied)


async def _accepted(request: Request, workspace: str, applied: Applied) -> Response:
    position, _ = await log.last_position(services(request).store.redis, workspace)
    body: dict[str, Any] = {"ok": applied, "position": position}
    return json(msgspec.json.encode(body), ETag=f'"{applied.version}"')


def _refusal(refused: Refused, previous: int | None) -> Response:
    """Whoever named a version by If-Match is told that it did not match."""
    return problem(refused, 412 if refused.code == "CONFIG_CHANGED" and previous is not None else None)


def _if_match(request: Request) -> int | None:
    text = request.headers.get("if-match", "*")
    return None if text == "*" else _version("If-Match", text.strip('"'))


def _version(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid(f"{name}: expected the number of a version")
    return int(text)


ROUTES = [
    Route("/v1/{workspace}/config", read, methods=["GET"]),
    Route("/v1/{workspace}/config", put, methods=["PUT"]),
    Route("/v1/{workspace}/config/versions", list_versions),
    Route("/v1/{workspace}/config/versions/{version}", read_version),
    Route("/v1/{workspace}/config/rollback", rollback, methods=["POST"]),
]
