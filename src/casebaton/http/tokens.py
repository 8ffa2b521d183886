"""`/v1/{workspace}/token`: a fresh token for whoever has a valid one."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.errors import Forbidden
from casebaton.http.requests import identify, json, read_token, services


async def renew(request: Request) -> Response:
    """A token of the same claims; the session ends `session_s` after its first sign-in all the same."""
    identify(request)  # in this workspace
    session_s = services(request).settings.session_s
    if not session_s:
        raise Forbidden("tokens are not renewed here: the setting session_s is 0")
    token = services(request).tokens.renew(read_token(request), session_s=session_s)
    expires_at_ms = round(services(request).tokens.verify(token).expires_at * 1000)
    body = msgspec.json.encode({"token": token, "expires_at_ms": expires_at_ms})
    return json(body)


ROUTES = [Route("/v1/{workspace}/token", renew, methods=["POST"])]
