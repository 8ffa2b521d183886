"""What every route needs of a request: who asks, a bounded body as a typed struct, the services."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from casebaton.auth import Identity, Tokens
from casebaton.errors import CasebatonError, Forbidden, Invalid, Unauthenticated
from casebaton.http.problems import UNKEPT
from casebaton.reports.asked import Ask
from casebaton.service import commands
from casebaton.settings import Settings
from casebaton.store.client import Answer, StoreClient
from casebaton.wire import messages as m
from casebaton.wire import words
from casebaton.wire.ids import read_id
from casebaton.wire.session import explain
from casebaton.wire.surrogates import half_in

T = TypeVar("T", bound=m.CommandMessage)

# The shapes of cursors. Whatever else a client sends does not reach the engine.
PLACE = rf"[0-9]{{1,16}}:{words.ID}"  # in a line: score, case


class Services(Struct):
    """What the routes work with; the composition root fills it."""

    store: StoreClient
    tokens: Tokens
    settings: Settings
    ask_report: Callable[[Ask], Coroutine[Any, Any, bytes]]


def services(request: Request) -> Services:
    """The node's services."""
    found: Services = request.app.state.services
    return found


def read_token(request: Request) -> str:
    """The token that a request carries. Raises Unauthenticated when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send Authorization: Bearer TOKEN")
    return token.strip()


def identify(request: Request) -> Identity:
    """Who asks. Raises Unauthenticated, or Forbidden for another workspace."""
    identity = services(request).tokens.verify(read_token(request))
    if identity.workspace != request.path_params["workspace"]:
        raise Forbidden("the token is for another workspace")
    return identity


async def read_body(request: Request) -> bytes:
    """The body, bounded. Raises BODY_TOO_LARGE."""
    limit = services(request).settings.body_bytes
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise CasebatonError("BODY_TOO_LARGE", f"more than {limit} bytes")
        parts.append(part)
    return b"".join(parts)


def decode(body: bytes, shape: Any) -> Any:
    """JSON as a shape. Raises Invalid with the path, or NOT_JSON."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise Invalid(explain(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if found := half_in(body):
            raise Invalid(found[0]) from error
        raise CasebatonError("NOT_JSON", "the body is not JSON") from error


def command_from(body: bytes, shape: type[T], **fields: str) -> T:
    """A command whose `type`, and the fields named here, come from elsewhere than the body."""
    given = decode(body or b"{}", dict[str, msgspec.Raw])
    for name in ("type", *fields):
        if name in given:
            raise Invalid(f"$.{name}: stands in the path or in a header, not in the body")
    tag = shape.__struct_config__.tag
    whole = {"type": tag, **fields, **given}
    command: T = decode(msgspec.json.encode(whole), shape)
    return command


def command_id(request: Request) -> str:
    """The Idempotency-Key. Raises Invalid when it is missing."""
    key = request.headers.get("idempotency-key")
    if not key:
        raise Invalid("Idempotency-Key: send one with every change; the same key again has no second effect")
    return key


def path_id(request: Request, name: str) -> str:
    """An id of the path. Raises Invalid: the engine takes no other text for one."""
    return read_id(name, request.path_params[name])


def json(body: bytes, status: int = 200, /, **headers: str) -> Response:
    """A JSON response from bytes, which nobody keeps."""
    return Response(body, status, {**UNKEPT, **headers}, "application/json")


def shown(answer: Answer, **headers: str) -> Response:
    """What was read, with the log's `position` as of which it is: the events after it continue it."""
    return json(b'%b,"position":"%b"}' % (answer.body[:-1], answer.position.encode()), **headers)


def accepted(answer: Answer, status: int = 200) -> Response:
    """`{"ok": …, "position": …}`."""
    return json(msgspec.json.encode({"ok": msgspec.Raw(answer.body), "position": answer.position}), status)


async def run(request: Request, shape: type[m.CommandMessage], **fields: str) -> Response:
    """Run the command in the body as whoever asks; `fields` are those that stand in the path."""
    identity = identify(request)
    command = command_from(await read_body(request), shape, id=command_id(request), **fields)
    return accepted(await commands.execute(services(request).store, identity, command))


def flag(request: Request, name: str) -> bool:
    """A yes or no of the query: `1`, or left out. Raises Invalid."""
    text = request.query_params.get(name, "0")
    if text not in ("0", "1"):
        raise Invalid(f"{name}: expected 1 or 0")
    return text == "1"


def page_limit(request: Request, default: int = 50, greatest: int = 200) -> int:
    """The `limit` of a page. Raises Invalid."""
    text = request.query_params.get("limit", str(default))
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= greatest:
        raise Invalid(f"limit: expected 1 to {greatest}")
    return int(text)


def page_cursor(request: Request, shape: str) -> str:
    """The `cursor` of a page: empty, or of this shape (a regular expression). Raises Invalid."""
    text = request.query_params.get("cursor", "")
    if text and not re.fullmatch(shape, text):
        raise Invalid("cursor: not one of ours")
    return text
