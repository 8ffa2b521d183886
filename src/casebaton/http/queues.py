"""`/v1/{workspace}/queues`: the queues, their lines, and what stops them."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.errors import CasebatonError
from casebaton.http.requests import (
    PLACE,
    identify,
    page_cursor,
    page_limit,
    path_id,
    run,
    services,
    shown,
)
from casebaton.service import commands
from casebaton.store import workspaces
from casebaton.store.client import Answer
from casebaton.wire import messages as m

AT_ONCE = 100  # queues that one script reads


async def list_queues(request: Request) -> Response:
    """Every queue as it is now, for agents too: they may transfer a case to any of them."""
    identity, store = identify(request), services(request).store
    names = list(await workspaces.queue_modes(store, identity.workspace))
    items: list[msgspec.Raw] = []
    position = ""
    for start in range(0, len(names), AT_ONCE):
        answer = await commands.read_queues(store, identity, names[start : start + AT_ONCE])
        items += msgspec.json.decode(answer.body, type=_Items).items
        position = position or answer.position
    return shown(Answer(position, msgspec.json.encode(_Items(items))))


async def read(request: Request) -> Response:
    """One queue: its mode, how many wait, whether it is paused or draining."""
    identity = identify(request)
    answer = await commands.read_line(services(request).store, identity, path_id(request, "queue"), 1)
    found = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    body = msgspec.json.encode({name: found[name] for name in found if name not in ("cases", "next_cursor")})
    return shown(Answer(answer.position, body))


async def cases(request: Request) -> Response:
    """A page of the queue's line, first in order first."""
    identity = identify(request)
    queue, after = path_id(request, "queue"), page_cursor(request, PLACE)
    answer = await commands.read_line(services(request).store, identity, queue, page_limit(request), after)
    return shown(answer)


async def act(request: Request) -> Response:
    """A command on the queue, named by the path's last word."""
    identify(request)  # before anything is told of the path
    shape = m.QUEUE_VERBS.get(request.path_params["verb"])
    if shape is None:
        raise CasebatonError("NO_SUCH_PAGE", f"verbs are {', '.join(m.QUEUE_VERBS)}")
    return await run(request, shape, queue=request.path_params["queue"])


class _Items(msgspec.Struct):
    items: list[msgspec.Raw]


ROUTES = [
    Route("/v1/{workspace}/queues", list_queues),
    Route("/v1/{workspace}/queues/{queue}", read),
    Route("/v1/{workspace}/queues/{queue}/cases", cases),
    Route("/v1/{workspace}/queues/{queue}/{verb}", act, methods=["POST"]),
]
