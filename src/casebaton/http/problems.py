"""RFC 9457 problem documents: the same `code`, `detail`, `retryable` and `current` as on the socket."""

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casebaton.errors import CasebatonError, Invalid, NodeFault

TYPE = "https://github.com/casebaton/casebaton/blob/main/docs/errors.md#"
STATUS = {
    "INVALID": 422,
    "NOT_JSON": 400,
    "BODY_TOO_LARGE": 413,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_MEMBER": 403,
    "NOT_HOLDER": 403,
    "STATUS_NOT_ALLOWED": 403,
    "OUT_OF_SCOPE": 403,
    "NO_SUCH_WORKSPACE": 404,
    "NO_SUCH_PAGE": 404,
    "NO_HISTORY": 404,
    "CASE_NOT_FOUND": 404,
    "UNKNOWN_AGENT": 404,
    "UNKNOWN_VERSION": 404,
    "ENGINE_FAULT": 500,
    "NODE_FAULT": 500,
    "UNAVAILABLE": 503,
    "HISTORY_NOT_READY": 503,
    "HISTORY_NEWER": 503,
    "OUTCOME_UNKNOWN": 504,
}


# What anybody asks with a token is for them alone, and is what its type says it is.
UNKEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def problem(error: CasebatonError, status: int | None = None) -> Response:
    """The response for an error. What the present state forbids is 409."""
    status = status or STATUS.get(error.code, 409)
    body: dict[str, Any] = {
        "type": TYPE + error.code.lower(),
        "title": error.code.replace("_", " ").capitalize(),
        "status": status,
        "detail": error.detail,
        "code": error.code,
        "retryable": error.retryable,
    }
    if error.current is not None:
        body["current"] = error.current
    if isinstance(error, Invalid) and error.faults:
        body["faults"] = list(error.faults)
    headers = dict(UNKEPT)
    if error.retryable:
        headers["Retry-After"] = "1"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(body), status, headers, "application/problem+json")


async def handle(request: Request, error: Exception) -> Response:
    """Starlette's handler for CasebatonError. A queue that is read and is not there is 404; one that is named in a
    command is what the present configuration forbids.
    """
    assert isinstance(error, CasebatonError)
    return problem(error, 404 if error.code == "UNKNOWN_QUEUE" and request.method == "GET" else None)


async def gone(_: Request, __: Exception) -> Response:
    """Starlette's handler for a client that went, or was too slow, in the middle of its request: nobody reads this."""
    return Response(status_code=400)


async def fault(_: Request, __: Exception) -> Response:
    """Starlette's handler for what nobody foresaw; Starlette raises the error again, so that the server logs it."""
    return problem(NodeFault())


async def no_page(request: Request, error: Exception) -> Response:
    """Starlette's handler for its own refusals: no route, or not with this method."""
    assert isinstance(error, HTTPException)
    response = problem(CasebatonError("NO_SUCH_PAGE", f"nothing answers {request.method} here"), error.status_code)
    response.headers.update(error.headers or {})
    return response
