"""`/v1/{workspace}/config`: the document in force, its versions, and another one in its place."""

import msgspec
from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.auth import Identity
from casebaton.errors import Invalid, Refused
from casebaton.http.problems import problem
from casebaton.http.requests import command_id, decode, flag, identify, json, read_body, services
from casebaton.service import configuration
from casebaton.service.configuration import Shown, Text, Whole
from casebaton.store import log
from casebaton.store.effect import Effect
from casebaton.wire.ids import read_id
from casebaton.workspace.document import Form


class Rollback(Struct, forbid_unknown_fields=True):
    """The version to bring back."""

    version: int


def _whole(found: Whole) -> Response:
    return json(msgspec.json.encode(found), ETag=f'"{found.version}"')


async def read(request: Request) -> Response:
    """The document in force."""
    return _whole(await configuration.read(services(request).store, identify(request), toml=_toml(request)))


async def read_version(request: Request) -> Response:
    """One of the last versions."""
    identity, number = identify(request), request.path_params["version"]
    return _whole(
        await configuration.read(services(request).store, identity, _version("version", number), _toml(request))
    )


async def list_versions(request: Request) -> Response:
    """The last versions, newest first."""
    found = await configuration.list_versions(services(request).store, identify(request))
    return json(msgspec.json.encode({"items": found}))


async def put(request: Request) -> Response:
    """Apply a document; with `dry_run` only say what that would do."""
    identity = identify(request)
    form: Form = "toml" if "toml" in request.headers.get("content-type", "") else "json"
    return await _put(request, identity, Text(await read_body(request), form))


async def rollback(request: Request) -> Response:
    """Apply an old version as a new one; with `dry_run` only say what that would do."""
    identity = identify(request)
    wanted: Rollback = decode(await read_body(request), Rollback)
    return await _put(request, identity, wanted.version)


async def _put(request: Request, identity: Identity, wanted: Text | int) -> Response:
    store = services(request).store
    is_dry, previous = flag(request, "dry_run"), _if_match(request)
    key = "" if is_dry else read_id("Idempotency-Key", command_id(request))
    try:
        found = await configuration.put(store, identity, wanted, command_id=key, previous=previous, is_dry=is_dry)
    except Refused as refused:
        return _refusal(refused, previous)
    if isinstance(found, Effect):
        return json(msgspec.json.encode(found))
    position, _ = await log.last_position(store.redis, identity.workspace)
    return json(msgspec.json.encode({"ok": found, "position": position}), ETag=f'"{found.version}"')


def _refusal(refused: Refused, previous: int | None) -> Response:
    """Whoever named a version by If-Match is told that it did not match."""
    return problem(refused, 412 if refused.code == "CONFIG_CHANGED" and previous is not None else None)


def _if_match(request: Request) -> int | None:
    text = request.headers.get("if-match", "*")
    return None if text == "*" else _version("If-Match", text.strip('"'))


def _toml(request: Request) -> Shown | UnsetType:
    """Is the document wanted as TOML, too?"""
    match request.query_params.get("toml"):
        case None:
            return UNSET
        case "changed" | "all" as shown:
            return shown
    raise Invalid("toml: expected changed or all")


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
